"""What is plugged into this machine: serial ports and USB printers, with what they are known for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from drivers.transport import SerialPortFound, comports

ADAPTER = "USB-serial adapter: reader, printer, pad line or strip line"
USB_NAMES = {
    (0x1A86, 0x7523): f"CH340 {ADAPTER}",
    (0x1A86, 0x55D3): f"CH343 {ADAPTER}",
    (0x1A86, 0x55D4): f"CH9102 {ADAPTER}",
    (0x10C4, 0xEA60): f"CP210x {ADAPTER}",
    (0x067B, 0x2303): f"PL2303 {ADAPTER}",
    (0x067B, 0x23A3): f"PL2303 {ADAPTER}",
    (0x0403, 0x6001): f"FTDI {ADAPTER}",
    (0x0403, 0x6015): f"FTDI {ADAPTER}",
    (0x0483, 0x5740): "STM32 virtual port: often a printer or scanner",
}
USB_MAKERS = {
    0x04B8: "Epson: a printer",
    0x05E0: "Zebra or Symbol: a scanner",
    0x05F9: "Datalogic: a scanner",
    0x0C2E: "Honeywell: a scanner",
    0x1EAB: "Newland: a scanner",
    0x1A86: f"WCH {ADAPTER}",
    0x0403: f"FTDI {ADAPTER}",
}
"""Where the product is not known, the maker often is.

A guess only: adapters say nothing about what hangs on them, so each driver proves its device before it is used, and
``hall-devices probe`` asks.
"""


@dataclass(frozen=True, slots=True)
class PortInfo:
    """A port. ``stable`` is the name to put into settings: it survives a replug into the same socket."""

    device: str
    stable: str
    usb: str
    """VID:PID in hex, empty when it is no USB port."""
    serial_number: str
    guess: str
    by_path: str = ""
    """The link that names the socket; empty where udev makes none."""
    twins: bool = False
    """Another adapter here says the same of itself, so only the socket tells them apart."""


def ports(dev: Path = Path("/dev"), sys_class: Path = Path("/sys/class")) -> list[PortInfo]:
    """All serial ports and USB printers of this machine, sorted by name."""
    return [*serial_ports(dev / "serial"), *usb_printers(dev, sys_class)]


def serial_ports(folder: Path = Path("/dev/serial")) -> list[PortInfo]:
    """All serial ports, sorted by name. ``folder`` is where udev keeps its links.

    Adapters with a serial number of their own are named by it (``by-id``); others by socket (``by-path``), because two
    adapters of one make share one ``by-id`` link, and it points to whichever came last.
    """
    found = comports()
    said = [(port.vid, port.pid, port.serial_number) for port in found]
    infos = [
        describe(port, folder, twins=port.vid is not None and said.count(what) > 1)
        for port, what in zip(found, said, strict=True)
    ]
    return sorted(infos, key=lambda info: info.device)


def describe(port: SerialPortFound, folder: Path, *, twins: bool = False) -> PortInfo:
    """What is known of ``port``; its stable name is looked up below ``folder``."""
    usb = f"{port.vid:04X}:{port.pid:04X}" if port.vid is not None and port.pid is not None else ""
    said = "" if port.description == "n/a" else port.description
    guess = USB_NAMES.get((port.vid or 0, port.pid or 0)) or USB_MAKERS.get(port.vid or 0) or said
    # The second is the link of assets/deploy/udev, for systems whose udev makes no by-path.
    by_path = _link_to(port.device, folder / "by-path") or _link_to(port.device, folder.parent / "hall")
    by_id = _link_to(port.device, folder / "by-id") if port.serial_number and not twins else ""
    return PortInfo(port.device, by_id or by_path or port.device, usb, port.serial_number, guess, by_path, twins)


def usb_printers(dev: Path, sys_class: Path) -> list[PortInfo]:
    """Device files of USB printers (``/dev/usb/lp0``); Linux only. What they are they say themselves."""
    return [_usb_printer(file, dev, sys_class) for file in sorted((dev / "usb").glob("lp[0-9]*"))]


def _usb_printer(file: Path, dev: Path, sys_class: Path) -> PortInfo:
    interface = (sys_class / "usbmisc" / file.name / "device").resolve()
    usb = f"{_line(interface.parent / 'idVendor')}:{_line(interface.parent / 'idProduct')}".upper().strip(":")
    # IEEE 1284: MFG:EPSON;MDL:TM-T82;CLS:PRINTER;…
    said = dict(pair.split(":", 1) for pair in _line(interface / "ieee1284_id").split(";") if ":" in pair)
    make = " ".join(
        said.get(short) or said.get(long, "") for short, long in (("MFG", "MANUFACTURER"), ("MDL", "MODEL"))
    )
    by_path = _link_to(str(file), dev / "hall")
    guess = f"USB printer {make}".strip()
    return PortInfo(str(file), by_path or str(file), usb, _line(interface.parent / "serial"), guess, by_path)


def _line(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0].strip()
    except OSError:
        return ""


def _link_to(device: str, folder: Path) -> str:
    if sys.platform == "win32" or not folder.is_dir():
        return ""
    target = Path(device).resolve()
    return next((str(link) for link in sorted(folder.iterdir()) if link.resolve() == target), "")
