"""The range of minutes we promise, and how well it was kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MINUTE_US = 60_000_000
STEP_MIN = 5
"""Printed ends are multiples of this, rounded outward."""
LOW, HIGH = 0.10, 0.90
MISS_COST = 2 / (1 - (HIGH - LOW))
"""Minutes of width that one minute outside costs in the interval score (Gneiting and Raftery 2007)."""


class Range(NamedTuple):
    """Minutes as printed."""

    low_min: int
    high_min: int


class Promise(NamedTuple):
    """What a slip said and when its number was called first, µs UTC (None: never)."""

    issued_at_us: int
    low_min: int
    high_min: int
    called_at_us: int | None


@dataclass(frozen=True, slots=True)
class Grade:
    """How the printed ranges of one day were kept. Shares of 1, minutes."""

    count: int
    """Printed ranges of numbers that were called."""
    inside: float
    width_min: float
    score_min: float
    """Mean interval score: width, and ``MISS_COST`` for each minute outside. Smaller is better."""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the sorted values lie, between two of them by proportion."""
    at = share * (len(ordered) - 1)
    below = int(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def printed(low_us: float, high_us: float) -> Range:
    """Rounded outward to whole steps; never narrower than one."""
    step_us = STEP_MIN * MINUTE_US
    low = int(max(low_us, 0) // step_us)
    high = -int(-max(high_us, 0) // step_us)
    return Range(low * STEP_MIN, max(high, low + 1) * STEP_MIN)


def interval_score(low_min: float, high_min: float, waited_min: float) -> float:
    below, above = max(low_min - waited_min, 0.0), max(waited_min - high_min, 0.0)
    return high_min - low_min + MISS_COST * (below + above)


def grade(promises: Iterable[Promise]) -> Grade | None:
    """The grade of a day; None when no number with a printed range was called."""
    count = inside = 0
    width = score = 0.0
    for issued_at_us, low_min, high_min, called_at_us in promises:
        if called_at_us is None:
            continue
        waited_min = (called_at_us - issued_at_us) / MINUTE_US
        count += 1
        inside += low_min <= waited_min <= high_min
        width += high_min - low_min
        score += interval_score(low_min, high_min, waited_min)
    return Grade(count, inside / count, width / count, score / count) if count else None
