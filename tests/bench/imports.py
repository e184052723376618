"""What importing ``drivers`` costs, beside importing pyserial in the same run, each in fresh processes.

Budget: ``import drivers`` at most 3 times pyserial, and neither Pillow nor python-escpos before something is drawn.
pyserial's figure is what the drivers use of it: ``serial`` with its port list. The device modules and msgspec, on which
settings and profiles stand, are shown beside them. Processor time, best of all rounds: wall time on a busy machine says
more about the others. ``python -m tests.bench.imports [--rounds N]``
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

BUDGET = 3.0
HEAVY = ("PIL", "escpos", "qrcode", "usb")
PARTS = {
    "pyserial": "import serial, serial.tools.list_ports",
    "msgspec": "import msgspec",
    "drivers": "import drivers",
    "transport": "import drivers.transport",
    "printer": "import drivers.printer.printer",
    "idcard": "import drivers.idcard.reader",
    "all": "import drivers.transport, drivers.printer.printer, drivers.idcard.reader",
}


def once(statement: str) -> tuple[float, list[str]]:
    """Seconds of one import in a fresh process, and which heavy packages it loaded."""
    code = (
        "import sys, time; begun = time.process_time()\n"
        f"{statement}\n"
        "took = time.process_time() - begun\n"
        f"print(took, *[name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    seconds, *heavy = done.stdout.split()
    return float(seconds), heavy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    took: dict[str, list[float]] = {name: [] for name in PARTS}
    heavy: set[str] = set()
    for _ in range(options.rounds):  # in turn, so that a busy machine is busy for all
        for name, statement in PARTS.items():
            seconds, loaded = once(statement)
            took[name].append(seconds)
            heavy.update(loaded)
    ms = {name: round(min(each) * 1000, 2) for name, each in took.items()}
    ratios = {name: round(each / ms["pyserial"], 2) for name, each in ms.items() if name != "pyserial"}
    within = ratios["drivers"] <= BUDGET and not heavy
    line = {"bench": "imports", "cpu_ms": ms, "ratios": ratios, "heavy": sorted(heavy), "budget": BUDGET}
    line |= {"within": within, "devices_within": ratios["all"] <= BUDGET}
    print(json.dumps(line))


if __name__ == "__main__":
    main()
