"""Bookings of the simulated hall: the rows that travel beside the commands, without a holder's name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from queue_server.domain.booking import BookingState
from queue_server.domain.commands import IssueTicket, MakeBooking
from queue_server.service.records import content_hash
from queue_server.store.rows import RowWrite

SLOT_US = 30 * 60 * 1_000_000
Row = dict[str, Any]


def booking_row(booking: str, business_day: str, begins_us: int, made_at_us: int) -> Row:
    return {
        "id": booking,
        "code": booking,
        "state": str(BookingState.BOOKED),
        "business_day": business_day,
        "begins_us": begins_us,
        "ends_us": begins_us + SLOT_US,
        "matters": "[]",
        "holder": None,
        "source": "clerk:1",
        "ticket": None,
        "made_at_us": made_at_us,
        "version": 1,
    }


def making(row: Row) -> tuple[MakeBooking, tuple[RowWrite, ...]]:
    """By staff, who may book for today."""
    command = MakeBooking(
        booking=row["id"],
        begins_us=row["begins_us"],
        ends_us=row["ends_us"],
        business_day=row["business_day"],
        content_hash=content_hash(row),
        by_supervisor=True,
    )
    return command, (RowWrite("booking", row, "add"),)


def check_in(row: Row, command: IssueTicket) -> tuple[IssueTicket, tuple[RowWrite, ...]]:
    """``command`` as that of the booking's holder."""
    came = {**row, "state": str(BookingState.CAME), "ticket": command.ticket, "version": row["version"] + 1}
    using = replace(command, booking=row["id"], booking_version=came["version"], booking_hash=content_hash(came))
    return using, (RowWrite("booking", came),)
