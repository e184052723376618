"""Which days a hall works: the week, holidays, make-up working days, own Saturdays, several sessions a day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain.calendar import (
    Hours,
    Session,
    Year,
    missing_year,
    next_working_day,
    overlapping,
    parse_session,
    plan_for,
)
from tests.queue_server.domain.a_hall import MONDAY_8_US

CHINA_MIN = 480
MORNING, AFTERNOON = parse_session("9:00-12:00"), parse_session("13:30-17:00")
HOURS = Hours(weekday=(AFTERNOON, MORNING), saturday=(parse_session("9:00-13:00"),), last_number_min=15)
MINUTE_US = 60_000_000


def a_year(**changes: object) -> Year:
    values: dict[str, object] = {
        "year": 2026,
        "source": "test",
        "holidays": {date(2026, 10, 1): "国庆节"},
        "workdays": frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
        "special": {date(2026, 3, 7): (parse_session("10:00-11:00"),), date(2026, 3, 9): ()},
    }
    return Year(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "sessions"),
    [
        (date(2026, 3, 2), (MORNING, AFTERNOON)),  # Monday
        (date(2026, 3, 14), HOURS.saturday),
        (date(2026, 3, 15), ()),  # Sunday
        (date(2026, 10, 1), ()),  # holiday
        (date(2026, 9, 20), (MORNING, AFTERNOON)),  # Sunday, made up
        (date(2026, 10, 10), (MORNING, AFTERNOON)),  # Saturday, made up: the whole day
        (date(2026, 3, 7), (Session(600, 660),)),  # special Saturday
        (date(2026, 3, 9), ()),  # special Monday: closed
    ],
)
def test_each_kind_of_day(day: date, sessions: tuple[Session, ...]) -> None:
    plan = plan_for(day, {2026: a_year()}, HOURS, CHINA_MIN)
    assert plan.sessions == sessions
    assert plan.known


def test_without_data_monday_to_friday_are_worked_and_somebody_is_warned_from_december() -> None:
    hours = Hours(weekday=(MORNING,))
    assert plan_for(date(2027, 10, 1), {}, hours, CHINA_MIN).sessions == (MORNING,)
    assert plan_for(date(2027, 10, 2), {}, hours, CHINA_MIN).sessions == ()
    assert not plan_for(date(2027, 10, 1), {}, hours, CHINA_MIN).known
    years = {2026: a_year()}
    assert missing_year(date(2026, 11, 30), years) is None
    assert missing_year(date(2026, 12, 1), years) == 2027
    assert missing_year(date(2027, 1, 4), years) == 2027
    assert missing_year(date(2026, 12, 1), {**years, 2027: a_year(year=2027)}) is None


def test_numbers_before_service_and_the_last_one_before_the_end() -> None:
    plan = plan_for(date(2026, 3, 2), {}, HOURS, CHINA_MIN)
    assert plan.issue_from_us == MONDAY_8_US + 30 * MINUTE_US
    assert plan.begins_us == MONDAY_8_US + 60 * MINUTE_US
    assert plan.stop_us == MONDAY_8_US + (8 * 60 + 45) * MINUTE_US
    assert plan.ends_us == MONDAY_8_US + 9 * 60 * MINUTE_US


def test_time_of_service_left_leaves_the_break_out() -> None:
    plan = plan_for(date(2026, 3, 2), {}, HOURS, CHINA_MIN)
    left = [plan.service_left_us(MONDAY_8_US + minutes * MINUTE_US) // MINUTE_US for minutes in (0, 120, 270, 540, 600)]
    assert left == [390, 330, 210, 0, 0]
    assert plan_for(date(2026, 3, 1), {}, HOURS, CHINA_MIN).ends_us is None


def test_the_next_working_day_jumps_over_the_holiday() -> None:
    spring = {date(2026, 2, n): "春节" for n in range(15, 24)}
    found = next_working_day(date(2026, 2, 14), {2026: a_year(holidays=spring)}, HOURS, CHINA_MIN)
    assert found is not None
    assert found.day == date(2026, 2, 24)
    assert next_working_day(date(2026, 2, 14), {}, Hours(weekday=()), CHINA_MIN) is None


@given(begins=st.integers(0, 1438), minutes=st.integers(1, 600))
def test_a_session_is_read_back_as_it_is_written(begins: int, minutes: int) -> None:
    session = Session(begins, min(begins + minutes, 1440))
    assert parse_session(str(session)) == session


@pytest.mark.parametrize("wrong", ["9:00", "12:00-9:00", "9:00-9:00", "9-12", "9:00-25:00", ""])
def test_what_is_no_session(wrong: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself may be empty
        parse_session(wrong)


def test_sessions_that_overlap_are_seen_in_any_order() -> None:
    assert overlapping([AFTERNOON, parse_session("11:00-14:00")])
    assert not overlapping([AFTERNOON, MORNING])
