"""The day: odd dates, the three ends, what is left when it closes, and what is only noted (DESIGN 4.5)."""

from __future__ import annotations

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.hall_day import HallDay
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.domain.ticket import Outcome, TicketState
from queue_server.domain.window import HelpState
from tests.queue_server.domain.a_hall import MONDAY, AHall


def open_on(day: str, *, confirmed: bool = False) -> c.OpenDay:
    return c.OpenDay(business_day=day, letters={}, confirmed=confirmed)


def test_letters_of_kinds_and_kiosks_are_in_the_event() -> None:
    hall = AHall()
    (opened,) = hall.do(c.OpenDay(business_day=MONDAY, letters={"kiosk:1": "D", "general": "B"}))
    assert opened == e.DayOpened(MONDAY, {"general": "B", "booked": "Y", "collection": "C", "kiosk:1": "D"})
    assert hall.ticket(hall.issue()).number == "B001"


@pytest.mark.parametrize("letter", ["A", "I", "O", "AB", "", "a", "甲"])
def test_a_letter_belongs_to_one_and_is_no_digit_lookalike(letter: str) -> None:
    outcome = AHall().ask(c.OpenDay(business_day=MONDAY, letters={"kiosk:1": letter}))
    assert outcome == Refused(RefusalCode.WRONG_STATE, {"letter_of": "kiosk:1", "letter": letter})


def test_an_open_day_is_closed_first_under_its_own_date() -> None:
    hall = AHall().opened()
    outcome = hall.ask(open_on("2026-03-03"))
    assert outcome == Refused(RefusalCode.DAY_OPEN, {"business_day": MONDAY})
    closed = hall.do(c.CloseDay())
    assert closed[-1] == e.DayClosed(MONDAY, forced=False, anchor="a" * 64)
    hall.do(open_on("2026-03-03"))
    assert hall.day.tickets == {}


@pytest.mark.parametrize(
    ("date", "odd"),
    [("2026-03-01", True), ("2026-03-03", False), ("2026-03-09", False), ("2026-03-10", True), (MONDAY, True)],
)
def test_odd_dates_need_a_confirmation(date: str, odd: bool) -> None:
    hall = AHall().opened()
    hall.do(c.CloseDay())
    if odd:
        assert hall.refused(open_on(date)) is RefusalCode.CONFIRM_NEEDED
        hall.do(open_on(date, confirmed=True))
    else:
        hall.do(open_on(date))
    assert hall.day.business_day == date


def test_no_date_is_not_opened() -> None:
    assert AHall().refused(open_on("2026-02-30", confirmed=True)) is RefusalCode.NOT_FOUND


def test_with_a_doubtful_clock_only_a_person_opens_a_day() -> None:
    hall = AHall()
    outcome = hall.ask(open_on(MONDAY), clock_doubt=True)
    assert isinstance(outcome, Refused)
    assert outcome.code is RefusalCode.CLOCK_DOUBT
    assert not isinstance(hall.ask(open_on(MONDAY, confirmed=True), clock_doubt=True), Refused)
    ticket = c.IssueTicket(ticket="t", track="k")
    assert not isinstance(hall.ask(ticket, clock_doubt=True), Refused)


def test_the_same_day_opened_again_goes_on_with_its_numbers() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.do(c.CloseDay())
    assert hall.state(ticket) is TicketState.EXPIRED
    hall.do(open_on(MONDAY, confirmed=True))
    assert hall.ticket(hall.issue()).number == "A002"
    hall.do(c.ReinstateTicket(ticket=ticket))
    assert hall.day.snapshot() == hall.refolded().snapshot()


def test_a_day_whose_rows_are_not_here_is_not_opened_again() -> None:
    hall = AHall()
    hall.day = HallDay(Rules(), [WindowConfig(1)], last_business_day=MONDAY)
    assert hall.refused(open_on(MONDAY, confirmed=True)) is RefusalCode.WRONG_STATE
    hall.do(open_on("2026-03-03"))


def test_issuing_ends_before_calling_does() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    assert hall.do(c.StopIssuing()) == [e.IssuingStopped(MONDAY)]
    assert hall.do(c.StopIssuing()) == []
    assert hall.refused(c.IssueTicket(ticket="x", track="x")) is RefusalCode.ISSUING_STOPPED
    assert hall.call_next() == ticket


@pytest.mark.parametrize("state", ["called", "serving", "held"])
def test_closing_is_refused_while_somebody_is_there_unless_forced(state: str) -> None:
    hall = AHall().opened()
    there, waiting = hall.issue(), hall.issue()
    hall.call_next()
    if state != "called":
        hall.start(there)
    if state == "held":
        hall.do(c.HoldTicket(window=1, ticket=there))
    assert hall.refused(c.CloseDay()) is RefusalCode.STILL_BUSY
    hall.do(c.CloseDay(force=True))
    assert hall.ticket(there).outcome is Outcome.CLOSED_OPEN
    assert hall.state(waiting) is TicketState.EXPIRED
    view = hall.day.snapshot()
    assert (view.open, view.forced, view.anchor) == (False, True, "a" * 64)
    assert all(w.shift is None and w.ticket is None and not w.held for w in view.windows.values())
    assert all(shift.closed_at_us for shift in view.shifts.values())


def test_a_closed_day_takes_no_acts_but_words_about_paper() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.do(c.CloseDay())
    assert hall.refused(c.CloseDay()) is RefusalCode.NO_DAY
    assert hall.refused(c.StopIssuing()) is RefusalCode.NO_DAY
    assert hall.refused(c.IssueTicket(ticket="x", track="x")) is RefusalCode.NO_DAY
    assert hall.refused(c.ReinstateTicket(ticket=ticket)) is RefusalCode.NO_DAY
    assert hall.refused(c.CallNext(window=1, announcement="a")) is RefusalCode.NO_DAY
    hall.do(c.ReportSlip(ticket=ticket, result="printed", copy=0))
    assert hall.refused(c.ReportSlip(ticket="x", result="printed", copy=0)) is RefusalCode.NOT_FOUND


def test_a_new_day_begins_with_nothing() -> None:
    hall = AHall().opened()
    hall.issue()
    hall.call_next()
    hall.do(c.RequestHelp(help="h", place="kiosk:1"))
    hall.do(c.CloseDay(force=True))
    hall.do(open_on("2026-03-03"), key="open")
    fresh = AHall()
    fresh.now_us = hall.now_us
    fresh.rows = hall.rows[:-1]
    fresh.day.seq = len(fresh.rows)
    fresh.do(open_on("2026-03-03"), key="open")
    assert hall.day.snapshot() == fresh.day.snapshot()


def test_help_is_asked_taken_and_done() -> None:
    hall = AHall().opened()
    hall.do(c.RequestHelp(help="h", place="kiosk:1", urgent=True), actor="kiosk:1")
    assert hall.do(c.RequestHelp(help="h", place="kiosk:1")) == []
    hall.do(c.TakeHelp(help="h"), actor="clerk:2")
    assert hall.do(c.TakeHelp(help="h"), actor="clerk:2") == []
    assert hall.refused(c.TakeHelp(help="h"), actor="clerk:3") is RefusalCode.WRONG_STATE
    hall.do(c.FinishHelp(help="h"), actor="clerk:3")
    assert hall.do(c.FinishHelp(help="h")) == []
    found = hall.day.helps["h"]
    assert (found.state, found.taken_by, found.urgent) == (HelpState.DONE, "clerk:2", True)
    assert hall.refused(c.TakeHelp(help="x")) is RefusalCode.NOT_FOUND
    assert hall.refused(c.FinishHelp(help="x")) is RefusalCode.NOT_FOUND
    assert AHall().refused(c.RequestHelp(help="h", place="kiosk:1")) is RefusalCode.NO_DAY


def test_what_is_suspended_over_night_still_is_on_the_next_day_until_its_time_or_its_lifting() -> None:
    hall = AHall().opened()
    ends_us = hall.now_us + 30 * 3600 * 1_000_000
    hall.do(c.SetSuspension(code="SB", until_us=ends_us))
    hall.do(c.SetSuspension(code="net"))
    hall.do(c.SetSuspension(code="noon", until_us=hall.now_us + 3600 * 1_000_000))
    hall.do(c.CloseDay())
    hall.do(open_on(MONDAY, confirmed=True))
    assert list(hall.day.suspensions) == ["SB", "net", "noon"], "the same day again"
    hall.do(c.CloseDay())
    hall.wait(24 * 3600)
    opened = hall.do(open_on("2026-03-03"))
    assert opened[1:] == [e.SuspensionSet("SB", ends_us), e.SuspensionSet("net", None)]
    assert list(hall.day.suspensions) == ["SB", "net"]
    hall.do(c.CloseDay())
    hall.wait(24 * 3600)
    hall.do(c.SetSuspension(code="net", until_us=hall.now_us))
    assert len(hall.do(open_on("2026-03-04"))) == 1


def test_suspensions_are_set_and_lifted_and_numbers_go_on() -> None:
    hall = AHall().opened()
    hall.do(c.SetSuspension(code="SB", until_us=None))
    hall.issue(matters=("SB-001",))
    assert list(hall.day.suspensions) == ["SB"]
    hall.do(c.SetSuspension(code="SB", until_us=hall.now_us))
    assert hall.day.suspensions == {}
    assert hall.do(c.SetSuspension(code="SB", until_us=hall.now_us)) == []
    assert AHall().refused(c.SetSuspension(code="SB")) is RefusalCode.NO_DAY


def test_changes_of_records_pass_through_with_or_without_a_day() -> None:
    hall = AHall()
    assert hall.do(c.ChangeRecord(table="device", id="2", version=1, content_hash="ab")) == [
        e.RecordChanged("device", "2", 1, "ab")
    ]
    assert hall.do(c.ErasePersonalData(table="person", count=3, rule="age")) == [
        e.PersonalDataErased("person", 3, "age")
    ]
    redact = c.RedactRow(seq=1, second="manager:2")
    assert hall.do(redact, actor="manager:1") == [e.RowRedacted(1, "manager:1", "manager:2")]
    assert hall.refused(redact, actor="manager:2") is RefusalCode.CONFIRM_NEEDED
