"""The simulation itself: the same seed gives the same days, and its watcher sees what goes wrong."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from rich.console import Console

from queue_server.domain import events as e
from tests.simulate.__main__ import simulate
from tests.simulate.day import Day
from tests.simulate.figures import Figures, figures
from tests.simulate.hall import BareHall, simulated_hall
from tests.simulate.mixes import EVERY, NINE, OURS, RULES, Mix
from tests.simulate.people import plan_day
from tests.simulate.seeds import seeds_side_by_side
from tests.simulate.table import show
from tests.simulate.verdict import verdicts
from tests.simulate.watching import PROMISED_OVERTAKES, Watching

LIGHT, CROWDED = Mix(0.3, 0.25, 0.3), Mix(1.05, 0.25, 0.0)
US = 1_000_000


def run(rule: str, *, mix: Mix = LIGHT, days: int = 1, forecasts: bool = False) -> Figures:
    with simulated_hall(RULES[rule]) as hall:
        found = [
            Day(hall, plan_day(1, mix, number), number, seed=1, forecasts=forecasts).run() for number in range(days)
        ]
    return figures(found)


@pytest.fixture(scope="module")
def crowded() -> dict[tuple[Mix, str], Figures]:
    """More than the windows can do, a quarter of it granted."""
    return {(CROWDED, rule): run(rule, mix=CROWDED) for rule in RULES}


def test_the_same_seed_gives_the_same_day_and_another_another() -> None:
    assert plan_day(1, LIGHT, 3) == plan_day(1, LIGHT, 3)
    assert plan_day(1, LIGHT, 3) != plan_day(2, LIGHT, 3)
    assert run(OURS) == run(OURS)


def test_the_rules_alone_give_the_gates_own_figures(crowded: dict[tuple[Mix, str], Figures]) -> None:
    assert bare(CROWDED) == crowded[CROWDED, OURS]
    assert bare(LIGHT) == run(OURS)


def bare(mix: Mix) -> Figures:
    hall = BareHall(RULES[OURS])
    return figures([Day(hall, plan_day(1, mix, 0), 0, seed=1, forecasts=False).run()])


def test_many_seeds_are_judged_together() -> None:
    done = CliRunner().invoke(seeds_side_by_side, ["--seeds", "2", "--days", "1", "--mix", "2", "--json"])
    found = json.loads(done.stdout)
    (mix,) = found["mixes"]
    least, greatest = mix["p90_of_seeds"]
    assert least < greatest, "two seeds are two days"
    assert (mix["seeds"], mix["broken"]) == (2, 0)
    assert done.exit_code == (0 if all(each["holds"] for each in found["verdicts"]) else 1)


def test_ours_keeps_the_promises_that_strict_priority_breaks(crowded: dict[tuple[Mix, str], Figures]) -> None:
    ours, strict = crowded[CROWDED, OURS], crowded[CROWDED, "strict priority"]
    assert (ours.broken_in_row, ours.broken_overtaken) == (0, 0)
    assert ours.most_overtaken <= PROMISED_OVERTAKES
    assert strict.broken_in_row > 0
    assert strict.most_overtaken > PROMISED_OVERTAKES
    assert strict.granted.mean < ours.granted.mean < crowded[CROWDED, "first come"].granted.mean


def test_the_forecast_is_graded_after_the_first_days() -> None:
    found = run(OURS, mix=Mix(0.6, 0.1, 0.0), days=4, forecasts=True).forecast
    assert found is not None
    assert found.count > 50
    assert found.inside > 0.7


def test_the_watcher_counts_by_itself() -> None:
    watching = Watching()
    tickets = [chr(ord("a") + n) for n in range(PROMISED_OVERTAKES + 2)]
    for n, ticket in enumerate(tickets):
        watching.take_in(n, e.TicketIssued(ticket, f"A{n}", "general", n * US, n * US, "kiosk:1", ticket))
    for ticket in "bcde":
        watching.take_in(9, e.PriorityGranted(ticket, "elderly", "seen", "clerk:1"))
    reason = e.Reason(None, 0)
    for n, ticket in enumerate(tickets[1:]):
        watching.take_in((20 + n) * US, e.TicketCalled(ticket, 1, "s", reason, (), f"x{n}"))
    assert watching.seen["a"].overtaken == PROMISED_OVERTAKES + 1
    assert (watching.broken_in_row, watching.broken_overtaken) == (2, 1)


def test_the_nine_mixes_are_nine_and_cover_loads_and_grants() -> None:
    assert len(set(NINE)) == len({(mix.load, mix.granted) for mix in NINE}) == 9
    assert len(set(EVERY)) == 18


def test_the_program_says_one_object() -> None:
    done = CliRunner().invoke(simulate, ["--seed", "3", "--days", "1", "--mix", "1", "--rule", OURS, "--json"])
    found = json.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert found["seed"] == 3
    assert [run["rule"] for run in found["runs"]] == [OURS]
    assert all(each["holds"] for each in found["verdicts"])


def test_the_table_names_what_does_not_hold(
    crowded: dict[tuple[Mix, str], Figures], capsys: pytest.CaptureFixture[str]
) -> None:
    results = {**crowded, (CROWDED, OURS): crowded[CROWDED, "strict priority"]}
    show(Console(width=200), results, verdicts(results))
    text = capsys.readouterr().out
    assert "BROKEN promises broken" in text
    assert "first come" in text
