"""A simulated ESC/POS printer that speaks the real wire.

``SimulatedPrinter`` is the machine without I/O: bytes in, answers out, paper with what was printed, faults. It answers
real-time commands as they arrive, even inside a picture, and works its buffer off at the pace of a print head.
``PrinterSimulator`` puts it behind a port at the line's pace, with a control channel.
"""

from __future__ import annotations

import base64
import time
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from drivers.control import BadRequest
from drivers.printer.decoder import decode
from drivers.printer.stream import Command, LineFeed, Operation, Raster, Symbol, Typed, next_operation
from drivers.simulated_device import WRITE_S, DeviceSimulator

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.control import Reply, Request
    from drivers.listening import Listener
    from drivers.transport import Transport

SLIPS_LIMIT = 200
BUFFER_BYTES = 262_144
PAPER_BYTES = 1_000_000
"""Uncut paper longer than this is forgotten from its beginning."""
DOTS_PER_MM = 8
LINE_DOTS = 40
CUT_S = 0.3
QR_DOTS = 230
STEP_S = 0.05
CLEAR_ANSWER = b"7%\x00"
CLEAR_COMMAND = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
PROCESS_COMMAND = b"\x1d(H"


class Fault(StrEnum):
    """What can be wrong; several may be at once. ``…_after_bytes:N`` counts what the printer receives from then on."""

    PAPER_END = "paper_end"
    PAPER_NEAR_END = "paper_near_end"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    HEAD_HOT = "head_hot"
    OFFLINE = "offline"
    SILENT = "silent"
    UNPLUG = "unplug"
    JAM = "jam"


STOPPING = frozenset({Fault.PAPER_END, Fault.COVER_OPEN, Fault.HEAD_HOT, Fault.OFFLINE, Fault.SILENT, Fault.JAM})
LATER = {f"{fault}_after_bytes": fault for fault in (Fault.JAM, Fault.PAPER_END, Fault.UNPLUG, Fault.COVER_OPEN)}


@dataclass(frozen=True, slots=True)
class CutSlip:
    """A piece of paper in the tray: ``n`` counts from 1, ``data`` are the bytes that made it, ``at`` seconds."""

    n: int
    data: bytes
    at: float


class SimulatedPrinter:
    """The machine. Not thread-safe: the simulator holds its lock around every call. Times are seconds of one clock."""

    def __init__(self, *, mm_s: float = 150.0, clears: bool = True) -> None:
        """``mm_s`` is the speed of the paper; ``clears`` False is a clone that knows no clearing of its buffer."""
        self._dots_s = mm_s * DOTS_PER_MM
        self._clears = clears
        self._buffer = bytearray()
        self._tail = b""
        self._paper = bytearray()
        self._printed = False
        self._busy_until = 0.0
        self._cut_failed = False
        self._later: tuple[Fault, int] | None = None
        self.faults: set[Fault] = set()
        self.slips: deque[CutSlip] = deque(maxlen=SLIPS_LIMIT)
        self.cut_count = 0
        self.received = 0
        self.real_time_count = 0

    @property
    def room(self) -> int:
        """Bytes the buffer still takes."""
        return BUFFER_BYTES - len(self._buffer)

    @property
    def waiting(self) -> int:
        """Bytes received and not yet worked off."""
        return len(self._buffer)

    @property
    def hanging(self) -> bytes:
        """What was printed since the last cut and still hangs in the printer."""
        return bytes(self._paper)

    def set_fault(self, name: str) -> None:
        """Begin a fault, or with ``…_after_bytes:N`` one that begins later. Raises BadRequest."""
        word, _, number = name.partition(":")
        if word in LATER and number.isdigit():
            self._later = (LATER[word], int(number))
            return
        try:
            self.faults.add(Fault(name))
        except ValueError:
            known = ", ".join([*Fault, *(f"{word}:N" for word in LATER)])
            raise BadRequest(f"no fault {name!r}; there are: {known}") from None

    def clear_faults(self) -> None:
        """Everything is well again; what waits in the buffer goes on."""
        self.faults.clear()
        self._later = None
        self._cut_failed = False

    def receive(self, data: bytes, now: float) -> bytes:
        """Take bytes; the answers to real-time commands among them."""
        answers = bytearray()
        for byte in data:
            self.received += 1
            self._buffer.append(byte)
            self._tail = (self._tail + bytes((byte,)))[-len(CLEAR_COMMAND) :]
            answers += self._real_time(now)
            self._count_down()
        return b"" if Fault.SILENT in self.faults else bytes(answers)

    def step(self, now: float, wall: float) -> bytes:
        """Work the buffer off as far as time allows; the answers that printing has reached. ``wall`` dates slips."""
        answers = bytearray()
        while not self.stopped and self._busy_until <= now:
            found = next_operation(bytes(self._buffer[:70_000]))
            if found is None:
                break
            operation, length = found
            if self._is_cut(operation) and Fault.CUTTER_ERROR in self.faults:
                self._cut_failed = True
                break
            self._busy_until = max(self._busy_until, now - STEP_S) + self._seconds(operation)
            answers += self._print(operation, length, wall)
        return bytes(answers)

    def due(self, now: float) -> float:
        """Seconds until ``step`` has something to do."""
        return min(max(self._busy_until - now, 0.0), STEP_S) if self._buffer and not self.stopped else STEP_S

    @property
    def stopped(self) -> bool:
        return bool(self.faults & STOPPING) or self._cut_failed

    def _count_down(self) -> None:
        if self._later is None:
            return
        fault, left = self._later
        self._later = (fault, left - 1)
        if left <= 1:
            self.faults.add(fault)
            self._later = None

    def _real_time(self, now: float) -> bytes:  # noqa: ARG002 - a machine answers at once
        tail = self._tail
        if len(tail) > 2 and tail[-3:-1] == b"\x10\x04" and tail[-1] in (1, 2, 3, 4):
            self.real_time_count += 1
            return bytes((self._status(tail[-1]),))
        if tail.endswith((b"\x10\x05\x01", b"\x10\x05\x02")):
            self.real_time_count += 1
            if tail[-1] == 2:
                self._clear_buffer()
        elif tail == CLEAR_COMMAND:
            self.real_time_count += 1
            return CLEAR_ANSWER if self._clear_buffer() else b""
        return b""

    def _clear_buffer(self) -> bool:
        if self._clears:
            self._buffer.clear()
        return self._clears

    def _status(self, question: int) -> int:
        has = self.faults.__contains__
        error = self._cut_failed or has(Fault.HEAD_HOT) or has(Fault.JAM)
        bits = {
            1: 0x08 * (self.stopped),
            2: 0x04 * has(Fault.COVER_OPEN) | 0x20 * has(Fault.PAPER_END) | 0x40 * error,
            3: 0x08 * self._cut_failed | 0x40 * has(Fault.HEAD_HOT) | 0x04 * has(Fault.JAM),
            4: 0x0C * (has(Fault.PAPER_NEAR_END) or has(Fault.PAPER_END)) | 0x60 * has(Fault.PAPER_END),
        }
        return 0x12 | bits[question]

    @staticmethod
    def _is_cut(operation: Operation) -> bool:
        return isinstance(operation, Command) and operation.head == b"\x1dV"

    def _seconds(self, operation: Operation) -> float:
        match operation:
            case LineFeed():
                return LINE_DOTS / self._dots_s
            case Raster(rows=rows):
                return rows / self._dots_s
            case Symbol(function=0x51):
                return QR_DOTS / self._dots_s
            case Command(head=b"\x1dV"):
                return CUT_S * 1200 / self._dots_s
            case _:
                return 0.0

    def _print(self, operation: Operation, length: int, wall: float) -> bytes:
        if not (isinstance(operation, Command) and operation.head[:1] == b"\x10"):
            self._paper += self._buffer[:length]  # real-time commands leave nothing on paper
        del self._paper[:-PAPER_BYTES]
        del self._buffer[:length]
        match operation:
            case Typed() | Raster() | Symbol(function=0x51):
                self._printed = True
            case Command(head=b"\x1dV"):
                self._cut(wall)
            case Command(head=b"\x1dr"):
                near, end = Fault.PAPER_NEAR_END in self.faults, Fault.PAPER_END in self.faults
                return bytes((0x03 * near | 0x0C * end,))
            case Command(head, data) if head == PROCESS_COMMAND and data[:2] == b"00":
                return b"7\x22" + data[2:6] + b"\x00"
            case _:
                pass
        return b""

    def _cut(self, wall: float) -> None:
        """White scraps fall into the bin and are not counted."""
        if self._printed:
            self.cut_count += 1
            self.slips.append(CutSlip(self.cut_count, bytes(self._paper), wall))
        self._paper.clear()
        self._printed = False


class PrinterSimulator(DeviceSimulator):
    """A machine behind a port. ``start``, then ask it by the control channel or by ``control``."""

    def __init__(
        self,
        listener: Listener,
        *,
        baud: int | None = None,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
        mm_s: float = 150.0,
        clears: bool = True,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        """``baud`` None: a network printer, as fast as the socket."""
        self._printer = SimulatedPrinter(mm_s=mm_s, clears=clears)
        self._clock = clock
        self._wall_clock = wall_clock
        super().__init__(listener, name="printer", baud=baud, control_host=control_host, control_port=control_port)

    def control(self, request: Request) -> Reply:
        """One request of the control channel: fault, clear, state, slips. Raises BadRequest."""
        with self._lock:
            self._printer.step(self._clock(), self._wall_clock())
            match request:
                case {"do": "replug"} | {"do": "fault", "name": "replug"}:
                    self._printer.faults.discard(Fault.UNPLUG)
                    self._station.plug()
                case {"do": "fault", "name": str(name)}:
                    self._printer.set_fault(name)
                    self._pull_if_wanted()
                case {"do": "clear"}:
                    self._printer.clear_faults()
                    self._station.plug()
                case {"do": "state"}:
                    return self._state()
                case {"do": "slips"}:
                    return self._slips(request.get("after", 0))
                case _:
                    raise BadRequest(
                        'try {"do": "fault", "name": …}, clear, replug, state, {"do": "slips", "after": 0}'
                    )
        return {}

    def _state(self) -> Reply:
        printer = self._printer
        return {
            "faults": sorted(printer.faults),
            "plugged": self.plugged,
            "slips": printer.cut_count,
            "waiting_bytes": printer.waiting,
            "received_bytes": printer.received,
            "real_time_commands": printer.real_time_count,
            "hanging_text": decode(printer.hanging).text,
        }

    def _slips(self, after: Any) -> Reply:  # noqa: ANN401 - as it came over the wire
        if not isinstance(after, int):
            raise BadRequest('"after" must be the number of the last slip seen')
        found = [
            {"n": slip.n, "bytes": base64.b64encode(slip.data).decode("ascii"), "at": slip.at}
            for slip in self._printer.slips
            if slip.n > after
        ]
        return {"slips": found}

    def _pull_if_wanted(self) -> bool:
        if Fault.UNPLUG in self._printer.faults:
            self._station.pull()
            return True
        return False

    def _talk(self, line: Transport) -> None:
        while self._talking:
            with self._lock:
                answers = self._printer.step(self._clock(), self._wall_clock())
                room, due_s = self._printer.room, self._printer.due(self._clock())
                silent = Fault.SILENT in self._printer.faults
            if answers and not silent:
                line.write(answers, WRITE_S)
            if not room:
                self._station.stopping.wait(STEP_S)
                continue
            data = line.read(min(room, 4096), due_s)
            if data:
                self._take(line, data)

    def _take(self, line: Transport, data: bytes) -> None:
        """Byte by byte, because a cable may be pulled between two."""
        answers = bytearray()
        with self._lock:
            for index in range(len(data)):
                answers += self._printer.receive(data[index : index + 1], self._clock())
                if self._pull_if_wanted():
                    return
        if answers:
            line.write(bytes(answers), WRITE_S)
