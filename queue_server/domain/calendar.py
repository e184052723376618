"""Which days a hall works and in which sessions: working weeks, holidays, make-up working days (调休), own Saturdays.

Moments of a day are minutes since its midnight in the hall's zone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.clock import MINUTE_US
from queue_server.domain.quota import minute_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOOK_AHEAD_DAYS = 30
WARN_MONTH = 12
"""From this month on the next year's data should be there."""
SATURDAY, SUNDAY = 5, 6


class Session(NamedTuple):
    """Service from minute to minute; a hall may have several a day."""

    begins: int
    ends: int
    windows: int | None = None
    """So many windows serve then; None: all of the hall."""

    def __str__(self) -> str:
        return f"{self.begins // 60}:{self.begins % 60:02d}-{self.ends // 60}:{self.ends % 60:02d}"


def parse_session(text: str) -> Session:
    """``parse_session("9:00-12:00")``, with two windows ``parse_session("9:00-12:00/2")``.

    Raises ValueError for anything else, also when it ends before it begins.
    """
    times, slash, windows = text.partition("/")
    begins, dash, ends = times.partition("-")
    if not dash or (slash and not (windows.strip().isdecimal() and int(windows) > 0)):
        raise ValueError(text)
    session = Session(minute_of(begins.strip()), minute_of(ends.strip()), int(windows) if slash else None)
    if session.begins >= session.ends:
        raise ValueError(text)
    return session


def overlapping(sessions: Sequence[Session]) -> bool:
    ordered = sorted(sessions, key=lambda each: each[:2])
    return any(later.begins < earlier.ends for earlier, later in pairwise(ordered))


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What was published for one year, and the hall's own special days in it."""

    year: int
    source: str
    holidays: Mapping[date, str] = field(default_factory=dict)
    workdays: frozenset[date] = frozenset()
    special: Mapping[date, tuple[Session, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hall's week."""

    weekday: tuple[Session, ...]
    saturday: tuple[Session, ...] = ()
    sunday: tuple[Session, ...] = ()
    issue_before_min: int = 30
    """Numbers are given so long before the first session."""
    last_number_min: int = 0
    """The last number is given so long before the last session ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """One date as the calendar has it. Without sessions the hall does not work."""

    day: date
    sessions: tuple[Session, ...]
    hours: Hours
    utc_offset_min: int
    holiday: str | None = None
    known: bool = True
    """False: no data for this year, so Monday to Friday was taken."""

    @property
    def issue_from_us(self) -> int | None:
        return self._us(self.sessions[0].begins - self.hours.issue_before_min) if self.sessions else None

    @property
    def stop_us(self) -> int | None:
        """When the calendar stops giving numbers."""
        return self._us(self.sessions[-1].ends - self.hours.last_number_min) if self.sessions else None

    @property
    def begins_us(self) -> int | None:
        return self._us(self.sessions[0].begins) if self.sessions else None

    @property
    def ends_us(self) -> int | None:
        return self._us(self.sessions[-1].ends) if self.sessions else None

    def service_left_us(self, now_us: int) -> int:
        """Time of service still to come today, breaks left out."""
        spans = ((self._us(each.begins), self._us(each.ends)) for each in self.sessions)
        return sum(max(0, ends - max(begins, now_us)) for begins, ends in spans)

    def _us(self, minute: int) -> int:
        midnight = datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)
        return int(midnight.timestamp()) * 1_000_000 + (minute - self.utc_offset_min) * MINUTE_US


def plan_for(day: date, years: Mapping[int, Year], hours: Hours, utc_offset_min: int) -> DayPlan:
    """A special day's own sessions, else none on a holiday, else the week's; a make-up working day is a weekday."""
    year = years.get(day.year)
    holiday = year.holidays.get(day) if year else None
    if year is not None and day in year.special:
        sessions = year.special[day]
    elif holiday is not None:
        sessions = ()
    elif day.weekday() < SATURDAY or (year is not None and day in year.workdays):
        sessions = hours.weekday
    else:
        sessions = hours.saturday if day.weekday() == SATURDAY else hours.sunday
    return DayPlan(
        day=day,
        sessions=tuple(sorted(sessions, key=lambda each: each.begins)),
        hours=hours,
        utc_offset_min=utc_offset_min,
        holiday=holiday,
        known=year is not None,
    )


def next_working_day(day: date, years: Mapping[int, Year], hours: Hours, utc_offset_min: int) -> DayPlan | None:
    """The first day after ``day`` on which the hall works; None when there is none within a month."""
    for ahead in range(1, LOOK_AHEAD_DAYS + 1):
        plan = plan_for(day + timedelta(days=ahead), years, hours, utc_offset_min)
        if plan.sessions:
            return plan
    return None


def missing_year(day: date, years: Mapping[int, Year]) -> int | None:
    """The year whose data somebody should import now; None when all is there."""
    if day.year not in years:
        return day.year
    return day.year + 1 if day.month >= WARN_MONTH and day.year + 1 not in years else None
