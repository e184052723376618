"""The one writing connection of a hall: owned by the gate's thread, one transaction per batch (DESIGN 4.1)."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, Table, delete, select

from queue_server.errors import JournalBroken, LockLost, UnknownRecord
from queue_server.store import queries, rebuilding, security
from queue_server.store import tables as t
from queue_server.store.faults import translated
from queue_server.store.folding import Fold
from queue_server.store.journal import JournalRow
from queue_server.store.projecting import TICKET_ROW, Changes, Row
from queue_server.store.rows import RowWrite, SecurityEntry
from queue_server.store.statements import Statements, bound

if TYPE_CHECKING:
    from queue_server.domain.rules import Rules, WindowConfig
    from queue_server.store.lock import WriterLock

EPOCH = "epoch"
_ERASABLE = {table.name: table for table in t.ERASABLE}


class Writer:
    """Made by ``Store.open_writer`` with the lock taken. Used by one thread; every method may raise ``StoreError``."""

    def __init__(self, hall: str, engine: Engine, connection: Connection, lock: WriterLock) -> None:
        self.hall = hall
        self._engine = engine
        self._connection = connection
        self._lock = lock
        self._statements = Statements(connection.dialect)
        self._security = security.SecurityChain(hall)
        self.epoch = self._read_epoch()

    # ---- transactions ----

    def begin(self) -> None:
        """Start a batch. Whether the lock is still ours is asked before the commit, when it matters."""
        with translated():
            self._connection.begin()

    def commit(self) -> None:
        """Make the batch durable: it is on disk when this returns. Raises ``LockLost`` before doing so if need be."""
        if not self._lock.held():
            raise LockLost("another server may write")
        with translated():
            self._connection.commit()

    def rollback(self) -> None:
        self._security.forget()
        with translated():
            if not self._connection.closed:
                self._connection.rollback()

    def check(self) -> None:
        """Prove between batches that the lock is ours and the connection lives. Raises ``StoreError``."""
        if not self._lock.held():
            raise LockLost("another server may write")
        with translated():
            self._connection.execute(select(t.store_fact.c.name).where(t.store_fact.c.name == EPOCH)).all()
            self._connection.rollback()

    def checkpoint(self) -> bool:
        """Move the WAL into the database and cut it to nothing, so that erased rows are nowhere on disk.

        False while a reader still looks at the WAL: ask again later. Outside of a batch only.
        """
        if not self._statements.is_sqlite:
            return True
        with translated():
            driver: Any = self._connection.connection.driver_connection
            busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._connection.rollback()
        return not busy

    def close(self) -> None:
        """Give back lock and connection. May be called twice."""
        try:
            with translated():
                if not self._connection.closed and not self._connection.invalidated:
                    self._connection.rollback()
        finally:
            try:
                with translated():
                    self._lock.release()
            finally:
                self._connection.close()
                self._engine.dispose()

    @property
    def connection(self) -> Connection:
        """For ``queries`` inside a batch: they see what the commands before wrote."""
        return self._connection

    # ---- journal ----

    def load_fold(self, rules: Rules, windows: Iterable[WindowConfig]) -> Fold:
        """Fold the last business day. Raises ``UnknownRecord`` with the program that wrote what cannot be read."""
        fold = Fold(self.hall, rules, windows)
        with translated():
            last = queries.last_row(self._connection, self.hall)
            try:
                fold.load(queries.load_day(self._connection, self.hall))
            except UnknownRecord as error:
                program = queries.program_at(self._connection, self.hall, error.seq) or ""
                raise UnknownRecord(
                    type_=error.type, version=error.version, hall=self.hall, seq=error.seq, program=program
                ) from None
            finally:
                self._connection.rollback()
        if last is not None and (last.seq, last.digest) != (fold.seq, fold.digest):
            raise JournalBroken(self.hall, last.seq, "the last business day does not lead to it")
        return fold

    def had_day(self, business_day: str) -> bool:
        """Tell whether this date was ever opened."""
        with translated():
            return queries.first_opening(self._connection, self.hall, business_day) is not None

    def known(self, keys: Sequence[str]) -> dict[str, JournalRow]:
        """Rows that carry one of these keys; one look-up for a whole batch."""
        if not keys:
            return {}
        with translated():
            wanted = self._statements.rows_by_key(len(keys))
            rows = (JournalRow(*row) for row in wanted.find(self._connection, self.hall, keys))
            return {row.key: row for row in rows if row.key is not None}

    def append(self, rows: Sequence[JournalRow]) -> None:
        with translated():
            self._statements.add(t.journal, _JOURNAL).run_values(self._connection, rows)

    def note_program(self, first_seq: int, program: str) -> None:
        """Remember who writes from ``first_seq`` on, if that is somebody new."""
        with translated():
            if queries.program_at(self._connection, self.hall, first_seq) != program:
                values = {"hall": self.hall, "first_seq": first_seq, "program": program}
                self._put(t.program_run, [values])

    # ---- tables ----

    def project(self, changes: Changes) -> None:
        """Write what a batch changed: one statement per table, however many rows."""
        with translated():
            if changes.days_closed:  # before an opening of the same date that follows
                self._statements.close_day().run(self._connection, changes.days_closed)
            self._put(t.business_day, changes.days_opened)
            if changes.tickets:
                self._statements.put(t.ticket, TICKET_ROW).run_values(self._connection, changes.ticket_rows(self.hall))
            self._put(t.call, changes.calls)
            self._put(t.announcement, changes.announcements)
            self._put(t.shift, changes.shifts)
            self._put(t.forecast_shown, changes.forecasts)
            self._change(t.announcement, changes.withdrawn)
            self._change(t.announcement, changes.unconfirmed)
            self._change(t.shift, changes.shifts_closed)

    def _put(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self._statements.put(table, tuple(rows[0])).run(self._connection, rows)

    def _change(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            names = [name for name in rows[0] if not name.startswith("b_")]
            self._statements.change(table, *names).run(self._connection, rows)

    def write(self, rows: Sequence[RowWrite]) -> None:
        """Write rows that travel beside commands, in their order, equal neighbours together."""
        with translated():
            for (table, mode, _names), group in _runs(rows):
                if mode in {"erase", "redact"}:
                    self._remove(table, mode, group)
                else:
                    self._write_group(t.WRITABLE[table], mode, [{"hall": self.hall, **row.values} for row in group])

    def log_security(self, entries: Sequence[SecurityEntry], at_us: int) -> None:
        with translated():
            self._security.append(self._connection, entries, at_us)

    def put_day_key(self, business_day: str | None) -> None:
        """Destroy the key of every day and, with ``business_day``, make a random one for it."""
        with translated():
            self._connection.execute(delete(t.day_key).where(t.day_key.c.hall == self.hall))
            if business_day is not None:
                values = {"hall": self.hall, "business_day": business_day, "key": secrets.token_bytes(32)}
                self._put(t.day_key, [values])

    def renew_epoch(self) -> str:
        """Give the store a new epoch: what was restored from a copy is another store from now on. Commits."""
        epoch = secrets.token_hex(8)
        with translated():
            self._put(t.store_fact, [{"name": EPOCH, "value": epoch}])
            self._connection.commit()
        self.epoch = epoch
        return epoch

    def _write_group(self, table: Table, mode: str, rows: list[dict[str, Any]]) -> None:
        match mode:
            case "put":
                self._put(table, rows)
            case "add":
                self._statements.add(table, tuple(rows[0])).run(self._connection, rows)
            case "drop":
                self._statements.drop(table).run(self._connection, [bound(row, table) for row in rows])
            case _:
                raise ValueError(f"rows of {table.name} cannot be written by {mode}")

    def _remove(self, table: str, mode: str, rows: Sequence[RowWrite]) -> None:
        for row in rows:
            match table, mode, row.values:
                case "journal", "redact", {"seq": int(seq)}:
                    rebuilding.redact(self, seq)
                case t.security_log.name, "erase", {"erase_after_us": int(before_us)}:
                    security.erase_old(self._connection, self.hall, before_us)
                case _, "erase", {"erase_after_us": int(now_us)} if table in _ERASABLE:
                    erasable = _ERASABLE[table]
                    due = erasable.c.erase_after_us <= now_us
                    self._connection.execute(delete(erasable).where(erasable.c.hall == self.hall, due))
                case _:
                    raise ValueError(f"rows of {table} cannot be removed by {mode}")

    def _read_epoch(self) -> str:
        with translated():
            found = self._connection.execute(
                select(t.store_fact.c.value).where(t.store_fact.c.name == EPOCH)
            ).scalar_one_or_none()
            self._connection.rollback()
        return found if found is not None else self.renew_epoch()


def _runs(rows: Iterable[RowWrite]) -> Iterator[tuple[tuple[str, str, tuple[str, ...]], list[RowWrite]]]:
    groups: dict[tuple[str, str, tuple[str, ...]], list[RowWrite]] = defaultdict(list)
    last: tuple[str, str, tuple[str, ...]] | None = None
    for row in rows:
        sort = (row.table, row.mode, tuple(row.values))
        if last is not None and sort != last:
            yield last, groups.pop(last)
        groups[sort].append(row)
        last = sort
    if last is not None:
        yield last, groups.pop(last)


_JOURNAL = JournalRow._fields
