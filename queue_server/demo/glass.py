"""The kiosk's mirror as the demo uses it: its picture, its widgets, and touches on them.

The kiosk serves this on loopback with a bearer token (``kiosk/mirror.py``); places are panel pixels from the top left.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

ANSWER_S = 8.0
"""Longer than the mirror's own wait for a new picture."""
LOOK_EVERY_S = 0.05


class GlassDark(Exception):
    """The kiosk's mirror does not answer, or what was looked for did not come."""


@dataclass(frozen=True, slots=True)
class Frame:
    number: str
    png: bytes


@dataclass(frozen=True, slots=True)
class Widget:
    """One visible thing on the kiosk. ``id`` is the key's id where it can be pressed."""

    id: str
    text: str
    x: float
    y: float
    w: float
    h: float
    pressable: bool


class Glass:
    """One kiosk's mirror at ``url``. All calls may raise GlassDark. Safe for several threads."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"}

    def frame(self, *, after: str = "") -> Frame | None:
        """The picture now, or the next one that differs from ``after``; None when nothing changed for a while."""
        answer = self._ask("get", "/frame.png", params={"after": after} if after else None)
        if answer.status_code == requests.codes.no_content:
            return None
        return Frame(answer.headers.get("X-Frame", ""), answer.content)

    def touch(self, x: float, y: float) -> None:
        self._ask("post", "/touch", json={"x": x, "y": y})

    def widgets(self) -> list[Widget]:
        return [
            Widget(**{name: each[name] for name in Widget.__dataclass_fields__})
            for each in self._ask("get", "/widgets").json()
        ]

    def screen(self) -> str:
        """Name of the screen that is shown (``kiosk/flow/screens.py``)."""
        return str(self._ask("get", "/state").json()["screen"])

    def press(self, key: str) -> None:
        """Touch the middle of the key with this id. Raises GlassDark when it is not there or cannot be pressed."""
        for widget in self.widgets():
            if widget.id == key and widget.pressable:
                self.touch(widget.x + widget.w / 2, widget.y + widget.h / 2)
                return
        raise GlassDark(f"no key {key!r} on the screen {self.screen()!r}")

    def wait_for(self, what: str, seen: Callable[[], bool], *, seconds: float) -> None:
        """Look until ``seen()``. Raises GlassDark that names ``what`` and the screen shown instead."""
        end = time.monotonic() + seconds
        while not seen():
            if time.monotonic() > end:
                raise GlassDark(f"{what} did not come within {seconds:.0f} s; the kiosk shows {self.screen()!r}")
            time.sleep(LOOK_EVERY_S)

    def wait_for_screen(self, *names: str, seconds: float = 10.0) -> str:
        """Wait until one of these screens is shown; which."""
        self.wait_for(" or ".join(names), lambda: self.screen() in names, seconds=seconds)
        return self.screen()

    def _ask(self, method: str, path: str, **arguments: object) -> requests.Response:
        try:
            answer = requests.request(
                method, self._url + path, headers=self._headers, timeout=ANSWER_S, **arguments  # type: ignore[arg-type]
            )  # fmt: skip
            answer.raise_for_status()
        except requests.RequestException as error:
            raise GlassDark(f"the kiosk's mirror does not answer: {type(error).__name__}") from error
        return answer
