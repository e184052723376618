"""Times of service: as people read them, and what is true of this moment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from kiosk.flow.texts import format_date, format_time

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from kiosk.flow.shown import Language
    from queue_server.wire import HallState

Service = Literal["open", "through", "break", "before", "after"]
"""``through``: open, and nobody goes to lunch. ``open`` is also said when the time is not known."""
Day = Literal["today", "tomorrow", "later"]
_SESSION = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
AT_WORK = frozenset({"open", "through"})
NOON_MIN = 12 * 60, 13 * 60
"""Who works through this hour has no lunch break."""


class Now(NamedTuple):
    service: Service
    time: str = ""
    """Of ``break`` and ``before``: when service goes on, ``13:30``."""


class Opening(NamedTuple):
    """``1月15日 星期四``, ``9:00``."""

    day: Day
    date: str
    time: str


def format_hours(hall: HallState, between: str) -> str:
    """``9:00–12:00、13:30–17:00``; the hall's usual hours when today has none of its own (opened by hand)."""
    sessions = hall.sessions or (f"{hall.open_from}-{hall.open_to}",)
    return between.join(each.replace("-", "–") for each in sessions)


def service_now(hall: HallState, at: datetime | None, zone: tzinfo) -> Now:
    """What the sessions of today say of this moment; ``at`` None: only what is true all day."""
    spans = tuple(span for span in map(_minutes, hall.sessions) if span)
    through = len(spans) == 1 and spans[0][0] <= NOON_MIN[0] and NOON_MIN[1] <= spans[0][1]
    now = Now("through" if through else "open")
    if at is None or not spans or len(spans) < len(hall.sessions):
        return now
    wall = at.astimezone(zone)
    minute = wall.hour * 60 + wall.minute
    if any(begins <= minute < ends for begins, ends in spans):
        return now
    following = next((each for each, span in zip(hall.sessions, spans, strict=True) if minute < span[0]), None)
    if following is None:
        return Now("after")
    return Now("before" if minute < spans[0][0] else "break", following.partition("-")[0])


def next_opening(hall: HallState, at: datetime | None, zone: tzinfo, language: Language) -> Opening | None:
    """None where nobody knows, or what was heard of it lies behind."""
    opens = hall.opens_at
    if opens is None or at is None or opens <= at:
        return None
    ahead = (opens.astimezone(zone).date() - at.astimezone(zone).date()).days
    day: Day = "today" if ahead == 0 else "tomorrow" if ahead == 1 else "later"
    return Opening(day, format_date(opens, zone, language), format_time(opens, zone).removeprefix("0"))


def _minutes(session: str) -> tuple[int, int] | None:
    """``9:00-12:00`` in minutes of the day; None for anything else: then nothing is said of this moment."""
    found = _SESSION.fullmatch(session)
    if found is None:
        return None
    hour, minute, to_hour, to_minute = map(int, found.groups())
    return hour * 60 + minute, to_hour * 60 + to_minute
