"""Words and figures as people read them: lookups with {placeholders}, ranges, windows, times of the hall's zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.shown import Language, WaitRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime, tzinfo

    from queue_server.wire import Forecast

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RUN_MIN = 3
"""So many windows in a row are written as a range: 1–3; two stay 1、2."""


class Texts:
    """Words by key for each language. ``tables`` is ``{"zh": {"common.back": "返回"}, "en": {…}}``."""

    def __init__(self, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._tables = tables

    def say(self, key: str, language: Language, /, **values: object) -> str:
        """The words of ``key``; what has no English stays Chinese. Raises ``KeyError`` for a key nobody wrote."""
        words = self._tables[language].get(key)
        if words is None:
            words = self._tables["zh"][key]
        return words.format_map(values) if values else words

    def has(self, key: str) -> bool:
        return key in self._tables["zh"]


def format_windows(numbers: Iterable[int]) -> str:
    """``1–6``, ``1、3、5``, ``1–3、7``; nothing for no window."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}–{run[-1]}" if len(run) >= RUN_MIN else "、".join(map(str, run)) for run in runs)


def format_range(low_min: int, high_min: int) -> str:
    """``20–30``, or ``20`` where both ends are one."""
    return str(high_min) if low_min >= high_min else f"{low_min}–{high_min}"


def wait_range(forecast: Forecast | None) -> WaitRange | None:
    if forecast is None:
        return None
    low, high = forecast.low_min, forecast.high_min
    return WaitRange(low_min=low, high_min=high, text=format_range(low, high))


def format_time(at: datetime, zone: tzinfo) -> str:
    """``10:36`` on the hall's wall clock."""
    return at.astimezone(zone).strftime("%H:%M")


def format_date(at: datetime, zone: tzinfo, language: Language) -> str:
    """``1月14日 星期三`` or ``Wed 14 Jan``."""
    day = at.astimezone(zone)
    weekday = WEEKDAYS[language][day.weekday()]
    if language == "zh":
        return f"{day.month}月{day.day}日 星期{weekday}"
    return f"{weekday} {day.day} {MONTHS_EN[day.month - 1]}"


def format_taken(at: datetime, zone: tzinfo) -> str:
    """``2026-01-14 10:36``: the slip's time of taking."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def format_moment(at: datetime, zone: tzinfo) -> str:
    """``20260114-103615``: part of a running number."""
    return at.astimezone(zone).strftime("%Y%m%d-%H%M%S")


def format_day(day: date) -> str:
    """``2026-01-14``."""
    return day.isoformat()


def format_waited(seconds: float) -> str:
    """``0:35``, ``12:05``."""
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02d}"
