"""Open loop: 50 issues and 20 calls a second for a minute, all rules on, with the hall's streams attached.

Budget (DESIGN 10): p99 at most 25 ms + p99 of one fsync on that disk; no error.
``python -m tests.bench.open_loop [--seconds S] [--windows N] [--no-streams]``. A real clerk is signed on at each
window. A clerk may call again after 10 s at the earliest, which with 20 calls a second would take 200 windows; so these
clerks are managers too, whom that minimum does not bind. Each call-next finishes the service before it, and each ticket
called is started in between, so 90 commands a second are committed. A window's console and two boards listen.
"""

from __future__ import annotations

import argparse
from typing import Any

from tests.bench import rush
from tests.bench.hall import BenchHall, bench_hall, fsync_ms, make_clerks, report, sign_on
from tests.bench.listeners import Audience, board_keys

BUDGET_MS = 25.0
WAITING = 60
"""So many wait when it begins."""


def measure(
    hall: BenchHall, seconds: float, windows: int, *, streams: bool, waiting: int = WAITING, leaves_per_s: float = 0.0
) -> dict[str, Any]:
    """The figures of one rush."""
    accounts = make_clerks(hall.made, windows, roles=("clerk", "manager"))
    desks = [sign_on(hall.url, account, window) for window, account in enumerate(accounts, 1)]
    seats = tuple(rush.Seat(window=desk.window, cookie=desk.cookie) for desk in desks)

    def plan(seconds: float, calls_per_s: float, leaves_per_s: float = 0.0) -> rush.Plan:
        return rush.Plan(
            host=hall.host, port=hall.port, kiosk_key=hall.kiosk_key, seats=seats, seconds=seconds,
            issues_per_s=50.0, calls_per_s=calls_per_s, leaves_per_s=leaves_per_s,
        )  # fmt: skip

    rush.run(plan(waiting / 50, 0.1))
    with Audience(hall.programs) as audience:
        if streams:
            audience.seat(hall, keys=board_keys(hall, 2), cookies=[desk.cookie for desk in desks])
        return rush.run(plan(seconds, 20.0, leaves_per_s))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--windows", type=int, default=20)
    parser.add_argument("--no-streams", action="store_true", help="nobody listens")
    options = parser.parse_args()
    with bench_hall(windows=options.windows) as hall:
        before = fsync_ms(hall.made.folder)
        figures = measure(hall, options.seconds, options.windows, streams=not options.no_streams)
        after = fsync_ms(hall.made.folder)
    fsync_p99 = max(before["p99_ms"], after["p99_ms"])
    worst = max(float(figures[kind]["p99_ms"]) for kind in ("issue", "call"))
    report(
        "open_loop",
        p99_ms=worst,
        budget_ms=round(BUDGET_MS + fsync_p99, 2),
        ok=worst <= BUDGET_MS + fsync_p99 and not figures["errors"],
        **figures,
        windows=options.windows,
        seconds=options.seconds,
        streams=0 if options.no_streams else options.windows + 2,
        fsync_before=before,
        fsync_after=after,
    )


if __name__ == "__main__":
    main()
