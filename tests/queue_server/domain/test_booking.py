"""Slots, shares, who may book, and what a check-in is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.booking import (
    DAY_US,
    Arrival,
    Booking,
    BookingFacts,
    BookingRules,
    BookingState,
    arrival,
    barred_until_us,
    bookable_days,
    places,
    slots_of,
)
from queue_server.domain.calendar import DayPlan, Hours, Session, Year, parse_session, plan_for
from queue_server.domain.quota import Quota
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import MINUTE_US, Rules
from queue_server.domain.ticket import TicketKind
from tests.queue_server.domain.a_hall import MONDAY, MONDAY_8_US, AHall

HOURS = Hours(weekday=(Session(9 * 60, 12 * 60), Session(13 * 60, 17 * 60)), saturday=(Session(9 * 60, 11 * 60 + 45),))
YEARS = {2026: Year(year=2026, source="test", holidays={date(2026, 3, 4): "假"})}
RULES = BookingRules()
NINE_US = MONDAY_8_US + 60 * MINUTE_US
SLOT_US = NINE_US + 30 * MINUTE_US
"""The slot 9:30 to 10:00 of the open Monday."""


def plan_of(day: date) -> DayPlan:
    return plan_for(day, YEARS, HOURS, 480)


def minute(count: float) -> int:
    return int(count * MINUTE_US)


def test_a_days_slots_lie_whole_within_its_sessions() -> None:
    slots = slots_of(plan_of(date(2026, 3, 2)), RULES)
    assert len(slots) == 6 + 8
    assert slots[0] == (NINE_US, NINE_US + minute(30), None)
    assert slots[5].ends_us == NINE_US + minute(180)
    assert slots[6].begins_us == NINE_US + minute(240)
    saturday = slots_of(plan_of(date(2026, 3, 7)), RULES)
    assert [slot.ends_us - slot.begins_us for slot in saturday] == [minute(30)] * 5
    assert slots_of(plan_of(date(2026, 3, 4)), RULES) == ()


def test_the_next_five_working_days_from_tomorrow_on_are_bookable() -> None:
    days = [plan.day.day for plan in bookable_days(date(2026, 3, 2), plan_of, RULES)]
    assert days == [3, 5, 6, 7, 9]
    staff = [plan.day.day for plan in bookable_days(date(2026, 3, 2), plan_of, RULES, by_staff=True)]
    assert staff == [2, 3, 5, 6, 7, 9]
    today = replace(RULES, first_day_ahead=0)
    assert next(plan.day.day for plan in bookable_days(date(2026, 3, 2), plan_of, today)) == 2
    never = Hours(weekday=())
    assert bookable_days(date(2026, 3, 2), lambda day: plan_for(day, {}, never, 480), RULES) == ()


@given(st.integers(1, 20), st.integers(0, 100), st.integers(0, 40))
def test_walk_ins_always_keep_their_share(windows: int, percent: int, per_slot: int) -> None:
    rules = replace(RULES, walk_in_percent=percent, per_slot=per_slot)
    all_of_them = per_slot or windows * rules.slot_min // rules.service_min
    left = all_of_them - places(rules, windows)
    assert left * 100 >= all_of_them * percent
    assert 0 <= places(rules, windows) <= all_of_them


def test_half_of_what_eight_windows_serve_may_be_booked_and_less_where_fewer_serve() -> None:
    assert places(RULES, 8) == 15
    assert places(RULES, 8, staffed=2) == 3
    assert places(RULES, 2, staffed=8) == places(RULES, 2)
    assert places(replace(RULES, per_slot=16), 8, staffed=2) == 2
    hours = Hours(weekday=(), saturday=(parse_session("9:00-13:00/2"),))
    saturday = plan_for(date(2026, 3, 7), {}, hours, 480)
    assert [str(each) for each in saturday.sessions] == ["9:00-13:00"]
    assert {slot.windows for slot in slots_of(saturday, RULES)} == {2}


def test_a_slot_of_few_windows_is_full_sooner() -> None:
    hall = AHall(8, Rules(booking=RULES)).opened()
    hall.booking = BookingFacts(None, taken=3)
    making = c.MakeBooking(
        booking="b", begins_us=hall.now_us + minute(60), ends_us=hall.now_us + minute(90),
        business_day="2026-03-07", content_hash="0" * 64,
    )  # fmt: skip
    assert hall.refused(replace(making, windows=2)) is RefusalCode.SLOT_FULL
    assert hall.do(making)


@pytest.mark.parametrize(
    ("after_min", "expected"),
    [
        (-61, Arrival.TOO_EARLY),
        (-60, Arrival.EARLY),
        (-0.001, Arrival.EARLY),
        (0, Arrival.ON_TIME),
        (29, Arrival.ON_TIME),
        (45, Arrival.ON_TIME),
        (45.001, Arrival.LATE),
        (600, Arrival.LATE),
    ],
)
def test_what_a_check_in_is_worth(after_min: float, expected: Arrival) -> None:
    assert arrival(SLOT_US, SLOT_US + minute(30), SLOT_US + minute(after_min), RULES) is expected


def test_three_no_shows_in_ninety_days_bar_for_thirty() -> None:
    now = 1000 * DAY_US
    assert barred_until_us([now - 50 * DAY_US, now - DAY_US], now, RULES) is None
    three = [now - 60 * DAY_US, now - 50 * DAY_US, now - DAY_US]
    assert barred_until_us(three, now, RULES) == now + 29 * DAY_US
    assert barred_until_us(three, now + 29 * DAY_US, RULES) is None
    assert barred_until_us([now - 95 * DAY_US, *three[1:]], now, RULES) is None
    assert barred_until_us(three * 4, now, replace(RULES, no_shows=0)) is None


# ---- decisions --------

A_BOOKING = Booking("b1", BookingState.BOOKED, MONDAY, SLOT_US, SLOT_US + minute(30), 1, "h1")
MAKE = c.MakeBooking(
    booking="b2", begins_us=SLOT_US, ends_us=SLOT_US + minute(30), business_day=MONDAY, content_hash="aa"
)
CHECK_IN = c.IssueTicket(ticket="early", track="TRACK", booking="b1", booking_version=2, booking_hash="cc")


def decided(
    command: c.Command, facts: BookingFacts | None, *, at_min: float = -60, rules: Rules | None = None
) -> list[e.Event] | Refused:
    """Decide so long after the slot begins, in a hall of two windows that opened on Monday."""
    hall = AHall(rules=rules)
    hall.do(c.OpenDay(business_day=MONDAY, letters={}))
    hall.now_us = SLOT_US + minute(at_min)
    hall.booking = facts
    return hall.ask(command, actor="kiosk:2")


def refused(*args: object, **how: object) -> RefusalCode:
    outcome = decided(*args, **how)  # type: ignore[arg-type]
    assert isinstance(outcome, Refused)
    return outcome.code


def issued(*args: object, **how: object) -> e.TicketIssued:
    outcome = decided(*args, **how)  # type: ignore[arg-type]
    assert not isinstance(outcome, Refused), str(outcome)
    assert isinstance(outcome[0], e.TicketIssued)
    assert outcome[-1] == e.RecordChanged("booking", "b1", 2, "cc")
    return outcome[0]


def test_a_slot_takes_as_many_as_it_has_places() -> None:
    assert decided(MAKE, BookingFacts(None, taken=2)) == [e.RecordChanged("booking", "b2", 1, "aa")]
    assert refused(MAKE, BookingFacts(None, taken=3)) is RefusalCode.SLOT_FULL
    assert refused(MAKE, BookingFacts(None), at_min=0) is RefusalCode.SLOT_CLOSED


def test_one_booking_a_day_for_each_person() -> None:
    assert refused(MAKE, BookingFacts(None, same_day=1)) is RefusalCode.BOOKING_LIMIT


def test_no_shows_bar_people_but_not_staff_who_book_for_them() -> None:
    facts = BookingFacts(None, no_shows_us=(SLOT_US - 3 * DAY_US, SLOT_US - 2 * DAY_US, SLOT_US - DAY_US))
    outcome = decided(MAKE, facts)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.facts) == (RefusalCode.BOOKING_BARRED, {"day": "2026-03-31"})
    assert isinstance(decided(replace(MAKE, by_supervisor=True), facts), list)


def test_holders_change_and_cancel_until_two_hours_before_staff_always() -> None:
    facts = BookingFacts(A_BOOKING)
    cancel = c.CancelBooking(booking="b1", content_hash="cc", version=2)
    move = c.MoveBooking(
        booking="b1", begins_us=SLOT_US + DAY_US, ends_us=SLOT_US + DAY_US + minute(30), business_day="2026-03-03",
        content_hash="cc", version=2,
    )  # fmt: skip
    for command in (cancel, move):
        assert decided(command, facts, at_min=-120) == [e.RecordChanged("booking", "b1", 2, "cc")]
        assert refused(command, facts, at_min=-119) is RefusalCode.BOOKING_FIXED
        assert isinstance(decided(replace(command, by_supervisor=True), facts, at_min=-1), list)
        assert refused(replace(command, version=3), facts, at_min=-120) is RefusalCode.BOOKING_CHANGED
        gone = BookingFacts(A_BOOKING._replace(state=BookingState.CANCELLED))
        assert refused(command, gone, at_min=-120) is RefusalCode.BOOKING_OVER
        assert refused(command, None, at_min=-120) is RefusalCode.BOOKING_UNKNOWN
    assert refused(move, facts._replace(taken=3), at_min=-120) is RefusalCode.SLOT_FULL


def test_a_check_in_before_the_slot_counts_from_the_slot() -> None:
    early = issued(CHECK_IN, BookingFacts(A_BOOKING), at_min=-20)
    assert (early.number, early.kind, early.clock_us, early.booking) == ("Y001", "booked", SLOT_US, "b1")
    there = issued(CHECK_IN, BookingFacts(A_BOOKING), at_min=10)
    assert (there.kind, there.clock_us) == ("booked", SLOT_US + minute(10))


def test_late_beyond_the_grace_is_an_ordinary_number_from_the_check_in() -> None:
    late = issued(CHECK_IN, BookingFacts(A_BOOKING), at_min=46)
    assert (late.number, late.kind, late.clock_us) == ("A001", "general", SLOT_US + minute(46))


@pytest.mark.parametrize("at_min", [-900, 600])
def test_while_no_clock_can_say_how_late_it_is_a_booking_of_the_day_is_honoured_at_once(at_min: int) -> None:
    hall = AHall()
    hall.do(c.OpenDay(business_day=MONDAY, letters={}))
    hall.now_us, hall.booking = SLOT_US + minute(at_min), BookingFacts(A_BOOKING)
    (given, _) = cast("list[e.Event]", hall.ask(CHECK_IN, clock_doubt=True))
    assert isinstance(given, e.TicketIssued)
    assert (given.kind, given.clock_us) == ("booked", hall.now_us)
    tomorrow = A_BOOKING._replace(business_day="2026-03-03")
    hall.booking = BookingFacts(tomorrow)
    assert isinstance(hall.ask(replace(CHECK_IN, ticket="t2"), clock_doubt=True), Refused)


def test_too_early_came_already_and_over_are_told_apart() -> None:
    tomorrow = A_BOOKING._replace(begins_us=SLOT_US + DAY_US, ends_us=SLOT_US + DAY_US, business_day="2026-03-03")
    assert refused(CHECK_IN, BookingFacts(A_BOOKING), at_min=-61) is RefusalCode.BOOKING_EARLY
    assert refused(CHECK_IN, BookingFacts(tomorrow), at_min=0) is RefusalCode.BOOKING_EARLY
    assert refused(CHECK_IN, BookingFacts(None), at_min=0) is RefusalCode.BOOKING_UNKNOWN
    came = A_BOOKING._replace(state=BookingState.CAME, ticket="t9")
    outcome = decided(CHECK_IN, BookingFacts(came), at_min=0)
    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.facts) == (RefusalCode.BOOKING_CAME, {"ticket": "t9"})
    for state in (BookingState.CANCELLED, BookingState.NO_SHOW, BookingState.LAPSED):
        assert refused(CHECK_IN, BookingFacts(A_BOOKING._replace(state=state)), at_min=0) is RefusalCode.BOOKING_OVER
    assert refused(replace(CHECK_IN, booking_version=3), BookingFacts(A_BOOKING)) is RefusalCode.BOOKING_CHANGED


def test_a_booking_is_a_promise_also_when_no_more_numbers_are_given() -> None:
    full = Rules(quotas=(Quota(limit=0),))
    assert issued(CHECK_IN, BookingFacts(A_BOOKING), at_min=0, rules=full).kind == "booked"
    assert refused(CHECK_IN, BookingFacts(A_BOOKING), at_min=50, rules=full) is RefusalCode.QUOTA_FULL


def test_a_no_show_is_noted_when_its_day_is_over_only() -> None:
    note = c.NoteNoShow(booking="b1", content_hash="cc", version=2)
    assert refused(note, BookingFacts(A_BOOKING), at_min=600) is RefusalCode.NOT_YET
    yesterday = A_BOOKING._replace(business_day="2026-03-01", begins_us=SLOT_US - DAY_US, ends_us=SLOT_US - DAY_US)
    assert decided(note, BookingFacts(yesterday)) == [e.RecordChanged("booking", "b1", 2, "cc")]
    assert refused(note, BookingFacts(yesterday, had_day=False)) is RefusalCode.BOOKING_CHANGED
    assert refused(note, BookingFacts(yesterday._replace(state=BookingState.CAME))) is RefusalCode.BOOKING_CAME


def test_an_early_booked_number_is_called_when_nobody_else_waits_and_first_from_its_slot_on() -> None:
    hall = AHall(windows=1)
    hall.do(c.OpenDay(business_day=MONDAY, letters={}))
    hall.now_us = SLOT_US - minute(30)
    hall.booking = BookingFacts(A_BOOKING)
    hall.do(CHECK_IN)
    walk_in = hall.issue()
    assert hall.day.tickets["early"].kind is TicketKind.BOOKED
    hall.wait(60)
    first = hall.day.snapshot().next_for(1, hall.now_us)
    assert first is not None
    assert first.id == walk_in
    hall.now_us = SLOT_US + minute(61)
    later = hall.day.snapshot().next_for(1, hall.now_us)
    assert later is not None
    assert later.id == "early"
