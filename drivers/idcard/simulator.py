"""A simulated ID-card reader that speaks the real wire.

``SimulatedModule`` is the module without I/O: requests in, answers and delays out, a card that can be laid and lifted,
and one fault at a time. ``IdCardSimulator`` puts it behind a port at the line's pace, with a control channel.
"""

from __future__ import annotations

import random
import time
from enum import StrEnum
from typing import TYPE_CHECKING

from drivers.control import BadRequest, Reply, Request
from drivers.framing import Frame
from drivers.idcard import protocol
from drivers.idcard.protocol import Answer, BaseRecord, Command, Status
from drivers.idcard.samples import NEWEST_ADDRESSES, SAMPLES
from drivers.idcard.text import encode_address, encode_block
from drivers.listening import Listener
from drivers.simulated_device import LISTEN_S, DeviceSimulator, Piece, fault_named

if TYPE_CHECKING:
    from drivers.transport import Transport

SAM_NUMBER = "05.03-20990101-0000012345-0000067890"
PHOTO = bytes.fromhex("574C6600") + bytes((7 * i + 3) % 256 for i in range(1020))
"""Not a decodable picture."""
SHORT_S = 0.02
READ_S = 0.6
"""The module's own time for a read; drivers in the field see about a second in all."""


class Fault(StrEnum):
    """What can go wrong; the README's table says what resident and staff see of each."""

    SILENT = "silent"
    CHECKSUM = "checksum"
    TRUNCATED = "truncated"
    NOISE = "noise"
    SLOW = "slow"
    HALF_FRAME = "half_frame"
    UNAUTHORISED = "unauthorised"
    SELF_TEST = "self_test"
    SELECT_FAILS = "select_fails"
    READ_FAILS = "read_fails"
    NOT_ID_CARD = "not_id_card"
    UNPLUG = "unplug"


_STATUS_OF = {
    Fault.SELECT_FAILS: (Command.SELECT, Status.SELECT_FAILED),
    Fault.NOT_ID_CARD: (Command.SELECT, Status.WRONG_CARD),
    Fault.READ_FAILS: (Command.READ, Status.READ_FAILED),
}
_EVERY_COMMAND = {Fault.UNAUTHORISED: Status.UNAUTHORISED, Fault.SELF_TEST: Status.SELF_TEST}


class SimulatedModule:
    """The module. Not thread-safe: the simulator holds its lock around every call."""

    def __init__(self, *, read_s: float = READ_S, seed: int = 1) -> None:
        """``read_s`` is the time a read takes inside; ``seed`` fixes the noise."""
        self._read_s = read_s
        self._noise = random.Random(seed)
        self._finder = protocol.requests()
        self._selected = False
        self._used = False
        self.card_name: str | None = None
        self.fault: Fault | None = None
        self.answered = 0

    def lay(self, name: str) -> None:
        """A card is put on the reader. ``name`` is one of ``SAMPLES``."""
        self.card_name = name
        self._selected = self._used = False

    def lift(self) -> None:
        self.card_name = None
        self._selected = self._used = False

    def forget(self) -> None:
        """The line is new: no half request, no selected card."""
        self._finder.clear()
        self._selected = False

    def deadline(self) -> float | None:
        return self._finder.deadline()

    def receive(self, data: bytes, now: float) -> list[Piece]:
        """The pieces that answer the requests in ``data``."""
        return [
            piece
            for found in [*self._finder.wake(now), *self._finder.receive(data, now)]
            for piece in self._reply(found)
        ]

    def _reply(self, found: object) -> list[Piece]:
        if not isinstance(found, Frame):
            return [Piece(SHORT_S, protocol.encode_answer(Answer(0, 0, Status.HOST_CHECKSUM)))]
        request = protocol.parse_request(found.body)
        try:
            command = Command((request.command, request.parameter))
        except ValueError:
            return [Piece(SHORT_S, protocol.encode_answer(Answer(0, 0, Status.COMMAND)))]
        answer = self._answer(command)
        self.answered += 1
        own_s = self._read_s if command is Command.READ and answer.sw3 == Status.OK else SHORT_S
        return self._spoil(Piece(own_s, protocol.encode_answer(answer)), command)

    def _answer(self, command: Command) -> Answer:
        if self.fault in _EVERY_COMMAND:
            return _short(_EVERY_COMMAND[self.fault])
        failing, status = _STATUS_OF.get(self.fault, (None, Status.OK)) if self.fault else (None, Status.OK)
        if failing is command and self.card_name is not None:
            self._used, self._selected = True, False
            return _short(status)
        match command:
            case Command.RESET | Command.STATUS:
                return _short(Status.OK)
            case Command.SAM_NUMBER:
                return _short(Status.OK, protocol.encode_sam_number(SAM_NUMBER))
            case Command.FIND:
                return _short(Status.NO_CARD) if self._used or not self.card_name else _short(Status.FOUND, bytes(4))
            case Command.SELECT:
                self._selected = self.card_name is not None and not self._used
                return _short(Status.OK, bytes(8)) if self._selected else _short(Status.SELECT_FAILED)
            case _:
                return self._from_card(command)

    def _from_card(self, command: Command) -> Answer:
        """Commands that need a selected card; it stays selected after a read, as long as it lies there."""
        if self.card_name is None or not self._selected:
            return _short(Status.NOT_PERMITTED)
        if command is Command.READ:
            self._used = True
            record = BaseRecord(encode_block(SAMPLES[self.card_name]), PHOTO)
            return _short(Status.OK, protocol.encode_base_record(record))
        address = NEWEST_ADDRESSES.get(self.card_name)
        if command is Command.NEWEST_ADDRESS and address:
            return _short(Status.OK, encode_address(address))
        return _short(Status.NONE)

    def _spoil(self, piece: Piece, command: Command) -> list[Piece]:
        """The answer as the present fault lets it out."""
        data = piece.data
        match self.fault:
            case Fault.SILENT:
                return []
            case Fault.CHECKSUM:
                return [Piece(piece.after_s, data[:-1] + bytes([data[-1] ^ 0x01]))]
            case Fault.TRUNCATED if command is Command.READ:
                return [Piece(piece.after_s, data[: len(data) // 2])]
            case Fault.HALF_FRAME:
                # Half an answer, then the whole one: a module that starts over.
                return [Piece(piece.after_s, data[: len(data) // 2]), Piece(SHORT_S, data)]
            case Fault.NOISE:
                return [Piece(piece.after_s, self._noise.randbytes(9) + data + self._noise.randbytes(5))]
            case Fault.SLOW:
                middle = len(data) // 2
                return [Piece(piece.after_s + 0.4, data[:middle]), Piece(0.15, data[middle:])]
            case _:
                return [piece]


def _short(status: int, data: bytes = b"") -> Answer:
    return Answer(0, 0, status, data)


class IdCardSimulator(DeviceSimulator):
    """A module behind a port. ``start``, then lay cards by the control channel or by ``control``."""

    def __init__(
        self,
        listener: Listener,
        *,
        baud: int = 115200,
        control_host: str = "127.0.0.1",
        control_port: int = 0,
        read_s: float = READ_S,
        seed: int = 1,
    ) -> None:
        self._module = SimulatedModule(read_s=read_s, seed=seed)
        super().__init__(listener, name="idcard", baud=baud, control_host=control_host, control_port=control_port)

    def control(self, request: Request) -> Reply:
        """``lay``, ``lift``, ``fault``, ``clear``, ``replug``, ``state``. Raises BadRequest."""
        match request:
            case {"do": "lay", "card": str(name)}:
                if name not in SAMPLES:
                    raise BadRequest(f"no card {name!r}; there are: {', '.join(SAMPLES)}")
                with self._lock:
                    self._module.lay(name)
            case {"do": "lift"}:
                with self._lock:
                    self._module.lift()
            case {"do": "fault", "name": str(name)}:
                self._set_fault(name)
            case {"do": "clear" | "replug"}:
                with self._lock:
                    self._module.fault = None
                self._station.plug()
            case {"do": "state"}:
                return self._state()
            case _:
                raise BadRequest('unknown request; try {"do": "lay", "card": "mainland"}, lift, fault, clear or state')
        return {}

    def _set_fault(self, name: str) -> None:
        fault = fault_named(Fault, name)
        with self._lock:
            self._module.fault = fault
        if fault is Fault.UNPLUG:
            self._station.pull()

    def _state(self) -> Reply:
        with self._lock:
            return {
                "card": self._module.card_name,
                "fault": self._module.fault,
                "plugged": self.plugged,
                "answered": self._module.answered,
            }

    def _talk(self, line: Transport) -> None:
        with self._lock:
            self._module.forget()
        while self._talking:
            data = line.read(256, LISTEN_S)
            with self._lock:
                pieces = self._module.receive(data, time.monotonic())
            self._say(line, pieces)
