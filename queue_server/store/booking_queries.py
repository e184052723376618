"""What is read about bookings; each statement finds its rows by an index (tests/contracts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from queue_server.domain.booking import HOLDING, Booking, BookingState
from queue_server.store import booking_tables as t

_b, _h, _n = t.booking.c, t.booking_holder.c, t.no_show.c
_OF_HALL = _b.hall == bindparam("hall")
_HOLDING = tuple(str(state) for state in HOLDING)

BY_ID = select(t.booking).where(_OF_HALL, _b.id == bindparam("id"))
BY_CODE = select(t.booking).where(_OF_HALL, _b.code == bindparam("code"))
OF_DAY = select(t.booking).where(_OF_HALL, _b.business_day == bindparam("day")).order_by(_b.begins_us, _b.id)
TAKEN = select(func.count()).where(
    _OF_HALL,
    _b.business_day == bindparam("day"),
    _b.begins_us == bindparam("begins_us"),
    _b.state.in_(_HOLDING),
    _b.id != bindparam("id"),
)
TAKEN_OF_DAYS = (
    select(_b.begins_us, func.count())
    .where(_OF_HALL, _b.business_day.in_(bindparam("days", expanding=True)), _b.state.in_(_HOLDING))
    .group_by(_b.begins_us)
)
OF_PERSON = (
    select(t.booking)
    .select_from(t.booking_holder)
    .join(t.booking, (_b.hall == _h.hall) & (_b.holder == _h.id))
    .where(_h.hall == bindparam("hall"), _h.digest == bindparam("digest"), _b.state.in_(_HOLDING))
    .order_by(_b.begins_us, _b.id)
)
HOLDER = select(t.booking_holder).where(_h.hall == bindparam("hall"), _h.id == bindparam("id"))
NO_SHOWS = select(_n.at_us).where(_n.hall == bindparam("hall"), _n.digest == bindparam("digest"))
ENDED = (
    select(t.booking)
    .where(_OF_HALL, _b.state == str(BookingState.BOOKED), _b.ends_us <= bindparam("now_us"))
    .order_by(_b.ends_us, _b.id)
    .limit(bindparam("most"))
)
KEY = select(t.hall_key.c.key).where(t.hall_key.c.hall == bindparam("hall"), t.hall_key.c.name == bindparam("name"))
HOT: Mapping[str, Select[Any]] = {
    "booking_by_id": BY_ID,
    "booking_by_code": BY_CODE,
    "bookings_of_day": OF_DAY,
    "booking_taken": TAKEN,
    "bookings_taken": TAKEN_OF_DAYS,
    "bookings_of_person": OF_PERSON,
    "booking_holder": HOLDER,
    "no_shows": NO_SHOWS,
    "bookings_ended": ENDED,
    "hall_key": KEY,
}

Row = dict[str, Any]


def by_id(connection: Connection, hall: str, booking: str) -> Row | None:
    return _one(connection, BY_ID, hall=hall, id=booking)


def by_code(connection: Connection, hall: str, code: str) -> Row | None:
    return _one(connection, BY_CODE, hall=hall, code=code)


def of_day(connection: Connection, hall: str, day: str) -> list[Row]:
    return _all(connection, OF_DAY, hall=hall, day=day)


def of_person(connection: Connection, hall: str, digest: bytes) -> list[Row]:
    """The bookings of a person that wait or were used, soonest first."""
    return _all(connection, OF_PERSON, hall=hall, digest=digest)


def ended(connection: Connection, hall: str, now_us: int, most: int) -> list[Row]:
    """Bookings whose slot is over and whose holder has not come, oldest first."""
    return _all(connection, ENDED, hall=hall, now_us=now_us, most=most)


def taken(connection: Connection, hall: str, day: str, begins_us: int, *, but: str) -> int:
    """How many bookings hold a place in a slot, the one named left out."""
    asked = {"hall": hall, "day": day, "begins_us": begins_us, "id": but}
    return int(connection.execute(TAKEN, asked).scalar_one())


def taken_of_days(connection: Connection, hall: str, days: Sequence[str]) -> dict[int, int]:
    """Places taken by the slot's beginning."""
    return {int(row[0]): int(row[1]) for row in connection.execute(TAKEN_OF_DAYS, {"hall": hall, "days": list(days)})}


def holder(connection: Connection, hall: str, holder_id: str) -> Row | None:
    return _one(connection, HOLDER, hall=hall, id=holder_id)


def no_shows_us(connection: Connection, hall: str, digest: bytes) -> tuple[int, ...]:
    return tuple(row.at_us for row in connection.execute(NO_SHOWS, {"hall": hall, "digest": digest}))


def key(connection: Connection, hall: str, name: str) -> bytes | None:
    return connection.execute(KEY, {"hall": hall, "name": name}).scalar_one_or_none()


def as_booking(row: Mapping[str, Any]) -> Booking:
    return Booking(
        id=row["id"],
        state=BookingState(row["state"]),
        business_day=row["business_day"],
        begins_us=row["begins_us"],
        ends_us=row["ends_us"],
        version=row["version"],
        holder=row["holder"],
        ticket=row["ticket"],
    )


def _one(connection: Connection, statement: Select[Any], **asked: Any) -> Row | None:  # noqa: ANN401 - parameters
    found = connection.execute(statement, asked).one_or_none()
    return None if found is None else _plain(found._asdict())


def _all(connection: Connection, statement: Select[Any], **asked: Any) -> list[Row]:  # noqa: ANN401 - parameters
    rows: Iterable[Any] = connection.execute(statement, asked)
    return [_plain(row._asdict()) for row in rows]


def _plain(row: Row) -> Row:
    """Without ``hall``: as ``RowWrite`` wants it."""
    return {name: value for name, value in row.items() if name != "hall"}
