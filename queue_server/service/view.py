"""What the gate publishes: one frozen value of a whole hall, swapped by reference after each commit (DESIGN 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.domain.events import Event
    from queue_server.domain.hall_day import DayView
    from queue_server.service.records import RecordsView


@dataclass(frozen=True, slots=True)
class HallView:
    """One hall as of journal row ``seq``: everything in it is on disk. Readers may keep it as long as they like."""

    seq: int
    at_us: int
    epoch: str
    hall: str
    day: DayView | None
    """The last business day, open or closed; None before the first."""
    clock_doubt: bool
    records: RecordsView


class WrittenRow(NamedTuple):
    """A journal row that was just committed, for pushes and timers."""

    seq: int
    at_us: int
    actor: str
    command: Command
    events: tuple[Event, ...]


class Accepted(NamedTuple):
    """The command is on disk as row ``seq``. ``repeated``: it was there before under this key, nothing was written."""

    seq: int
    at_us: int
    events: tuple[Event, ...]
    ticket_id: str | None
    """The ticket issued, joined, called or acted on."""
    repeated: bool = False
    ahead: int | None = None
    """How many wait before that ticket now, if it waits."""


@dataclass(frozen=True, slots=True)
class GateHealth:
    """``ready`` is what ``/readyz`` says; the rest is why."""

    ready: bool
    state: str
    """``new``, ``standing_by``, ``serving``, ``stopped``, ``lost`` (its lock) or ``refused`` (journal unreadable)."""
    waiting: int
    oldest_s: float
    """How long the oldest waiting or running command has waited."""
    seq: int
    clock_doubt: bool
    fault: str | None
    """Last trouble with the store while it lasts."""
