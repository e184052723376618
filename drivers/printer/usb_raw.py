"""A USB printer without a device file, through python-escpos' USB class and pyusb: ``usb://VID:PID`` in hex.

For Windows with libusb and for kernels without ``usblp``. Loaded on first use only; neither pyusb nor libusb has to be
installed. python-escpos finds, frees and configures the device; reading and writing are done here, because its own wait
for ever and its end points are a guess. One packet is sent at a time: after a timeout none of it was taken.
"""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Protocol

from drivers.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing, PortNameWrong
from drivers.printer import escpos_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = re.compile(r"usb://([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})")
PACKET_BYTES = 64
"""A full-speed bulk packet; high-speed printers take it as a short one."""
SLICE_S = 0.02
"""libusb has no way to end a read from outside, so none is longer than this."""
PRINTER_CLASS = 7
DIRECTION_IN = 0x80
BULK = 0x02
_REMEDY = "install pyusb and libusb, or use the device file /dev/usb/lp0"


class UsbDevice(Protocol):
    """What is used of pyusb's device. Times are milliseconds; both raise an OSError, on timeout one that says so."""

    def write(self, endpoint: int, data: bytes, timeout: int) -> int: ...

    def read(self, endpoint: int, size: int, timeout: int) -> Any: ...  # noqa: ANN401 - pyusb gives an array


class UsbRawPort:
    """A ``Transport`` on a USB device that was found and opened. ``answers``: it has an end point to read from."""

    def __init__(
        self, name: str, device: UsbDevice, *, out_ep: int, in_ep: int | None, release: Callable[[], None]
    ) -> None:
        self._name = name
        self._device = device
        self._out_ep = out_ep
        self._in_ep = in_ep
        self._release: Callable[[], None] | None = release
        self._woken = threading.Event()
        self.answers = in_ep is not None

    @property
    def name(self) -> str:
        return self._name

    def read(self, limit: int, timeout_s: float) -> bytes:
        """In slices, because ``wake`` cannot end libusb's read."""
        left = timeout_s
        while True:
            if self._woken.is_set():
                self._woken.clear()
                return b""
            data = self._read_slice(limit, min(left, SLICE_S))
            left -= SLICE_S
            if data or left <= 0:
                return data

    def _read_slice(self, limit: int, slice_s: float) -> bytes:
        if self._in_ep is None:
            self._woken.wait(max(slice_s, 0))
            return b""
        try:
            return bytes(self._device.read(self._in_ep, max(limit, PACKET_BYTES), max(int(slice_s * 1000), 1)))
        except OSError as error:
            return self._nothing(error)

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            return int(self._device.write(self._out_ep, data[:PACKET_BYTES], max(int(timeout_s * 1000), 1)))
        except OSError as error:
            return len(self._nothing(error))

    def discard_input(self) -> None:
        for _ in range(PACKET_BYTES):
            if not self._read_slice(PACKET_BYTES, 0.0):
                return

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        release, self._release = self._release, None
        if release is not None:
            release()

    def _nothing(self, error: OSError) -> bytes:
        """A timeout is no loss; everything else is."""
        if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__ or "timed out" in str(error):
            return b""
        raise PortLost(self._name, type(error).__name__) from error


def parse_name(name: str) -> tuple[int, int]:
    """``usb://VID:PID`` as two numbers. Raises PortNameWrong."""
    found = NAME.fullmatch(name)
    if found is None:
        raise PortNameWrong(name, "write usb://VID:PID, four hex digits each, as hall-devices list shows them")
    return int(found.group(1), 16), int(found.group(2), 16)


def open_usb(name: str) -> UsbRawPort:
    """Find and open the printer. Raises PortMissing (also without pyusb), PortDenied, PortBusy, PortNameWrong."""
    vid, pid = parse_name(name)
    try:
        import usb.core  # noqa: PLC0415 - an optional library
        import usb.util  # noqa: PLC0415
    except ImportError as error:
        raise PortMissing(name, f"pyusb is not installed: {_REMEDY}") from error
    escpos_bytes.warm()
    from escpos.exceptions import Error as EscposError  # noqa: PLC0415
    from escpos.printer import Usb  # noqa: PLC0415

    try:
        found = usb.core.find(idVendor=vid, idProduct=pid)
    except usb.core.NoBackendError as error:
        raise PortMissing(name, f"libusb is not installed: {_REMEDY}") from error
    if found is None:
        raise PortMissing(name, "no such USB device")
    try:
        out_ep, in_ep = end_points(found)
        printer = Usb(vid, pid, timeout=1000, out_ep=out_ep, in_ep=in_ep or 0)
        printer.open()
    except (OSError, LookupError, NotImplementedError, EscposError) as error:
        raise _open_error(name, error) from error
    return UsbRawPort(name, printer.device, out_ep=out_ep, in_ep=in_ep, release=printer.close)


def end_points(device: Any) -> tuple[int, int | None]:  # noqa: ANN401 - pyusb is untyped
    """The first bulk end points, out and in, of the printer-class interface, else of any. Raises LookupError."""
    interfaces = [interface for configuration in device for interface in configuration]
    interfaces.sort(key=lambda each: each.bInterfaceClass != PRINTER_CLASS)
    for interface in interfaces:
        bulk = [each.bEndpointAddress for each in interface if each.bmAttributes & 0x03 == BULK]
        out = [each for each in bulk if not each & DIRECTION_IN]
        if out:
            return out[0], next((each for each in bulk if each & DIRECTION_IN), None)
    raise LookupError("no bulk end point to write to")


def _open_error(name: str, error: Exception) -> PortError:
    text = f"{type(error).__name__} {error}"
    if "Access" in text or "Errno 13" in text:
        return PortDenied(name, "libusb may not open it; a udev rule for this VID:PID is needed")
    if "busy" in text.lower() or "Errno 16" in text:
        return PortBusy(name, "another program or CUPS holds it")
    if isinstance(error, LookupError):
        return PortNameWrong(name, str(error))
    return PortMissing(name, type(error).__name__)
