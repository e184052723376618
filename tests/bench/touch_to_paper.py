"""From the touch to the last byte at the printer: real server, real kiosk (offscreen), TCP printer.

Budget (DESIGN 10): p95 at most 150 ms; an ordinary slip at most 700 bytes.
``python -m tests.bench.touch_to_paper [--slips N]``. The touch is one POST to the kiosk's mirror, timed just before it
is sent, plus one whole look of the kiosk for touches; the last byte is timed by a tap in front of the printer, on the
same clock. Taps also show where the time goes.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from drivers.control import ControlClient
from kiosk.ui.start import LOOKS_PER_S
from queue_server.commands.devices import write_secret
from queue_server.demo.box import kiosk_text, start_kiosk, start_printer, start_reader, start_server
from queue_server.demo.glass import Glass, Widget
from queue_server.demo.hall import Manager, prepare
from queue_server.demo.processes import Program, Programs
from tests.bench.hall import fsync_ms, report
from tests.bench.load import percentile
from tests.bench.tap import Heard, Tap

BUDGET_MS = 150.0
SLIP_BYTES = 700
LOOK_MS = 1000 / LOOKS_PER_S
"""A finger on the panel is seen at the kiosk's next look; the mirror's comes at once: a whole look is added."""
BETWEEN_TOUCHES_S = 0.55
"""The mirror lets touches through no faster than every 0.45 s; what it holds back must not be measured."""
SCREEN_S = 10.0
CUT = b"\x1dV"
NO_BRAKE = "\n[brake]\nbetween_numbers_s = 0\nmany = 1000000\n"


@dataclass(slots=True)
class Bench:
    """One running hall with taps before the server and before the printer."""

    glass: Glass
    mirror: http.client.HTTPConnection
    headers: dict[str, str]
    printer: Program
    to_server: Tap
    to_printer: Tap
    touched_s: float = 0.0

    def touch(self, key: Widget) -> int:
        """Touch the middle of a key; when the touch was sent, ns. The mirror is never in a hurry."""
        time.sleep(max(0.0, self.touched_s + BETWEEN_TOUCHES_S - time.monotonic()))
        body = json.dumps({"x": key.x + key.w / 2, "y": key.y + key.h / 2})
        sent_ns = time.monotonic_ns()
        self.mirror.request("POST", "/touch", body, self.headers)
        self.mirror.getresponse().read()
        self.touched_s = time.monotonic()
        return sent_ns


@dataclass(frozen=True, slots=True)
class Way:
    """One number's way: the slip's bytes, then moments in ms after the touch."""

    slip_bytes: int
    asked: float
    answered: float
    status_asked: float
    first_byte: float
    last_byte: float


def key_on(glass: Glass, name: str) -> Widget:
    """The first key called ``name``; its id may carry more after a colon."""
    return next(each for each in glass.widgets() if each.pressable and each.id == name)


def one_slip(bench: Bench) -> Way:
    """Take a number from home and wait for its paper and for home again."""
    glass = bench.glass
    take = key_on(glass, "take")
    bench.to_server.clear()
    bench.to_printer.clear()
    touched_ns = bench.touch(take)
    glass.wait_for_screen("done", seconds=SCREEN_S)
    way = _way(touched_ns, bench)
    bench.touch(key_on(glass, "finish"))
    glass.wait_for_screen("home", seconds=SCREEN_S)
    return way


def _way(touched_ns: int, bench: Bench) -> Way:
    asked = _first(bench.to_server.heard(), b"POST /api/v1/tickets ", inward=True)
    answered = _first([each for each in bench.to_server.heard() if each.at_ns > asked.at_ns], b"201 ", inward=False)
    line = bench.to_printer.heard()
    slip = _slip(line)
    # The last question before the slip begins the round of four; earlier ones may be the idle look at the paper.
    before = [each for each in line if each.inward and asked.at_ns < each.at_ns <= slip[0].at_ns]
    with ControlClient(str(bench.printer.ready["control"])) as control:
        printed = control.ask("slips", after=int(control.ask("state")["slips"]) - 1)["slips"]
    size = len(printed[-1]["bytes"]) * 3 // 4
    moments = (asked.at_ns, answered.at_ns, before[0].at_ns, slip[0].at_ns, slip[-1].at_ns)
    ms = [(ns - touched_ns) / 1e6 for ns in moments]
    return Way(size, *ms)


def _first(heard: list[Heard], part: bytes, *, inward: bool) -> Heard:
    return next(each for each in heard if each.inward is inward and part in each.data[:64])


def _slip(heard: list[Heard]) -> list[Heard]:
    """The pieces of the slip: from the first that is no bare question to the one with the cut."""
    pieces = [each for each in heard if each.inward and not _is_question(each.data)]
    cut = next(n for n in range(len(pieces)) if CUT in b"".join(each.data for each in pieces[: n + 1]))
    return pieces[: cut + 1]


def _is_question(data: bytes) -> bool:
    """Only real-time status requests (DLE EOT n)."""
    return len(data) % 3 == 0 and all(data[at : at + 2] == b"\x10\x04" for at in range(0, len(data), 3))


def run(folder: Path, programs: Programs, slips: int) -> None:
    hall = prepare(folder, windows=8)
    floor = fsync_ms(folder)
    server, printer, reader = start_server(programs, hall), start_printer(programs), start_reader(programs)
    manager = Manager(str(server.ready["url"]), hall.account("zhangwei"))
    manager.open_day()
    token = secrets.token_urlsafe(24)
    write_secret(folder / "mirror.token", token)
    with Tap(str(server.ready["url"])) as to_server, Tap(str(printer.ready["port"])) as to_printer:
        tapped = Program("printer", printer.process, printer.log, {"port": f"socket://{to_printer.address}"})
        text = kiosk_text(f"http://{to_server.address}", tapped, reader) + NO_BRAKE
        (folder / "kiosk.toml").write_text(text, encoding="utf-8")
        url = str(start_kiosk(programs, folder).ready["mirror"])
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        mirror = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SCREEN_S)
        bench = Bench(Glass(url, token), mirror, headers, printer, to_server, to_printer)
        bench.glass.wait_for("the key for a number", lambda: ready_for_numbers(bench.glass), seconds=30)
        one_slip(bench)
        ways = [one_slip(bench) for _ in range(slips)]
        mirror.close()
    manager.stop()
    tell(ways, floor)


def ready_for_numbers(glass: Glass) -> bool:
    return any(each.id == "take" and each.pressable for each in glass.widgets())


def tell(ways: list[Way], floor: dict[str, float]) -> None:
    last = [LOOK_MS + way.last_byte for way in ways]
    p95, size = percentile(last, 0.95), max(way.slip_bytes for way in ways)
    stages = {
        "look_for_touch_at_most": [LOOK_MS],
        "touch_to_request": [way.asked for way in ways],
        "server": [way.answered - way.asked for way in ways],
        "answer_to_status_question": [way.status_asked - way.answered for way in ways],
        "status_round": [way.first_byte - way.status_asked for way in ways],
        "first_to_last_byte": [way.last_byte - way.first_byte for way in ways],
    }
    report(
        "touch_to_paper",
        slips=len(ways),
        p50_ms=round(percentile(last, 0.5), 1),
        p95_ms=round(p95, 1),
        max_ms=round(max(last), 1),
        budget_ms=BUDGET_MS,
        slip_bytes=size,
        slip_bytes_budget=SLIP_BYTES,
        ok=p95 <= BUDGET_MS and size <= SLIP_BYTES,
        stages_p50_ms={name: round(percentile(values, 0.5), 1) for name, values in stages.items()},
        stages_p95_ms={name: round(percentile(values, 0.95), 1) for name, values in stages.items()},
        fsync=floor,
        raw_ms=[round(each, 1) for each in last],
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slips", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as name, Programs(Path(name)) as programs:
        run(Path(name), programs, options.slips)


if __name__ == "__main__":
    main()
