"""Figures and words as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kiosk.flow.texts import Texts, format_date, format_range, format_taken, format_time, format_waited, format_windows
from tests.kiosk.steps import SHANGHAI

NIGHT = datetime(2025, 12, 31, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((), ""),
        ((3,), "3"),
        ((1, 2), "1、2"),
        ((1, 2, 3, 4, 5, 6), "1–6"),
        ((1, 3, 5), "1、3、5"),
        ((7, 3, 2, 1, 1), "1–3、7"),
        ((1, 2, 4, 5, 6), "1、2、4–6"),
    ],
)
def test_windows(numbers: tuple[int, ...], text: str) -> None:
    assert format_windows(numbers) == text


def test_ranges() -> None:
    assert [format_range(20, 30), format_range(5, 5), format_range(0, 5)] == ["20–30", "5", "0–5"]


def test_the_halls_new_year_begins_at_its_own_midnight() -> None:
    assert format_time(NIGHT, SHANGHAI) == "00:05"
    assert format_date(NIGHT, SHANGHAI, "zh") == "1月1日 星期四"
    assert format_date(NIGHT, SHANGHAI, "en") == "Thu 1 Jan"
    assert format_taken(NIGHT, SHANGHAI) == "2026-01-01 00:05"


def test_waited() -> None:
    assert [format_waited(s) for s in (-1, 0, 35.9, 725)] == ["0:00", "0:00", "0:35", "12:05"]


def test_words() -> None:
    texts = Texts({"zh": {"a.b": "还剩 {n} 人", "a.c": "只有中文"}, "en": {"a.b": "{n} left"}})
    assert texts.say("a.b", "zh", n=3) == "还剩 3 人"
    assert texts.say("a.b", "en", n=3) == "3 left"
    assert texts.say("a.c", "en") == "只有中文"
    assert texts.has("a.c")
    assert not texts.has("a.d")
    with pytest.raises(KeyError):
        texts.say("a.d", "en")
