"""What the simulation has to show (issue text and DESIGN 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.simulate.figures import Figures
from tests.simulate.mixes import OURS, Mix

FIRST_COME = "first come"
WORSE_AT_MOST = 1.10
GRANTED_AT_MOST = 0.5
INSIDE = (0.75, 0.92)
BETTER_AT_LEAST = 0.20


@dataclass(frozen=True, slots=True)
class Verdict:
    what: str
    mix: str
    value: float
    wanted: str
    holds: bool


def verdicts(results: Mapping[tuple[Mix, str], Figures]) -> list[Verdict]:
    """Those that can be told from what was run."""
    found: list[Verdict] = []
    for (mix, rule), ours in results.items():
        if rule != OURS:
            continue
        found += _promises(mix, ours)
        first_come = results.get((mix, FIRST_COME))
        if first_come is not None:
            found += _against(mix, ours, first_come)
        found += _forecast(mix, ours)
    return found


def _promises(mix: Mix, ours: Figures) -> Iterator[Verdict]:
    broken = ours.broken_in_row + ours.broken_overtaken
    yield Verdict("promises broken", mix.name, broken, "0", broken == 0)


def _against(mix: Mix, ours: Figures, first_come: Figures) -> Iterator[Verdict]:
    if mix.granted <= 0.10:
        ratio = ours.ordinary.p90 / first_come.ordinary.p90
        yield Verdict("ordinary P90 / first come", mix.name, ratio, f"<= {WORSE_AT_MOST}", ratio <= WORSE_AT_MOST)
    if mix.load == 0.9 and first_come.granted.count:
        ratio = ours.granted.mean / first_come.granted.mean
        yield Verdict("granted mean / first come", mix.name, ratio, f"<= {GRANTED_AT_MOST}", ratio <= GRANTED_AT_MOST)


def _forecast(mix: Mix, ours: Figures) -> Iterator[Verdict]:
    shown = ours.forecast
    if shown is None:
        return
    low, high = INSIDE
    yield Verdict("inside the range", mix.name, shown.inside, f"{low} to {high}", low <= shown.inside <= high)
    yield Verdict("better than naive", mix.name, shown.better, f">= {BETTER_AT_LEAST}", shown.better >= BETTER_AT_LEAST)
