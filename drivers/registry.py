"""What is plugged into this machine: serial ports with what they are known for."""

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
    """A serial port. ``stable`` is the name to put into settings: it survives a replug into the same socket."""

    device: str
    stable: str
    usb: str
    """VID:PID in hex, empty when it is no USB port."""
    serial_number: str
    guess: str


def serial_ports(folder: Path = Path("/dev/serial")) -> list[PortInfo]:
    """All serial ports, sorted by name. ``folder`` is where udev keeps its links.

    Adapters with a serial number are named by it (``by-id``); those without, by socket (``by-path``), because two
    adapters of one make are otherwise taken for each other.
    """
    return sorted((describe(port, folder) for port in comports()), key=lambda info: info.device)


def describe(port: SerialPortFound, folder: Path) -> PortInfo:
    """What is known of ``port``; its stable name is looked up below ``folder``."""
    kind = "by-id" if port.serial_number else "by-path"
    usb = f"{port.vid:04X}:{port.pid:04X}" if port.vid is not None and port.pid is not None else ""
    said = "" if port.description == "n/a" else port.description
    guess = USB_NAMES.get((port.vid or 0, port.pid or 0)) or USB_MAKERS.get(port.vid or 0) or said
    return PortInfo(port.device, _link_to(port.device, folder / kind) or port.device, usb, port.serial_number, guess)


def _link_to(device: str, folder: Path) -> str | None:
    if sys.platform == "win32" or not folder.is_dir():
        return None
    target = Path(device).resolve()
    return next((str(link) for link in sorted(folder.iterdir()) if link.resolve() == target), None)
