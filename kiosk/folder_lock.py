"""One kiosk, one folder: two processes that write one outbox would give numbers twice."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from typing import TYPE_CHECKING

from kiosk.errors import FolderInUseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOG = logging.getLogger(__name__)
LOCK_FILE = "kiosk.lock"
PID_BYTES = 20


@contextlib.contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Hold ``folder`` (made if need be). The system frees it when the process ends, however it ends.

    Raises FolderInUseError at once when another process has it. A disk that takes no lock costs a log line: numbers are
    given from a full or broken disk too, as long as there is a server.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        LOG.warning("the kiosk's folder cannot be locked: %s", error.strerror)
        yield
        return
    try:
        if not _lock(file):
            raise FolderInUseError(str(folder), os.read(file, PID_BYTES).decode("ascii", "replace").strip())
        _leave_pid(file)
        yield
    finally:
        os.close(file)  # frees it; the file stays, or two processes could lock two files of one name


def _leave_pid(file: int) -> None:
    with contextlib.suppress(OSError):
        os.truncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())


if sys.platform == "win32":  # pragma: no cover - tests run where kiosks of the hall do
    import msvcrt

    BEHIND = 1024
    """A locked byte cannot be read by others there, so it lies behind the number of the process."""

    def _lock(file: int) -> bool:
        os.lseek(file, BEHIND, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True
else:

    def _lock(file: int) -> bool:
        """False only when another process has it; a file system without locks is as good as locked."""
        try:
            os.lockf(file, os.F_TLOCK, 0)
        except (BlockingIOError, PermissionError):
            return False
        except OSError as error:
            LOG.warning("the kiosk's folder cannot be locked: %s", error.strerror)
        return True
