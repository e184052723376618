"""The databases' exceptions turned into ours, without their texts: those can quote a row's values."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from sqlalchemy import exc

from queue_server.errors import LockLost, StoreRejected, StoreUnavailable


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise ``LockLost``, ``StoreUnavailable`` or ``StoreRejected`` for whatever the database raises inside."""
    try:
        yield
    except exc.DBAPIError as error:
        if error.connection_invalidated:
            raise LockLost("the connection was lost") from None
        if isinstance(error, (exc.OperationalError, exc.InterfaceError, exc.InternalError)):
            raise StoreUnavailable(_reason(error.orig)) from None
        raise StoreRejected(type(error).__name__, _constraint(error.orig)) from None
    except (exc.TimeoutError, exc.PendingRollbackError, exc.ResourceClosedError) as error:
        raise StoreUnavailable(type(error).__name__) from None
    except sqlite3.Error as error:
        raise StoreUnavailable(_reason(error)) from None


def _reason(error: BaseException | None) -> str:
    """Name the kind of failure: SQLite's name of it, PostgreSQL's SQLSTATE, else the type."""
    for attribute in ("sqlite_errorname", "sqlstate"):
        value = getattr(error, attribute, None)
        if value:
            return str(value)
    return type(error).__name__


def _constraint(error: BaseException | None) -> str:
    diagnosis = getattr(error, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    if name:
        return str(name)
    text = str(error) if isinstance(error, sqlite3.IntegrityError) else ""
    return text if text.startswith(("UNIQUE constraint", "CHECK constraint", "NOT NULL", "FOREIGN KEY")) else ""
