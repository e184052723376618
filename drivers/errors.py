"""Everything that can go wrong with a device, as one tree.

Each error keeps its data in attributes (``code`` is stable and safe to show, log and translate), builds its text in
``__str__`` with a remedy for the technician, and says in ``retryable`` whether the same call may succeed later without
anybody changing a setting. No error ever holds bytes that came from a card.
"""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class DriverError(Exception):
    """Base of all errors that leave ``drivers``."""

    code: ClassVar[str] = "driver"
    retryable: ClassVar[bool] = False


class PortError(DriverError):
    """Something is wrong with the port ``name``; ``detail`` is the system's own word for it, if any."""

    code: ClassVar[str] = "port"
    retryable: ClassVar[bool] = True

    def __init__(self, name: str, detail: str = "") -> None:
        super().__init__(name, detail)
        self.name = name
        self.detail = detail

    def _because(self) -> str:
        return f" ({self.detail})" if self.detail else ""


class PortMissing(PortError):
    """No such port, or nobody listens there."""

    code: ClassVar[str] = "port_missing"

    def __str__(self) -> str:
        return f"{self.name}: not there{self._because()}. Check plug and power, then look it up with: hall-devices list"


class PortBusy(PortError):
    """Another program holds the port."""

    code: ClassVar[str] = "port_busy"

    def __str__(self) -> str:
        return f"{self.name}: in use by another program{self._because()}. Close that one (kiosk, CUPS, vendor service)."


class PortDenied(PortError):
    """This user may not open the port."""

    code: ClassVar[str] = "port_denied"
    retryable: ClassVar[bool] = False

    def __str__(self) -> str:
        group = "the port's group (dialout; USB printers: lp; hall-devices doctor names it)"
        return f"{self.name}: permission denied{self._because()}. Add this user to {group} and sign in again."


class PortLost(PortError):
    """The port was open and is gone: cable pulled, device off, peer closed."""

    code: ClassVar[str] = "port_lost"

    def __str__(self) -> str:
        return f"{self.name}: connection lost{self._because()}. Check the cable; the port is opened again by itself."


class PortNameWrong(PortError):
    """The text that should name a port cannot name one."""

    code: ClassVar[str] = "port_name"
    retryable: ClassVar[bool] = False

    def __str__(self) -> str:
        return f"{self.name!r} names no port{self._because()}. Use a device path or socket://HOST:PORT."


class ProtocolError(DriverError):
    """The device said something that its protocol does not allow. ``reason`` is a stable word, never the bytes."""

    code: ClassVar[str] = "protocol"
    retryable: ClassVar[bool] = True

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"the device's answer breaks its protocol ({self.reason}). Check baud rate and cable if this goes on."


class DeviceSilent(DriverError):
    """The port is open and the device does not answer ``question`` within ``waited_s``."""

    code: ClassVar[str] = "silent"
    retryable: ClassVar[bool] = True

    def __init__(self, question: str, waited_s: float) -> None:
        super().__init__(question, waited_s)
        self.question = question
        self.waited_s = waited_s

    def __str__(self) -> str:
        return f"no answer to {self.question} within {self.waited_s:.1f} s. Check power, baud rate and device."


class DeviceWrong(DriverError):
    """Something else answers where ``device`` should be, or nothing that can be understood; ``health`` says which."""

    code: ClassVar[str] = "wrong_device"
    retryable: ClassVar[bool] = True

    def __init__(self, device: str, health: str) -> None:
        super().__init__(device, health)
        self.device = device
        self.health = health

    def __str__(self) -> str:
        if self.health == self.code:
            return f"another kind of device answers as {self.device}. Correct the address or the plug."
        return (
            f"{self.device} answers, damaged. Check cable, speed and end resistors, and that no other has its address."
        )


class LinkBusy(DriverError):
    """More commands wait for the device than the ceiling ``limit`` allows; nothing was taken."""

    code: ClassVar[str] = "link_busy"
    retryable: ClassVar[bool] = True

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return f"{self.limit} commands already wait for the device. Try again when it answers."


class ConfigurationError(DriverError):
    """A settings or data file is wrong. ``faults`` are all that were found, each one sentence with its key."""

    code: ClassVar[str] = "configuration"

    def __init__(self, path: Path | str, faults: tuple[str, ...] | list[str], *, what: str = "settings") -> None:
        self.path = Path(path)
        self.faults = tuple(faults)
        self.what = what
        super().__init__(str(path), self.faults)

    def __str__(self) -> str:
        lines = "".join(f"\n  - {fault}" for fault in self.faults)
        noun = "fault" if len(self.faults) == 1 else "faults"
        return f"{self.what} {self.path}: {len(self.faults)} {noun}. Correct the file and start again.{lines}"
