"""``python -m tests.simulate.seeds``: how much of the figures is the seed. The rules alone, on all processors."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context

import click
import msgspec
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.simulate.day import Day
from tests.simulate.figures import Figures, figures
from tests.simulate.hall import BareHall
from tests.simulate.mixes import EVERY, NINE, OURS, RULES, Mix
from tests.simulate.people import RUSHES, plan_day
from tests.simulate.verdict import FIRST_COME, Verdict, verdicts
from tests.simulate.watching import Watching

COMPARED = (FIRST_COME, OURS)
SEEDS_MAX = 200
"""All days of one mix are in memory at once: some 6 MB for a seed of 20 days."""
HEADS = ("mix", "ordinary P90", "", "granted mean", "", "most", "broken")


@dataclass(frozen=True, slots=True)
class Spread:
    """Of one mix, ours against first come: all days of all seeds taken together, then least and greatest of one seed.
    None where nobody was granted."""

    mix: Mix
    seeds: int
    p90: float
    p90_of_seeds: tuple[float, float]
    granted: float | None
    granted_of_seeds: tuple[float, float] | None
    most_overtaken: int
    broken: int


Days = Mapping[str, list[Watching]]
"""By rule."""


@click.command()
@click.option("--seeds", type=click.IntRange(1, SEEDS_MAX), default=10, show_default=True, help="Seeds 1 to this one.")
@click.option("--days", type=click.IntRange(1, 200), default=20, show_default=True, help="Days of each.")
@click.option("--mix", "only_mix", type=click.IntRange(1, len(EVERY)), help="Only this one; 10 and more are further.")
@click.option("--further", is_flag=True, help="Also the nine with the other share of bookings.")
@click.option("--rush", type=click.Choice(list(RUSHES)), default="usual", show_default=True, help="At opening.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def seeds_side_by_side(seeds: int, days: int, only_mix: int | None, further: bool, rush: str, as_json: bool) -> None:
    """Run many seeds under our rule and first come, without store and forecast. What has to hold is judged over all
    seeds together; the exit code is 1 if something does not."""
    mixes = EVERY if further else NINE
    if only_mix is not None:
        mixes = (EVERY[only_mix - 1],)
    spreads: list[Spread] = []
    judged: list[Verdict] = []
    with (
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("", total=len(mixes) * seeds)
        for mix in mixes:
            progress.update(task, description=mix.name)
            found: list[Days] = []
            for one in pool.map(_run, *zip(*((seed, mix, days, rush) for seed in range(1, seeds + 1)), strict=True)):
                found.append(one)
                progress.advance(task)
            spreads.append(spread(mix, found))
            judged += verdicts({(mix, rule): _all(found, rule) for rule in COMPARED})
    if as_json:
        plain = {"days": days, "rush": rush, "mixes": [asdict(each) for each in spreads]}
        click.echo(msgspec.json.encode({**plain, "verdicts": [asdict(each) for each in judged]}))
    else:
        _show(Console(), spreads, judged)
    if not all(each.holds for each in judged):
        sys.exit(1)


def spread(mix: Mix, of_seeds: list[Days]) -> Spread:
    p90s = [_p90(figures(one[OURS]), figures(one[FIRST_COME])) for one in of_seeds]
    granted = [_granted(figures(one[OURS]), figures(one[FIRST_COME])) for one in of_seeds]
    known = [each for each in granted if each is not None]
    ours, first_come = _all(of_seeds, OURS), _all(of_seeds, FIRST_COME)
    return Spread(
        mix=mix,
        seeds=len(of_seeds),
        p90=_p90(ours, first_come),
        p90_of_seeds=(min(p90s), max(p90s)),
        granted=_granted(ours, first_come),
        granted_of_seeds=(min(known), max(known)) if known else None,
        most_overtaken=ours.most_overtaken,
        broken=ours.broken_in_row + ours.broken_overtaken,
    )


def _run(seed: int, mix: Mix, days: int, rush: str) -> Days:
    halls = {rule: BareHall(RULES[rule]) for rule in COMPARED}
    return {
        rule: [Day(hall, plan_day(seed, mix, n, rush), n, seed=seed, forecasts=False).run() for n in range(days)]
        for rule, hall in halls.items()
    }


def _all(of_seeds: Iterable[Days], rule: str) -> Figures:
    return figures([day for one in of_seeds for day in one[rule]])


def _p90(ours: Figures, first_come: Figures) -> float:
    return ours.ordinary.p90 / first_come.ordinary.p90


def _granted(ours: Figures, first_come: Figures) -> float | None:
    return ours.granted.mean / first_come.granted.mean if first_come.granted.count else None


def _show(console: Console, spreads: Iterable[Spread], judged: Iterable[Verdict]) -> None:
    console.print("Ours against first come: all seeds together, and the least and greatest of one seed.")
    table = Table(*HEADS, box=None, pad_edge=False, padding=(0, 1))
    for each in spreads:
        granted = ("-", "") if each.granted is None else (f"{each.granted:.3f}", _ends(each.granted_of_seeds))
        table.add_row(
            each.mix.short_name, f"{each.p90:.3f}", _ends(each.p90_of_seeds), *granted, str(each.most_overtaken),
            str(each.broken),
        )  # fmt: skip
    console.print(table)
    for verdict in judged:
        if not verdict.holds:
            console.print(f"BROKEN {verdict.what}: {verdict.value:.3g} (wanted {verdict.wanted}) at {verdict.mix}")


def _ends(ends: tuple[float, float] | None) -> str:
    return f"{ends[0]:.2f}–{ends[1]:.2f}" if ends else ""


if __name__ == "__main__":
    seeds_side_by_side()
