"""A year's calendar as a TOML file: read, checked whole with all faults at once, kept as a record of the hall."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

import assets
from drivers import toml_file
from drivers.errors import ConfigurationError
from queue_server.domain.calendar import SATURDAY, Year, overlapping, parse_session
from queue_server.service.records import change_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from queue_server.domain.calendar import Session
    from queue_server.domain.commands import ChangeRecord
    from queue_server.store.rows import RowWrite

WHAT = "calendar"
HOLIDAY_DAYS_MAX = 31
RECORD = "calendar."
"""Calendars are settings records named ``calendar.2027``."""


class Holiday(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=20)]
    first: date
    last: date

    def days(self) -> Iterator[date]:
        for ahead in range(min((self.last - self.first).days, HOLIDAY_DAYS_MAX) + 1):
            yield self.first + timedelta(days=ahead)


class SpecialDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A date with its own sessions, such as one Saturday a month; none: the hall does not work."""

    date: date
    sessions: tuple[str, ...]


class CalendarFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    year: Annotated[int, Meta(ge=2020, le=2100)]
    source: Annotated[str, Meta(min_length=1, max_length=120)]
    """The notice it was made from."""
    workdays: tuple[date, ...] = ()
    """Saturdays and Sundays worked for a holiday (调休)."""
    holiday: tuple[Holiday, ...] = ()
    special: tuple[SpecialDay, ...] = ()

    def as_year(self) -> Year:
        """Call only on a file without faults."""
        return Year(
            year=self.year,
            source=self.source,
            holidays={day: each.name for each in self.holiday for day in each.days()},
            workdays=frozenset(self.workdays),
            special={each.date: tuple(parse_session(text) for text in each.sessions) for each in self.special},
        )


def read_calendar(path: Path) -> CalendarFile:
    """The file, sound. Raises ConfigurationError with every fault of it."""
    calendar = toml_file.load(path, CalendarFile, what=WHAT)
    faults = tuple(calendar_faults(calendar))
    if faults:
        raise ConfigurationError(path, faults, what=WHAT)
    return calendar


def calendar_faults(calendar: CalendarFile) -> Iterator[str]:
    yield from _foreign_dates(calendar)
    yield from _wrong_spans(calendar)
    holidays: dict[date, str] = {}
    for each in calendar.holiday:
        for day in each.days():
            if day in holidays:
                yield f"holiday {each.name}: {day} belongs to {holidays[day]} already"
            holidays[day] = each.name
    for day in calendar.workdays:
        if day in holidays:
            yield f"workdays: {day} is a holiday ({holidays[day]}) too"
        if day.weekday() < SATURDAY:
            yield f"workdays: {day} is no Saturday or Sunday; it is worked anyway"
    for day in sorted({day for day in calendar.workdays if calendar.workdays.count(day) > 1}):
        yield f"workdays: {day} is given twice"
    yield from _wrong_special(calendar)


def _foreign_dates(calendar: CalendarFile) -> Iterator[str]:
    named = [("workdays", day) for day in calendar.workdays]
    named += [(f"holiday {each.name}", day) for each in calendar.holiday for day in (each.first, each.last)]
    named += [("special", each.date) for each in calendar.special]
    yield from (f"{name}: {day} is not in {calendar.year}" for name, day in named if day.year != calendar.year)


def _wrong_spans(calendar: CalendarFile) -> Iterator[str]:
    for each in calendar.holiday:
        if each.last < each.first:
            yield f"holiday {each.name}: it ends ({each.last}) before it begins ({each.first})"
        elif (each.last - each.first).days > HOLIDAY_DAYS_MAX:
            yield f"holiday {each.name}: longer than {HOLIDAY_DAYS_MAX} days"


def _wrong_special(calendar: CalendarFile) -> Iterator[str]:
    dates = [each.date for each in calendar.special]
    for day in sorted({day for day in dates if dates.count(day) > 1}):
        yield f"special: {day} is given twice"
    for each in calendar.special:
        yield from (f"special {each.date}: {fault}" for fault in session_faults(each.sessions))


def session_faults(texts: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a day's sessions such as ``9:00-12:00``."""
    sessions: list[Session] = []
    for text in texts:
        try:
            sessions.append(parse_session(text))
        except ValueError:
            yield f'"{text}" is no session; write it as "9:00-12:00", with two windows as "9:00-12:00/2"'
    if overlapping(sessions):
        yield f"{', '.join(texts)} overlap"


def shipped_years() -> dict[int, Year]:
    """The years under ``assets/calendar``. Raises ConfigurationError when a shipped file is damaged."""
    files = sorted(assets.path("calendar").glob("*.toml"))
    return {calendar.year: calendar.as_year() for calendar in map(read_calendar, files)}


def imported_years(settings: Mapping[str, object]) -> dict[int, Year]:
    """The years that were imported into this hall, from its settings records."""
    kept = (value for name, value in settings.items() if name.startswith(RECORD))
    return {calendar.year: calendar.as_year() for calendar in (msgspec.convert(each, CalendarFile) for each in kept)}


def calendar_record(calendar: CalendarFile, version: int) -> tuple[ChangeRecord, RowWrite]:
    """Command and row that put a year in force."""
    name = f"{RECORD}{calendar.year}"
    return change_record(
        "setting", name, {"name": name, "value": msgspec.json.encode(calendar).decode()}, version=version
    )
