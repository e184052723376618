"""The actor ``timer``: hands in each second what is due by itself. Waits for nothing; the gate decides."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain.due import Due, due_at_windows, due_of_day
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import WindowState
from queue_server.errors import QueueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from queue_server.domain.day_view import DayView
    from queue_server.service.calendars import Calendars
    from queue_server.service.gate import Gate
    from queue_server.service.ports import Chance, SteadyClock, WallClock

TIMER = "timer"
AGAIN_S = 30.0
"""What was handed in for one occasion is not handed in again within this time, whatever became of it."""
JUMP_US = 120_000_000
TRUST_S = 180.0
"""After a jump of the clock days are opened and stopped only when it went on steadily for so long."""


class Timer:
    """``tick`` is called each second on the event loop."""

    def __init__(
        self,
        gate: Gate,
        calendars: Calendars,
        *,
        opens: bool,
        stops: bool,
        letters: Callable[[], dict[str, str]],
        spoken: Callable[[str], int | None],
        chance: Chance,
        hall_time_us: Callable[[], int],
        wall_clock_us: WallClock,
        steady_clock_s: SteadyClock,
    ) -> None:
        """``opens``, ``stops``: the calendar opens days, ends giving numbers. ``letters``: of a new day.

        Days go by the wall clock, gaps between calls by ``hall_time_us``: they are compared with the journal.
        """
        self._gate = gate
        self._calendars = calendars
        self._opens = opens
        self._stops = stops
        self._letters = letters
        self._spoken = spoken
        self._chance = chance
        self._hall_time_us = hall_time_us
        self._wall_clock_us = wall_clock_us
        self._steady_s = steady_clock_s
        self._handed_in: dict[str, float] = {}
        self._free_since_s: dict[int, float] = {}
        self._called: dict[int, str] = {}
        """Window → announcement of the last call that was made there by itself."""
        self.alone: dict[int, int] = {}
        """Windows whose last number was called and missed by itself, since when (µs): nobody seems to be there."""
        self._offset_us = self._offset()
        self._steady_since_s: float | None = None
        """When the clock last jumped; None: not since the start."""

    def tick(self) -> None:
        if self._gate.health().state != "serving":
            return
        view, now_us, now_s = self._gate.view, self._wall_clock_us(), self._steady_s()
        self._handed_in = {name: at_s for name, at_s in self._handed_in.items() if now_s - at_s < AGAIN_S}
        trusted = self._clock_trusted(now_s) and not view.clock_doubt
        for due in self._due(view.day, now_us, now_s, trusted=trusted):
            if due.name not in self._handed_in:
                self._handed_in[due.name] = now_s
                try:
                    self._gate.submit(due.command, key=None, actor=TIMER)
                except QueueError:
                    return  # asked again later
                self._note(view.day, due.command)

    def _due(self, day: DayView | None, now_us: int, now_s: float, *, trusted: bool) -> Iterator[Due]:
        if trusted and (self._opens or self._stops):
            yield from self._due_of_day(day, now_us)
        if day is not None and day.open:
            free = self._free(day, now_s)
            yield from due_at_windows(day, self._hall_time_us(), spoken=self._spoken, free=free, new_id=self._chance.id)

    def _due_of_day(self, day: DayView | None, now_us: int) -> Iterator[Due]:
        today = self._calendars.today(now_us)
        open_day = day.business_day if day is not None and day.open else None
        opened = self._calendars.plan(date.fromisoformat(open_day)) if open_day else None
        match due_of_day(day, today, opened, now_us, opens=self._opens, stops=self._stops):
            case "open":
                business_day = today.day.isoformat()
                yield Due(f"open:{business_day}", c.OpenDay(business_day=business_day, letters=self._letters()))
            case "close":
                yield Due(f"close:{open_day}", c.CloseDay(force=True))
            case "stop":
                yield Due(f"stop:{open_day}", c.StopIssuing())
            case _:
                pass

    def _note(self, day: DayView | None, command: c.Command) -> None:
        match command:
            case c.CallNext():
                self._called[command.window] = command.announcement
            case c.MissTicket() if day is not None and self._is_own(day, command.window, command.ticket):
                self.alone[command.window] = self._hall_time_us()
            case _:
                pass

    def _is_own(self, day: DayView, window: int, ticket: str) -> bool:
        return day.tickets[ticket].call == self._called.get(window)

    def _somebody_there(self, day: DayView, number: int) -> bool:
        """A clerk did something: paused, called another, served."""
        window = day.windows[number]
        if window.state is not WindowState.OPEN or window.ticket is None:
            return window.state is not WindowState.OPEN
        served = day.tickets[window.ticket].state is TicketState.SERVING
        return served or not self._is_own(day, number, window.ticket)

    def _free(self, day: DayView, now_s: float) -> frozenset[int]:
        """Open windows that nobody was at for as long as the hall wants; none where it does not."""
        wanted_s = day.rules.auto_call_s
        self.alone = {n: since_us for n, since_us in self.alone.items() if not self._somebody_there(day, n)}
        free = {n for n, window in day.windows.items() if window.state is WindowState.OPEN and window.ticket is None}
        free -= self.alone.keys()
        self._free_since_s = {number: self._free_since_s.get(number, now_s) for number in free}
        if not wanted_s:
            return frozenset()
        return frozenset(number for number, since_s in self._free_since_s.items() if now_s - since_s >= wanted_s)

    def _offset(self) -> int:
        return self._wall_clock_us() - round(self._steady_s() * 1_000_000)

    def _clock_trusted(self, now_s: float) -> bool:
        offset_us = self._offset()
        if abs(offset_us - self._offset_us) > JUMP_US:
            self._offset_us, self._steady_since_s = offset_us, now_s
        return self._steady_since_s is None or now_s - self._steady_since_s >= TRUST_S
