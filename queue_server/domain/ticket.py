"""The ticket: what it is, which states it has, and what may be done to it in each.

All moments are whole microseconds since 1970-01-01 UTC and end in ``_us``: they are compared and added, never printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class TicketState(StrEnum):
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    HELD = "held"
    MISSED = "missed"
    DONE = "done"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


AT_A_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})
OVER = frozenset({TicketState.DONE, TicketState.CANCELLED, TicketState.EXPIRED})


class TicketKind(StrEnum):
    GENERAL = "general"
    BOOKED = "booked"
    COLLECTION = "collection"


class Outcome(StrEnum):
    """How a service ended (DESIGN 4.6)."""

    DONE = "done"
    LEFT = "left"
    COULD_NOT = "could_not"
    CLOSED_OPEN = "closed_open"


@dataclass(frozen=True, slots=True)
class Grant:
    """Priority on a ticket: the hall's ground, who gave it, and whether the proof was only claimed or seen."""

    ground: str
    proof: str  # "claimed" or "seen"
    by: str


class Ticket(NamedTuple):
    """A place in the queue. Changed only by ``HallDay.apply``; the number never changes but by ``NumberReplaced``.

    A named tuple because every event makes a new one: four times as fast as a frozen dataclass of so many fields.
    """

    id: str
    number: str
    copy: int
    kind: TicketKind
    state: TicketState
    issued_at_us: int
    clock_us: int
    """The moment it counts from when choosing (DESIGN 4.7)."""
    track: str
    """Short code printed on the slip; finds the ticket without a phone or a name."""
    source: str
    """Who issued it: ``kiosk:2``, ``clerk:7``."""
    language: str = "zh"
    matters: tuple[str, ...] = ()
    grant: Grant | None = None
    person_ref: str | None = None
    booking: str | None = None
    time_unsure: bool = False
    forecast_min: tuple[int, int] | None = None
    """Range printed on the slip, minutes."""
    window: int | None = None
    """Where it is called, serving or held now."""
    shift: str | None = None
    bound_window: int | None = None
    bound_until_us: int | None = None
    called_at_us: int | None = None
    recalls: int = 0
    last_call_us: int | None = None
    """When it was last called or recalled: the gap counts from here or from the spoken confirmation."""
    started_at_us: int | None = None
    finished_at_us: int | None = None
    outcome: Outcome | None = None
    held_at_us: int | None = None
    remind_at_us: int | None = None
    missed_at_us: int | None = None
    rejoins: int = 0
    overtaken: int = 0
    """How many calls of later clocks went before it (promise of DESIGN 4.7)."""
    announcement: str | None = None
    """Its newest one: of the call or of the latest recall."""
    call: str | None = None
    """Announcement of the call itself, on which the reason stands."""
    printed: str | None = None
    """Last word of the kiosk on its slip: ``printed``, ``not_printed``, ``unknown``; None before any report."""
    copies: int = 0
    return_to: int | None = None
    skill: str | None = None
    """Skill it was transferred to; takes the place of what its matters ask for."""
    transferred: bool = False
    last_window: int | None = None
    """Where it was last called or served: it may be reopened there."""
    joined: int | None = None
    """Case in which it joined from a kiosk without server (DESIGN 4.10); None: issued here."""
    replaced_number: str | None = None
    """The number the server had given before the paper won (join case 2)."""
