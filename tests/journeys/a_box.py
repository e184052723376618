"""The hall in a box as a bad day finds it: every program its own process, any of them killed and started again."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.printer.decoder import Decoded, decode
from queue_server.demo.box import (
    KIOSK,
    PRINTER,
    READER,
    SERVER,
    Box,
    start_box,
    start_kiosk,
    start_printer,
    start_reader,
    start_server,
)
from queue_server.demo.devices import Devices
from queue_server.demo.glass import Glass, Widget
from queue_server.demo.hall import Manager
from queue_server.demo.processes import Program, Programs
from tests.journeys.waiting import wait_until

NO_BRAKE = "\n[brake]\nbetween_numbers_s = 0\nmany = 1000\n"
"""A test takes numbers faster than a child."""


@dataclass(slots=True)
class Hall:
    """One box, and what a person standing in it would look at."""

    box: Box

    @property
    def glass(self) -> Glass:
        return self.box.glass

    @property
    def devices(self) -> Devices:
        return self.box.devices

    # ---- at the kiosk ----

    def words(self) -> str:
        """All that can be read on the glass."""
        return " ".join(widget.text for widget in self.glass.widgets() if widget.text)

    def reads(self, sentence: str, *, seconds: float = 20.0) -> float:
        """Seconds until the sentence stands on the glass."""
        return wait_until(lambda: sentence in self.words(), f"{sentence!r} on the glass", seconds=seconds)

    def press(self, key: str) -> float:
        """Touch the key as soon as it can be pressed; the moment of the touch (monotonic seconds)."""
        found: list[Widget] = []

        def there() -> bool:
            found[:] = [each for each in self.glass.widgets() if each.id == key and each.pressable]
            return bool(found)

        wait_until(there, f"the key {key!r}")
        touched_s = time.monotonic()
        self.glass.touch(found[0].x + found[0].w / 2, found[0].y + found[0].h / 2)
        return touched_s

    def go_home(self, key: str) -> None:
        self.press(key)
        self.glass.wait_for_screen("home")

    def number(self) -> str:
        """The number on the glass."""
        found = [each.text for each in self.glass.widgets() if len(each.text) == 4 and each.text[1:].isdecimal()]
        assert found, f"no number on the screen {self.glass.screen()!r}"
        return found[0]

    def paper(self, after: int) -> list[Decoded]:
        """Slips that came out after the ``after``-th, but for test lines: those follow hands in the printer."""
        papers = [decode(slip.data) for slip in self.devices.slips(after)]
        return [paper for paper in papers if not paper.text.startswith("打印检查")]

    # ---- at the desk ----

    def alarm(self, code: str) -> str | None:
        """What staff read for this alarm; None when there is none."""
        found = [each["say"] for each in self.box.manager.get("/queue")["alarms"] if each["code"] == code]
        return str(found[0]) if found else None

    def ticket(self, number: str) -> dict[str, Any]:
        (ticket,) = self.box.manager.get(f"/tickets?number={number}")["tickets"]
        return dict(ticket)

    # ---- the machines ----

    def process(self, name: str) -> Program:
        return self.box.programs.named(name)

    def send(self, name: str, number: signal.Signals) -> None:
        os.kill(self.process(name).process.pid, number)

    def cut_power(self) -> dict[str, Program]:
        """Every process dies at once, none is asked."""
        dead = {name: self.process(name) for name in (SERVER, PRINTER, READER, KIOSK)}
        for program in dead.values():
            program.process.kill()
        for name in dead:
            self.box.programs.end(name)
        return dead

    def power_up(self, before: dict[str, Program]) -> None:
        """All boot together: the server last, as on a slow morning. The kiosk finds it by itself."""
        programs, folder = self.box.programs, self.box.hall.folder
        start_printer(programs, before[PRINTER])
        start_reader(programs, before[READER])
        kiosk = start_kiosk(programs, folder)
        token = (folder / "mirror.token").read_text(encoding="ascii").strip()
        self.box.glass = Glass(str(kiosk.ready["mirror"]), token)
        self.start_server()

    def start_server(self) -> None:
        start_server(self.box.programs, self.box.hall)
        self.box.manager.stop()
        self.box.manager = Manager(self.box.url, self.box.hall.account("zhangwei"))


@contextmanager
def a_hall(folder: Path) -> Iterator[Hall]:
    """A hall that is open, its kiosk at home and on line. Nothing of it stays."""
    with Programs(folder) as programs:
        hall = Hall(start_box(programs, folder, kiosk_more=NO_BRAKE))
        try:
            wait_until(lambda: "take" in {each.id for each in hall.glass.widgets() if each.pressable}, "直接取号")
            yield hall
        finally:
            hall.box.stop()
