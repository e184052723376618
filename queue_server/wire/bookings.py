"""Bookings (预约): free slots, made, moved, cancelled, looked up.

Days are ISO dates and times such as ``9:30``, both on the hall's wall: together they name a slot.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from queue_server.wire.forms import Id, Key, Matters, Reply, Struct

Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Begins = Annotated[str, Meta(pattern=r"^([0-9]|1[0-9]|2[0-3]):[0-5][0-9]$")]
CODE_PREFIX = "YY-"
"""Before the code in its QR: no slip's code begins so."""


class BookingHolder(Struct, frozen=True, kw_only=True):
    """Who comes; kept in the erasable table only (DESIGN 4.3). A card's number or a telephone number is needed."""

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    phone: Annotated[str, Meta(max_length=20, pattern=r"^[0-9+ -]*$")] = ""
    id_number: Annotated[str, Meta(max_length=24, pattern=r"^[0-9A-Za-z]*$")] = ""

    def __repr__(self) -> str:
        return "BookingHolder(masked)"


class BookingRequest(Struct, frozen=True, kw_only=True):
    key: Key
    day: Day
    begins: Begins
    holder: BookingHolder
    matters: Matters = ()


class BookingMove(Struct, frozen=True, kw_only=True):
    """``code`` proves a holder who has no account."""

    key: Key
    day: Day
    begins: Begins
    code: Id | None = None


class BookingCancel(Struct, frozen=True, kw_only=True):
    key: Key
    code: Id | None = None


class SlotView(Reply, frozen=True, kw_only=True):
    begins: str
    ends: str
    free: int


class SlotDay(Reply, frozen=True, kw_only=True):
    day: str
    slots: tuple[SlotView, ...]


class SlotsReply(Reply, frozen=True, kw_only=True):
    """The days that may be booked now, soonest first."""

    days: tuple[SlotDay, ...]


class BookingView(Reply, frozen=True, kw_only=True):
    id: str
    code: str
    """What its holder shows, types or says when they come."""
    state: Literal["booked", "came", "cancelled", "no_show", "lapsed"]
    day: str
    begins: str
    ends: str
    matters: tuple[str, ...] = ()
    ticket: str | None = None
    number: str | None = None
    """Of a ticket of today."""
    holder: str | None = None
    """Masked; for staff, while it is kept."""
    phone: str | None = None
    """For staff, while it is kept."""


class BookingReply(Reply, frozen=True, kw_only=True):
    booking: BookingView
    seq: int


class BookingsReply(Reply, frozen=True, kw_only=True):
    day: str
    bookings: tuple[BookingView, ...]


class BookedSlot(Reply, frozen=True, kw_only=True):
    """The booking that a number was given for."""

    day: str
    begins: str
    ends: str
    late: bool = False
    """Beyond the grace: an ordinary number."""
    early: bool = False
    """It counts from the slot on."""
    ahead: int | None = None
    """Booked numbers of the same slot that wait before it."""
    matter: str = ""
    """The first it was booked for."""
