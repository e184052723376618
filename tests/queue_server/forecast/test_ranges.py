"""The printed range and its grade."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.forecast.ranges import MINUTE_US, Promise, Range, grade, interval_score, percentile, printed


def test_ends_are_rounded_outward_to_five_minutes() -> None:
    assert printed(12.1 * MINUTE_US, 21 * MINUTE_US) == Range(10, 25)
    assert printed(10 * MINUTE_US, 20 * MINUTE_US) == Range(10, 20)
    assert printed(0, 0) == Range(0, 5)


@given(st.floats(0, 1e10), st.floats(0, 1e10))
def test_what_was_found_is_never_outside_of_what_is_printed(one: float, other: float) -> None:
    low_us, high_us = sorted((one, other))
    found = printed(low_us, high_us)
    assert found.low_min * MINUTE_US <= low_us <= high_us <= found.high_min * MINUTE_US
    assert found.high_min > found.low_min
    assert found.low_min % 5 == found.high_min % 5 == 0


def test_percentiles_lie_between_samples() -> None:
    assert percentile([0, 10], 0.1) == 1
    assert percentile(list(range(11)), 0.9) == 9
    assert percentile([7], 0.9) == 7


def test_outside_costs_ten_times_the_distance() -> None:
    assert interval_score(10, 20, 15) == 10
    assert interval_score(10, 20, 22) == pytest.approx(30)
    assert interval_score(10, 20, 9) == pytest.approx(20)


def test_the_grade_counts_numbers_that_were_called() -> None:
    kept = Promise(0, 10, 20, 15 * MINUTE_US)
    broken = Promise(0, 10, 15, 16 * MINUTE_US)
    never = Promise(0, 0, 5, None)
    found = grade([kept, broken, never])
    assert found is not None
    assert (found.count, found.inside, found.width_min) == (2, 0.5, 7.5)
    assert found.score_min == pytest.approx((10 + 15) / 2)
    assert grade([never]) is None
