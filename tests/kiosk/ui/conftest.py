"""Kivy offscreen, set up before it is imported anywhere; one window for the session, empty between tests."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.ui.start import configure

WIDTH, HEIGHT = 1080, 1920

os.environ["SDL_AUDIODRIVER"] = "dummy"
configure(width=WIDTH, height=HEIGHT, home=Path(tempfile.mkdtemp(prefix="kivy-")), offscreen=True)

from kivy.base import EventLoop  # noqa: E402  Kivy reads its environment while it is imported
from kivy.config import Config  # noqa: E402

Config.set("graphics", "maxfps", "0")

from kivy.core.window import Window  # noqa: E402
from kivy.graphics import Fbo  # noqa: E402
from kivy.graphics.opengl import glFinish  # noqa: E402
from PIL import Image  # noqa: E402

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
        self._sheets: dict[bool, Fbo] = {}

    def stage(self, *, landscape: bool = False) -> Stage:
        """The upright stage stands in the window; the landscape one is only drawn into pictures."""
        stage = self._stages[(1920, 1080) if landscape else (1080, 1920)]
        if stage.parent is None and not landscape:
            Window.add_widget(stage)
            pump()
        return stage

    def picture(self, *, landscape: bool) -> Image.Image:
        """What stands on the stage."""
        stage, fbo = self.stage(landscape=landscape), self._sheets.get(landscape)
        if fbo is None:
            fbo = self._sheets[landscape] = Fbo(size=stage.size)
        fbo.clear_buffer()
        fbo.add(stage.canvas)
        fbo.draw()
        pixels = fbo.pixels
        fbo.remove(stage.canvas)
        glFinish()
        size = int(stage.width), int(stage.height)
        return Image.frombytes("RGBA", size, pixels).transpose(Image.Transpose.FLIP_TOP_BOTTOM).convert("RGB")


@pytest.fixture(scope="session")
def glass(assets: Assets) -> Any:
    EventLoop.ensure_window()
    Window.bind(on_flip=lambda *_args: glFinish())
    return Glass(assets)


@pytest.fixture
def fresh(glass: Glass) -> Iterator[Glass]:
    """The glass with no presses from before."""
    glass.pressed.clear()
    yield glass
    glass.pressed.clear()
