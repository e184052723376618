"""Whether a matter is in season today, read from the catalogue's note in plain words.

A note may be a season (``每年8月至10月``), a rule of the law or anything else; only what names days or months is one.
"""

from __future__ import annotations

import re
from calendar import monthrange
from contextlib import suppress
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from kiosk.flow.texts import MONTHS_EN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.flow.screens import Language

WHOLE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})至(\d{4})-(\d{1,2})-(\d{1,2})")
UNTIL = re.compile(r"(\d{1,2})月(\d{1,2})日前")
DAYS = re.compile(r"(\d{1,2})月(\d{1,2})[-–至](\d{1,2})日")
MONTHS = re.compile(r"每年约?(\d{1,2})月(?:至(?:次年)?(\d{1,2})月)?(?!\d)")
UNTIL_DAYS = 92
"""A day that is further away than a quarter is no season yet."""


@lru_cache(maxsize=1024)
def season_end(note: str, today: date) -> date | None:
    """The last day of the season that ``today`` lies in; None outside, or where the note names none.

    ``season_end("每年8月至10月", date(2026, 9, 1))`` is 31 October.
    """
    spans = (*_whole(note), *_days(note, today.year), *_months(note, today.year), *_until(note, today))
    return next((last for first, last in spans if first <= today <= last), None)


def format_end(end: date, language: Language) -> str:
    """``2月28日前``, ``by 28 Feb``."""
    return f"{end.month}月{end.day}日前" if language == "zh" else f"by {end.day} {MONTHS_EN[end.month - 1]}"


def _span(first: tuple[int, int, int], last: tuple[int, int, int]) -> Iterator[tuple[date, date]]:
    """Days that no calendar has are no span."""
    with suppress(ValueError):
        yield date(*first), date(*last)


def _whole(note: str) -> Iterator[tuple[date, date]]:
    for found in WHOLE.finditer(note):
        y1, m1, d1, y2, m2, d2 = (int(part) for part in found.groups())
        yield from _span((y1, m1, d1), (y2, m2, d2))


def _days(note: str, year: int) -> Iterator[tuple[date, date]]:
    for found in DAYS.finditer(note):
        month, first, last = (int(part) for part in found.groups())
        yield from _span((year, month, first), (year, month, last))


def _months(note: str, year: int) -> Iterator[tuple[date, date]]:
    """Also the season that began last year."""
    for found in MONTHS.finditer(note):
        begin, end = int(found[1]), int(found[2] or found[1])
        if not 1 <= end <= len(MONTHS_EN):
            continue
        for began in (year - 1, year):
            until = began if begin <= end else began + 1
            yield from _span((began, begin, 1), (until, end, monthrange(until, end)[1]))


def _until(note: str, today: date) -> Iterator[tuple[date, date]]:
    for found in UNTIL.finditer(note):
        for _, day in _span((today.year, 1, 1), (today.year, int(found[1]), int(found[2]))):
            if (day - today).days <= UNTIL_DAYS:
                yield today, day
