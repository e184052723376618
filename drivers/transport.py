"""Ports: serial lines, pseudo-terminals and TCP, behind one small interface.

The only module that touches pyserial, termios, fcntl and pty. Their exceptions (SerialException, OSError,
termios.error, and plain text on Windows) end here; what leaves is a PortError. ``listening`` is the simulators' side.

On POSIX pyserial only sets the line up; its ``read`` and ``write`` are not used: ``in_waiting`` raises another
exception than ``read``, a ``write`` that timed out does not say how much went out, and ``inter_byte_timeout`` does not
shorten a read (pyserial 3.5, measured).
"""

from __future__ import annotations

import contextlib
import errno
import os
import select
import socket
import sys
import threading
from dataclasses import dataclass
from typing import Protocol

import serial

from drivers.core import BITS_PER_BYTE as BITS_PER_BYTE  # noqa: PLC0414 - part of this module's face
from drivers.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing, PortNameWrong

if sys.platform != "win32":
    import pty
    import termios
    import tty

    FAULTS: tuple[type[Exception], ...] = (serial.SerialException, OSError, termios.error, ValueError)
else:
    FAULTS = (serial.SerialException, OSError, ValueError)

CONNECT_S = 0.8
"""A hall's devices are on the same switch; a longer wait would keep ``stop`` waiting."""
WINDOWS_READ_S = 0.2
"""On Windows a wake-up can miss a read that is about to begin, so no read is longer than this."""
SOCKET_SCHEME = "socket://"


class Transport(Protocol):
    """An open byte line. One thread reads and writes; ``wake`` may be called by any."""

    @property
    def name(self) -> str:
        """The port's name as people typed it."""
        ...

    def read(self, limit: int, timeout_s: float) -> bytes:
        """Up to ``limit`` bytes as soon as any are there; empty when the time passed or ``wake`` was called.

        Raises PortLost.
        """
        ...

    def write(self, data: bytes, timeout_s: float) -> int:
        """Hand bytes to the system; how many it took (0: it took none in time). Raises PortLost."""
        ...

    def discard_input(self) -> None:
        """Forget what has arrived and was not read. Raises PortLost."""
        ...

    def wake(self) -> None:
        """End a ``read`` in another thread, or the next one."""
        ...

    def close(self) -> None:
        """Give the port back; quiet, may be repeated."""
        ...


def open_port(name: str, *, baud: int = 115200, connect_s: float = CONNECT_S) -> Transport:
    """Open ``name``: a device path, ``COMn``, or ``socket://host:port``; exclusively where the system can.

    Raises PortMissing, PortBusy, PortDenied, PortNameWrong. ``baud`` means nothing to sockets.
    """
    if name.startswith(SOCKET_SCHEME):
        host, port = parse_address(name.removeprefix(SOCKET_SCHEME), name=name)
        try:
            connected = socket.create_connection((host, port), timeout=connect_s)
        except (OSError, UnicodeError) as error:
            raise _open_error(name, error) from error
        return SocketPort(name, connected)
    if not name or "://" in name:
        raise PortNameWrong(name)
    if sys.platform == "win32":
        return _WindowsPort(name, baud)
    return _open_tty(name, baud)


@dataclass(frozen=True, slots=True)
class SerialPortFound:
    """A serial port as the system lists it; ``vid`` and ``pid`` are None when it is no USB port."""

    device: str
    vid: int | None
    pid: int | None
    serial_number: str
    description: str


def comports() -> list[SerialPortFound]:
    """The serial ports of this machine."""
    from serial.tools import list_ports  # noqa: PLC0415 - only ``hall-devices`` lists

    return [
        SerialPortFound(port.device, port.vid, port.pid, port.serial_number or "", port.description or "")
        for port in list_ports.comports()
    ]


def parse_address(text: str, *, name: str = "") -> tuple[str, int]:
    """``host:port`` or ``[v6]:port`` in two parts. Raises PortNameWrong."""
    host, _, port = text.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 0xFFFF:
        raise PortNameWrong(name or text)
    return host.strip("[]"), int(port)


class DescriptorPort:
    """A line on a POSIX file descriptor: a tty, or one end of a pseudo-terminal."""

    def __init__(self, name: str, descriptor: int, *, keep: serial.Serial | None = None) -> None:
        """Takes over ``descriptor`` (non-blocking). ``keep`` is the pyserial object that owns it, if one does."""
        self._name = name
        self._descriptor = descriptor
        self._keep = keep
        self._closed = False
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_read, False)
        os.set_blocking(self._wake_write, False)
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        return self._name

    def read(self, limit: int, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._descriptor, self._wake_read], [], [], max(timeout_s, 0))
            if self._wake_read in ready:
                os.read(self._wake_read, 4096)
            if self._descriptor not in ready:
                return b""
            data = os.read(self._descriptor, limit)
        except BlockingIOError:
            return b""
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error
        if not data:
            raise PortLost(self._name, "hung up")
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            _, ready, _ = select.select([], [self._descriptor], [], max(timeout_s, 0))
            return os.write(self._descriptor, data) if ready else 0
        except BlockingIOError:
            return 0
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def discard_input(self) -> None:
        try:
            termios.tcflush(self._descriptor, termios.TCIFLUSH)
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def wake(self) -> None:
        with self._lock, contextlib.suppress(BlockingIOError):
            if not self._closed:
                os.write(self._wake_write, b"w")

    def close(self) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            with contextlib.suppress(*FAULTS):
                if self._keep is not None:
                    self._keep.close()
                else:
                    os.close(self._descriptor)
            os.close(self._wake_read)
            os.close(self._wake_write)


class SocketPort:
    """A line over a connected TCP socket: either side of ``socket://``."""

    def __init__(self, name: str, connected: socket.socket) -> None:
        """Takes over ``connected``."""
        self._name = name
        self._socket = connected
        connected.settimeout(0.0)
        with contextlib.suppress(OSError):
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self._wake_read, self._wake_write = socket.socketpair()
        self._wake_read.settimeout(0.0)
        self._wake_write.settimeout(0.0)

    @property
    def name(self) -> str:
        return self._name

    def read(self, limit: int, timeout_s: float) -> bytes:
        try:
            ready, _, _ = select.select([self._socket, self._wake_read], [], [], max(timeout_s, 0))
            if self._wake_read in ready:
                self._wake_read.recv(4096)
            if self._socket not in ready:
                return b""
            data = self._socket.recv(limit)
        except BlockingIOError:
            return b""
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error
        if not data:
            raise PortLost(self._name, "closed by the other side")
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            _, ready, _ = select.select([], [self._socket], [], max(timeout_s, 0))
            return self._socket.send(data) if ready else 0
        except BlockingIOError:
            return 0
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def discard_input(self) -> None:
        while self.read(4096, 0):
            pass

    def wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_write.send(b"w")

    def close(self) -> None:
        for each in (self._socket, self._wake_read, self._wake_write):
            each.close()


def _open_tty(name: str, baud: int) -> Transport:
    """``exclusive`` is an advisory lock: it keeps out everybody who asks for it too, so every program here asks."""
    try:
        line = serial.Serial(name, baud, timeout=0, write_timeout=0, exclusive=True, dsrdtr=False, rtscts=False)
    except FAULTS as error:
        raise _open_error(name, error) from error
    try:
        termios.tcflush(line.fileno(), termios.TCIOFLUSH)
    except FAULTS as error:
        line.close()
        raise _open_error(name, error) from error
    return DescriptorPort(name, line.fileno(), keep=line)


class _WindowsPort:
    """A serial line through pyserial alone, for Windows."""

    def __init__(self, name: str, baud: int) -> None:
        try:
            self._line = serial.Serial(name, baud, timeout=WINDOWS_READ_S, write_timeout=WINDOWS_READ_S)
        except FAULTS as error:
            raise _open_error(name, error) from error
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def read(self, limit: int, timeout_s: float) -> bytes:
        try:
            waiting = self._line.in_waiting
            if not waiting:
                self._line.timeout = min(max(timeout_s, 0), WINDOWS_READ_S)
                return bytes(self._line.read(1))
            return bytes(self._line.read(min(limit, waiting)))
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def write(self, data: bytes, timeout_s: float) -> int:
        try:
            self._line.write_timeout = max(timeout_s, 0.01)
            return int(self._line.write(data) or 0)
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def discard_input(self) -> None:
        try:
            self._line.reset_input_buffer()
        except FAULTS as error:
            raise PortLost(self._name, _detail(error)) from error

    def wake(self) -> None:
        with contextlib.suppress(*FAULTS):
            self._line.cancel_read()

    def close(self) -> None:
        with contextlib.suppress(*FAULTS):
            self._line.close()


def open_pty(name: str = "") -> tuple[DescriptorPort, int, str]:
    """A raw pseudo-terminal: the simulator's end, the other end's descriptor (keep it open), the other end's path.

    While the simulator holds the second descriptor, a client may come and go without hanging up the first.
    """
    if sys.platform == "win32":
        raise PortNameWrong("pty", "pseudo-terminals need POSIX")
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    os.set_blocking(ours, False)
    path = os.ttyname(theirs)
    return DescriptorPort(name or path, ours), theirs, path


def _number(error: BaseException | None) -> int | None:
    """The system's error number; termios.error keeps it in ``args``, pyserial sometimes only in what it answers to."""
    if error is None or isinstance(error, socket.gaierror):
        return None
    number = getattr(error, "errno", None)
    if number is None and error.args and isinstance(error.args[0], int):
        number = error.args[0]
    return number if isinstance(number, int) else _number(error.__context__)


def _detail(error: Exception) -> str:
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return "unknown host"
    number = _number(error)
    return type(error).__name__ if number is None else os.strerror(number)


_BUSY = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})
_DENIED = frozenset({errno.EACCES, errno.EPERM})
_NOT_A_LINE = frozenset({errno.ENOTTY, errno.EISDIR, errno.EINVAL})


def _open_error(name: str, error: Exception) -> PortError:
    number = _number(error)
    detail = _detail(error)
    if number is None and "PermissionError" in str(error):
        return PortBusy(name, "Windows refuses it")  # Windows says so for a port that is open elsewhere
    if number in _BUSY:
        return PortBusy(name, detail)
    if number in _DENIED:
        return PortDenied(name, detail)
    if number in _NOT_A_LINE or (isinstance(error, ValueError) and not isinstance(error, UnicodeError)):
        return PortNameWrong(name, "not a serial line")
    return PortMissing(name, detail)
