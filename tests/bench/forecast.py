"""Does forecasting disturb the hall: the open loop with 200 waiting, with the worker and without, in turns.

Budget (issue 4): forecasts of 200 waiting move the open loop's p99 by at most 20 %.
``python -m tests.bench.forecast [--seconds S] [--rounds N]``. Twenty days lie behind the hall, so the worker learns and
answers; it is asked as often as the setting allows, since something changes all the time.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path
from typing import Any

import psutil

from tests.bench import open_loop
from tests.bench.hall import BenchHall, bench_hall, report
from tests.bench.past import A_DAY, cached

DAYS = 20
WAITING = 200
WINDOWS = 20
RATIO = 1.2


def round_of(past: Path, seconds: float, *, enabled: bool) -> tuple[float, dict[str, Any]]:
    """p99 of the worse of issues and calls, and what the workers used."""
    with bench_hall(windows=WINDOWS, past=past) as hall:
        hall.programs.end("server")
        with hall.made.settings.open("a", encoding="utf-8") as file:
            file.write(f"\n[forecast]\nenabled = {str(enabled).lower()}\n")
        hall.start_again()
        figures = open_loop.measure(hall, seconds, WINDOWS, streams=True, waiting=WAITING)
        worker = _worker(hall)
    if figures["errors"]:
        raise RuntimeError(f"{figures['errors']} errors")
    return max(float(figures[kind]["p99_ms"]) for kind in ("issue", "call")), worker


def _worker(hall: BenchHall) -> dict[str, Any]:
    for child in psutil.Process(hall.server.process.pid).children():
        if "queue_server.forecast" in child.cmdline():
            used = child.cpu_times()
            return {"cpu_s": round(used.user + used.system, 2), "memory_mb": round(child.memory_info().rss / 1e6)}
    return {}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hall-past-") as folder:
        past, _ = cached(Path(folder), DAYS * A_DAY)
        rounds = [
            {on: round_of(past, options.seconds, enabled=on) for on in ((True, False) if n % 2 else (False, True))}
            for n in range(options.rounds)
        ]
    with_ms, without_ms = ([each[on][0] for each in rounds] for on in (True, False))
    ratio = statistics.median(with_ms) / statistics.median(without_ms)
    worker = rounds[-1][True][1]
    report(
        "forecast",
        ratio=round(ratio, 3),
        budget=RATIO,
        ok=ratio <= RATIO and bool(worker),
        with_ms=with_ms,
        without_ms=without_ms,
        worker=worker,
        waiting=WAITING,
        seconds=options.seconds,
    )


if __name__ == "__main__":
    main()
