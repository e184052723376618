"""Bytes both ways in a file, when a technician asked for it: who said what, when. Never what a card says.

One record is one line of text: time (UTC), direction, bytes. ``>`` was sent, ``<`` was heard, ``=`` is the line itself.
The file is kept small: when it is full it becomes ``NAME.1``, that one ``NAME.2``, and older ones go. A trace that
cannot be written stops, with one warning; the device goes on.

Worked example: ``2026-11-22T01:02:03.456Z > 10 04 01``.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from drivers.errors import PortLost
from drivers.transport import Transport

logger = logging.getLogger(__name__)

LIMIT_BYTES = 1_000_000
KEPT = 2
"""Full files that are kept beside the one being written."""
_PLAIN = frozenset(range(0x20, 0x7F)) | set(b"\r\n")


class Teller(Protocol):
    """What of a device's bytes may be written down."""

    def sent(self, data: bytes) -> Sequence[str]: ...
    def heard(self, data: bytes) -> Sequence[str]: ...

    def ended(self) -> Sequence[str]:
        """What was heard and is still untold: nothing more of it comes, because the host speaks or the line ends."""
        ...


class Everything:
    """For devices that never hear anything personal: all bytes, as text where they are text."""

    def sent(self, data: bytes) -> Sequence[str]:
        return [written(data)]

    heard = sent

    def ended(self) -> Sequence[str]:
        return []


def written(data: bytes) -> str:
    """Printable bytes in quotes, CR and LF with a backslash; others in hex."""
    if data and _PLAIN.issuperset(data):
        text = data.decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
        return '"' + text.replace("\r", "\\r").replace("\n", "\\n") + '"'
    return data.hex(" ").upper()


class Trace:
    """The file. Used by one link, on its thread."""

    def __init__(
        self,
        path: Path,
        *,
        teller: Callable[[], Teller] = Everything,
        limit_bytes: int = LIMIT_BYTES,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """Nothing is opened yet. ``teller`` makes a fresh one for each opened line. Each device needs its own file."""
        self._path = path
        self._new_teller = teller
        self._limit_bytes = limit_bytes
        self._wall_clock = wall_clock
        self._descriptor: int | None = None
        self._size = 0

    def around(self, line: Transport) -> Transport:
        """``line``, written down from now on until it is closed."""
        self._open()
        self.record("=", [f"open {line.name}"])
        return _TracedLine(line, self, self._new_teller())

    def record(self, direction: str, texts: Sequence[str]) -> None:
        """One line for each of ``texts``. Never raises: a full disk ends the trace, not the device."""
        moment = dt.datetime.fromtimestamp(self._wall_clock(), dt.UTC)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
        data = "".join(f"{stamp} {direction} {text}\n" for text in texts).encode()
        if self._descriptor is None or not data:
            return
        try:
            if self._size and self._size + len(data) > self._limit_bytes:
                self._turn()
            self._size += os.write(self._descriptor, data)
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        """Until the next ``around``."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def _open(self) -> None:
        self.close()
        try:
            # Readable by its owner only: it tells when somebody was there.
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._size = os.fstat(self._descriptor).st_size
        except OSError as error:
            self._give_up(error)

    def _turn(self) -> None:
        """A full file gets a number; the oldest is written over."""
        self.close()
        for number in range(KEPT, 0, -1):
            newer = self._numbered(number - 1)
            if newer.exists():
                newer.replace(self._numbered(number))
        self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._size = 0

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path

    def _give_up(self, error: OSError) -> None:
        self.close()
        logger.warning("trace %s stopped: %s", self._path.name, os.strerror(error.errno or 0))


class _TracedLine:
    """A ``Transport`` that is written down."""

    def __init__(self, line: Transport, trace: Trace, teller: Teller) -> None:
        self._line = line
        self._trace = trace
        self._teller = teller

    @property
    def name(self) -> str:
        return self._line.name

    def read(self, limit: int, timeout_s: float) -> bytes:
        try:
            data = self._line.read(limit, timeout_s)
        except PortLost as error:
            self._lost(error)
            raise
        if data:
            self._trace.record("<", self._teller.heard(data))
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            taken = self._line.write(data, timeout_s)
        except PortLost as error:
            self._lost(error)
            raise
        if taken:
            self._trace.record("<", self._teller.ended())
            self._trace.record(">", self._teller.sent(data[:taken]))
        return taken

    def discard_input(self) -> None:
        self._line.discard_input()

    def wake(self) -> None:
        self._line.wake()

    def close(self) -> None:
        self._line.close()
        self._trace.record("<", self._teller.ended())
        self._trace.record("=", ["closed"])
        self._trace.close()

    def _lost(self, error: PortLost) -> None:
        self._trace.record("=", [f"{error.code} {error.detail}".rstrip()])
