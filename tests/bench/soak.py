"""Long runs for leaks: slips and cards through the real links with faults sprinkled in, and a server at work for hours.

Budgets: memory grows by at most 1 MB for each 1,000 slips, cards and tickets; threads and handles stay the same; no
slip twice, no half card. ``python -m tests.bench.soak [--slips N] [--cards N] [--server-s S] [--rounds N]``. Devices
are simulated in one process of their own (many side by side, each at its line's pace); the drivers run here.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from queue_server.demo.processes import Programs
from tests.bench.device_hands import CardHand, Hand, PaperHand
from tests.bench.hall import report
from tests.bench.memory import Sample, growth_mb, sample
from tests.bench.server_hours import server_hours

GROWTH_MB = 1.0
WARM_ROUNDS = 2
"""Caches fill in the first rounds; these are not counted."""


def work(hands: Sequence[Hand], count: int, rounds: int) -> dict[str, Any]:
    """Share ``count`` pieces of work among the hands, in rounds; a sample after each, while nobody works."""
    begun = time.monotonic()
    each = max(1, -(-count // (len(hands) * rounds)))  # at least so many in all
    samples: list[Sample] = []
    with ThreadPoolExecutor(max_workers=len(hands)) as pool:
        for number in range(1, rounds + 1):
            list(pool.map(lambda hand: hand.round(each), hands))
            gc.collect()
            samples.append(sample(number * each * len(hands)))
    told = sum((hand.told for hand in hands), Counter())
    wrong = [sentence for hand in hands for sentence in hand.wrong]
    return {
        "done": samples[-1].done,
        "seconds": round(time.monotonic() - begun, 1),
        "told": dict(told),
        "wrong": wrong[:20],
        "wrong_count": len(wrong),
        **steadiness(samples),
    }


def steadiness(samples: list[Sample]) -> dict[str, Any]:
    """What the samples after the warm-up say."""
    counted = samples[WARM_ROUNDS:] if len(samples) > WARM_ROUNDS + 1 else samples
    return {
        "growth_mb_per_1000": growth_mb(counted),
        "threads": sorted({each.threads for each in counted}),
        "handles": sorted({each.handles for each in counted}),
        "raw_mb": [each.megabytes for each in samples],
    }


def is_steady(figures: dict[str, Any]) -> bool:
    steady = len(figures["threads"]) == 1 and len(figures["handles"]) == 1
    return steady and figures["growth_mb_per_1000"] <= GROWTH_MB and not figures["wrong_count"]


def devices(kind: str, count: int, rounds: int, side_by_side: int) -> dict[str, Any]:
    """``kind`` is readers or printers."""
    make = CardHand if kind == "readers" else PaperHand
    with tempfile.TemporaryDirectory() as name, Programs(Path(name)) as programs:
        numbers = [str(side_by_side), "0"] if kind == "readers" else ["0", str(side_by_side)]
        park = programs.start("park", ["-m", "tests.bench.device_park", *numbers])
        hands: list[Hand] = [make(port, control, n) for n, (port, control) in enumerate(park.ready[kind])]
        figures = work(hands, count, rounds)
        for hand in hands:
            hand.stop()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slips", type=int, default=10_000)
    parser.add_argument("--cards", type=int, default=10_000)
    parser.add_argument("--server-s", type=float, default=150, help="seconds of server work; 0: none")
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--printers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=24)
    options = parser.parse_args()
    parts: dict[str, dict[str, Any]] = {}
    if options.slips:
        parts["slips"] = devices("printers", options.slips, options.rounds, options.printers)
    if options.cards:
        parts["cards"] = devices("readers", options.cards, options.rounds, options.readers)
    if options.server_s:
        hours = server_hours(options.server_s)
        samples = hours.pop("samples")
        parts["server"] = {**hours, **steadiness(samples)}
    report(
        "soak",
        budget_mb_per_1000=GROWTH_MB,
        ok=all(is_steady(figures) for figures in parts.values()),
        missed=[name for name, figures in parts.items() if not is_steady(figures)],
        **parts,
    )


if __name__ == "__main__":
    main()
