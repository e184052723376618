"""From what was seen to the figures of one mix under one rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from queue_server.forecast.ranges import Promise, grade, interval_score, printed
from tests.simulate.watching import Seen, Watching

MINUTE_US = 60_000_000


@dataclass(frozen=True, slots=True)
class Waits:
    """Minutes until the first call."""

    count: int
    mean: float
    p90: float
    longest: float


@dataclass(frozen=True, slots=True)
class ForecastFigures:
    """``score``: interval score (DESIGN 10), beside that of people ahead × today's mean / open windows as printed."""

    count: int
    inside: float
    width_min: float
    score_min: float
    naive_score_min: float

    @property
    def better(self) -> float:
        return 1 - self.score_min / self.naive_score_min


@dataclass(frozen=True, slots=True)
class Figures:
    days: int
    ordinary: Waits
    walk_in: Waits
    booked: Waits
    granted: Waits
    overtakes: int
    most_overtaken: int
    broken_in_row: int
    broken_overtaken: int
    forecast: ForecastFigures | None


def figures(days: Sequence[Watching]) -> Figures:
    seen = [each for day in days for each in day.seen.values() if each.called_us is not None]
    ordinary = [each for each in seen if not each.granted]
    return Figures(
        days=len(days),
        ordinary=_waits(ordinary),
        walk_in=_waits(each for each in ordinary if each.kind == "general"),
        booked=_waits(each for each in ordinary if each.kind == "booked"),
        granted=_waits(each for each in seen if each.granted),
        overtakes=sum(day.overtakes for day in days),
        most_overtaken=max((each.overtaken for each in seen), default=0),
        broken_in_row=sum(day.broken_in_row for day in days),
        broken_overtaken=sum(day.broken_overtaken for day in days),
        forecast=_forecast(seen),
    )


def _wait_min(each: Seen) -> float:
    """From the moment it counts from: somebody booked who came early waits from the slot on."""
    return max(((each.called_us or 0) - max(each.issued_us, each.first_clock_us)) / MINUTE_US, 0.0)


def _waits(seen: Iterable[Seen]) -> Waits:
    waits = sorted(_wait_min(each) for each in seen)
    if not waits:
        return Waits(0, 0.0, 0.0, 0.0)
    return Waits(len(waits), sum(waits) / len(waits), waits[int(0.9 * (len(waits) - 1))], waits[-1])


def _forecast(seen: Iterable[Seen]) -> ForecastFigures | None:
    """Both are graded over the same numbers, both rounded outward as they would be printed."""
    both = [each for each in seen if each.forecast_min is not None and each.naive_min is not None]
    promises = [Promise(each.issued_us, *(each.forecast_min or (0, 0)), each.called_us) for each in both]
    ours = grade(promises)
    if ours is None:
        return None
    naive = 0.0
    for each in both:
        naive_us = (each.naive_min or 0.0) * MINUTE_US
        naive += interval_score(*printed(naive_us, naive_us), ((each.called_us or 0) - each.issued_us) / MINUTE_US)
    return ForecastFigures(ours.count, ours.inside, ours.width_min, ours.score_min, naive / len(both))
