"""What a command about a booking has to know of the tables, read on the writer's connection (DESIGN 4.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.booking import BookingFacts
from queue_server.domain.commands import CancelBooking, IssueTicket, MakeBooking, MoveBooking, NoteNoShow
from queue_server.store import booking_queries as queries
from queue_server.store.queries import first_opening

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queue_server.domain.commands import Command
    from queue_server.store.queries import Reader
    from queue_server.store.rows import RowWrite


def booking_of(command: Command) -> str | None:
    """The id of the booking that a command names; None for the many that name none."""
    match command:
        case IssueTicket():
            return command.booking or command.found_booking
        case MakeBooking() | MoveBooking() | CancelBooking() | NoteNoShow():
            return command.booking
        case _:
            return None


def facts_for(connection: Reader, hall: str, booking: str, command: Command, rows: Sequence[RowWrite]) -> BookingFacts:
    """``rows`` travel beside the command: a new booking's holder is among them."""
    found = queries.by_id(connection, hall, booking)
    known = BookingFacts(None if found is None else queries.as_booking(found))
    if isinstance(command, NoteNoShow) and found is not None:
        return known._replace(had_day=had_day(connection, hall, found["business_day"]))
    if not isinstance(command, MakeBooking | MoveBooking):
        return known
    known = known._replace(taken=queries.taken(connection, hall, command.business_day, command.begins_us, but=booking))
    digest = _digest(connection, hall, None if found is None else found["holder"], rows)
    if digest is None:
        return known
    of_day = [
        each
        for each in queries.of_person(connection, hall, digest)
        if each["business_day"] == command.business_day and each["id"] != booking
    ]
    return known._replace(same_day=len(of_day), no_shows_us=queries.no_shows_us(connection, hall, digest))


def had_day(connection: Reader, hall: str, day: str) -> bool:
    """Whether the hall was ever open on this date."""
    return first_opening(connection, hall, day) is not None


def _digest(connection: Reader, hall: str, holder: str | None, rows: Sequence[RowWrite]) -> bytes | None:
    for row in rows:
        if row.table == "booking_holder":
            digest = row.values["digest"]
            return digest if isinstance(digest, bytes) else None
    known = None if holder is None else queries.holder(connection, hall, holder)
    return None if known is None else known["digest"]
