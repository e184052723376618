"""Ordinary slips as bytes: how many, how long on a slow wire, and what making them costs beside that.

Budgets (DESIGN 10): at most 700 bytes and 0.8 s of wire at 9600 baud; encoding at most 5 % of that wire time. Each slip
is filled, set and encoded anew, as at the kiosk; the first one is thrown away, because it loads layouts' libraries.
``python -m tests.bench.slip_encoding [--rounds N]``
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

from drivers.core import BITS_PER_BYTE
from drivers.printer.encode import encode
from drivers.printer.layout import SlipLayout
from drivers.printer.profile import Profile
from tests.drivers.printer.slips import VALUES

BAUD = 9600
BYTES_BUDGET = 700
WIRE_S_BUDGET = 0.8
SHARE_BUDGET = 0.05
SLIPS = (("ticket", "generic-80"), ("reprint", "generic-80"), ("ticket", "generic-58"), ("ticket", "clone-80-512"))


def measured(layout_name: str, model: str, rounds: int) -> dict[str, float | int | str]:
    """One kind of slip: its bytes, wire time, and milliseconds of encoding (median and 95th percentile)."""
    layout, profile = SlipLayout.load(layout_name), Profile.load(model)
    data = encode(layout.fill(VALUES), profile).data
    took = []
    for serial in range(rounds):
        begun = time.perf_counter()
        encode(layout.fill({**VALUES, "serial": serial, "number": f"A{serial % 1000:03d}"}), profile)
        took.append(time.perf_counter() - begun)
    wire_s = len(data) * BITS_PER_BYTE / BAUD
    median_s, p95_s = statistics.median(took), sorted(took)[int(rounds * 0.95)]
    return {
        "slip": layout_name,
        "profile": model,
        "bytes": len(data),
        "wire_s_at_9600": round(wire_s, 3),
        "encode_ms": round(median_s * 1000, 3),
        "encode_p95_ms": round(p95_s * 1000, 3),
        "share_of_wire": round(median_s / wire_s, 4),
        "share_of_wire_p95": round(p95_s / wire_s, 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    found = [measured(*each, rounds=options.rounds) for each in SLIPS]
    within = all(
        float(each["bytes"]) <= BYTES_BUDGET
        and float(each["wire_s_at_9600"]) <= WIRE_S_BUDGET
        and float(each["share_of_wire_p95"]) <= SHARE_BUDGET
        for each in found
    )
    budget = {"bytes": BYTES_BUDGET, "wire_s_at_9600": WIRE_S_BUDGET, "share_of_wire": SHARE_BUDGET}
    print(json.dumps({"bench": "slip_encoding", "slips": found, "budget": budget, "within": within}))


if __name__ == "__main__":
    main()
