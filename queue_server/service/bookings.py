"""Bookings for the rim: what is free, and the commands with their rows that make, move, cancel and use one.

Reads on the store's own connections, so call from a thread. What is read may be old by the time the gate decides: each
command names the version it makes, and the gate refuses an old one with ``BOOKING_CHANGED``.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server.domain import booking as b
from queue_server.domain.clock import local_day, local_minute
from queue_server.domain.commands import CancelBooking, IssueTicket, MakeBooking, MoveBooking
from queue_server.domain.quota import clock_text
from queue_server.service.records import content_hash, masked
from queue_server.store import booking_queries as queries
from queue_server.store.rows import RowWrite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queue_server.domain.calendar import DayPlan
    from queue_server.domain.rules import Rules
    from queue_server.service.calendars import Calendars
    from queue_server.service.gate import Gate
    from queue_server.service.ports import Chance, WallClock
    from queue_server.store.engine import Store
    from queue_server.store.queries import Reader

KEY = "booking"
WAIT_S = 10.0

Row = dict[str, Any]
Rows = tuple[RowWrite, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whoever books, as told at the desk or typed."""

    name: str
    phone: str = ""
    id_number: str = ""

    def __repr__(self) -> str:
        return "Holder(masked)"


@dataclass(frozen=True, slots=True)
class FreeSlot:
    slot: b.Slot
    free: int


@dataclass(slots=True)
class Bookings:
    store: Store
    gate: Gate
    rules: Rules
    windows: int
    calendars: Calendars
    chance: Chance
    wall_clock_us: WallClock
    holder_days: int
    """Name and telephone are erased so long after the slot."""
    _key: bytes | None = field(default=None, repr=False)
    _making: threading.Lock = field(default_factory=threading.Lock)

    # ---- days and slots

    def days(self, *, by_staff: bool) -> tuple[DayPlan, ...]:
        return b.bookable_days(self._today(), self.calendars.plan, self.rules.booking, by_staff=by_staff)

    def free_slots(self, *, by_staff: bool) -> list[tuple[date, list[FreeSlot]]]:
        """Every bookable day with its slots that have not begun, full ones too."""
        plans, now_us = self.days(by_staff=by_staff), self.wall_clock_us()
        with self.store.read() as connection:
            taken = queries.taken_of_days(connection, self.gate.hall, [plan.day.isoformat() for plan in plans])
        return [
            (
                plan.day,
                [
                    FreeSlot(slot, max(0, self._places(slot) - taken.get(slot.begins_us, 0)))
                    for slot in b.slots_of(plan, self.rules.booking)
                    if slot.begins_us > now_us
                ],
            )
            for plan in plans
        ]

    def _places(self, slot: b.Slot) -> int:
        return b.places(self.rules.booking, self.windows, staffed=slot.windows)

    def slot(self, day: str, begins: str, *, by_staff: bool) -> b.Slot | None:
        """The slot of a bookable day that begins then; None for any other time."""
        plans = (plan for plan in self.days(by_staff=by_staff) if plan.day.isoformat() == day)
        slots = (slot for plan in plans for slot in b.slots_of(plan, self.rules.booking))
        return next((slot for slot in slots if self.clock(slot.begins_us) == begins), None)

    def clock(self, at_us: int) -> str:
        """``9:30`` on the hall's wall."""
        return clock_text(local_minute(at_us, self.rules.utc_offset_min))

    def _today(self) -> date:
        """While no clock can say it, the day that is open."""
        view = self.gate.view
        if view.clock_doubt and view.day is not None and view.day.open and view.day.business_day is not None:
            return date.fromisoformat(view.day.business_day)
        return date.fromisoformat(local_day(self.wall_clock_us(), self.rules.utc_offset_min))

    # ---- looking up

    def by_id(self, booking: str) -> Row | None:
        with self.store.read() as connection:
            return queries.by_id(connection, self.gate.hall, booking)

    def by_code(self, code: str) -> Row | None:
        with self.store.read() as connection:
            return queries.by_code(connection, self.gate.hall, code)

    def of_day(self, day: str) -> list[tuple[Row, Row | None]]:
        """All bookings of a day by their slots, each with its holder while that is kept."""
        with self.store.read() as connection:
            return [(row, self._holder(connection, row)) for row in queries.of_day(connection, self.gate.hall, day)]

    def holder_of(self, row: Mapping[str, Any]) -> Row | None:
        with self.store.read() as connection:
            return self._holder(connection, row)

    def of_card(self, id_number: str) -> Row | None:
        """The booking that somebody with this card means: today's that waits, today's that was used, the next one."""
        if self._known_key() is None:
            return None  # nobody ever booked here
        digest = self._digest(f"id:{id_number.strip().upper()}")
        with self.store.read() as connection:
            found = queries.of_person(connection, self.gate.hall, digest)
        today = self._today().isoformat()
        open_ = [row for row in found if row["business_day"] == today and row["state"] == b.BookingState.BOOKED]
        used = [row for row in reversed(found) if row["business_day"] == today]
        later = [row for row in found if row["business_day"] > today]
        return next(iter((*open_, *used, *later)), None)

    def honoured_now(self, row: Mapping[str, Any]) -> bool:
        """Whether a check-in would be taken now."""
        if row["state"] != b.BookingState.BOOKED or row["business_day"] != self._today().isoformat():
            return False
        return self.gate.view.clock_doubt or self.arrival(row) is not b.Arrival.TOO_EARLY

    def arrival(self, row: Mapping[str, Any]) -> b.Arrival:
        """What a check-in now would be."""
        return b.arrival(row["begins_us"], row["ends_us"], self.wall_clock_us(), self.rules.booking)

    # ---- commands with their rows

    def make(
        self, slot: b.Slot, holder: Holder, matters: tuple[str, ...], *, source: str, by_staff: bool
    ) -> tuple[MakeBooking, Rows]:
        held = self._holder_row(holder, slot)
        row: Row = {
            "id": self.chance.id("b"),
            "code": self.chance.booking_code(),
            "state": str(b.BookingState.BOOKED),
            "business_day": self._day(slot),
            "begins_us": slot.begins_us,
            "ends_us": slot.ends_us,
            "matters": msgspec.json.encode(matters).decode(),
            "holder": held["id"],
            "source": source,
            "ticket": None,
            "made_at_us": self.wall_clock_us(),
            "version": 1,
        }
        command = MakeBooking(
            booking=row["id"],
            begins_us=slot.begins_us,
            ends_us=slot.ends_us,
            business_day=row["business_day"],
            content_hash=content_hash(row),
            matters=matters,
            by_supervisor=by_staff,
            windows=slot.windows,
        )
        return command, (RowWrite("booking", row, "add"), RowWrite("booking_holder", held, "add"))

    def move(self, row: Mapping[str, Any], slot: b.Slot, *, by_staff: bool) -> tuple[MoveBooking, Rows]:
        moved = self._next(row, business_day=self._day(slot), begins_us=slot.begins_us, ends_us=slot.ends_us)
        command = MoveBooking(
            booking=row["id"],
            begins_us=slot.begins_us,
            ends_us=slot.ends_us,
            business_day=moved["business_day"],
            content_hash=content_hash(moved),
            version=moved["version"],
            by_supervisor=by_staff,
            windows=slot.windows,
        )
        rows = [RowWrite("booking", moved)]
        holder = self.holder_of(row)
        if holder is not None:
            rows.append(RowWrite("booking_holder", {**holder, "erase_after_us": self._erase_after_us(slot)}))
        return command, tuple(rows)

    def cancel(self, row: Mapping[str, Any], *, by_staff: bool) -> tuple[CancelBooking, Rows]:
        cancelled = self._next(row, state=str(b.BookingState.CANCELLED))
        command = CancelBooking(
            booking=row["id"],
            content_hash=content_hash(cancelled),
            version=cancelled["version"],
            by_supervisor=by_staff,
        )
        return command, (RowWrite("booking", cancelled),)

    def check_in(self, row: Mapping[str, Any], command: IssueTicket, *, found: bool) -> tuple[IssueTicket, Rows]:
        """``command`` with the booking it uses. ``found``: by the card of somebody who only asked for a number."""
        came = self._next(row, state=str(b.BookingState.CAME), ticket=command.ticket)
        using = replace(
            command,
            booking=None if found else row["id"],
            found_booking=row["id"] if found else None,
            booking_matters=msgspec.json.decode(row["matters"], type=tuple[str, ...]),
            booking_version=came["version"],
            booking_hash=content_hash(came),
        )
        return using, (RowWrite("booking", came),)

    # ---- persons

    def _holder_row(self, holder: Holder, slot: b.Slot) -> Row:
        known_by = f"id:{holder.id_number.strip().upper()}" if holder.id_number else f"tel:{holder.phone.strip()}"
        return {
            "id": self.chance.id("h"),
            "digest": self._digest(known_by),
            "name": holder.name,
            "phone": holder.phone,
            "masked": masked(holder.name, holder.id_number or holder.phone),
            "erase_after_us": self._erase_after_us(slot),
        }

    def _erase_after_us(self, slot: b.Slot) -> int:
        return slot.ends_us + self.holder_days * b.DAY_US

    def _holder(self, connection: Reader, row: Mapping[str, Any]) -> Row | None:
        return queries.holder(connection, self.gate.hall, row["holder"]) if row["holder"] else None

    def _digest(self, known_by: str) -> bytes:
        return hmac.digest(self._hall_key(), known_by.encode(), "sha256")

    def _hall_key(self) -> bytes:
        """Made once for a hall, before its first booking."""
        with self._making:
            key = self._known_key()
            if key is None:
                key = secrets.token_bytes(32)
                row = RowWrite("hall_key", {"name": KEY, "key": key}, "add")
                self.gate.note(rows=(row,)).result(WAIT_S)
                self._key = key
            return key

    def _known_key(self) -> bytes | None:
        if self._key is None:
            with self.store.read() as connection:
                self._key = queries.key(connection, self.gate.hall, KEY)
        return self._key

    # ---- rows

    def _day(self, slot: b.Slot) -> str:
        return local_day(slot.begins_us, self.rules.utc_offset_min)

    @staticmethod
    def _next(row: Mapping[str, Any], **changes: Any) -> Row:  # noqa: ANN401 - values of a row
        return {**row, **changes, "version": row["version"] + 1}
