"""Seasons as the catalogue's notes say them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.season import format_end, season_end

JANUARY = date(2026, 1, 14)


@pytest.mark.parametrize(
    ("note", "today", "end"),
    [
        ("每年集中参保期(2026年度为2025-11-30至2026-02-28)", JANUARY, date(2026, 2, 28)),
        ("每年集中参保期(2026年度为2025-11-30至2026-02-28)", date(2026, 3, 1), None),
        ("每年1月1-20日和7月1-20日(遇节假日顺延)", JANUARY, date(2026, 1, 20)),
        ("每年1月1-20日和7月1-20日(遇节假日顺延)", date(2026, 7, 20), date(2026, 7, 20)),
        ("每年1月1-20日和7月1-20日(遇节假日顺延)", date(2026, 1, 21), None),
        ("每年10月至次年3月", JANUARY, date(2026, 3, 31)),
        ("每年10月至次年3月", date(2026, 11, 2), date(2027, 3, 31)),
        ("每年10月至次年3月", date(2026, 5, 1), None),
        ("每年8月至10月", date(2026, 8, 1), date(2026, 10, 31)),
        ("每年约4月至6月，以区教委当年通知为准", date(2026, 4, 30), date(2026, 6, 30)),
        ("每年9月", date(2026, 9, 30), date(2026, 9, 30)),
        ("2月28日前", JANUARY, date(2026, 2, 28)),
        ("2月30日前", JANUARY, None),
        ("12月31日前", JANUARY, None),
        ("行政许可法第四十二条、第八十二条：二十日，按工作日", JANUARY, None),
        ("享受期间每3个月报告一次", JANUARY, None),
        ("法定15日为自然日", JANUARY, None),
        ("每年", JANUARY, None),
        ("", JANUARY, None),
    ],
)
def test_season_end(note: str, today: date, end: date | None) -> None:
    assert season_end(note, today) == end


@given(st.text(alphabet="每年约月至次日前-0123456789(", max_size=30), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_any_note_is_a_season_that_has_not_ended_or_none(note: str, today: date) -> None:
    end = season_end(note, today)
    assert end is None or end >= today


def test_words() -> None:
    assert (format_end(JANUARY, "zh"), format_end(JANUARY, "en")) == ("1月14日前", "by 14 Jan")
