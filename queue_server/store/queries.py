"""What is read from a store. Each takes a connection: the writer's inside a batch, else one of ``Store.read``.

Nothing on the gate's way scans a table (tests/contracts shows the plans); what reports read is bounded by a business
day or a range of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, bindparam, func, select

from queue_server.store import tables as t
from queue_server.store.journal import JournalRow

Reader = Connection
"""A connection as others see it: something to hand to these functions."""

_j = t.journal.c
_ROW = select(t.journal)
_CHUNK = 1_000

LAST_ROW = _ROW.where(_j.hall == bindparam("hall")).order_by(_j.seq.desc()).limit(1)
ROWS_BY_KEY = _ROW.where(_j.hall == bindparam("hall"), _j.key.in_(bindparam("keys", expanding=True)))
ROWS_FROM = (
    _ROW.where(_j.hall == bindparam("hall"), _j.seq > bindparam("after")).order_by(_j.seq).limit(bindparam("most"))
)
LAST_DAY = (
    select(t.business_day)
    .where(t.business_day.c.hall == bindparam("hall"))
    .order_by(t.business_day.c.opened_seq.desc())
    .limit(1)
)
FIRST_OPENING = select(func.min(t.business_day.c.opened_seq)).where(
    t.business_day.c.hall == bindparam("hall"), t.business_day.c.business_day == bindparam("day")
)
TICKET_BY_ID = select(t.ticket).where(t.ticket.c.hall == bindparam("hall"), t.ticket.c.id == bindparam("id"))
TICKETS_BY_NUMBER = (
    select(t.ticket)
    .where(
        t.ticket.c.hall == bindparam("hall"),
        t.ticket.c.business_day == bindparam("day"),
        t.ticket.c.number == bindparam("number"),
    )
    .order_by(t.ticket.c.copy)
)
CALL_BY_ID = select(t.call).where(t.call.c.hall == bindparam("hall"), t.call.c.id == bindparam("id"))
CALLS_OF_TICKET = (
    select(t.call)
    .where(t.call.c.hall == bindparam("hall"), t.call.c.ticket == bindparam("ticket"))
    .order_by(t.call.c.seq)
)
DAY_KEY = select(t.day_key.c.key).where(
    t.day_key.c.hall == bindparam("hall"), t.day_key.c.business_day == bindparam("day")
)
PERSON_BY_DIGEST = select(t.person.c.id).where(
    t.person.c.hall == bindparam("hall"),
    t.person.c.business_day == bindparam("day"),
    t.person.c.digest == bindparam("digest"),
)
PROGRAM_AT = (
    select(t.program_run.c.program)
    .where(t.program_run.c.hall == bindparam("hall"), t.program_run.c.first_seq <= bindparam("seq"))
    .order_by(t.program_run.c.first_seq.desc())
    .limit(1)
)
HOT: Mapping[str, Select[Any]] = {
    "last_row": LAST_ROW,
    "rows_by_key": ROWS_BY_KEY,
    "rows_from": ROWS_FROM,
    "last_day": LAST_DAY,
    "first_opening": FIRST_OPENING,
    "ticket_by_id": TICKET_BY_ID,
    "tickets_by_number": TICKETS_BY_NUMBER,
    "call_by_id": CALL_BY_ID,
    "calls_of_ticket": CALLS_OF_TICKET,
    "day_key": DAY_KEY,
    "person_by_digest": PERSON_BY_DIGEST,
    "program_at": PROGRAM_AT,
}
"""Statements that run while people wait: none may scan."""


# ---- journal --------


def last_row(connection: Connection, hall: str) -> JournalRow | None:
    found = connection.execute(LAST_ROW, {"hall": hall}).one_or_none()
    return _journal_row(found) if found is not None else None


def rows_after(connection: Connection, hall: str, seq: int) -> Iterator[JournalRow]:
    """Yield the journal's rows after ``seq`` in order, a thousand at a time: memory does not grow with the years."""
    while True:
        found = connection.execute(ROWS_FROM, {"hall": hall, "after": seq, "most": _CHUNK}).all()
        for row in found:
            yield _journal_row(row)
        if len(found) < _CHUNK:
            return
        seq = found[-1].seq


def row_at(connection: Connection, hall: str, seq: int) -> JournalRow | None:
    found = connection.execute(ROWS_FROM, {"hall": hall, "after": seq - 1, "most": 1}).one_or_none()
    return _journal_row(found) if found is not None and found.seq == seq else None


def first_opening(connection: Connection, hall: str, business_day: str) -> int | None:
    """Return the row that first opened this date, None when it never was."""
    found: int | None = connection.execute(FIRST_OPENING, {"hall": hall, "day": business_day}).scalar_one_or_none()
    return found


def day_start(connection: Connection, hall: str) -> int:
    """Return the row that first opened the last business day, 0 when no day was ever opened."""
    last = connection.execute(LAST_DAY, {"hall": hall}).one_or_none()
    return (first_opening(connection, hall, last.business_day) or 0) if last is not None else 0


def load_day(connection: Connection, hall: str) -> Iterator[JournalRow]:
    """Yield the rows of the last business day and what followed it: all that a ``HallDay`` is folded from."""
    return rows_after(connection, hall, max(day_start(connection, hall) - 1, 0))


def program_at(connection: Connection, hall: str, seq: int) -> str | None:
    """Return which version of the program wrote row ``seq``."""
    return connection.execute(PROGRAM_AT, {"hall": hall, "seq": seq}).scalar_one_or_none()


def anchors(connection: Connection, hall: str) -> list[tuple[str, int, str]]:
    """Return ``(business_day, seq, digest)`` of the last row of each closed day: what an anchors file holds."""
    closing = (
        select(t.business_day.c.business_day, _j.seq, _j.digest)
        .join(t.journal, (_j.hall == t.business_day.c.hall) & (_j.seq == t.business_day.c.closed_seq))
        .where(t.business_day.c.hall == hall)
        .order_by(_j.seq)
    )
    return [(row.business_day, row.seq, row.digest.hex()) for row in connection.execute(closing)]


# ---- projections --------


def ticket(connection: Connection, hall: str, id_: str) -> dict[str, Any] | None:
    return _mapping(connection.execute(TICKET_BY_ID, {"hall": hall, "id": id_}).one_or_none())


def tickets_by_number(connection: Connection, hall: str, day: str, number: str) -> list[dict[str, Any]]:
    found = connection.execute(TICKETS_BY_NUMBER, {"hall": hall, "day": day, "number": number})
    return _dicts(found)


def call(connection: Connection, hall: str, id_: str) -> dict[str, Any] | None:
    """Return one call with its stored reason."""
    return _mapping(connection.execute(CALL_BY_ID, {"hall": hall, "id": id_}).one_or_none())


def calls_of_ticket(connection: Connection, hall: str, id_: str) -> list[dict[str, Any]]:
    found = connection.execute(CALLS_OF_TICKET, {"hall": hall, "ticket": id_})
    return _dicts(found)


def last_day(connection: Connection, hall: str) -> dict[str, Any] | None:
    return _mapping(connection.execute(LAST_DAY, {"hall": hall}).one_or_none())


def days(connection: Connection, hall: str, since: str) -> list[dict[str, Any]]:
    """Return business days from ``since`` (ISO date) on."""
    d = t.business_day.c
    found = connection.execute(
        select(t.business_day).where(d.hall == hall, d.business_day >= since).order_by(d.opened_seq)
    )
    return _dicts(found)


def tickets_of_day(connection: Connection, hall: str, day: str) -> list[dict[str, Any]]:
    """Return all tickets of one business day in order of issue, for reports."""
    c = t.ticket.c
    chosen = select(t.ticket).where(c.hall == hall, c.business_day == day).order_by(c.issued_at_us, c.number)
    return _dicts(connection.execute(chosen))


def calls_of_day(connection: Connection, hall: str, day: str) -> list[dict[str, Any]]:
    chosen = select(t.call).where(t.call.c.hall == hall, t.call.c.business_day == day).order_by(t.call.c.seq)
    return _dicts(connection.execute(chosen))


def forecasts_of_day(connection: Connection, hall: str, day: str) -> list[dict[str, Any]]:
    """Return what was promised and when the ticket was first called (None: never), for grading the forecast.

    A call that was taken back is none.
    """
    f, call, spoken = t.forecast_shown.c, t.call.c, t.announcement.c
    first_call = (
        select(func.min(call.at_us))
        .join_from(t.call, t.announcement, (spoken.hall == call.hall) & (spoken.id == call.id))
        .where(call.hall == f.hall, call.ticket == f.ticket, spoken.withdrawn_at_us.is_(None))
        .scalar_subquery()
    )
    chosen = select(t.forecast_shown, first_call.label("called_at_us")).where(f.hall == hall, f.business_day == day)
    return _dicts(connection.execute(chosen))


# ---- records --------


def all_rows(connection: Connection, hall: str, table: Table) -> list[dict[str, Any]]:
    """Return every row of a record table of this hall, without ``hall``."""
    found = connection.execute(select(table).where(table.c.hall == hall).order_by(*table.primary_key.columns))
    return [{name: value for name, value in row.items() if name != "hall"} for row in _dicts(found)]


def catalogue_rows(connection: Connection, hall: str, table: Table, version: int) -> list[dict[str, Any]]:
    """Return the departments or matters of one catalogue version in their order."""
    chosen = select(table).where(table.c.hall == hall, table.c.catalogue == version).order_by(table.c.place)
    return _dicts(connection.execute(chosen))


def one_record(connection: Connection, hall: str, table: Table, **key: str | int) -> dict[str, Any] | None:
    """Return one row by its primary key."""
    chosen = select(table).where(table.c.hall == hall, *(table.c[name] == value for name, value in key.items()))
    return _mapping(connection.execute(chosen).one_or_none())


def day_key(connection: Connection, hall: str, day: str) -> bytes | None:
    """Return the HMAC key of an open day; None once it is destroyed."""
    return connection.execute(DAY_KEY, {"hall": hall, "day": day}).scalar_one_or_none()


def persons_by_digest(connection: Connection, hall: str, day: str, digest: bytes) -> list[str]:
    """Return the ids of persons who showed this very card on this day."""
    found = connection.execute(PERSON_BY_DIGEST, {"hall": hall, "day": day, "digest": digest})
    return [row.id for row in found]


def due_count(connection: Connection, hall: str, table: Table, now_us: int) -> int:
    """Return how many rows of an erasable table have outlived their ``erase_after_us``."""
    due = select(func.count()).select_from(table).where(table.c.hall == hall, table.c.erase_after_us <= now_us)
    return int(connection.execute(due).scalar_one())


def _dicts(rows: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    return [row._asdict() for row in rows]


def _mapping(row: Row[Any] | None) -> dict[str, Any] | None:
    return row._asdict() if row is not None else None


def _journal_row(row: Sequence[Any]) -> JournalRow:
    return JournalRow(*row)
