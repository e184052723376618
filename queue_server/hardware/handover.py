"""What drivers' threads tell of their lines, on its way to the event loop and to what staff see."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar

from drivers.bus import MemberHealth
from drivers.device_line import LineOptions

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from drivers.pad.events import PadLineHealth
    from drivers.strip.events import StripLineHealth
    from queue_server.hardware.settings import LineSetting
    from queue_server.push.lines import LineKind, Lines
    from queue_server.service.ports import SteadyClock, WallClock

Event = TypeVar("Event")


class Handover:
    """One for all lines of a hall. ``loop`` is set before a line is opened."""

    def __init__(self, board: Lines, *, wall_clock_us: WallClock, steady_clock_s: SteadyClock) -> None:
        self._board = board
        self._wall_clock_us = wall_clock_us
        self._steady_s = steady_clock_s
        self.loop: asyncio.AbstractEventLoop | None = None

    def open(
        self, kind: LineKind, setting: LineSetting, told: Callable[[str, Event, float], None]
    ) -> tuple[str, Callable[[Event], None]]:
        """The id of a line that is about to be opened, and its ``on_event``.

        That calls ``told(line_id, event, at_s)`` on the event loop; ``at_s`` is when the driver said it.
        """
        line_id = self._board.add(kind, setting.port, setting.name, setting.at, self._wall_clock_us())

        def on_event(event: Event) -> None:
            """The driver's thread."""
            with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
                if self.loop is not None:
                    self.loop.call_soon_threadsafe(told, line_id, event, self._steady_s())

        return line_id, on_event

    def note(self, line_id: str, event: MemberHealth | PadLineHealth | StripLineHealth, _at_s: float = 0.0) -> None:
        """How a line or one of its devices is, for console and metrics. Event loop only."""
        now_us = self._wall_clock_us()
        if isinstance(event, MemberHealth):
            self._board.member_is(line_id, event.address, event.state, event.code, now_us)
        else:
            self._board.line_is(line_id, event.state, event.code, now_us)


def options_of(setting: LineSetting) -> LineOptions:
    """What the drivers' lines take of a table of the settings."""
    return LineOptions(baud=setting.baud, answer_s=setting.answer_s, trace=setting.trace_file)
