"""One planned day run through a hall, its clock moved from one happening to the next."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.booking import Arrival, arrival
from queue_server.domain.day_view import DayView
from queue_server.domain.refusals import Refused
from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.forecast.forecasting import Forecasts, forecast
from queue_server.forecast.learning import Booked, Learned, pace_today
from queue_server.forecast.line_up import Asked
from queue_server.forecast.recording import record_of
from queue_server.store.rows import RowWrite
from tests.simulate.booked import Row, booking_row, check_in, making
from tests.simulate.hall import FIRST_DAY_US, OFFSET_MIN, SECOND_US, Done, Hall
from tests.simulate.people import CLOSES_S, ISSUES_S, MINUTE_S, OPENS_S, Clerk, Person, Plan
from tests.simulate.watching import Watching

DAY_S = 86_400
RECALL_S = 25.0
MISS_S = 75.0
CLERK_SEES_S = 3.0
"""Until a clerk with nobody at the window sees that somebody came."""
RUNS = 32
"""Fewer than in the server, where a forecast has seconds."""
PACE_S = 300.0
FRESH_S = 5.0
"""A forecast is made anew after so long, as in the server."""


class Day:
    """One planned day run through the hall; ``run`` gives what was seen."""

    def __init__(self, hall: Hall, plan: Plan, number: int, *, seed: int, forecasts: bool) -> None:
        self._hall = hall
        self._plan = plan
        self._start_us = FIRST_DAY_US + _calendar_day(number) * DAY_S * SECOND_US
        self.date = date_of(number)
        self._people = {self.name(person): person for person in plan.people}
        self._random = Random(f"{seed} {self.date}")
        self._happenings: list[tuple[float, int, Callable[..., object], tuple[Any, ...]]] = []
        self._made = 0
        self._booked: dict[str, Row] = {}
        self._idle: dict[int, None] = {}
        self._breaks = {window: list(clerk.breaks) for window, clerk in plan.clerks.items()}
        self._paused: set[int] = set()
        self._turns: dict[int, int] = dict.fromkeys(plan.clerks, 0)
        self._learned, self._come_share = hall.learned(self.date) if forecasts else (None, 1.0)
        self._forecast: Forecasts | None = None
        self._forecast_s = 0.0
        self._pace_s: float | None = None
        self._today = 1.0
        self._now_s = 0.0
        self.watching = Watching()

    # ---- the day ---------------------------------------------------------------------------------------------------

    def run(self) -> Watching:
        self._at(ISSUES_S - 60, self._open)
        for person in self._plan.people:
            self._at(person.comes_s, self._come, person)
        for window in self._plan.clerks:
            self._at(OPENS_S, self._sit_down, window)
        self._at(CLOSES_S, self._do, c.StopIssuing(), "clerk:1")
        while self._happenings:
            at_s, _, act, arguments = heapq.heappop(self._happenings)
            self._now_s = at_s
            self._hall.clock.at_us = self._start_us + round(at_s * SECOND_US)
            act(*arguments)
        self._do(c.CloseDay(force=True), "clerk:1")
        self._hall.settle()
        return self.watching

    def name(self, person: Person) -> str:
        return f"{self.date}-{person.number}"

    def _at(self, at_s: float, act: Callable[..., object], *arguments: object) -> None:
        self._made += 1
        heapq.heappush(self._happenings, (at_s, self._made, act, arguments))

    def _do(self, command: c.Command, actor: str, rows: tuple[RowWrite, ...] = ()) -> Done | None:
        outcome = self._hall.do(command, actor, rows)
        if isinstance(outcome, Refused):
            return None
        for event in outcome.events:
            self.watching.take_in(outcome.at_us, event)
        return outcome

    def _open(self) -> None:
        self._do(c.OpenDay(business_day=self.date, letters={"kiosk:1": "K"}, confirmed=True), "clerk:1")
        for person in self._plan.people:
            if person.slot_s is not None:
                begins_us = self._start_us + round(person.slot_s * SECOND_US)
                row = booking_row(f"b{self.name(person)}", self.date, begins_us, self._hall.clock.at_us)
                if self._do(*_staff(making(row))) is not None:
                    self._booked[self.name(person)] = row

    # ---- residents -------------------------------------------------------------------------------------------------

    def _come(self, person: Person) -> None:
        ticket = self.name(person)
        booked = self._booked.get(ticket)
        shown, naive_min = self._shown(person, booked), self._naive_min()
        issue = c.IssueTicket(
            ticket=ticket,
            track=f"T{ticket}",
            kind=TicketKind.GENERAL if booked is None else TicketKind.BOOKED,
            matters=(person.matter,),
            grant_ground="elderly" if person.granted and person.granted_after_s is None else None,
            forecast_min=shown,
        )
        issue, rows = (issue, ()) if booked is None else check_in(booked, issue)
        self._do(issue, "kiosk:1", rows)
        self.watching.seen[ticket].naive_min = naive_min
        if person.granted_after_s is not None:
            grant = c.GrantPriority(ticket=ticket, ground="elderly", proof="seen")
            self._at(self._now_s + person.granted_after_s, self._do, grant, "clerk:1")
        if person.cancels_after_s is not None:
            self._at(self._now_s + person.cancels_after_s, self._cancel, ticket)
        self._wake()

    def _cancel(self, ticket: str) -> None:
        day = self._hall.day
        if day is not None and day.tickets[ticket].state is TicketState.WAITING:
            self._do(c.CancelTicket(ticket=ticket), "kiosk:1")

    def _report(self, ticket: str) -> None:
        if self._do(c.RejoinTicket(ticket=ticket), "kiosk:1") is not None:
            self._wake()

    def _wake(self) -> None:
        """The clerk who has been idle longest takes the one who came."""
        if self._idle:
            window = next(iter(self._idle))
            del self._idle[window]
            self._at(self._now_s + CLERK_SEES_S, self._next, window)

    # ---- clerks ----------------------------------------------------------------------------------------------------

    def _sit_down(self, window: int) -> None:
        self._do(c.OpenShift(window=window, clerk=window, shift=f"{self.date}-{window}"), f"clerk:{window}")
        self._do(c.OpenWindow(window=window), f"clerk:{window}")
        self._at(self._now_s + window, self._next, window)

    def _next(self, window: int) -> None:
        clerk = self._plan.clerks[window]
        if self._rests(window, clerk):
            return
        call = c.CallNext(window=window, announcement=f"{self.date}-{self._made}-{window}")
        called = self._do(call, f"clerk:{window}")
        ticket = next((x.ticket for x in called.events if isinstance(x, e.TicketCalled)), None) if called else None
        if called is None or ticket is None:
            self._idle[window] = None
            return
        person, rejoined = self._people[ticket], self.watching.seen[ticket].called_us != called.at_us
        if person.there or rejoined:
            self._at(self._now_s + person.walks_s, self._do, c.StartService(window=window, ticket=ticket), "clerk:1")
            end_s = self._now_s + person.walks_s + person.handling_s * clerk.pace
            self._at(end_s, self._finish, window, ticket)
            return
        for n in (1, 2):
            again = c.RecallTicket(window=window, ticket=ticket, announcement=f"{call.announcement}-{n}")
            self._at(self._now_s + n * RECALL_S, self._do, again, f"clerk:{window}")
        self._at(self._now_s + MISS_S, self._miss, window, ticket)

    def _rests(self, window: int, clerk: Clerk) -> bool:
        """The announced pause at noon, and the breaks that nobody is told of."""
        from_s, until_s = clerk.pause
        if window not in self._paused and self._now_s >= from_s:
            self._paused.add(window)
            self._do(c.PauseWindow(window=window, ground="lunch"), f"clerk:{window}")
            self._at(max(until_s, self._now_s + 20 * MINUTE_S), self._resume, window)
            return True
        breaks = self._breaks[window]
        if breaks and self._now_s >= breaks[0][0]:
            self._at(self._now_s + breaks.pop(0)[1], self._next, window)
            return True
        return False

    def _resume(self, window: int) -> None:
        self._do(c.OpenWindow(window=window), f"clerk:{window}")
        self._next(window)

    def _finish(self, window: int, ticket: str) -> None:
        self._do(c.FinishService(window=window, ticket=ticket), f"clerk:{window}")
        self._between(window)

    def _miss(self, window: int, ticket: str) -> None:
        self._do(c.MissTicket(window=window, ticket=ticket), f"clerk:{window}")
        person = self._people[ticket]
        if person.reports_after_s is not None:
            self._at(self._now_s + person.reports_after_s, self._report, ticket)
        self._between(window)

    def _between(self, window: int) -> None:
        between_s = self._plan.clerks[window].between_s
        self._turns[window] += 1
        self._at(self._now_s + between_s[self._turns[window] % len(between_s)], self._next, window)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def _shown(self, person: Person, booked: Row | None) -> tuple[int, int] | None:
        """The newest forecast, at most five seconds old, for such a number; None for who is early for a booking."""
        now_us = self._hall.clock.at_us
        day = self._hall.day if self._learned is not None else None
        if self._learned is None or day is None:
            return None
        if self._forecast is None or self._now_s - self._forecast_s > FRESH_S:
            pace = self._pace(day, self._learned)
            begins_us = tuple(row["begins_us"] for name, row in self._booked.items() if name not in day.tickets)
            coming = Booked(begins_us, self._come_share) if self._booked else None
            self._forecast = forecast(day, self._learned, now_us, self._random, booked=coming, pace=pace, runs=RUNS)
            self._forecast_s = self._now_s
        kind = "general"
        if booked is not None:
            match arrival(booked["begins_us"], booked["ends_us"], now_us, self._hall.rules.booking):
                case Arrival.ON_TIME:
                    kind = "booked"
                case Arrival.LATE:
                    pass
                case _:
                    return None
        granted = person.granted and person.granted_after_s is None
        found = next((each for each in self._forecast.new if _fits(each, kind, granted=granted)), None)
        return (*self._forecast.new[found],) if found is not None else None

    def _pace(self, day: DayView, learned: Learned) -> float:
        """As the worker finds it, but looked at every few minutes only."""
        if self._pace_s is None or self._now_s - self._pace_s > PACE_S:
            self._pace_s = self._now_s
            self._today = pace_today(learned, record_of(day), self._hall.clock.at_us)
        return self._today

    def _naive_min(self) -> float | None:
        """People ahead × today's mean / open windows; None with no window open or nobody served yet, and where there
        is no forecast to stand beside."""
        day = self._hall.day if self._learned is not None else None
        if day is None:
            return None
        windows = len(day.open_windows)
        done = sum(each.done_count for each in day.windows.values())
        if not windows or not done:
            return None
        mean_min = sum(each.service_us for each in day.windows.values()) / done / SECOND_US / MINUTE_S
        return len(day.lines.slots) * mean_min / windows


def _staff(made: tuple[c.Command, tuple[RowWrite, ...]]) -> tuple[c.Command, str, tuple[RowWrite, ...]]:
    command, rows = made
    return command, "clerk:1", rows


def _fits(asked: Asked, kind: str, *, granted: bool) -> bool:
    return asked.kind == kind and (asked.ground is not None) == granted


def _calendar_day(number: int) -> int:
    """Business days are Mondays to Fridays."""
    return number // 5 * 7 + number % 5


def date_of(number: int) -> str:
    first = datetime.fromtimestamp(FIRST_DAY_US // SECOND_US, UTC) + timedelta(minutes=OFFSET_MIN)
    return (first + timedelta(days=_calendar_day(number))).date().isoformat()
