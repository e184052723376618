"""What a million past tickets cost: issue and call beside an empty hall, the plans of hot statements, the start.

Budgets (DESIGN 10): median of 9 alternating pairs at most 1.25 for issue and for call; no hot statement scans; start
with that past ready within 2 s, memory at most 150 MB.
``python -m tests.bench.history [--tickets N] [--pairs N] [--times N] [--cache FOLDER]``. The past is built once and
kept in the cache folder (some 3 GB for a million); each run works on a copy.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import psutil
from sqlalchemy import event

from queue_server.store import queries
from queue_server.store.engine import Store
from tests.bench.hall import BenchHall, bench_hall, make_clerks, report, sign_on
from tests.bench.memory import resident_mb
from tests.bench.past import cached
from tests.bench.wire_client import SteadyClient

RATIO = 1.25
READY_S = 2.0
MEMORY_MB = 150.0
STARTS = 3
ANYTHING: dict[str, Any] = {
    "hall": "demo", "keys": ["k1", "k2"], "after": 1, "most": 1, "day": "2026-01-05", "id": "t1", "number": "A001",
    "ticket": "t1", "digest": b"0" * 32, "seq": 1,
}  # fmt: skip


class Turn(NamedTuple):
    """Milliseconds; of several turns the medians."""

    issue: float
    call: float


def medians(turns: list[Turn]) -> Turn:
    return Turn(statistics.median(each.issue for each in turns), statistics.median(each.call for each in turns))


@dataclass(slots=True)
class Window:
    """A kiosk and a clerk's window of one hall, asked one after the other."""

    kiosk: SteadyClient
    clerk: SteadyClient

    def turn(self) -> Turn:
        """One number taken and one called; who was called is finished before the next call."""
        issue_ms = _took(self.kiosk.post("/tickets", kind="general"))
        answer = self.clerk.post("/windows/1/call-next")
        _took(self.clerk.post("/windows/1/finish", ticket=answer[2]["ticket"]["id"]))
        return Turn(issue_ms, _took(answer))

    def close(self) -> None:
        self.kiosk.close()
        self.clerk.close()


def _took(answer: tuple[float, int, dict[str, Any]]) -> float:
    took_ms, status, said = answer
    if status not in {200, 201}:
        raise RuntimeError(f"{status} {said.get('code')}")
    return took_ms


@contextlib.contextmanager
def window_of(hall: BenchHall) -> Iterator[Window]:
    desk = sign_on(hall.url, make_clerks(hall.made, 1)[0], 1)
    window = Window(
        SteadyClient(hall.host, hall.port, {"Authorization": f"Bearer {hall.kiosk_key}"}),
        SteadyClient(hall.host, hall.port, {"Cookie": desk.cookie, "Origin": hall.url}),
    )
    try:
        yield window
    finally:
        window.close()


def pairs(past: BenchHall, none: BenchHall, count: int, times: int) -> dict[str, Any]:
    """Ratios of medians. In a pair the halls take turns one by one: what else the machine does hits both."""
    issues: list[float] = []
    calls: list[float] = []
    raw: list[dict[str, float]] = []
    with window_of(past) as with_past, window_of(none) as without:
        for n in range(count + 1):
            turns: tuple[list[Turn], list[Turn]] = ([], [])
            for each in range(times):
                for place in (0, 1) if (n + each) % 2 else (1, 0):
                    turns[place].append((with_past, without)[place].turn())
            ours, bare = medians(turns[0]), medians(turns[1])
            if n == 0:
                continue  # warm-up
            issues.append(ours.issue / bare.issue)
            calls.append(ours.call / bare.call)
            raw.append({"issue": ours.issue, "issue_none": bare.issue, "call": ours.call, "call_none": bare.call})
    return {
        "issue_ratio": round(statistics.median(issues), 3),
        "call_ratio": round(statistics.median(calls), 3),
        "issue_ratios": [round(each, 3) for each in issues],
        "call_ratios": [round(each, 3) for each in calls],
        "medians_ms": [{name: round(value, 2) for name, value in each.items()} for each in raw],
    }


def scans(database: Path) -> list[str]:
    """Hot statements whose plan on this very database holds a scan."""
    store = Store(f"sqlite:///{database}")
    found: list[str] = []
    with store.read() as connection:
        sent: list[tuple[str, Any]] = []

        def note(_connection: object, _cursor: object, sql: str, parameters: Any, *_rest: object) -> None:
            sent.append((sql, parameters))

        event.listen(connection.engine, "before_cursor_execute", note)
        for name, statement in queries.HOT.items():
            connection.execute(statement, ANYTHING).all()
            sql, parameters = sent[-1]
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).all()
            if not plan or any(str(step[-1]).startswith("SCAN") for step in plan):
                found.append(name)
    store.close()
    return found


def starts(hall: BenchHall) -> dict[str, Any]:
    """Seconds from starting the process to its ready line, and its memory and processor time then."""
    took: list[float] = []
    worked: list[float] = []
    memory: list[float] = []
    for _ in range(STARTS):
        hall.programs.end("server")
        begun = time.monotonic()
        hall.start_again()
        took.append(round(time.monotonic() - begun, 2))
        process = psutil.Process(hall.server.process.pid)
        used = process.cpu_times()
        worked.append(round(used.user + used.system, 2))
        memory.append(resident_mb(process))
    return {
        "ready_s": statistics.median(took),
        "memory_mb": max(memory),
        "raw_ready_s": took,
        "raw_processor_s": worked,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--times", type=int, default=60)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "hall-queue-past")
    options = parser.parse_args()
    built, build_s = cached(options.cache, options.tickets)
    with bench_hall(past=built) as past, bench_hall() as none:
        figures = pairs(past, none, options.pairs, options.times)
        scanning = scans(past.database)
        started, bare = starts(past), starts(none)
    within = {
        "issue_ratio": figures["issue_ratio"] <= RATIO,
        "call_ratio": figures["call_ratio"] <= RATIO,
        "scans": not scanning,
        "ready_s": started["ready_s"] <= READY_S,
        "memory_mb": started["memory_mb"] <= MEMORY_MB,
    }
    report(
        "history",
        tickets=options.tickets,
        **figures,
        scans=scanning,
        statements=len(queries.HOT),
        **started,
        none=bare,
        budget={"ratio": RATIO, "ready_s": READY_S, "memory_mb": MEMORY_MB},
        missed=[name for name, well in within.items() if not well],
        ok=all(within.values()),
        build_s=build_s,
        database_mb=round(built.stat().st_size / 1e6),
    )


if __name__ == "__main__":
    main()
