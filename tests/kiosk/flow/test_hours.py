from __future__ import annotations

from datetime import timedelta

import pytest

from kiosk.flow.hours import Now, Opening, format_hours, service_now
from kiosk.flow.screens import Home, Night
from tests.kiosk.hall import AT, hall
from tests.kiosk.steps import SHANGHAI, kiosk

BREAK = ("9:00-12:00", "13:30-17:00")


@pytest.mark.parametrize(
    ("sessions", "hours", "now"),
    [
        (BREAK, -2.0, Now("before", "9:00")),
        (BREAK, 0.0, Now("open")),
        (BREAK, 1.4, Now("break", "13:30")),
        (BREAK, 2.9, Now("open")),
        (BREAK, 6.4, Now("after")),
        (("9:00-17:00",), 0.0, Now("through")),
        (("9:00-17:00",), 1.9, Now("through")),
        (("9:00-12:00",), 0.0, Now("open")),
        ((), 0.0, Now("open")),
        (("in the morning",), 0.0, Now("open")),
    ],
)
def test_what_is_true_of_a_moment(sessions: tuple[str, ...], hours: float, now: Now) -> None:
    """``hours`` from 10:36 on."""
    assert service_now(hall(sessions=sessions), AT + timedelta(hours=hours), SHANGHAI) == now


def test_without_a_time_only_the_day_is_told() -> None:
    assert service_now(hall(sessions=BREAK), None, SHANGHAI) == Now("open")
    assert service_now(hall(sessions=("8:30-17:30",)), None, SHANGHAI) == Now("through")


def test_hours_are_those_of_the_sessions_else_the_usual_ones() -> None:
    assert format_hours(hall(sessions=BREAK), "、") == "9:00–12:00、13:30–17:00"
    assert format_hours(hall(), "、") == "9:00–17:00"


@pytest.mark.parametrize(
    ("hours", "opening"),
    [
        (0.4, Opening("today", "1月14日 星期三", "11:00")),
        (22.4, Opening("tomorrow", "1月15日 星期四", "9:00")),
        (5 * 24 + 3.4, Opening("later", "1月19日 星期一", "14:00")),
        (-1.0, None),
        (None, None),
    ],
)
def test_night_tells_when_it_opens_next(hours: float | None, opening: Opening | None) -> None:
    """``hours`` from 10:36 on."""
    opens_at = None if hours is None else AT + timedelta(hours=hours)
    shown = kiosk(state=hall(day_open=False, issuing=False, why_not="closed", opens_at=opens_at)).screen.screen
    assert shown == Night(why="closed", hours="9:00–17:00", opens=opening)


def test_home_and_night_show_the_break() -> None:
    home = kiosk(state=hall(sessions=BREAK)).screen.screen
    assert isinstance(home, Home)
    assert (home.hours, home.service) == ("9:00–12:00　13:30–17:00", "open")
    noon = kiosk(state=hall(sessions=("9:00-10:00", "11:00-17:00"), open_windows=(), waiting=0)).screen.screen
    assert isinstance(noon, Home)
    assert (noon.service, noon.resumes, noon.line_key) == ("break", "11:00", ""), "not that windows open any moment"
    night = kiosk(state=hall(sessions=BREAK, day_open=False, issuing=False)).screen.screen
    assert isinstance(night, Night)
    assert night.hours == home.hours
