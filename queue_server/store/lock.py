"""One writer per hall: who holds this lock may write, everybody else stands by (DESIGN 4.1)."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text


class WriterLock(Protocol):
    """Held from a successful ``acquire`` to ``release`` or to the end of the process."""

    def acquire(self) -> bool:
        """Take the lock if it is free, without waiting."""
        ...

    def held(self) -> bool:
        """Tell whether it is still ours. Cheap: asked before each commit."""
        ...

    def release(self) -> None: ...


class FileLock:
    """A locked file beside the database. The system frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def acquire(self) -> bool:
        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock_file(file):
            os.close(file)
            return False
        self._file = file
        if not self.held():  # replaced between opening and locking: what we hold is no longer the lock
            self.release()
            return False
        return True

    def held(self) -> bool:
        if self._file is None:
            return False
        try:
            there, ours = self._path.stat(), os.fstat(self._file)
        except OSError:
            return False
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def release(self) -> None:
        """Give it up. The file stays: deleting it would let two processes lock two files of one name."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


if sys.platform == "win32":  # pragma: no cover - the server's home is Linux
    import msvcrt

    def _lock_file(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock_file(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class AdvisoryLock:
    """A session lock on the writer's own PostgreSQL connection: it is lost exactly when that connection is."""

    def __init__(self, connection: Connection, hall: str) -> None:
        self._connection = connection
        self._number = advisory_number(hall)
        self._held = False

    def acquire(self) -> bool:
        if not self._held:
            taken = self._connection.execute(text("SELECT pg_try_advisory_lock(:n)"), {"n": self._number}).scalar_one()
            self._connection.commit()
            self._held = bool(taken)
        return self._held

    def held(self) -> bool:
        return self._held and not self._connection.closed and not self._connection.invalidated

    def release(self) -> None:
        if self.held():
            self._connection.rollback()
            self._connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": self._number})
            self._connection.commit()
        self._held = False


def advisory_number(hall: str) -> int:
    """Return the signed 64-bit number that stands for a hall among PostgreSQL's advisory locks."""
    return int.from_bytes(hashlib.sha256(f"hall-queue:{hall}".encode()).digest()[:8], signed=True)
