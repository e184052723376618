"""The hall's pads and strips together: opened once this server writes the hall, kept true after every change."""

from __future__ import annotations

import asyncio
import tomllib
from typing import TYPE_CHECKING

import assets
from queue_server.hardware.texts import StripWords

if TYPE_CHECKING:
    from drivers.pad.line import PadLine
    from drivers.strip.line import StripLine
    from queue_server.hardware.handover import Handover
    from queue_server.hardware.pads import Pads
    from queue_server.hardware.strips import Strips

AGAIN_S = 0.1
"""Between two looks at the hall, however fast it changes."""


class Hardware:
    """Pads and strips of one hall. Event loop only."""

    def __init__(self, pads: Pads, strips: Strips, handover: Handover) -> None:
        """``handover`` is that of both."""
        self.pads = pads
        self._strips = strips
        self._handover = handover
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._free_s = 0.0

    def start(self) -> None:
        """Open all lines; what they show first is the hall as it is.

        A server that stands by must not: the ports are the other one's.
        """
        self._loop = self._handover.loop = asyncio.get_running_loop()
        pads = self.pads.open()
        lines: list[PadLine | StripLine] = [*pads, *self._strips.open(beside=pads)]
        self._show()
        for line in lines:
            line.start()

    async def stop(self) -> None:
        """Close all lines; safe before ``start``."""
        self._loop = None
        if self._timer is not None:
            self._timer.cancel()
        lines: list[PadLine | StripLine] = [*self.pads.drop(), *self._strips.drop()]
        await asyncio.gather(*(asyncio.to_thread(line.stop) for line in lines))

    def changed(self) -> None:
        """The hall changed, or time passed: texts and displays follow within a tenth of a second."""
        if self._loop is None or self._timer is not None:
            return
        now_s = self._loop.time()
        self._timer = self._loop.call_at(max(now_s, self._free_s), self._refresh, self._loop)

    def _refresh(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        self._free_s = loop.time() + AGAIN_S
        self._show()

    def _show(self) -> None:
        self._strips.refresh()
        self.pads.refresh()


def load_strip_words(language: str = "zh") -> StripWords:
    """The strips' sentences, in the hall's language. Raises OSError or KeyError when a shipped file is damaged."""
    words = tomllib.loads(assets.path("locale", f"{language}.toml").read_text(encoding="utf-8"))["strip"]
    return StripWords(
        call=words["call"],
        serving=words["serving"],
        free=words["free"],
        paused=words["paused"],
        closed=words["closed"],
        please_wait=words["wait"],
    )
