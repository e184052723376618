from __future__ import annotations

from pathlib import Path

from drivers.registry import USB_MAKERS, USB_NAMES, describe, ports, serial_ports, usb_printers
from drivers.transport import SerialPortFound


def test_ports_of_this_machine_can_be_listed() -> None:
    assert all(port.device and port.stable for port in serial_ports())
    assert set(serial_ports()) <= set(ports())


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


def test_twins_are_named_by_their_socket_even_with_a_number(tmp_path: Path) -> None:
    """Some makers give every adapter the same serial number; their by-id link points to whichever came last."""
    device = tmp_path / "ttyUSB0"
    device.touch()
    for kind in ("by-id", "by-path"):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "link").symlink_to(device)
    twin = describe(SerialPortFound(str(device), 0x1A86, 0x7523, "0001", "n/a"), tmp_path, twins=True)
    assert (twin.stable, twin.twins) == (str(tmp_path / "by-path" / "link"), True)


def test_usb_printers_are_listed_with_what_they_say_of_themselves(tmp_path: Path) -> None:
    dev, sys_class = tmp_path / "dev", tmp_path / "class"
    device = tmp_path / "devices" / "1-2"
    interface = device / "1-2:1.0"
    for folder in (dev / "usb", dev / "hall", sys_class / "usbmisc" / "lp0", interface):
        folder.mkdir(parents=True)
    (dev / "usb" / "lp0").touch()
    (dev / "usb" / "lp1").touch()
    (dev / "hall" / "printer-pci-0000_00_14_0-usb-0_2_1_0").symlink_to(dev / "usb" / "lp0")
    (sys_class / "usbmisc" / "lp0" / "device").symlink_to(interface)
    for name, text in (("idVendor", "04b8\n"), ("idProduct", "0e15\n"), ("serial", "A1\n")):
        (device / name).write_text(text, encoding="utf-8")
    (interface / "ieee1284_id").write_text("MFG:EPSON;CMD:ESC/POS;MDL:TM-T82;CLS:PRINTER;\n", encoding="utf-8")
    known, bare = usb_printers(dev, sys_class)
    assert (known.usb, known.serial_number, known.guess) == ("04B8:0E15", "A1", "USB printer EPSON TM-T82")
    assert known.stable == known.by_path == str(dev / "hall" / "printer-pci-0000_00_14_0-usb-0_2_1_0")
    assert (bare.device, bare.stable, bare.usb, bare.guess) == (
        str(dev / "usb" / "lp1"),
        str(dev / "usb" / "lp1"),
        "",
        "USB printer",
    )


def test_our_own_udev_link_names_the_socket_where_the_system_has_none(tmp_path: Path) -> None:
    device = tmp_path / "ttyUSB0"
    device.touch()
    (tmp_path / "serial").mkdir()
    (tmp_path / "hall").mkdir()
    link = tmp_path / "hall" / "line-platform-usb-0_1_1_0"
    link.symlink_to(device)
    bare = describe(SerialPortFound(str(device), 0x1A86, 0x7523, "", "n/a"), tmp_path / "serial")
    assert (bare.stable, bare.by_path) == (str(link), str(link))
