"""Numbers: asked for, joined, acted on, followed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from queue_server.wire.bookings import BookedSlot
from queue_server.wire.forms import (
    Ground,
    Id,
    Key,
    Kind,
    Language,
    Matters,
    Number,
    PaperCode,
    PrintResult,
    Reply,
    Struct,
    WindowNumber,
)


class CardPerson(Struct, frozen=True, kw_only=True):
    """Person read from a card: used once for the duplicate check and kept only in the erasable table (DESIGN 4.3)."""

    name: Annotated[str, Meta(max_length=120)]
    id_number: Annotated[str, Meta(min_length=8, max_length=24)]
    card_type: Literal["mainland", "fpr_2017", "fpr_2023", "hmt"] = "mainland"

    def __repr__(self) -> str:
        return "CardPerson(masked)"


class IssueRequest(Struct, frozen=True, kw_only=True):
    key: Key
    kind: Kind = "general"
    matters: Matters = ()
    language: Language = "zh"
    grant: Ground | None = None
    person: CardPerson | None = None
    booking: Id | None = None


class JoinRequest(Struct, frozen=True, kw_only=True):
    key: Key
    number: Number
    issued_at: datetime
    time_unsure: bool = False
    kind: Kind = "general"
    matters: Matters = ()
    language: Language = "zh"
    grant: Ground | None = None
    """Claimed at the kiosk; a ground that the hall has not is left out."""
    track: PaperCode | None = None
    """The code on the paper, made by the kiosk; without one, or where another ticket has it, the server makes one."""


class TicketAct(Struct, frozen=True, kw_only=True):
    """Body of ``cancel``, ``rejoin``, ``release``, ``reinstate``. ``track`` proves a resident who has no account."""

    key: Key
    track: Id | None = None


class PriorityRequest(Struct, frozen=True, kw_only=True):
    """``ground`` None takes the priority back."""

    key: Key
    ground: Ground | None
    proof: Literal["claimed", "seen"] = "seen"


class MattersRequest(Struct, frozen=True, kw_only=True):
    key: Key
    matters: Matters
    add: bool = False
    """Beside those it has; else in their place. A kiosk may only add."""
    track: Id | None = None
    """The slip's code, from a kiosk that did not give the number out."""


class VoidRequest(Struct, frozen=True, kw_only=True):
    """Cancel what one kiosk gave out in a time and what still waits: children pressed."""

    key: Key
    source: Annotated[str, Meta(pattern=r"^kiosk:[0-9]{1,9}$")]
    since: datetime
    until: datetime


class ReopenRequest(Struct, frozen=True, kw_only=True):
    key: Key
    window: WindowNumber


class PrintedRequest(Struct, frozen=True, kw_only=True):
    key: Key
    result: PrintResult
    copy: Annotated[int, Meta(ge=0, le=99)] = 0
    """0 the first slip, 1 and more reprints (补打)."""


class ReprintRequest(Struct, frozen=True, kw_only=True):
    key: Key
    track: Id | None = None


class Forecast(Reply, frozen=True, kw_only=True):
    low_min: int
    high_min: int


class TicketView(Reply, frozen=True, kw_only=True):
    """A ticket as staff and its issuing device see it. Holds nothing personal."""

    id: str
    number: str
    kind: Kind
    state: str
    track: str
    issued_at: datetime
    matters: tuple[str, ...] = ()
    copy: int = 0
    window: int | None = None
    called_at: datetime | None = None
    recalls: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    remind_at: datetime | None = None
    bound_window: int | None = None
    return_to: int | None = None
    """Where it goes back to when its matter is done at the window that it was sent to."""
    grant: str | None = None
    grant_proof: str | None = None
    printed: str | None = None
    copies: int = 0
    language: str = "zh"
    time_unsure: bool = False


class IssueReply(Reply, frozen=True, kw_only=True):
    ticket: TicketView
    ahead: int
    forecast: Forecast | None
    seq: int
    already: TicketView | None = None
    """A live ticket of the same person today: the kiosk offers its reprint, it never refuses."""
    booking: BookedSlot | None = None
    """Of the booking that it was given for."""


class TicketReply(Reply, frozen=True, kw_only=True):
    ticket: TicketView
    seq: int
    ahead: int | None = None
    copy: int | None = None
    """On reprint: the running number to print beside 补打."""
    forecast: Forecast | None = None
    """Minutes that are left, while it waits."""
    booking: BookedSlot | None = None
    """On reprint: of the booking that it was given for."""


class VoidReply(Reply, frozen=True, kw_only=True):
    numbers: tuple[str, ...]
    """What was cancelled."""
    seq: int


class TicketsReply(Reply, frozen=True, kw_only=True):
    """Tickets of one day that carry a number: several only after join case 4."""

    business_day: str | None
    tickets: tuple[TicketView, ...]


class TrackReply(Reply, frozen=True, kw_only=True):
    """What anybody with the slip's code may know."""

    number: str
    state: str
    ahead: int | None
    forecast: Forecast | None
    window: int | None
    updated_at: datetime
    id: str = ""
    """With the code it lets its holder cancel, rejoin and have it printed again."""
    issued_at: datetime | None = None
    copies: int = 0
    rejoins_left: int = 0
    """How often this number may still rejoin today."""
    booking: BookedSlot | None = None
    """Of the booking that it was given for."""
