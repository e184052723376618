"""Slips on their way to the printer, the stages of the talk about them, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from drivers.printer.status import Status

Result: TypeAlias = Literal["printed", "not_printed", "unknown"]


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """What became of a slip, and a stable ``code`` why (the printer's condition, or what ended the waiting)."""

    result: Result
    code: str


@dataclass(frozen=True, slots=True)
class Job:
    """A slip on its way. By the link's clock it is not begun after ``expires``, nor waited for after ``deadline``."""

    number: int
    chunks: tuple[bytes, ...]
    process: int
    deadline: float
    expires: float


@dataclass(frozen=True, slots=True)
class JobDone:
    number: int
    outcome: PrintOutcome


@dataclass(frozen=True, slots=True)
class StatusSeen:
    """The printer was asked; also when nothing changed."""

    status: Status


PrinterEvent: TypeAlias = JobDone | StatusSeen


class Phase(Enum):
    AWAY = "away"
    IDLE = "idle"
    ASKING = "asking"
    SYNCING = "syncing"
    SENDING = "sending"
    WAITING = "waiting"


class Purpose(Enum):
    """Why the status is asked."""

    LOOK = "look"
    BEFORE = "before"
    BETWEEN = "between"
    WATCH = "watch"
    AFTER = "after"
