"""What happens around a number that somebody holds already: looked up by its slip, waiting again, a matter added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kiosk.flow.events import Ticket
    from queue_server.wire import BookedSlot, Forecast

# ---- events ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackGiven:
    """How the number with the scanned code stands."""

    key: str
    ticket: Ticket
    ahead: int | None
    window: int | None
    rejoins_left: int
    forecast: Forecast | None = None
    booking: BookedSlot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketActed:
    """What was wanted of a number is done: a missed one waits again, a matter was added."""

    key: str
    ticket: Ticket
    ahead: int | None
    forecast: Forecast | None = None


# ---- effects ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTrack:
    """How the number with this slip's code stands."""

    key: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRejoin:
    key: str
    ticket: str
    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMatter:
    """To a number that waits; its place stays."""

    key: str
    ticket: str
    track: str
    matter: str
