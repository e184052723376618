"""A kiosk's glass in a process of its own, offscreen, measured from inside: `python glass_process.py HOME`.

Prints one JSON line: seconds to the first frame, share of one core while idle, memory, what a touch from another
thread pressed, and that the frame is a PNG.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT))

from kiosk.flow.screens import ScreenState  # noqa: E402
from kiosk.ui.start import configure  # noqa: E402
from tests.kiosk.ui.samples import samples, state_of  # noqa: E402

IDLE_S = 4.0


class Still:
    """A flow that shows one state and remembers presses."""

    def __init__(self, state: ScreenState) -> None:
        self.state, self.pressed = state, threading.Event()
        self.keys: list[str] = []

    def on_state(self, show: Callable[[ScreenState], None]) -> None:
        self.show = show
        show(self.state)

    def press(self, key_id: str) -> None:
        self.keys.append(key_id)
        self.pressed.set()

    def tick(self) -> None:
        self.show(self.state)


def measure(app: Any, flow: Still, first: threading.Event, report: dict[str, Any]) -> None:
    """Runs beside the UI thread."""
    first.wait(20)
    began_s, cpu_s = time.monotonic(), time.process_time()
    threading.Event().wait(IDLE_S)
    report["idle_share"] = (time.process_time() - cpu_s) / (time.monotonic() - began_s)
    report["rss_mb"] = psutil.Process().memory_info().rss / 2**20
    key = next(one for one in app.widgets() if one.id == "take")
    app.touch(key.x + key.w / 2, key.y + key.h / 2)
    flow.pressed.wait(5)
    report["pressed"] = flow.keys
    report["png"] = app.frame_png()[:8].hex()
    app.close()


def main(home: Path) -> None:
    report: dict[str, Any] = {}
    configure(width=1080, height=1920, home=home, offscreen=True)
    from kiosk.ui.app import KioskApp  # noqa: PLC0415  Kivy is set up by now
    from kiosk.ui.assets import Assets  # noqa: PLC0415

    flow = Still(state_of(next(one for one in samples() if one.label == "home" and one.only == "plain")))
    first = threading.Event()

    def drawn() -> None:
        report["first_frame_s"] = time.time() - psutil.Process().create_time()
        report["cpu_to_first_frame_s"] = time.process_time()
        first.set()

    app = KioskApp(Assets.load(), flow, on_first_frame=drawn)
    threading.Thread(target=measure, args=(app, flow, first, report), daemon=True).start()
    app.run()
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
