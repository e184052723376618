"""``python -m tests.simulate``: nine mixes under three rules, and whether what was promised holds."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from tests.simulate.day import Day
from tests.simulate.figures import Figures, figures
from tests.simulate.hall import simulated_hall
from tests.simulate.mixes import EVERY, NINE, OURS, RULES, Mix
from tests.simulate.people import RUSHES, plan_day
from tests.simulate.table import show
from tests.simulate.verdict import verdicts

Results = dict[tuple[Mix, str], Figures]


@click.command()
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same days.")
@click.option("--days", type=click.IntRange(1, 200), default=10, show_default=True, help="Days of each mix.")
@click.option("--mix", "only_mix", type=click.IntRange(1, len(EVERY)), help="Only this one; 10 and more are further.")
@click.option("--further", is_flag=True, help="Also the nine with the other share of bookings.")
@click.option("--rule", "only_rule", type=click.Choice(list(RULES)), help="Only this one of the three.")
@click.option("--rush", type=click.Choice(list(RUSHES)), default="usual", show_default=True, help="At opening.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def simulate(
    seed: int, days: int, only_mix: int | None, further: bool, only_rule: str | None, rush: str, as_json: bool
) -> None:
    """Run whole days through the real gate in virtual time. The first three days of each teach the forecast."""
    mixes = EVERY if further else NINE
    if only_mix is not None:
        mixes = (EVERY[only_mix - 1],)
    rules = list(RULES) if only_rule is None else [only_rule]
    results = _run(seed, days, mixes, rules, rush)
    judged = verdicts(results)
    if as_json:
        click.echo(msgspec.json.encode({"seed": seed, "days": days, "rush": rush, **_plain(results, judged)}))
    else:
        show(Console(), results, judged)
    if not all(each.holds for each in judged):
        sys.exit(1)


def _run(seed: int, days: int, mixes: tuple[Mix, ...], rules: list[str], rush: str) -> Results:
    results: Results = {}
    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), TextColumn("day {task.completed}/{task.total}"), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(mixes) * len(rules) * days)
        for mix in mixes:
            for rule in rules:
                progress.update(task, description=f"{mix.name}, {rule}")
                with simulated_hall(RULES[rule]) as hall:
                    watched = []
                    for number in range(days):
                        plan = plan_day(seed, mix, number, rush)
                        watched.append(Day(hall, plan, number, seed=seed, forecasts=rule == OURS).run())
                        progress.advance(task)
                results[mix, rule] = figures(watched)
    return results


def _plain(results: Results, judged: list[Any]) -> dict[str, object]:
    runs = [{"mix": asdict(mix), "rule": rule, **asdict(found)} for (mix, rule), found in results.items()]
    return {"runs": runs, "verdicts": [asdict(each) for each in judged]}


if __name__ == "__main__":
    simulate()
