"""The kiosk's own cost: first picture, idle processor time, memory, growth over sittings.

Budgets (DESIGN 10): first frame at most 3 s; idle at most 2 % of one core; memory at most 250 MB, growth at most 1 MB
for each 1,000 sittings after warm-up. ``python -m tests.bench.kiosk [--starts N] [--idle-s S] [--sittings N]``.
Start, idle and memory are of the real program (offscreen) with real server, printer and reader; the sittings run in a
process of their own by real touches (``sittings.py``). Offscreen the processor draws, in a hall a graphics chip.
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from queue_server.commands.devices import write_secret
from queue_server.demo.box import KIOSK, kiosk_text, start_kiosk, start_printer, start_reader, start_server
from queue_server.demo.glass import Glass
from queue_server.demo.hall import Manager, prepare
from queue_server.demo.processes import Programs
from tests.bench.hall import report
from tests.bench.memory import Sample, growth_mb, resident_mb

FIRST_FRAME_S = 3.0
IDLE_PERCENT = 2.0
MEMORY_MB = 250.0
GROWTH_MB = 1.0
SETTLE_S = 33.0
"""Idle is a glass that nobody touched for half a minute: it rests then (``REST_AFTER_S`` of ``kiosk/ui/app.py``)."""
SITTINGS_TIMEOUT_S = 3600.0
WARM_UP = 1200
"""Sittings until each page was seen with each of its texts: caches of drawn text fill until then and no further."""


def import_floor_s() -> float:
    """Floor of the same run: Python that imports Kivy's core and makes no window."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import kivy.uix.widget, kivy.core.text"], check=True, capture_output=True)
    return round(time.monotonic() - begun, 2)


def real_kiosk(folder: Path, programs: Programs, starts: int, idle_s: float) -> dict[str, Any]:
    """Starts, then rest, of the program as the hall runs it."""
    hall = prepare(folder, windows=8)
    server, printer, reader = start_server(programs, hall), start_printer(programs), start_reader(programs)
    url = str(server.ready["url"])
    manager = Manager(url, hall.account("zhangwei"))
    manager.open_day()
    token = secrets.token_urlsafe(24)
    write_secret(folder / "mirror.token", token)
    (folder / "kiosk.toml").write_text(kiosk_text(url, printer, reader), encoding="utf-8")
    took: list[float] = []
    worked: list[float] = []
    for again in range(starts):
        begun = time.monotonic()
        program = start_kiosk(programs, folder)
        took.append(round(time.monotonic() - begun, 2))
        used = psutil.Process(program.process.pid).cpu_times()
        worked.append(round(used.user + used.system, 2))
        if again < starts - 1:
            programs.end(KIOSK)
    glass = Glass(str(program.ready["mirror"]), token)
    glass.wait_for("the key for a number", lambda: any(each.id == "take" for each in glass.widgets()), seconds=30)
    time.sleep(SETTLE_S)
    process = psutil.Process(program.process.pid)
    used = process.cpu_times()
    begun = time.monotonic()
    time.sleep(idle_s)
    now = process.cpu_times()
    busy_s = now.user + now.system - used.user - used.system
    figures = {
        "first_frame_s": statistics.median(took),
        "first_frames_s": took,
        "first_frames_processor_s": worked,
        "idle_percent": round(100 * busy_s / (time.monotonic() - begun), 2),
        "memory_mb": resident_mb(process),
        "threads": process.num_threads(),
    }
    manager.stop()
    return figures


def sittings(count: int, warm_up: int) -> dict[str, Any]:
    """Growth over sittings, MB for each 1,000."""
    command = [sys.executable, "-m", "tests.bench.sittings", str(count), str(warm_up)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SITTINGS_TIMEOUT_S, check=True)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    samples = [Sample(**each) for each in figures.pop("samples")]
    return {
        "growth_mb_per_1000": growth_mb(samples),
        "threads_constant": len({each.threads for each in samples}) == 1,
        "handles_constant": len({each.handles for each in samples}) == 1,
        "sittings": count,
        "warm_up": warm_up,
        "raw_mb": [each.megabytes for each in samples],
        **figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--idle-s", type=float, default=20)
    parser.add_argument("--sittings", type=int, default=600)
    parser.add_argument("--warm-up", type=int, default=WARM_UP)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as name, Programs(Path(name)) as programs:
        rest = real_kiosk(Path(name), programs, options.starts, options.idle_s)
    walked = sittings(options.sittings, options.warm_up)
    within = {
        "first_frame_s": (rest["first_frame_s"], FIRST_FRAME_S),
        "idle_percent": (rest["idle_percent"], IDLE_PERCENT),
        "memory_mb": (rest["memory_mb"], MEMORY_MB),
        "growth_mb_per_1000": (walked["growth_mb_per_1000"], GROWTH_MB),
    }
    report(
        "kiosk",
        **rest,
        **walked,
        import_floor_s=import_floor_s(),
        budget={name: budget for name, (_, budget) in within.items()},
        missed=[name for name, (value, budget) in within.items() if not value <= budget],
        ok=all(value <= budget for value, budget in within.values()),
    )


if __name__ == "__main__":
    main()
