"""Two kiosks, one network printer: a connection for each slip, a bounded wait, nothing lost."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator

import pytest

from drivers.control import ControlClient
from drivers.errors import PortNameWrong
from drivers.link import Health
from drivers.listening import TcpListener
from drivers.printer.decoder import decode
from drivers.printer.jobs import PrintOutcome
from drivers.printer.printer import Printer
from drivers.printer.profile import Profile
from drivers.printer.sharing import PortWish, parse_port
from drivers.printer.simulator import PrinterSimulator
from drivers.transport import open_port
from tests.drivers.printer.slips import filled
from tests.support.mailbox import Mailbox

LIMIT_S = 30.0


class Hall:
    """One simulated printer that serves one connection at a time, and as many kiosks as a test wants."""

    def __init__(self) -> None:
        self.simulator = PrinterSimulator(TcpListener(), mm_s=1500.0)
        self.simulator.start()
        self.control = ControlClient(self.simulator.control_address)
        self.printers: list[Printer] = []

    def kiosk(self, *, turn_s: float = 6.0, model: str = "generic-80") -> tuple[Printer, Mailbox[Health]]:
        told: Mailbox[Health] = Mailbox()
        port = f"{self.simulator.port_name}?share=yes"
        printer = Printer(port, Profile.load(model), on_health=told.put, turn_s=turn_s)
        printer.start()
        self.printers.append(printer)
        return printer, told

    def texts(self) -> list[str]:
        reply = self.control.ask("slips", after=0)
        return [decode(base64.b64decode(slip["bytes"])).text for slip in reply["slips"]]

    def numbers(self) -> list[str]:
        """Numbers of the whole slips in the tray, in order."""
        lines = [text.split("\n") for text in self.texts() if "第0031张" in text]
        return [line for slip in lines for line in slip if len(line) == 4 and line[0] in "AB"]

    def close(self) -> None:
        self.control.close()
        for printer in self.printers:
            printer.stop()
        self.simulator.stop()


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall()
    yield made
    made.close()


def wait_health(printer: Printer, told: Mailbox[Health], state: str, code: str = "") -> None:
    if (printer.health.state, printer.health.code) != (state, code):
        told.wait_for(lambda health: (health.state, health.code) == (state, code))


def test_slips_of_two_kiosks_come_out_one_by_one_and_none_is_lost(hall: Hall) -> None:
    first, _ = hall.kiosk()
    second, _ = hall.kiosk()
    waiting = []
    for n in range(1, 4):
        waiting.append(first.print(filled(number=f"A{n:03d}")))
        waiting.append(second.print(filled(number=f"B{n:03d}")))
    assert {future.result(timeout=LIMIT_S) for future in waiting} == {PrintOutcome("printed", "paper_ok")}
    numbers = hall.numbers()
    assert sorted(numbers) == ["A001", "A002", "A003", "B001", "B002", "B003"]
    assert [each for each in numbers if each[0] == "A"] == ["A001", "A002", "A003"]


def test_the_line_is_given_back_after_each_slip(hall: Hall) -> None:
    printer, told = hall.kiosk()
    wait_health(printer, told, "ok")
    assert printer.print(filled(number="A001")).result(timeout=LIMIT_S).result == "printed"
    line = open_port(hall.simulator.port_name)
    try:
        assert line.write(b"\x10\x04\x01", 1.0) == 3
        assert line.read(16, 5.0) == b"\x12"  # answered, so nobody else is on the line
    finally:
        line.close()
    assert printer.health.state == "ok"


def test_who_does_not_get_a_turn_in_time_is_told_busy(hall: Hall) -> None:
    blocking = open_port(hall.simulator.port_name)
    assert blocking.write(b"\x10\x04\x01", 1.0) == 3
    assert blocking.read(16, 5.0) == b"\x12"  # the printer serves this one now
    printer, told = hall.kiosk(turn_s=1.5)
    waiting = printer.print(filled(number="A001"), deadline_s=20.0)
    assert waiting.result(timeout=LIMIT_S) == PrintOutcome("not_printed", "busy")
    wait_health(printer, told, "degraded", "busy")
    blocking.close()
    wait_health(printer, told, "ok")
    assert printer.print(filled(number="A002")).result(timeout=LIMIT_S).result == "printed"
    assert hall.numbers() == ["A002"]


def test_a_refusal_is_busy_and_then_down() -> None:
    held = socket.socket()
    held.bind(("127.0.0.1", 0))  # bound, not listening: every connection is refused
    told: Mailbox[Health] = Mailbox()
    host, port = held.getsockname()
    printer = Printer(f"socket://{host}:{port}?share=yes", Profile.load("generic-80"), on_health=told.put, turn_s=0.5)
    printer.start()
    try:
        assert printer.print(filled()).result(timeout=LIMIT_S) == PrintOutcome("not_printed", "busy")
        told.wait_for(lambda health: (health.state, health.code) == ("degraded", "busy"))
        told.wait_for(lambda health: (health.state, health.code) == ("down", "port_missing"))
    finally:
        printer.stop()
        held.close()


def test_a_fault_is_seen_and_passes_on_a_shared_printer(hall: Hall) -> None:
    printer, told = hall.kiosk()
    wait_health(printer, told, "ok")
    hall.control.ask("fault", name="paper_end")
    assert printer.print(filled(number="A001")).result(timeout=LIMIT_S) == PrintOutcome("not_printed", "paper_end")
    wait_health(printer, told, "down", "paper_end")
    hall.control.ask("clear")
    wait_health(printer, told, "ok")
    assert printer.print(filled(number="A002")).result(timeout=LIMIT_S).result == "printed"
    assert hall.numbers() == ["A002"]


def test_a_broken_slip_is_cleared_away_at_once_because_the_next_may_be_anothers(hall: Hall) -> None:
    first, told = hall.kiosk()
    wait_health(first, told, "ok")
    hall.control.ask("fault", name="unplug_after_bytes:300")
    broken = first.print(filled(number="A001"))
    wait_health(first, told, "down", "port_lost")
    hall.control.ask("replug")
    assert broken.result(timeout=LIMIT_S) == PrintOutcome("unknown", "unplugged")
    wait_health(first, told, "ok")
    second, _ = hall.kiosk()
    assert second.print(filled(number="B001")).result(timeout=LIMIT_S).result == "printed"
    assert hall.numbers() == ["B001"]
    assert "打印检查" in hall.texts()[0]


def test_a_shared_printer_that_cannot_be_asked_is_grey(hall: Hall) -> None:
    printer, told = hall.kiosk(model="silent-80")
    outcome = printer.print(filled(number="A001"), deadline_s=20.0).result(timeout=LIMIT_S)
    assert outcome == PrintOutcome("unknown", "no_status")
    wait_health(printer, told, "unknown", "no_status")


def test_port_names() -> None:
    assert parse_port("socket://10.0.0.5:9100?share=yes") == PortWish("socket://10.0.0.5:9100", shared=True)
    assert parse_port("socket://10.0.0.5:9100?share=no") == PortWish("socket://10.0.0.5:9100", shared=False)
    assert parse_port("/dev/usb/lp0") == PortWish("/dev/usb/lp0", shared=False)
    for wrong in ("socket://10.0.0.5:9100?shared=yes", "socket://10.0.0.5:9100?share=maybe"):
        with pytest.raises(PortNameWrong, match="share=yes"):
            parse_port(wrong)
