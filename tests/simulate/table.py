"""The figures as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Console
from rich.table import Table

from tests.simulate.figures import Figures, Waits
from tests.simulate.mixes import Mix
from tests.simulate.verdict import Verdict

HEADS = ("mix", "rule", "walk-in", "booked", "granted", "longest", "overtakes", "most", "broken", "inside", "width",
         "score", "naive")  # fmt: skip


def show(console: Console, results: Mapping[tuple[Mix, str], Figures], judged: Iterable[Verdict]) -> None:
    console.print("Minutes: mean/P90 until the first call. Overtakes a day; most of one number; promises broken.")
    table = Table(*HEADS, box=None, pad_edge=False, padding=(0, 1))
    for (mix, rule), each in results.items():
        table.add_row(mix.short_name, rule, *_cells(each))
    console.print(table)
    for verdict in judged:
        mark = "holds " if verdict.holds else "BROKEN"
        console.print(f"{mark} {verdict.what}: {verdict.value:.3g} (wanted {verdict.wanted}) at {verdict.mix}")


def _cells(each: Figures) -> Iterable[str]:
    for waits in (each.walk_in, each.booked, each.granted):
        yield _mean_p90(waits)
    yield f"{max(each.ordinary.longest, each.granted.longest):.0f}"
    yield f"{each.overtakes / each.days:.0f}"
    yield str(each.most_overtaken)
    yield str(each.broken_in_row + each.broken_overtaken)
    shown = each.forecast
    if shown is not None:
        yield f"{shown.inside:.0%}"
        yield f"{shown.width_min:.1f}"
        yield f"{shown.score_min:.0f}"
        yield f"{shown.naive_score_min:.0f}"


def _mean_p90(waits: Waits) -> str:
    return f"{waits.mean:.1f}/{waits.p90:.0f}" if waits.count else "-"
