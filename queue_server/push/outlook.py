"""What the calendar says of today, and how many can still be served: the same for kiosks, boards and consoles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from queue_server.domain.ticket import TicketState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_server.domain.calendar import DayPlan
    from queue_server.domain.day_view import DayView
    from queue_server.service.calendars import Calendars
    from queue_server.settings import CalendarSetting

MINUTE_US = 60_000_000
DONE_ENOUGH = 10
"""So many services today make today's own mean."""


@dataclass(frozen=True, slots=True)
class Outlook:
    sessions: tuple[str, ...] = ()
    opens_at_us: int | None = None
    last_number_us: int | None = None
    places_left: int | None = None
    places: str = ""
    """The same as a sentence; empty when there is nothing to say."""


def outlook(
    day: DayView | None, calendars: Calendars, setting: CalendarSetting, now_us: int, sentences: Mapping[str, str]
) -> Outlook:
    """``sentences``: ``places_left`` says that ``{n}`` more can be served, ``places_none`` that nobody can."""
    plan = calendars.today(now_us)
    places_left = _places_left(day, plan, setting, now_us)
    return Outlook(
        sessions=tuple(str(each) for each in plan.sessions),
        opens_at_us=_opens_at_us(plan, calendars, now_us),
        last_number_us=plan.stop_us if setting.stop_by_itself else None,
        places_left=places_left,
        places=""
        if places_left is None
        else sentences["places_left" if places_left else "places_none"].format(n=places_left),
    )


def _opens_at_us(plan: DayPlan, calendars: Calendars, now_us: int) -> int | None:
    if plan.begins_us is not None and plan.ends_us is not None:
        if now_us < plan.begins_us:
            return plan.begins_us
        if now_us < plan.ends_us:
            return None
    following = calendars.next_after(plan.day)
    return following.begins_us if following else None


def _places_left(day: DayView | None, plan: DayPlan, setting: CalendarSetting, now_us: int) -> int | None:
    """Those who can be served at the open windows in the time left, less those who wait; never below 0.

    None while no numbers are given: nobody is to be told that there are places.
    """
    if day is None or not day.issuing or day.business_day != plan.day.isoformat() or plan.ends_us is None:
        return None
    if not day.open_windows or not plan.ends_us - setting.places_from_min * MINUTE_US <= now_us < plan.ends_us:
        return None
    done = sum(window.done_count for window in day.windows.values())
    mean_us = setting.mean_service_min * MINUTE_US
    if done >= DONE_ENOUGH:
        mean_us = max(MINUTE_US, sum(window.service_us for window in day.windows.values()) // done)
    able = len(day.open_windows) * plan.service_left_us(now_us) // mean_us
    return max(0, able - day.count(TicketState.WAITING))
