"""Issuing over HTTP, durable, 64 connections, closed loop, beside a bare handler of the same framework and commit.

Budget (DESIGN 10): at least 0.6 of the bare handler's rate; commits per request at most 0.2.
``python -m tests.bench.issue [--requests N] [--rounds N]``: rounds alternate, the median of the ratios counts.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

import requests

from queue_server.demo.processes import Programs
from queue_server.wire import API_PREFIX
from tests.bench.hall import BenchHall, bench_hall, report
from tests.bench.load import Mix, Plan, run

BUDGET = 0.6
COMMITS_BUDGET = 0.2


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=64)
    options = parser.parse_args()
    ratios: list[float] = []
    ours: dict[str, Any] = {}
    bare: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name, Programs(Path(name)) as programs, bench_hall() as hall:
        floor = programs.start("bare", ["-m", "tests.bench.bare", name])
        run(issue_plan(hall, 500, options.connections))
        run(bare_plan(floor.ready["port"], 500, options.connections))
        before = metric(hall, "hall_commits_total")
        for _ in range(options.rounds):
            bare = run(bare_plan(floor.ready["port"], options.requests, options.connections))
            ours = run(issue_plan(hall, options.requests, options.connections))
            ratios.append(float(ours["per_second"]) / float(bare["per_second"]))
        commits = metric(hall, "hall_commits_total") - before
    share = commits / (options.requests * options.rounds)
    report(
        "issue",
        ratio=round(statistics.median(ratios), 3),
        ratios=[round(each, 3) for each in ratios],
        budget=BUDGET,
        commits_per_request=round(share, 3),
        commits_budget=COMMITS_BUDGET,
        ours=ours,
        bare=bare,
    )


if __name__ == "__main__":
    main()
