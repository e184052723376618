"""A simulated serial scanner: ``scan`` through the control channel puts a code before its window."""

from __future__ import annotations

import random
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING

from drivers.control import BadRequest, Reply, Request
from drivers.listening import Listener
from drivers.simulated_device import DeviceSimulator, Piece, fault_named

if TYPE_CHECKING:
    from drivers.transport import Transport

LISTEN_S = 0.05
SCANS_LIMIT = 50


class Fault(StrEnum):
    """What can go wrong; the README's table says what resident and staff see of each."""

    SILENT = "silent"
    NO_END = "no_end"
    NOISE = "noise"
    SLOW = "slow"
    DOUBLE = "double"
    GARBLED = "garbled"
    OVERLONG = "overlong"
    UNPLUG = "unplug"


class SimulatedScanner:
    """What leaves the scanner for a code. Not thread-safe."""

    def __init__(self, *, prefix: bytes = b"", suffix: bytes = b"\r\n", encoding: str = "utf-8", seed: int = 1) -> None:
        """``encoding`` is ``utf-8`` or ``gb18030``; ``seed`` fixes the noise."""
        self._prefix = prefix
        self._suffix = suffix
        self._encoding = encoding
        self._noise = random.Random(seed)
        self.fault: Fault | None = None
        self.scanned = 0

    def scan(self, text: str) -> list[Piece]:
        self.scanned += 1
        data = self._prefix + text.encode(self._encoding, "replace") + self._suffix
        middle = len(data) // 2
        match self.fault:
            case Fault.SILENT | Fault.UNPLUG:
                return []
            case Fault.NO_END:
                return [Piece(0, data.removesuffix(self._suffix))]
            case Fault.NOISE:
                # A bad plug: bytes between the scans, each burst with its own line end.
                return [Piece(0, b"\xff" + self._noise.randbytes(6) + b"\r"), Piece(0.01, data)]
            case Fault.SLOW:
                return [Piece(0.03, data[:middle]), Piece(0.05, data[middle:])]
            case Fault.DOUBLE:
                return [Piece(0, data), Piece(0.3, data)]
            case Fault.GARBLED:
                return [Piece(0, bytes(byte | 0x80 for byte in data.removesuffix(self._suffix)) + b"\xff\r")]
            case Fault.OVERLONG:
                return [Piece(0, data.removesuffix(self._suffix) + b"0" * 600 + self._suffix)]
            case None:
                return [Piece(0, data)]


class ScannerSimulator(DeviceSimulator):
    """A scanner behind a port. ``start``, then scan by the control channel or by ``control``."""

    def __init__(
        self,
        listener: Listener,
        *,
        baud: int = 9600,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
        prefix: bytes = b"",
        suffix: bytes = b"\r\n",
        encoding: str = "utf-8",
    ) -> None:
        self._scanner = SimulatedScanner(prefix=prefix, suffix=suffix, encoding=encoding)
        self._waiting: deque[str] = deque(maxlen=SCANS_LIMIT)
        super().__init__(listener, name="scanner", baud=baud, control_host=control_host, control_port=control_port)

    def control(self, request: Request) -> Reply:
        """``scan`` (``text``), ``fault``, ``clear``, ``replug``, ``state``. Raises BadRequest."""
        match request:
            case {"do": "scan", "text": str(text)}:
                with self._lock:
                    if self.plugged:  # without a cable nobody keeps it
                        self._waiting.append(text)
            case {"do": "fault", "name": str(name)}:
                self._set_fault(name)
            case {"do": "clear" | "replug"}:
                self._scanner.fault = None
                self._station.plug()
            case {"do": "state"}:
                return {
                    "fault": self._scanner.fault,
                    "plugged": self.plugged,
                    "scanned": self._scanner.scanned,
                }
            case _:
                raise BadRequest('unknown request; try {"do": "scan", "text": "A012"}, fault, clear, replug, state')
        return {}

    def _set_fault(self, name: str) -> None:
        fault = fault_named(Fault, name)
        self._scanner.fault = fault
        if fault is Fault.UNPLUG:
            self._station.pull()

    def _talk(self, line: Transport) -> None:
        while self._talking:
            line.read(256, LISTEN_S)  # it obeys nobody; a host that goes is noticed here
            with self._lock:
                pieces = self._scanner.scan(self._waiting.popleft()) if self._waiting else []
            self._say(line, pieces)
