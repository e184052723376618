"""What is plugged into this machine: serial ports with what they are known for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from drivers.transport import SerialPortFound, comports

USB_NAMES = {
    (0x1A86, 0x7523): "CH340 USB-serial adapter: reader, printer or pad",
    (0x1A86, 0x55D4): "CH9102 USB-serial adapter: reader, printer or pad",
    (0x10C4, 0xEA60): "CP210x USB-serial adapter: reader, printer or pad",
    (0x067B, 0x2303): "PL2303 USB-serial adapter: reader, printer or pad",
    (0x0403, 0x6001): "FTDI USB-serial adapter: reader, printer or pad",
    (0x0483, 0x5740): "STM32 virtual port: often a printer or scanner",
}
"""A guess only: adapters say nothing about what hangs on them, so each driver proves its device before it is used."""


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
    guess = USB_NAMES.get((port.vid or 0, port.pid or 0), said)
    return PortInfo(port.device, _link_to(port.device, folder / kind) or port.device, usb, port.serial_number, guess)


def _link_to(device: str, folder: Path) -> str | None:
    if sys.platform == "win32" or not folder.is_dir():
        return None
    target = Path(device).resolve()
    return next((str(link) for link in sorted(folder.iterdir()) if link.resolve() == target), None)
