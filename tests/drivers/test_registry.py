from __future__ import annotations

from pathlib import Path

from drivers.registry import USB_MAKERS, USB_NAMES, describe, serial_ports
from drivers.transport import SerialPortFound


def test_ports_of_this_machine_can_be_listed() -> None:
    assert all(port.device and port.stable for port in serial_ports())


def test_an_adapter_is_named_by_its_number_or_by_its_socket(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB0"
    device.touch()
    for kind in ("by-id", "by-path"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "link").symlink_to(device)
    numbered = describe(SerialPortFound(str(device), 0x0403, 0x6001, "A1", "n/a"), tmp_path)
    assert (numbered.stable, numbered.usb) == (str(tmp_path / "by-id" / "link"), "0403:6001")
    bare = describe(SerialPortFound(str(device), 0x1A86, 0x7523, "", "n/a"), tmp_path)
    assert bare.stable == str(tmp_path / "by-path" / "link")
    assert bare.guess == USB_NAMES[0x1A86, 0x7523]


def test_a_port_without_usb_keeps_its_name(tmp_path: Path) -> None:
    plain = describe(SerialPortFound("/dev/ttyS0", None, None, "", "n/a"), tmp_path)
    assert (plain.stable, plain.usb, plain.guess) == ("/dev/ttyS0", "", "")


def test_an_unknown_product_is_guessed_by_its_maker(tmp_path: Path) -> None:
    scanner = describe(SerialPortFound("/dev/ttyACM0", 0x1EAB, 0x1234, "", "Virtual COM"), tmp_path)
    assert scanner.guess == USB_MAKERS[0x1EAB]
    other = describe(SerialPortFound("/dev/ttyACM1", 0xBEEF, 0x0001, "", "Some device"), tmp_path)
    assert other.guess == "Some device"
