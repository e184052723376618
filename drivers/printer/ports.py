"""The ports that printers have and other devices have not: the kernel's device file, and USB without one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.printer.usb_file import UsbFilePort, is_printer_file
from drivers.transport import open_port

if TYPE_CHECKING:
    from drivers.transport import Transport

USB_SCHEME = "usb://"


def open_printer_port(port: str, baud: int) -> Transport:
    """Any port a printer can hang on. Raises PortError."""
    if port.startswith(USB_SCHEME):
        from drivers.printer import usb_raw  # noqa: PLC0415 - seldom

        return usb_raw.open_usb(port)
    if is_printer_file(port):
        return UsbFilePort(port)
    return open_port(port, baud=baud)


def answers(line: Transport) -> bool:
    """Whether this line carries answers at all; a one-way USB cable does not."""
    return bool(getattr(line, "answers", True))
