"""LED strips over the windows: their texts follow the hall. Event loop only; a driver's thread only hands over."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from drivers.bus import MemberHealth
from drivers.errors import LinkBusy
from drivers.strip.events import StripEvent, StripLineHealth, StripText
from drivers.strip.line import StripLine
from queue_server.errors import QueueError
from queue_server.hardware.texts import strip_text

if TYPE_CHECKING:
    import asyncio

    from queue_server.hardware.settings import LineSetting
    from queue_server.hardware.texts import StripWords
    from queue_server.push.lines import Lines
    from queue_server.service.gate import Gate
    from queue_server.service.ports import WallClock


@dataclass(slots=True)
class Strip:
    """One strip: its line, address and window."""

    line: StripLine
    address: int
    window: int
    shown: StripText | None = None


class Strips:
    """All strips of one hall, from ``start`` to ``drop``."""

    def __init__(
        self,
        settings: tuple[LineSetting, ...],
        gate: Gate,
        lines: Lines,
        *,
        words: StripWords,
        wall_clock_us: WallClock,
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._board = lines
        self._words = words
        self._wall_clock_us = wall_clock_us
        self._strips: list[Strip] = []
        self._lines: list[StripLine] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open all lines; what they show first is the hall as it is."""
        self._loop = loop
        for setting in self._settings:
            self._lines.append(self._add(setting))
        self.refresh()
        for line in self._lines:
            line.start()

    def _add(self, setting: LineSetting) -> StripLine:
        line_id = self._board.add("strips", setting.port, setting.name, setting.at, self._wall_clock_us())

        def on_event(event: StripEvent) -> None:
            """The driver's thread."""
            with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
                if self._loop is not None:
                    self._loop.call_soon_threadsafe(self._told, line_id, event)

        line = StripLine(
            setting.port,
            setting.at,
            on_event=on_event,
            protocol=setting.protocol,
            baud=setting.baud,
            answer_s=setting.answer_s,
            trace=setting.trace_file,
        )
        self._strips += [Strip(line, address, window) for address, window in setting.at.items()]
        return line

    def drop(self) -> list[StripLine]:
        """The lines, still to be stopped, each within about a second; the strips go dark by themselves."""
        return self._lines

    def refresh(self) -> None:
        """Show over every window what is true of it now. The driver repeats it to strips that were away."""
        try:
            day = self._gate.view.day
        except QueueError:
            return
        now_us = self._wall_clock_us()
        for strip in self._strips:
            wanted = strip_text(day, strip.window, now_us, self._words)
            if wanted != strip.shown:
                with contextlib.suppress(LinkBusy):  # shown at the next look
                    strip.line.show(strip.address, wanted.text, flash=wanted.flash)
                    strip.shown = wanted

    def _told(self, line_id: str, event: StripEvent) -> None:
        now_us = self._wall_clock_us()
        match event:
            case MemberHealth(address, state, code):
                self._board.member_is(line_id, address, state, code, now_us)
            case StripLineHealth(state, code):
                self._board.line_is(line_id, state, code, now_us)
            case _:
                assert_never(event)
