"""The kiosk's cable is pulled, it is killed between disk and paper, starts alone: nothing is lost, nothing given twice.

The kiosk, printer and reader are processes of their own; the hall's server stands behind a cable.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from drivers.printer.decoder import decode
from queue_server.demo.devices import Devices
from tests.journeys.cable import Cable, cable_to
from tests.journeys.waiting import wait_until
from tests.kiosk.test_program import Person, program, tell
from tests.support.server import HallServer, hall_server

pytestmark = pytest.mark.journey
GIVES_UP_S = 1.5
DRAWING_S = 1.5


@contextmanager
def kiosk_at(folder: Path, url: str, key: str, printer: str) -> Iterator[tuple[Person, Any]]:
    """A kiosk process; what it keeps is in ``folder`` and there at the next start."""
    (folder / "kiosk.key").write_text(key, encoding="ascii")
    (folder / "token").write_text("token-1", encoding="ascii")
    (folder / "kiosk.toml").write_text(
        f'[server]\nurl = "{url}"\nkey_file = "kiosk.key"\nonline_after_s = 1.0\n[printer]\nport = "{printer}"\n'
        '[card_reader]\nport = ""\n[brake]\nbetween_numbers_s = 0\n',
        encoding="utf-8",
    )
    with program(
        "kiosk",
        f"--settings={folder / 'kiosk.toml'}",
        "--mirror=127.0.0.1:0",
        f"--mirror-token-file={folder / 'token'}",
        "--offscreen",
    ) as (process, ready):
        yield Person(ready["mirror"], "token-1"), process


class Day:
    """One hall behind a cable, one printer, and the numbers that people hold."""

    def __init__(self, hall: HallServer, cable: Cable, printer: dict[str, Any], folder: Path) -> None:
        self.hall, self.cable, self.folder = hall, cable, folder
        self.port, self.control = str(printer["port"]), str(printer["control"])
        self.key = hall.prepared.keys["kiosk:1"]
        self.held: list[str] = []

    def kiosk(self) -> Any:
        return kiosk_at(self.folder, self.cable.url, self.key, self.port)

    def takes(self, person: Person) -> str:
        person.press("take")
        number = str(person.sees("done")["number"])
        person.press("finish")
        person.sees("home")
        self.held.append(number)
        return number

    def tickets(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.hall.person("clerk1").get("/tickets").json()["tickets"]
        return found


def cut_off(day: Day, person: Person) -> None:
    """The cable goes while nobody looks: the next press finds out."""
    assert day.takes(person) == "A001"
    day.cable.pull()
    pressed_s = time.monotonic()
    person.press("take")
    wait_until(lambda: person.state().get("number") == "L001", "the kiosk's own number")
    assert time.monotonic() - pressed_s < GIVES_UP_S + DRAWING_S
    person.sees("done")
    person.press("finish")
    person.sees("home")
    day.held.append("L001")


def killed_between_disk_and_paper(day: Day, person: Person, process: Any) -> None:
    tell(day.control, do="fault", name="silent")
    person.press("take")
    wait_until(lambda: person.state().get("number") == "L002", "the number on the glass")
    process.kill()
    process.wait(10)
    tell(day.control, do="clear")


def test_a_kiosk_alone_loses_nothing_and_gives_nothing_twice(tmp_path: Path, bad_day: Callable[..., None]) -> None:
    (tmp_path / "hall").mkdir()
    (tmp_path / "kiosk").mkdir()
    with ExitStack() as stack:
        hall = stack.enter_context(hall_server(tmp_path / "hall"))
        cable = stack.enter_context(cable_to(hall.url))
        _, printer = stack.enter_context(program("drivers", "simulate", "printer"))
        day = Day(hall, cable, printer, tmp_path / "kiosk")
        with day.kiosk() as (person, process):
            cut_off(day, person)
            killed_between_disk_and_paper(day, person, process)
        with day.kiosk() as (person, _):
            assert person.sees("printer")["number"] == "L002"  # it exists, and says so
            person.press("again")
            person.sees("done")
            person.press("finish")
            person.sees("home")
            day.held.append("L002")
            assert day.takes(person) == "L003"
            day.cable.plug_in()
            plugged_s = time.monotonic()
            wait_until(lambda: len(day.tickets()) == len(day.held), "all numbers in the hall")
            took_s = time.monotonic() - plugged_s
        tickets = {each["number"]: each for each in day.tickets()}
        assert sorted(tickets) == sorted(day.held) == ["A001", "L001", "L002", "L003"]
        assert {each["state"] for each in tickets.values()} == {"waiting"}
        papers = [decode(slip.data).text for slip in Devices(day.control, day.control).slips(0)]
        assert sum("L001" in paper for paper in papers) == 1
        assert [paper for paper in papers if "L002" in paper and "补打" in paper]
    bad_day("kiosk alone, killed", state="all numbers once", kiosk="L002 补打", staff="–", seconds=took_s)
