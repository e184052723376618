"""The talk with a SAM module, without I/O: prove it, look for a card, select it, read it, wait until it is lifted.

    prove → idle → find ─ 9F → select → read (→ newest address) → lying
              ↑______│80                                            │ gone
              └─────────────────────────────────────────────────────┘

A card that was read answers 80 to find until it is lifted, so find alone cannot tell lying from gone. While ``lying``
each find is followed by a question for the newest address: 90 or 91 means that it still lies there (one vendor's
demos; single-source, so it can be switched off: then a card counts as lifted ``SHOW_S`` after it was read).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING

from drivers.core import BITS_PER_BYTE, UNPROVED, Condition
from drivers.errors import DeviceSilent, ProtocolError
from drivers.framing import Broken, Frame
from drivers.idcard.events import OUT_OF_ORDER, TROUBLES, CardLifted, CardPresented, CardTrouble, TroubleCode
from drivers.idcard.protocol import (
    GAP_S,
    Command,
    Status,
    answers,
    encode_command,
    fits,
    parse_answer,
    parse_base_record,
    parse_sam_number,
)
from drivers.idcard.text import parse_address, parse_block

if TYPE_CHECKING:
    from drivers.idcard.events import CardEvent
    from drivers.idcard.model import IdCard
    from drivers.idcard.protocol import Answer

POLL_S = 0.305
"""Modules want at least 0.3 s between two finds; the rest is for a line that carries one sooner than the one before."""
RETRY_OUT_OF_ORDER_S = 5.0
SHOW_S = 3.0
TRIES = 3
"""Questions without an answer until the module counts as silent."""
TRICKLE_S = 2.0
"""Grace for a whole answer beyond first byte and wire time; the line may be slower than it says."""
READ_BYTES = 1295

FIRST_BYTE_S = MappingProxyType(
    {
        Command.STATUS: 0.6,
        Command.SAM_NUMBER: 0.6,
        Command.FIND: 0.6,
        Command.SELECT: 0.6,
        Command.READ: 3.0,
        Command.NEWEST_ADDRESS: 1.5,
    }
)


class Stage(Enum):
    CLOSED = "closed"
    PROVING = "proving"
    NUMBERING = "numbering"
    """Asking for the module's number: once, and it may refuse."""
    SEARCHING = "searching"
    SELECTING = "selecting"
    READING = "reading"
    ADDRESSING = "addressing"
    LYING = "lying"


@dataclass(slots=True)
class _Pending:
    """A question under way."""

    command: Command
    first_byte_by: float
    whole_by: float
    tries: int = 1
    spoilt: bool = False


class SamCore:
    """A ``link.Core`` that gives CardPresented, CardLifted and CardTrouble.

    Promise: whatever bytes come, methods give events or raise ProtocolError or DeviceSilent; and at the latest
    ``longest_wait_s`` after the last request the core has an answer, a trouble or an error.
    """

    def __init__(self, *, baud: int = 115200, newest_address: bool = False, presence_by_address: bool = True) -> None:
        self._byte_s = BITS_PER_BYTE / baud
        self._newest_address = newest_address
        self._presence_by_address = presence_by_address
        self._finder = answers()
        self._condition = UNPROVED
        self._stage = Stage.CLOSED
        self._pending: _Pending | None = None
        self._outgoing = b""
        self._ask_at: float | None = None
        self._next: Command = Command.STATUS
        self._found_at = 0.0
        self._lifted_by = 0.0
        self._card: IdCard | None = None
        self._told: TroubleCode | None = None
        self.sam_number: str | None = None
        """The module's printed number, once it has said it."""

    @property
    def condition(self) -> Condition:
        return self._condition

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def longest_wait_s(self) -> float:
        """The greatest time from a question to its end: first byte, wire, grace."""
        return max(FIRST_BYTE_S.values()) + READ_BYTES * self._byte_s + TRICKLE_S + GAP_S

    # --- what the link calls ---

    def connected(self, now: float) -> None:
        self._finder.clear()
        self._condition = UNPROVED
        self._told = self.sam_number = None
        self._stage = Stage.PROVING
        self._ask(Command.STATUS, now)

    def disconnected(self, now: float) -> list[CardEvent]:  # noqa: ARG002 - the port's signature
        lay = self._stage is Stage.LYING
        self._stage = Stage.CLOSED
        self._pending = self._ask_at = self._card = None
        self._outgoing = b""
        self._finder.clear()
        self._condition = UNPROVED
        return [CardLifted()] if lay else []

    def outgoing(self) -> bytes:
        data, self._outgoing = self._outgoing, b""
        return data

    def receive(self, data: bytes, now: float) -> list[CardEvent]:
        if self._pending is None:
            return []  # nothing was asked: a late answer or noise
        return self._hear(self._finder.receive(data, now), now)

    def deadline(self) -> float | None:
        pending = self._pending
        if pending is None:
            return self._ask_at
        gap = self._finder.deadline() if self._finder.inside else None
        return pending.first_byte_by if gap is None else min(gap, pending.whole_by)

    def wake(self, now: float) -> list[CardEvent]:
        due = self.deadline()
        if due is None or now < due:
            return []
        if self._pending is None:
            self._ask(self._next, now)
            return []
        events = self._hear(self._finder.wake(now), now)
        pending = self._pending
        if pending is None or now < pending.first_byte_by:
            return events
        if self._finder.inside and now < pending.whole_by:
            return events
        return events + self._unanswered(pending, now)

    # --- asking ---

    def _ask(self, command: Command, now: float, *, tries: int = 1) -> None:
        request = encode_command(command)
        sent_by = now + len(request) * self._byte_s
        first_byte_by = sent_by + FIRST_BYTE_S[command]
        whole_by = first_byte_by + READ_BYTES * self._byte_s + TRICKLE_S
        self._finder.clear()
        self._pending = _Pending(command, first_byte_by, whole_by, tries)
        self._ask_at = None
        self._outgoing = request
        if command is Command.FIND:
            self._found_at = now

    def _later(self, command: Command, at: float) -> None:
        self._pending = None
        self._next = command
        self._ask_at = at

    def _search(self) -> list[CardEvent]:
        """Back to looking for a card, not sooner than the module likes."""
        self._stage = Stage.SEARCHING
        self._later(Command.FIND, self._found_at + POLL_S)
        return []

    def _hear(self, found: list[Frame | Broken], now: float) -> list[CardEvent]:
        events: list[CardEvent] = []
        for one in found:
            pending = self._pending
            if pending is None:
                break
            if isinstance(one, Broken):
                # A good frame may still stand behind the damage; if the line falls quiet, ask again.
                pending.spoilt = True
                pending.first_byte_by = min(pending.first_byte_by, now + GAP_S)
                continue
            answer = parse_answer(one.body)
            if fits(pending.command, answer):
                events += self._answered(pending, answer, now)
        return events

    def _unanswered(self, pending: _Pending, now: float) -> list[CardEvent]:
        """The time for an answer is over: ask again, blame the card, or give the module up."""
        match pending.command:
            case Command.STATUS if pending.tries >= TRIES:
                if pending.spoilt:
                    raise ProtocolError("broken_answers")
                raise DeviceSilent("SAM status", FIRST_BYTE_S[Command.STATUS] * TRIES)
            case Command.STATUS:
                self._ask(Command.STATUS, now, tries=pending.tries + 1)
                return []
            case Command.FIND if pending.spoilt and pending.tries == 1:
                self._ask(Command.FIND, now, tries=2)
                return []
            case Command.SAM_NUMBER:
                return self._search()
            case Command.NEWEST_ADDRESS if self._stage is Stage.ADDRESSING:
                return self._present("", now)
            case Command.SELECT | Command.READ:
                return self._trouble(TroubleCode.READ_BROKEN, None) + self._prove(now)
            case _:
                return self._leave() + self._prove(now)

    def _prove(self, now: float) -> list[CardEvent]:
        """Is it still there at all? Keeps the present condition until that is known."""
        self._stage = Stage.PROVING
        self._ask(Command.STATUS, now)
        return []

    # --- answers ---

    def _answered(self, pending: _Pending, answer: Answer, now: float) -> list[CardEvent]:
        self._pending = None
        if answer.sw3 in OUT_OF_ORDER:
            self._condition = Condition("down", OUT_OF_ORDER[answer.sw3])
            events = self._leave()
            self._stage = Stage.PROVING
            self._later(Command.STATUS, now + RETRY_OUT_OF_ORDER_S)
            return events
        if answer.sw3 in {Status.HOST_CHECKSUM, Status.HOST_LENGTH}:
            return self._misheard(pending, now)
        return self._by_stage(pending.command, answer, now)

    def _by_stage(self, command: Command, answer: Answer, now: float) -> list[CardEvent]:
        match self._stage:
            case Stage.PROVING:
                return self._proved(answer, now)
            case Stage.NUMBERING:
                return self._numbered(answer)
            case Stage.SEARCHING:
                return self._searched(answer, now)
            case Stage.SELECTING:
                return self._selected(answer, now)
            case Stage.READING:
                return self._read(answer, now)
            case Stage.ADDRESSING:
                return self._present(_address(answer), now)
            case Stage.LYING:
                return self._looked(command, answer, now)
            case Stage.CLOSED:
                return []

    def _misheard(self, pending: _Pending, now: float) -> list[CardEvent]:
        """The module got our request damaged: once more, then open the port anew."""
        if pending.tries > 1:
            raise ProtocolError("requests_damaged")
        self._ask(pending.command, now, tries=2)
        return []

    def _proved(self, answer: Answer, now: float) -> list[CardEvent]:
        if answer.sw3 != Status.OK:
            raise ProtocolError("status_answer")
        self._condition = Condition("ok")
        if self.sam_number is not None:
            return self._search()
        self._stage = Stage.NUMBERING
        self._ask(Command.SAM_NUMBER, now)
        return []

    def _numbered(self, answer: Answer) -> list[CardEvent]:
        if answer.sw3 == Status.OK:
            self.sam_number = parse_sam_number(answer.data)
        return self._search()

    def _searched(self, answer: Answer, now: float) -> list[CardEvent]:
        if answer.sw3 != Status.FOUND:
            self._told = None
            return self._search()
        self._stage = Stage.SELECTING
        self._ask(Command.SELECT, now)
        return []

    def _selected(self, answer: Answer, now: float) -> list[CardEvent]:
        if answer.sw3 != Status.OK:
            return self._refused(answer)
        self._stage = Stage.READING
        self._ask(Command.READ, now)
        return []

    def _read(self, answer: Answer, now: float) -> list[CardEvent]:
        if answer.sw3 != Status.OK:
            return self._refused(answer)
        try:
            self._card = parse_block(parse_base_record(answer.data).text)
        except ProtocolError as error:
            unknown = error.reason == "card_type"
            code = TroubleCode.UNSUPPORTED_CARD if unknown else TroubleCode.READ_BROKEN
            return self._trouble(code, None) + self._search()
        if not self._newest_address:
            return self._present("", now)
        self._stage = Stage.ADDRESSING
        self._ask(Command.NEWEST_ADDRESS, now)
        return []

    def _present(self, address: str, now: float) -> list[CardEvent]:
        card, self._card = self._card, None
        if card is None:
            return self._search()
        self._told = None
        self._stage = Stage.LYING
        self._lifted_by = now + SHOW_S
        self._later(Command.FIND, max(now, self._found_at + POLL_S))
        return [CardPresented(replace(card, newest_address=address) if address else card)]

    def _looked(self, command: Command, answer: Answer, now: float) -> list[CardEvent]:
        """Find, then presence, while a card that was read may lie there."""
        if answer.sw3 == Status.FOUND:
            self._stage = Stage.SELECTING
            self._ask(Command.SELECT, now)
            return [CardLifted()]
        if command is Command.FIND and self._presence_by_address:
            self._ask(Command.NEWEST_ADDRESS, now)
            return []
        lies = answer.sw3 in {Status.OK, Status.NONE} if self._presence_by_address else now < self._lifted_by
        if lies:
            self._later(Command.FIND, self._found_at + POLL_S)
            return []
        return self._leave() + self._search()

    def _leave(self) -> list[CardEvent]:
        """A presented card counts as gone."""
        return [CardLifted()] if self._stage is Stage.LYING else []

    def _refused(self, answer: Answer) -> list[CardEvent]:
        """Select or read failed. Codes about our commands (21, 23, 24) restart the search without blaming the card."""
        code = TROUBLES.get(answer.sw3)
        return (self._trouble(code, answer.sw3) if code else []) + self._search()

    def _trouble(self, code: TroubleCode, status: int | None) -> list[CardEvent]:
        """Told once per placing: some modules find a lying card again and again."""
        if code is self._told:
            return []
        self._told = code
        return [CardTrouble(code, status)]


def _address(answer: Answer) -> str:
    if answer.sw3 != Status.OK:
        return ""
    return parse_address(answer.data)
