"""What a printer says about itself: the bytes it sends, and what they mean together.

DLE EOT n (``10 04 n``) is answered with one byte whose fixed bits are ``(b & 0x93) == 0x12``. GS r 1 is answered with a
byte without bits 4 and 7, GS ( H with ``37 22 d1 d2 d3 d4 00``; both come when printing has reached them. Examples: all
well is ``12 12 12 12``, paper out ``1A 32 12 7E``. Source: Epson's reference, repeated by the makers of clones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from drivers.core import Condition as LinkCondition

QUESTIONS = (1, 2, 3, 4)
FIXED_MASK, FIXED_BITS = 0x93, 0x12
MARKER_BYTES = frozenset(
    base | undefined for base in (0x00, 0x03, 0x0C, 0x0F) for undefined in (0x00, 0x20, 0x40, 0x60)
)
"""Paper near end is both low bits, paper end both next ones; bits 5 and 6 mean nothing."""
PROCESS_HEAD = b"7\x22"
PROCESS_LENGTH = 7
XON, XOFF = 0x11, 0x13


class Condition(StrEnum):
    """One thing that is so with a printer. The values are stable codes."""

    PAPER_OK = "paper_ok"
    PAPER_NEAR_END = "paper_near_end"
    PAPER_END = "paper_end"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    HEAD_HOT = "head_hot"
    OFFLINE = "offline"
    SILENT = "silent"
    BROKEN = "broken"
    """An error the printer cannot leave without being switched off."""
    UNKNOWN = "unknown"
    """It cannot be asked (profile without status)."""


WORST_FIRST = (
    Condition.SILENT,
    Condition.COVER_OPEN,
    Condition.PAPER_END,
    Condition.CUTTER_ERROR,
    Condition.BROKEN,
    Condition.HEAD_HOT,
    Condition.OFFLINE,
    Condition.PAPER_NEAR_END,
    Condition.UNKNOWN,
    Condition.PAPER_OK,
)
STOPPING = frozenset(WORST_FIRST[:7])


@dataclass(frozen=True, slots=True)
class Status:
    """All that is so at one moment. ``worst`` is the one to act on."""

    conditions: frozenset[Condition]

    @property
    def worst(self) -> Condition:
        return next(each for each in WORST_FIRST if each in self.conditions)

    @property
    def can_print(self) -> bool:
        """No known reason against printing; for a printer that cannot be asked this is hope, see ``worst``."""
        return not self.conditions & STOPPING

    @property
    def link_condition(self) -> LinkCondition:
        """The same for people who do not know printers."""
        worst = self.worst
        match worst:
            case Condition.PAPER_OK:
                return LinkCondition("ok")
            case Condition.PAPER_NEAR_END | Condition.HEAD_HOT:
                return LinkCondition("degraded", worst.value)
            case Condition.UNKNOWN:
                return LinkCondition("unknown", "no_status")
            case _:
                return LinkCondition("down", worst.value)


SILENT = Status(frozenset({Condition.SILENT}))
UNASKED = Status(frozenset({Condition.UNKNOWN}))


@dataclass(frozen=True, slots=True)
class StatusByte:
    """An answer to DLE EOT; which question it answers is the asker's to know."""

    value: int


@dataclass(frozen=True, slots=True)
class Marker:
    """Printing has reached an end marker; ``process`` is None where the printer does not repeat the number."""

    process: int | None = None


Reply: TypeAlias = StatusByte | Marker


@dataclass(slots=True)
class ReplyParser:
    """Cuts what a printer sends into replies; noise and XON/XOFF are passed over, never taken for a reply."""

    _rest: bytes = field(default=b"")

    def receive(self, data: bytes) -> list[Reply]:
        """The replies that are complete now. Any cutting of the same bytes gives the same replies."""
        waiting = self._rest + data
        replies: list[Reply] = []
        while waiting:
            if PROCESS_HEAD.startswith(waiting[: len(PROCESS_HEAD)]) and len(waiting) < PROCESS_LENGTH:
                break
            reply, length = _first_reply(waiting)
            waiting = waiting[length:]
            if reply is not None:
                replies.append(reply)
        self._rest = waiting
        return replies

    def reset(self) -> None:
        """Forget a reply that was cut off."""
        self._rest = b""


def _first_reply(waiting: bytes) -> tuple[Reply | None, int]:
    first = waiting[0]
    if waiting.startswith(PROCESS_HEAD):
        block = waiting[:PROCESS_LENGTH]
        if block[-1] == 0 and block[2:6].isdigit():
            return Marker(int(block[2:6])), PROCESS_LENGTH
        return None, 1
    if first & FIXED_MASK == FIXED_BITS:
        return StatusByte(first), 1
    if first in MARKER_BYTES:
        return Marker(), 1
    return None, 1


def parse_status(answers: dict[int, int]) -> Status:
    """The state behind the answers to DLE EOT 1–4 (question → byte). A question without answer makes it silent."""
    if any(question not in answers for question in QUESTIONS):
        return SILENT
    general, offline, error, paper = (answers[question] for question in QUESTIONS)
    found: set[Condition] = set()
    tests = (
        (general & 0x08, Condition.OFFLINE),
        (offline & 0x04, Condition.COVER_OPEN),
        (offline & 0x20, Condition.PAPER_END),
        (error & 0x08, Condition.CUTTER_ERROR),
        (error & 0x24, Condition.BROKEN),
        (error & 0x40, Condition.HEAD_HOT),
        (paper & 0x60, Condition.PAPER_END),
        (paper & 0x0C, Condition.PAPER_NEAR_END),
    )
    found.update(condition for hit, condition in tests if hit)
    if offline & 0x40 and not found & {Condition.CUTTER_ERROR, Condition.BROKEN, Condition.HEAD_HOT}:
        found.add(Condition.BROKEN)
    if Condition.PAPER_END in found:
        found.discard(Condition.PAPER_NEAR_END)
    if not found & {Condition.PAPER_END, Condition.PAPER_NEAR_END}:
        found.add(Condition.PAPER_OK)
    return Status(frozenset(found))


class StatusRound:
    """Asks DLE EOT 1 to 4 (or only some), one at a time because an answer does not say what it answers."""

    def __init__(self, answer_s: float, questions: tuple[int, ...] = QUESTIONS) -> None:
        """``answer_s``: how long one answer may take."""
        self._answer_s = answer_s
        self._left = list(questions)
        self._asked = questions
        self._answers: dict[int, int] = {}
        self.deadline: float | None = None

    def ask(self, now: float) -> bytes:
        """The next question's bytes."""
        self.deadline = now + self._answer_s
        return bytes((0x10, 0x04, self._left[0]))

    def take(self, answer: StatusByte) -> bool:
        """Note an answer; whether it was the last one."""
        self._answers[self._left.pop(0)] = answer.value
        return not self._left

    @property
    def status(self) -> Status:
        """What the answers say; questions that this round does not ask count as answered well."""
        well = {question: FIXED_BITS for question in QUESTIONS if question not in self._asked}
        return parse_status(well | self._answers)
