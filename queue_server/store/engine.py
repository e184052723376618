"""Opening a store by its address: one writing connection under the lock, a few read-only ones (DESIGN 4.1).

SQLite 3.40 (Debian 12) has the WAL-reset fault, which needs two connections that write or checkpoint. So only the
writer's connection does either; readers are opened ``mode=ro``, where SQLite never checkpoints.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.engine import URL
from sqlalchemy.pool import QueuePool, StaticPool

from queue_server.errors import BadUrl, LockHeld, SchemaOutOfDate, StoreUnavailable, StoreUnreachable
from queue_server.store import migrations
from queue_server.store.faults import translated
from queue_server.store.lock import AdvisoryLock, FileLock, WriterLock
from queue_server.store.writer import Writer

BUSY_MS = 5_000
"""How long SQLite waits for a lock, milliseconds."""
READERS = 4
READER_WAIT_S = 5.0
_WRITER_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_MS}",
)
_POSTGRES_ARGUMENTS = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "options": "-c statement_timeout=30000 -c lock_timeout=5000",
}


class Store:
    """A database address and its read-only connections. Nothing is written but through ``open_writer``."""

    def __init__(self, url: str, *, readers: int = READERS) -> None:
        """Raises ``BadUrl``. Connects only when first used."""
        self.url = _parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._readers = self._reader_engine(readers)

    @property
    def path(self) -> Path | None:
        """The database file; None on PostgreSQL."""
        return Path(self.url.database) if self.is_sqlite and self.url.database else None

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent read-only view. Raises ``StoreUnavailable``."""
        with translated(), self._readers.connect() as connection:
            yield connection

    def open_writer(self, hall: str, *, migrate: bool = True) -> Writer:
        """Take the hall's lock and the writing connection, and bring the tables up to date.

        Raises ``LockHeld`` at once when another server writes, ``SchemaOutOfDate`` when the tables are newer than this
        program (or older, without ``migrate``), ``StoreUnavailable``. The caller must ``close`` the writer.
        """
        path = self.path
        with translated():
            if path is not None:
                return self._open_sqlite(hall, path, migrate=migrate)
            return self._open_postgres(hall, migrate=migrate)

    def schema_version(self) -> str | None:
        """Version of the tables; None in an empty or missing database."""
        if self.path is not None and not self.path.exists():
            return None
        with self.read() as connection:
            return migrations.current(connection)

    def close(self) -> None:
        self._readers.dispose()

    def _open_sqlite(self, hall: str, path: Path, *, migrate: bool) -> Writer:
        lock = FileLock(path.with_name(path.name + ".lock"))
        try:
            taken = lock.acquire()
        except OSError as error:
            raise StoreUnavailable(error.strerror or "lock file") from None
        if not taken:
            raise LockHeld(hall)
        engine = create_engine("sqlite://", creator=self._connect_writing, poolclass=StaticPool, hide_parameters=True)
        event.listen(engine, "begin", _begin_immediate)
        return _ready(hall, engine, lock, migrate=migrate)

    def _open_postgres(self, hall: str, *, migrate: bool) -> Writer:
        engine = create_engine(
            self.url, poolclass=StaticPool, hide_parameters=True, connect_args=dict(_POSTGRES_ARGUMENTS)
        )
        try:
            connection = engine.connect()
        except exc.OperationalError as error:
            engine.dispose()
            raise StoreUnreachable(type(error.orig).__name__) from None
        lock = AdvisoryLock(connection, hall)
        if not lock.acquire():
            connection.close()
            engine.dispose()
            raise LockHeld(hall)
        return _ready(hall, engine, lock, migrate=migrate, connection=connection)

    def _connect_writing(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            str(self.path), isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000
        )
        for pragma in _WRITER_PRAGMAS:
            connection.execute(pragma)
        return connection

    def _connect_reading(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"file:{quote(str(self.path))}?mode=ro",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_MS / 1000,
        )
        connection.execute("PRAGMA query_only=ON")
        return connection

    def _reader_engine(self, readers: int) -> Engine:
        pool: dict[str, Any] = {
            "poolclass": QueuePool, "pool_size": readers, "max_overflow": 0, "pool_timeout": READER_WAIT_S,
            "hide_parameters": True,
        }  # fmt: skip
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            return create_engine(
                self.url,
                pool_pre_ping=True,
                connect_args=dict(_POSTGRES_ARGUMENTS),
                execution_options=options,
                **pool,
            )
        engine = create_engine("sqlite://", creator=self._connect_reading, **pool)
        event.listen(engine, "begin", _begin_deferred)
        return engine


def _ready(
    hall: str, engine: Engine, lock: WriterLock, *, migrate: bool, connection: Connection | None = None
) -> Writer:
    with ExitStack() as undo:
        undo.callback(lock.release)
        undo.callback(engine.dispose)
        connection = connection or engine.connect()
        undo.callback(connection.close)
        _bring_up_to_date(connection, migrate=migrate)
        writer = Writer(hall, engine, connection, lock)
        undo.pop_all()
        return writer


def _bring_up_to_date(connection: Connection, *, migrate: bool) -> None:
    found = migrations.current(connection)
    connection.rollback()
    if found == migrations.HEAD:
        return
    if not migrate or found not in migrations.OLDER:
        raise SchemaOutOfDate(found, migrations.HEAD)
    migrations.upgrade(connection)


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_deferred(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _parse_url(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError:
        raise BadUrl("nameless") from None
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed
    if parsed.drivername == "postgresql+psycopg":
        return parsed
    raise BadUrl(parsed.drivername)
