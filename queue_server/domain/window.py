"""A window on one day: who sits there, which ticket is there, what was done last, what it counted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_server.domain.events import Reason
    from queue_server.domain.rules import Rules
    from queue_server.domain.ticket import Ticket

MINUTE_US = 60_000_000


class WindowState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class LastAct:
    """The window's last act on a ticket, while it can still be taken back."""

    seq: int
    at_us: int
    act: str
    """Type of the event: ``TicketCalled``, ``ServiceStarted``, ``TicketMissed``."""
    before: Ticket
    """The ticket as it was before the row."""
    announcement: str | None = None
    overtaken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Changed only by ``HallDay.apply``."""

    number: int
    state: WindowState = WindowState.CLOSED
    ground: str | None = None
    """Why it is paused."""
    since_us: int = 0
    shift: str | None = None
    clerk: int | None = None
    ticket: str | None = None
    """Called or serving here now."""
    held: tuple[str, ...] = ()
    last_act: LastAct | None = None
    please_wait: tuple[str, int] | None = None
    """Number whose call was taken back and when (µs): displays ask it to go on waiting."""
    called_count: int = 0
    done_count: int = 0
    missed_count: int = 0
    transferred_count: int = 0
    by_hand_count: int = 0
    service_us: int = 0
    """Sum of all finished services, for the mean over ``done_count``."""


def away_windows(windows: Mapping[int, Window], rules: Rules, now_us: int) -> frozenset[int]:
    """Windows that bind nobody: closed, or paused so long that what waits for them alone would wait too long."""
    free_from_us = now_us - rules.pause_bind_min * MINUTE_US
    return frozenset(
        number
        for number, window in windows.items()
        if window.state is WindowState.CLOSED
        or (window.state is WindowState.PAUSED and window.since_us <= free_from_us)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One clerk at one window from sign-on to sign-off."""

    id: str
    window: int
    clerk: int
    opened_at_us: int
    closed_at_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """One spoken and shown call. The reason stands on the call itself, not on its recalls."""

    id: str
    ticket: str
    number: str
    window: int
    at_us: int
    repeat: int
    """0 the call, 1 and more recalls."""
    reason: Reason | None = None
    overtaken: tuple[str, ...] = ()
    withdrawn: bool = False
    unconfirmed: bool = False


class HelpState(StrEnum):
    ASKED = "asked"
    TAKEN = "taken"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    id: str
    place: str
    urgent: bool
    state: HelpState
    since_us: int
    taken_by: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    code: str
    since_us: int
    until_us: int | None
