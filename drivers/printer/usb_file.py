"""A USB printer through the kernel's device file (``/dev/usb/lp0``): bytes in, status bytes out if the printer has any.

Not a tty: no speed, no exclusive mode to ask for (the kernel lets one program in), no flushing. What the kernel's
``usblp`` does that a serial line does not: a one-way printer refuses to be read (EINVAL); one without paper may refuse
bytes (ENOSPC, EAGAIN though it is "ready"); an empty packet reads as nothing, which is no end.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import select
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from drivers.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing, PortNameWrong

FILE_NAME = re.compile(r"(usb)?lp\d+")
PAUSE_S = 0.05
"""After an empty packet or a refusal the device counts as not ready for so long, or the wait would be a busy loop."""
STALE_LIMIT = 64
"""Reads of what an earlier program left unread; each takes up to 4 KB."""
_ONE_WAY = frozenset({errno.EINVAL, errno.EBADF, errno.ENOSYS})
_NOT_NOW = frozenset({errno.EAGAIN, errno.ENOSPC, errno.EINTR})


def is_printer_file(name: str) -> bool:
    """Whether ``name``, or what it links to, is called like a printer's device file."""
    return any(FILE_NAME.fullmatch(path.name) for path in (Path(name), Path(os.path.realpath(name))))


class UsbFilePort:
    """A ``Transport`` on a printer's device file. ``answers``: it can be read, too."""

    def __init__(self, name: str, *, open_file: Callable[[str], tuple[int, bool]] | None = None) -> None:
        """Open ``name``. Raises PortMissing, PortBusy, PortDenied, PortNameWrong.

        ``open_file`` gives a non-blocking descriptor and whether it may be read.
        """
        self._name = name
        self._descriptor, self.answers = (open_file or _open)(name)
        self._closed = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._lock = threading.Lock()
        self.discard_input()

    @property
    def name(self) -> str:
        return self._name

    def read(self, limit: int, timeout_s: float) -> bytes:
        """What the printer said; a printer that cannot be read is waited for in vain, until ``wake``."""
        if not self._ready(self.answers, timeout_s):
            return b""
        data = self._read_now(limit)
        if not data:
            self._ready(wanted=False, timeout_s=min(timeout_s, PAUSE_S))
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            _, ready, _ = select.select([], [self._descriptor], [], max(timeout_s, 0))
            if ready:
                return os.write(self._descriptor, data)
        except OSError as error:
            if error.errno not in _NOT_NOW:
                raise PortLost(self._name, _detail(error)) from error
            self._ready(wanted=False, timeout_s=min(timeout_s, PAUSE_S))
        return 0

    def discard_input(self) -> None:
        for _ in range(STALE_LIMIT):
            if not (self.answers and self._read_now(4096)):
                return

    def wake(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            if not self._closed:
                os.write(self._wake_write, b"w")

    def close(self) -> None:
        with self._lock:
            if not self._closed:
                self._closed = True
                for each in (self._descriptor, self._wake_read, self._wake_write):
                    with contextlib.suppress(OSError):
                        os.close(each)

    def _ready(self, wanted: bool, timeout_s: float) -> bool:  # noqa: FBT001 - inside this class only
        """Wait for the device (if ``wanted``) or for ``wake``."""
        watched = [self._wake_read, self._descriptor] if wanted else [self._wake_read]
        try:
            ready, _, _ = select.select(watched, [], [], max(timeout_s, 0))
        except (OSError, ValueError) as error:
            raise PortLost(self._name, "closed") from error
        if self._wake_read in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._wake_read, 4096)
        return self._descriptor in ready

    def _read_now(self, limit: int) -> bytes:
        try:
            return os.read(self._descriptor, limit)
        except OSError as error:
            if error.errno in _ONE_WAY:
                self.answers = False
            elif error.errno not in _NOT_NOW:
                raise PortLost(self._name, _detail(error)) from error
            return b""


def _detail(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno else type(error).__name__


def _open(name: str) -> tuple[int, bool]:
    """Both ways if the system lets us, else for writing only; whether it may be read."""
    if sys.platform == "win32":
        raise PortNameWrong(name, "printer files need Linux")
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        return os.open(name, os.O_RDWR | flags), True
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EPERM}:
            raise _open_error(name, error) from error
    try:
        return os.open(name, os.O_WRONLY | flags), False
    except OSError as error:
        raise _open_error(name, error) from error


def _open_error(name: str, error: OSError) -> PortError:
    match error.errno:
        case errno.EBUSY:
            return PortBusy(name, _detail(error))
        case errno.EACCES | errno.EPERM:
            return PortDenied(name, f"{_detail(error)}; USB printers belong to group lp")
        case errno.EISDIR:
            return PortNameWrong(name, "not a printer")
        case _:
            return PortMissing(name, _detail(error))
