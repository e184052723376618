"""Kivy offscreen, set up before it is imported anywhere; one window for the session, empty between tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.ui.start import configure

WIDTH, HEIGHT = 1080, 1920

configure(width=WIDTH, height=HEIGHT, home=Path(tempfile.mkdtemp(prefix="kivy-")), offscreen=True)

from kivy.base import EventLoop  # noqa: E402  Kivy reads its environment while it is imported
from kivy.config import Config  # noqa: E402

Config.set("graphics", "maxfps", "0")

from kivy.core.window import Window  # noqa: E402

from kiosk.ui.assets import Assets  # noqa: E402
from kiosk.ui.stage import Stage  # noqa: E402


def pump(frames: int = 3) -> None:
    """Let Kivy draw and handle what waits."""
    for _ in range(frames):
        EventLoop.idle()


@pytest.fixture(scope="session")
def assets() -> Assets:
    return Assets.load()


class Glass:
    """A stage in the one window, and what was pressed on it."""

    def __init__(self, assets: Assets) -> None:
        self.pressed: list[str] = []
        self._stages = {size: Stage(assets, self.pressed.append, size) for size in ((1080, 1920), (1920, 1080))}
        self._assets = assets

    def stage(self, *, landscape: bool = False) -> Stage:
        """The stage of this orientation, alone in a window of its size."""
        stage = self._stages[(1920, 1080) if landscape else (1080, 1920)]
        if stage.parent is None:
            for child in tuple(Window.children):
                Window.remove_widget(child)
            Window.size = tuple(stage.size)
            Window.add_widget(stage)
            pump()
        return stage


@pytest.fixture(scope="session")
def glass(assets: Assets) -> Any:
    EventLoop.ensure_window()
    return Glass(assets)


@pytest.fixture
def fresh(glass: Glass) -> Iterator[Glass]:
    """The glass with no presses from before."""
    glass.pressed.clear()
    yield glass
    glass.pressed.clear()
