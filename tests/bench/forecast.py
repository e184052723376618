"""Does forecasting disturb the hall: the open loop with 200 waiting, with the worker and without, in turns.

Budget (issue 4): forecasts of 200 waiting move the open loop's p99 by at most 20 %.
``python -m tests.bench.forecast [--seconds S] [--rounds N]``. The open loop is that of ``open_loop.py``, 50 issues and
20 calls a second with all streams; 30 numbers a second are given back in both, so that 200 wait to the end. Twenty days
lie behind the hall, so the worker learns and answers; it is asked as often as the setting allows, since something
changes all the time. Each round measures both, every other round the other one first; the median of the ratios counts.
With the worker nine of ten numbers must have got a range, or nothing was measured.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import psutil

from tests.bench import open_loop
from tests.bench.hall import BenchHall, bench_hall, report
from tests.bench.past import A_DAY, cached

DAYS = 20
WAITING = 200
WINDOWS = 20
LEAVES_PER_S = 30.0
RATIO = 1.2
SHOWN_AT_LEAST = 0.9


class Side(NamedTuple):
    """Of one hall: p99 of the worse of issues and calls, share of the numbers with a range, who waited at the end."""

    p99_ms: float
    shown: float
    waiting: int
    worker: dict[str, Any]


def side_of(past: Path, seconds: float, *, enabled: bool) -> Side:
    with bench_hall(windows=WINDOWS, past=past) as hall:
        hall.programs.end("server")
        with hall.made.settings.open("a", encoding="utf-8") as file:
            file.write(f"\n[forecast]\nenabled = {str(enabled).lower()}\n")
        hall.start_again()
        figures = open_loop.measure(hall, seconds, WINDOWS, streams=True, waiting=WAITING, leaves_per_s=LEAVES_PER_S)
        worker = _worker(hall)
    if figures["errors"]:
        raise RuntimeError(f"{figures['errors']} errors")
    if enabled != bool(worker):
        raise RuntimeError("the worker is not as it was set")
    p99_ms = max(float(figures[kind]["p99_ms"]) for kind in ("issue", "call"))
    issued, called, left = (figures[kind]["done"] for kind in ("issue", "call", "leave"))
    return Side(p99_ms, round(figures["forecasts"] / issued, 3), WAITING + issued - called - left, worker)


def _worker(hall: BenchHall) -> dict[str, Any]:
    for child in psutil.Process(hall.server.process.pid).children():
        if "queue_server.forecast" in child.cmdline():
            used = child.cpu_times()
            return {"cpu_s": round(used.user + used.system, 2), "memory_mb": round(child.memory_info().rss / 1e6)}
    return {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hall-past-") as folder:
        past, _ = cached(Path(folder), DAYS * A_DAY)
        rounds = [
            {on: side_of(past, options.seconds, enabled=on) for on in ((True, False) if n % 2 else (False, True))}
            for n in range(options.rounds)
        ]
    ratios = [each[True].p99_ms / each[False].p99_ms for each in rounds]
    ratio = statistics.median(ratios)
    shown = min(each[True].shown for each in rounds)
    report(
        "forecast",
        ratio=round(ratio, 3),
        ratios=[round(each, 3) for each in ratios],
        budget=RATIO,
        ok=ratio <= RATIO and shown >= SHOWN_AT_LEAST,
        with_ms=[each[True].p99_ms for each in rounds],
        without_ms=[each[False].p99_ms for each in rounds],
        shown=shown,
        waiting=WAITING,
        waiting_after=[side.waiting for each in rounds for side in each.values()],
        worker=rounds[-1][True].worker,
        seconds=options.seconds,
    )


if __name__ == "__main__":
    main()
