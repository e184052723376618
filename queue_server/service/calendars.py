"""The hall's calendar now: what is shipped, what was imported, and its week from the settings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from queue_server.domain import calendar
from queue_server.domain.clock import local_day
from queue_server.service.calendar_file import imported_years

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from queue_server.domain.calendar import DayPlan, Hours, Year


class Calendars:
    """Reads the settings records of the newest view; parses them once per change. For one thread."""

    def __init__(
        self,
        shipped: Mapping[int, Year],
        hours: Hours,
        utc_offset_min: int,
        records: Callable[[], Mapping[str, object]],
    ) -> None:
        self._shipped = shipped
        self._hours = hours
        self._offset_min = utc_offset_min
        self._records = records
        self._read: Mapping[str, object] | None = None
        self._years: Mapping[int, Year] = shipped

    def years(self) -> Mapping[int, Year]:
        """Imported ones before shipped ones."""
        records = self._records()
        if records is not self._read:
            self._read, self._years = records, {**self._shipped, **imported_years(records)}
        return self._years

    def plan(self, day: date) -> DayPlan:
        return calendar.plan_for(day, self.years(), self._hours, self._offset_min)

    def today(self, now_us: int) -> DayPlan:
        return self.plan(date.fromisoformat(local_day(now_us, self._offset_min)))

    def next_after(self, day: date) -> DayPlan | None:
        return calendar.next_working_day(day, self.years(), self._hours, self._offset_min)

    def missing_year(self, now_us: int) -> int | None:
        """The year whose data should be imported now."""
        return calendar.missing_year(self.today(now_us).day, self.years())
