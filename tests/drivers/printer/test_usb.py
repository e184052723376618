"""USB printers: the kernel's device file and python-escpos' way, as far as a machine without one can show."""

from __future__ import annotations

import os
import threading
from collections import deque
from pathlib import Path
from typing import Any

import pytest

from drivers.errors import PortDenied, PortLost, PortMissing, PortNameWrong
from drivers.link import Backoff, Health
from drivers.listening import PtyListener
from drivers.printer.jobs import PrintOutcome
from drivers.printer.printer import Printer
from drivers.printer.profile import Profile
from drivers.printer.simulator import PrinterSimulator
from drivers.printer.usb_file import UsbFilePort, is_printer_file
from drivers.printer.usb_raw import UsbRawPort, end_points, open_usb, parse_name
from tests.drivers.printer.slips import filled
from tests.support.mailbox import Mailbox

LIMIT_S = 20.0


def test_a_printer_file_is_known_by_its_name_or_by_what_it_links_to(tmp_path: Path) -> None:
    (tmp_path / "hall-printer").symlink_to("/dev/usb/lp3")
    for name in ("/dev/usb/lp0", "/dev/usblp1", str(tmp_path / "hall-printer")):
        assert is_printer_file(name)
    for name in ("/dev/ttyUSB0", "COM3", "socket://10.0.0.5:9100", "/dev/lpt"):
        assert not is_printer_file(name)


def test_a_slip_through_a_device_file_and_an_unplugged_cable(tmp_path: Path) -> None:
    simulator = PrinterSimulator(PtyListener(tmp_path / "lp0"), baud=57600, mm_s=1500.0)
    simulator.start()
    told: Mailbox[Health] = Mailbox()
    printer = Printer(
        str(tmp_path / "lp0"),
        Profile.load("generic-80"),
        on_health=told.put,
        backoff=Backoff(first_s=0.05, limit_s=0.1),
    )
    printer.start()
    try:
        assert printer.print(filled()).result(timeout=LIMIT_S) == PrintOutcome("printed", "paper_ok")
        simulator.control({"do": "fault", "name": "unplug"})
        told.wait_for(lambda health: health.code == "port_missing")
        simulator.control({"do": "replug"})
        assert printer.print(filled()).result(timeout=LIMIT_S) == PrintOutcome("printed", "paper_ok")
    finally:
        printer.stop()
        simulator.stop()


def one_way_port() -> tuple[UsbFilePort, int]:
    """A port that cannot be read, and the end where its bytes come out."""
    far, near = os.pipe()
    os.set_blocking(near, False)
    return UsbFilePort("/dev/usb/lp0", open_file=lambda _name: (near, True)), far


def test_a_printer_file_that_cannot_be_read_says_so_and_takes_bytes() -> None:
    port, far = one_way_port()
    assert port.answers is False
    assert port.write(b"slip", 1.0) == 4
    assert os.read(far, 16) == b"slip"
    assert port.read(16, 0.01) == b""
    port.wake()
    assert port.read(16, LIMIT_S) == b""
    port.close()
    port.close()
    os.close(far)


def test_a_full_printer_takes_nothing_within_the_limit_and_a_dead_one_is_lost() -> None:
    port, far = one_way_port()
    while port.write(b"x" * 4096, 0.0):
        pass
    assert port.write(b"x", 0.05) == 0
    os.close(far)
    with pytest.raises(PortLost, match="connection lost"):
        port.write(b"x", 0.05)
    port.close()


def test_wrong_device_files_have_their_sentences(tmp_path: Path) -> None:
    with pytest.raises(PortMissing, match="hall-devices list"):
        UsbFilePort(str(tmp_path / "lp0"))
    (tmp_path / "lp1").mkdir()
    with pytest.raises(PortNameWrong, match="not a printer"):
        UsbFilePort(str(tmp_path / "lp1"))

    def refuse(name: str) -> tuple[int, bool]:
        raise PortDenied(name, "USB printers belong to group lp")

    with pytest.raises(PortDenied, match="group lp"):
        UsbFilePort("/dev/usb/lp0", open_file=refuse)


class UsbTimeoutError(OSError):
    """What pyusb raises when nothing came or went in time."""


class FakeUsb:
    """A USB device with a queue each way."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.answers: deque[bytes] = deque()
        self.takes = True
        self.gone = False

    def write(self, endpoint: int, data: bytes, timeout: int) -> int:
        self._look(not self.takes)
        self.written.append(data)
        return len(data)

    def read(self, endpoint: int, size: int, timeout: int) -> bytes:
        self._look(not self.answers)
        return self.answers.popleft()

    def _look(self, nothing: bool) -> None:
        if self.gone:
            raise OSError(19, "No such device")
        if nothing:
            raise UsbTimeoutError(110, "Operation timed out")


def raw_port(device: FakeUsb, *, in_ep: int | None = 0x82) -> tuple[UsbRawPort, threading.Event]:
    released = threading.Event()
    return UsbRawPort("usb://04B8:0E15", device, out_ep=1, in_ep=in_ep, release=released.set), released


def test_raw_usb_goes_packet_by_packet() -> None:
    device = FakeUsb()
    port, released = raw_port(device)
    assert port.write(bytes(200), 0.2) == 64
    device.takes = False
    assert port.write(b"x", 0.01) == 0
    device.answers.append(b"\x12")
    assert port.read(16, 1.0) == b"\x12"
    assert port.read(16, 0.01) == b""
    port.wake()
    assert port.read(16, LIMIT_S) == b""
    device.gone = True
    with pytest.raises(PortLost):
        port.read(16, 1.0)
    with pytest.raises(PortLost):
        port.write(b"x", 1.0)
    port.close()
    port.close()
    assert released.is_set()
    assert raw_port(device, in_ep=None)[0].answers is False


class Thing:
    """An object of pyusb's tree: attributes, and children to go through."""

    def __init__(self, *children: Thing, **named: int) -> None:
        self.children = children
        self.named = named

    def __iter__(self) -> Any:
        return iter(self.children)

    def __getattr__(self, name: str) -> int:
        return self.named[name]


def test_end_points_are_looked_up_never_guessed() -> None:
    def end(address: int, kind: int = 2) -> Thing:
        return Thing(bEndpointAddress=address, bmAttributes=kind)

    keys = Thing(end(0x85), end(0x05), bInterfaceClass=3)
    printer = Thing(end(0x81, 3), end(0x02), end(0x83), bInterfaceClass=7)
    assert end_points(Thing(Thing(keys, printer))) == (0x02, 0x83)
    assert end_points(Thing(Thing(Thing(end(0x01), bInterfaceClass=7)))) == (0x01, None)
    with pytest.raises(LookupError):
        end_points(Thing(Thing(Thing(end(0x81), bInterfaceClass=7))))


def test_a_machine_without_pyusb_or_printer_says_what_to_do() -> None:
    assert parse_name("usb://04b8:0E15") == (0x04B8, 0x0E15)
    with pytest.raises(PortNameWrong, match="four hex digits"):
        parse_name("usb://epson")
    with pytest.raises(PortMissing, match=r"pyusb|libusb|no such USB device"):
        open_usb("usb://0000:0000")
