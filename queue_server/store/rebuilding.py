"""Projections made anew from the journal, and blanking a row of it (DESIGN 4.2, 4.4)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Table, delete, func, select, update

from queue_server.domain import events as e
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.errors import NotRedactable
from queue_server.store import queries
from queue_server.store import tables as t
from queue_server.store.folding import Fold
from queue_server.store.journal import JournalRow, inner_digests, parse_events
from queue_server.store.projecting import Changes

if TYPE_CHECKING:
    from queue_server.store.writer import Writer

_FLUSH_ROWS = 1_000
_ANY_WINDOW = tuple(WindowConfig(number) for number in range(1, 100))
"""Windows come and go with the hall's settings; the journal may name any that a hall can have."""


def rebuild_tables(writer: Writer) -> int:
    """Make all projections of the hall from its journal, in one transaction. Returns how many rows were folded."""
    writer.begin()
    with ExitStack() as undo:
        undo.callback(writer.rollback)
        rows = _rebuild(writer)
        undo.pop_all()
    writer.commit()
    return rows


def differing_tables(writer: Writer) -> list[str]:
    """Return the projections that do not equal the fold of the journal. Writes nothing that stays."""
    writer.begin()
    try:
        before = {table.name: _content(writer.connection, writer.hall, table) for table in t.PROJECTIONS}
        _rebuild(writer)
        after = {table.name: _content(writer.connection, writer.hall, table) for table in t.PROJECTIONS}
    finally:
        writer.rollback()
    return sorted(name for name in before if before[name] != after[name])


def why_not_redactable(connection: Connection, hall: str, seq: int) -> str | None:
    """Return why a row may not be blanked, None when it may.

    Not rows of the newest day, from which a start folds; not those that open or close a day.
    """
    row = queries.row_at(connection, hall, seq)
    if row is None:
        return "it does not exist"
    if row.events is None:
        return "it is blank already"
    if seq >= queries.day_start(connection, hall):
        return "its day is the newest: wait until the next one was opened"
    if any(isinstance(event, e.DayOpened | e.DayClosed) for event in parse_events(row.events)):
        return "it opens or closes a day"
    return None


def redact(writer: Writer, seq: int) -> None:
    """Blank one row inside the open transaction and make its day's projections anew without it.

    Raises ``NotRedactable``.
    """
    connection, hall = writer.connection, writer.hall
    reason = why_not_redactable(connection, hall, seq)
    row = queries.row_at(connection, hall, seq)
    if reason is not None or row is None or row.command is None or row.events is None or row.salt is None:
        raise NotRedactable(seq, reason or "it is blank already")
    blanked = b"".join(inner_digests(row.command, row.events, row.salt))
    journal = t.journal
    connection.execute(
        update(journal)
        .where(journal.c.hall == hall, journal.c.seq == seq)
        .values(command=None, events=None, salt=None, blanked=blanked)
    )
    first = _day_of(connection, hall, seq)
    if first is not None:
        _rebuild_day(writer, first, seq)


def _rebuild(writer: Writer) -> int:
    for table in t.PROJECTIONS:
        writer.connection.execute(delete(table).where(table.c.hall == writer.hall))
    return _fold_into(writer, queries.rows_after(writer.connection, writer.hall, 0))


def _rebuild_day(writer: Writer, day: str, seq: int) -> None:
    connection, hall = writer.connection, writer.hall
    first = queries.first_opening(connection, hall, day) or seq
    opened = t.business_day.c
    following = select(func.min(opened.opened_seq)).where(
        opened.hall == hall, opened.opened_seq > seq, opened.business_day != day
    )
    end: int | None = connection.execute(following).scalar_one_or_none()
    for table in t.PROJECTIONS:
        connection.execute(delete(table).where(table.c.hall == hall, table.c.business_day == day))
    _fold_into(writer, _until(queries.rows_after(connection, hall, first - 1), end))


def _day_of(connection: Connection, hall: str, seq: int) -> str | None:
    days = t.business_day.c
    chosen = select(days.business_day).where(days.hall == hall, days.opened_seq <= seq)
    day: str | None = connection.execute(chosen.order_by(days.opened_seq.desc()).limit(1)).scalar_one_or_none()
    return day


def _until(rows: Iterable[JournalRow], end: int | None) -> Iterator[JournalRow]:
    for row in rows:
        if end is not None and row.seq >= end:
            return
        yield row


def _fold_into(writer: Writer, rows: Iterable[JournalRow]) -> int:
    fold = Fold(writer.hall, Rules(), _ANY_WINDOW)
    changes, count = Changes(), 0
    for row in rows:
        fold.load((row,), changes)
        count += 1
        if count % _FLUSH_ROWS == 0:
            writer.project(changes)
            changes = Changes()
    writer.project(changes)
    return count


def _content(connection: Connection, hall: str, table: Table) -> str:
    digest = hashlib.sha256()
    chosen = select(table).where(table.c.hall == hall).order_by(*table.primary_key.columns)
    for row in connection.execute(chosen):
        digest.update(repr(tuple(row)).encode())
    return digest.hexdigest()
