"""Issuing over HTTP, durable, 64 connections, closed loop, beside a bare handler of the same framework and commit.

Budget (DESIGN 10): at least 0.6 of the bare handler's rate; commits per request at most 0.2.
``python -m tests.bench.issue [--requests N] [--rounds N]``: each round measures both, the median of the ratios
counts.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import requests

from queue_server.demo.processes import Programs
from queue_server.domain.numbering import LAST_SERIAL
from queue_server.wire import API_PREFIX
from tests.bench.hall import BenchHall, bench_hall, report
from tests.bench.load import Mix, Plan, run

BUDGET = 0.6
COMMITS_BUDGET = 0.2
WARM_UP = 500


def issue_plan(hall: BenchHall, count: int, connections: int) -> Plan:
    mix = Mix(path=f"{API_PREFIX}/tickets", body='{"key":"{key}","kind":"general"}', bearer=hall.kiosk_key)
    return Plan(host=hall.host, port=hall.port, mixes=(mix,), connections=connections, requests=count)


def bare_plan(port: int, count: int, connections: int) -> Plan:
    mix = Mix(path="/tickets", body='{"key":"{key}","kind":"general"}')
    return Plan(host="127.0.0.1", port=port, mixes=(mix,), connections=connections, requests=count)


def metric(hall: BenchHall, name: str) -> float:
    text = requests.get(f"{hall.url}/metrics", timeout=10).text
    found = re.search(rf"^{name}(?:\{{[^}}]*\}})? ([0-9.e+]+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else float("nan")


class Round(NamedTuple):
    """Both measured one after the other: what else the machine does hits both."""

    bare: dict[str, Any]
    ours: dict[str, Any]
    commits: float

    @property
    def ratio(self) -> float:
        return float(self.ours["per_second"]) / float(self.bare["per_second"])


def one_round(count: int, connections: int) -> Round:
    """A fresh hall and a fresh floor, both warmed up. Raises RuntimeError when a request was not answered well."""
    with tempfile.TemporaryDirectory() as name, Programs(Path(name)) as programs, bench_hall() as hall:
        floor = programs.start("bare", ["-m", "tests.bench.bare", name])
        run(issue_plan(hall, WARM_UP, connections))
        run(bare_plan(floor.ready["port"], WARM_UP, connections))
        before = metric(hall, "hall_commits_total")
        bare = run(bare_plan(floor.ready["port"], count, connections))
        ours = run(issue_plan(hall, count, connections))
        commits = metric(hall, "hall_commits_total") - before
    if bare["errors"] or ours["errors"]:
        raise RuntimeError(f"nothing is measured with errors: {bare['errors']} {ours['errors']}")
    return Round(bare, ours, commits)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=6000, help=f"a round; a day has {LAST_SERIAL} numbers a letter")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    if options.requests + WARM_UP > LAST_SERIAL:
        parser.error("a day has not so many numbers")
    rounds = [one_round(options.requests, options.connections) for _ in range(options.rounds)]
    ratios = [each.ratio for each in rounds]
    report(
        "issue",
        ratio=round(statistics.median(ratios), 3),
        ratios=[round(each, 3) for each in ratios],
        budget=BUDGET,
        commits_per_request=round(sum(each.commits for each in rounds) / (options.requests * options.rounds), 3),
        commits_budget=COMMITS_BUDGET,
        ours=[each.ours for each in rounds],
        bare=[each.bare for each in rounds],
    )


if __name__ == "__main__":
    main()
