"""What happens by itself: recalls, misses, calls to idle windows, days opened and numbers stopped by the calendar."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain.calendar import Hours, Year, parse_session
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import TicketState
from queue_server.service.calendars import Calendars
from queue_server.service.chance import SystemChance
from queue_server.service.hall_time import HallTime
from queue_server.service.timer import AGAIN_S, TRUST_S, Timer
from tests.queue_server.service.a_gate import MONDAY, WAIT_S, Driver, HandClock, running

HOUR_S = 3600
WEEK = Hours(
    weekday=(parse_session("9:00-12:00"), parse_session("13:30-17:00")),
    saturday=(parse_session("9:00-13:00"),),
    last_number_min=15,
)


class ATimer:
    """A gate with its timer; each ``after`` lets time pass and ticks, then waits until the gate did what was due."""

    def __init__(self, hall: Driver, clock: HandClock, *, years: dict[int, Year] | None = None) -> None:
        self.hall = hall
        self.clock = clock
        self.said: dict[str, int] = {}
        self.timer = Timer(
            hall.gate,
            Calendars(years or {}, WEEK, 480, lambda: hall.gate.view.records.settings),
            opens=True,
            stops=True,
            letters=lambda: {"kiosk:2": "K"},
            spoken=self.said.get,
            chance=SystemChance(),
            hall_time_us=HallTime(lambda: hall.gate.view, clock.wall, clock.steady),
            wall_clock_us=clock.wall,
            steady_clock_s=clock.steady,
        )

    def after(self, seconds: float) -> None:
        self.clock.wait(seconds)
        self.timer.tick()
        self.hall.gate.note().result(WAIT_S)  # behind whatever was handed in

    def day(self) -> str | None:
        day = self.hall.gate.view.day
        return day.business_day if day is not None and day.open else None

    def issuing(self) -> bool:
        day = self.hall.gate.view.day
        return day is not None and day.issuing

    def state(self, ticket: str) -> TicketState:
        day = self.hall.gate.view.day
        assert day is not None
        return day.tickets[ticket].state

    def number(self, ticket: str) -> str:
        day = self.hall.gate.view.day
        assert day is not None
        return day.tickets[ticket].number

    def recalls(self, ticket: str) -> int:
        day = self.hall.gate.view.day
        assert day is not None
        return day.tickets[ticket].recalls


@contextlib.contextmanager
def ticking(folder: Path, rules: Rules | None = None, **how: dict[int, Year]) -> Iterator[ATimer]:
    clock = HandClock()
    with running(f"sqlite:///{folder}/hall.db", clock, rules=rules or Rules()) as hall:
        yield ATimer(hall, clock, **how)


def test_the_day_opens_half_an_hour_before_service_and_issuing_stops_before_the_end(tmp_path: Path) -> None:
    with ticking(tmp_path) as hall:
        hall.after(29 * 60)
        assert hall.day() is None
        hall.after(60)
        assert (hall.day(), hall.issuing()) == (MONDAY, True)
        hall.hall.issue("t1")
        hall.after(8 * HOUR_S)
        assert hall.issuing(), "16:30"
        hall.after(900)
        assert (hall.day(), hall.issuing()) == (MONDAY, False)


def test_a_stop_taken_back_and_a_day_closed_by_hand_stay_so(tmp_path: Path) -> None:
    with ticking(tmp_path) as hall:
        hall.after(HOUR_S)
        hall.after(8 * HOUR_S)
        assert not hall.issuing()
        hall.clock.wait(AGAIN_S)
        hall.hall.do(c.ResumeIssuing())
        hall.after(AGAIN_S)
        assert hall.issuing()
        hall.hall.close_day()
        hall.after(AGAIN_S)
        assert hall.day() is None


def test_a_day_left_open_over_midnight_is_closed_first_under_its_own_date(tmp_path: Path) -> None:
    with ticking(tmp_path) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        first = hall.hall.issue("t1").ticket_id
        hall.hall.issue("t2")
        assert hall.hall.call(1, "a1").ticket_id == first
        hall.after(15.5 * HOUR_S)  # past midnight: the day goes on under its date
        assert hall.day() == MONDAY
        hall.after(8 * HOUR_S)  # 8:30: closed …
        assert hall.day() is None
        assert (hall.state("t1"), hall.state("t2")) == (TicketState.DONE, TicketState.EXPIRED)
        hall.after(1)  # … then opened
        assert hall.day() == "2026-03-03"
        hall.hall.issue("t3")
        assert hall.number("t3") == "A001"


def test_saturdays_sundays_holidays_and_make_up_days(tmp_path: Path) -> None:
    tuesday, sunday = date(2026, 3, 3), date(2026, 3, 8)
    year = Year(year=2026, source="test", holidays={tuesday: "测试"}, workdays=frozenset({sunday}))
    opened = []
    with ticking(tmp_path, years={2026: year}) as hall:
        hall.after(HOUR_S)
        for _ in range(8):
            opened.append(hall.day())
            hall.after(16 * HOUR_S)
            hall.after(8 * HOUR_S)
            hall.after(1)
    assert opened[0] == MONDAY
    assert opened[1] == MONDAY, "a holiday opens nothing and closes nothing"
    assert opened[2:7] == [f"2026-03-0{n}" for n in range(4, 9)]


def test_who_does_not_come_is_called_again_and_missed_by_itself(tmp_path: Path) -> None:
    with ticking(tmp_path, Rules(auto_recall_s=25, auto_miss_s=30)) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        hall.hall.issue("t1")
        hall.hall.call(1, "a1")
        hall.after(24)
        assert hall.recalls("t1") == 0
        hall.said["t1"] = hall.clock.wall_us - 10_000_000  # spoken late: the gap counts from then
        hall.after(14)
        assert hall.recalls("t1") == 0
        hall.after(1)
        assert hall.recalls("t1") == 1
        hall.after(25)
        assert hall.recalls("t1") == 2
        hall.after(29)
        assert hall.state("t1") is TicketState.CALLED
        hall.after(1)
        assert hall.state("t1") is TicketState.MISSED


@pytest.mark.parametrize("jump_min", [10, -10])
def test_a_clock_that_jumps_neither_hurries_nor_stops_recalls(tmp_path: Path, jump_min: int) -> None:
    with ticking(tmp_path, Rules(auto_recall_s=60, auto_miss_s=60)) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        hall.hall.issue("t1")
        hall.hall.call(1, "a1")
        hall.after(20)
        hall.clock.wall_us += jump_min * 60_000_000
        hall.after(39)
        assert hall.recalls("t1") == 0
        hall.after(1)
        assert hall.recalls("t1") == 1


def test_without_settings_nothing_is_called_again_or_missed(tmp_path: Path) -> None:
    with ticking(tmp_path) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        hall.hall.issue("t1")
        hall.hall.call(1, "a1")
        hall.after(600)
        assert (hall.recalls("t1"), hall.state("t1")) == (0, TicketState.CALLED)


def test_an_idle_open_window_gets_the_next_number_a_paused_one_none(tmp_path: Path) -> None:
    with ticking(tmp_path, Rules(auto_call_s=20)) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        hall.hall.desk(2, 8)
        hall.hall.do(c.PauseWindow(window=2, ground="meal"))
        seq = hall.hall.gate.view.seq
        hall.after(1)
        hall.after(60)
        assert hall.hall.gate.view.seq == seq, "nobody waits: nothing is written"
        hall.hall.issue("t1")
        hall.hall.issue("t2")
        hall.after(1)
        assert hall.state("t1") is TicketState.CALLED
        hall.after(60)
        assert hall.state("t2") is TicketState.WAITING
        hall.hall.do(c.FinishService(window=1, ticket="t1"))
        hall.after(1)
        assert hall.state("t2") is TicketState.WAITING, "a breath between two"
        hall.after(20)
        assert hall.state("t2") is TicketState.CALLED


def test_a_desk_that_nobody_is_at_burns_no_numbers(tmp_path: Path) -> None:
    rules = Rules(auto_call_s=20, auto_recall_s=25, auto_miss_s=30)
    with ticking(tmp_path, rules) as hall:
        hall.after(HOUR_S)
        hall.hall.desk(1)
        for name in ("t1", "t2", "t3"):
            hall.hall.issue(name)
        for seconds in (1, 20, 25, 25, 30):
            hall.after(seconds)
        assert hall.state("t1") is TicketState.MISSED
        for seconds in (1, 20, 600):
            hall.after(seconds)
        assert hall.state("t2") is TicketState.WAITING, "called and missed with no hand in it: the clerk is away"
        assert list(hall.timer.alone) == [1]
        hall.hall.do(c.CallNext(window=1, announcement="by-hand"))
        hall.after(1)
        hall.hall.do(c.FinishService(window=1, ticket="t2"))
        for seconds in (1, 20):
            hall.after(seconds)
        assert hall.state("t3") is TicketState.CALLED, "the clerk is back"
        assert hall.timer.alone == {}


@pytest.mark.parametrize("jump_s", [6 * 24 * HOUR_S, 20 * HOUR_S])
def test_a_clock_that_jumps_ahead_for_a_moment_opens_no_day(tmp_path: Path, jump_s: int) -> None:
    with ticking(tmp_path) as hall:
        hall.after(HOUR_S)
        hall.hall.close_day()
        hall.clock.wall_us += jump_s * 1_000_000
        hall.after(1)
        hall.after(TRUST_S - 10)
        assert hall.day() is None
        hall.clock.wall_us -= jump_s * 1_000_000
        hall.after(TRUST_S + 1)
        hall.after(1)
        assert hall.day() is None, "it is Monday again, and Monday was closed"


def test_a_clock_set_right_after_the_start_is_believed_when_it_goes_on(tmp_path: Path) -> None:
    with ticking(tmp_path) as hall:
        hall.clock.wall_us -= 9000 * 24 * HOUR_S * 1_000_000  # the battery is dead: 2001
        hall.after(1)
        assert hall.day() is None
        hall.clock.wall_us += 9000 * 24 * HOUR_S * 1_000_000 + HOUR_S * 1_000_000
        hall.after(1)
        assert hall.day() is None
        hall.after(TRUST_S)
        assert hall.day() == MONDAY
