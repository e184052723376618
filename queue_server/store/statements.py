"""Statements of the writer, compiled once into the driver's own text.

SQLAlchemy spends more on the parameters of each row than SQLite on writing it; so the statement is built and compiled
by SQLAlchemy, for either database, and run with whole rows by the driver.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Table, Update, bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from queue_server.store import queries
from queue_server.store import tables as t

Row = Mapping[str, Any]
TOGETHER = (32, 8)
"""Rows that one inserting statement takes, the largest first."""
_VALUES = re.compile(r"VALUES (\(\?(?:, \?)*\))")
KEY_STEP = 32
"""Keys are looked up in so many at a time or a multiple of it: few lengths of the statement exist."""


class Prepared:
    """One compiled statement that takes many rows at a time."""

    def __init__(self, statement: Insert | Update | Delete, dialect: Dialect, names: Iterable[str] | None) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names) if names is not None else None)
        self._sql = str(compiled)
        order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._arranged: Callable[[Row], Any] = _arranger(order) if order else dict
        self._many = self._repeated() if order and isinstance(statement, Insert) else {}
        self._names = tuple(names or ())
        self._as_named = order is not None and tuple(order) == self._names

    def run(self, connection: Connection, rows: Sequence[Row]) -> None:
        """All rows, by the names of their parameters."""
        self._run(connection, [self._arranged(row) for row in rows])

    def run_values(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> None:
        """All rows, their values in the order of the names that the statement was made with."""
        if self._as_named:
            self._run(connection, rows)
        else:
            self.run(connection, [dict(zip(self._names, row, strict=True)) for row in rows])

    def _run(self, connection: Connection, arranged: Sequence[Any]) -> None:
        """On SQLite many inserted rows go to one statement.

        SQLite's driver gives up the interpreter lock for each statement and may wait for it while requests are being
        answered: a statement a row made a batch wait as often as it has rows.
        """
        start = 0
        for size, text in self._many.items():
            while len(arranged) - start >= size:
                values = tuple(chain.from_iterable(arranged[start : start + size]))
                connection.exec_driver_sql(text, values)
                start += size
        if start < len(arranged):
            connection.exec_driver_sql(self._sql, list(arranged[start:]))

    def _repeated(self) -> dict[int, str]:
        """The statement for several rows at once, by how many; none when it has no plain list of values."""
        found = _VALUES.search(self._sql)
        if found is None:
            return {}
        head, row, tail = self._sql[: found.end()], f", {found.group(1)}", self._sql[found.end() :]
        return {size: head + row * (size - 1) + tail for size in TOGETHER}


class KeyLookup:
    """``queries.ROWS_BY_KEY`` for a certain number of keys."""

    def __init__(self, dialect: Dialect, count: int) -> None:
        self._count = count
        wanted = queries.ROWS_BY_KEY.params(hall="", keys=[""] * count)
        compiled = wanted.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self._sql = str(compiled)
        order: Sequence[str] | None = getattr(compiled, "positiontup", None)
        self._arranged: Callable[[Row], Any] = _arranger(order) if order else dict
        self._names = [f"keys_{n}" for n in range(1, count + 1)]

    def find(self, connection: Connection, hall: str, keys: Sequence[str]) -> Sequence[Sequence[Any]]:
        """Rows as in ``tables.journal``; of fewer keys than the statement takes the last is asked for repeatedly."""
        padded = [*keys, *([keys[-1]] * (self._count - len(keys)))]
        values = dict(zip(self._names, padded, strict=True))
        values["hall"] = hall
        return connection.exec_driver_sql(self._sql, self._arranged(values)).all()


def _arranger(order: Sequence[str]) -> Callable[[Row], Any]:
    if len(order) == 1:
        return lambda row: (row[order[0]],)
    return itemgetter(*order)


class Statements:
    """All statements of one writer, made when first used."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._made: dict[tuple[str, ...], Prepared] = {}
        self._lookups: dict[int, KeyLookup] = {}

    @property
    def is_sqlite(self) -> bool:
        return self._dialect.name == "sqlite"

    def add(self, table: Table, names: Sequence[str]) -> Prepared:
        """Insert; a row that exists is an error."""
        return self._keep(("add", table.name, *names), lambda: (table.insert(), names))

    def put(self, table: Table, names: Sequence[str]) -> Prepared:
        """Insert, or replace the named columns of the row with this primary key."""
        return self._keep(("put", table.name, *names), lambda: (self._put(table, names), names))

    def drop(self, table: Table) -> Prepared:
        """Delete by primary key; parameters are ``b_`` and the column's name."""
        return self._keep(("drop", table.name), lambda: (delete(table).where(*_by_key(table)), None))

    def change(self, table: Table, *names: str) -> Prepared:
        """Set the named columns of the row with this primary key; the key's parameters begin with ``b_``."""
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        return self._keep(
            ("change", table.name, *names), lambda: (update(table).where(*_by_key(table)).values(values), None)
        )

    def close_day(self) -> Prepared:
        days = t.business_day.c
        names = ("closed_seq", "closed_at_us", "forced", "anchor")
        there = (days.hall == bindparam("b_hall"), days.business_day == bindparam("b_day"), days.closed_seq.is_(None))
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        return self._keep(("close_day",), lambda: (update(t.business_day).where(*there).values(values), None))

    def rows_by_key(self, count: int) -> KeyLookup:
        """Find journal rows by up to ``count`` keys or a few more."""
        room = -(-count // KEY_STEP) * KEY_STEP
        if room not in self._lookups:
            self._lookups[room] = KeyLookup(self._dialect, room)
        return self._lookups[room]

    def _put(self, table: Table, names: Sequence[str]) -> Insert:
        keys = {column.name for column in table.primary_key.columns}
        changed = [name for name in names if name not in keys]
        make: Any = sqlite.insert if self.is_sqlite else postgresql.insert
        statement = make(table)
        if not changed:
            return statement.on_conflict_do_nothing()  # type: ignore[no-any-return]
        return statement.on_conflict_do_update(  # type: ignore[no-any-return]
            index_elements=[*table.primary_key.columns], set_={name: statement.excluded[name] for name in changed}
        )

    def _keep(
        self,
        name: tuple[str, ...],
        make: Callable[[], tuple[Insert | Update | Delete, Sequence[str] | None]],
    ) -> Prepared:
        prepared = self._made.get(name)
        if prepared is None:
            statement, names = make()
            prepared = self._made[name] = Prepared(statement, self._dialect, names)
        return prepared


def bound(row: Row, table: Table) -> dict[str, Any]:
    """Return a row's primary key as ``drop`` and ``change`` want it."""
    return {f"b_{column.name}": row[column.name] for column in table.primary_key.columns}


def _by_key(table: Table) -> list[Any]:
    return [column == bindparam(f"b_{column.name}") for column in table.primary_key.columns]
