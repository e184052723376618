"""The simulators' side of a line: a TCP listener, a pseudo-terminal, and the pace of a real wire."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from drivers.core import BITS_PER_BYTE
from drivers.errors import PortBusy, PortLost, PortNameWrong
from drivers.transport import SOCKET_SCHEME, SocketPort, Transport, open_pty

ACCEPT_S = 0.1
PACE_STEP_S = 0.005
"""Bytes are let through in steps of this length, as a USB-serial bridge does with its 64-byte pieces."""


class Listener(Protocol):
    """Where a simulator waits for its host. One host at a time."""

    @property
    def port_name(self) -> str:
        """What the host passes to ``open_port``."""
        ...

    def accept(self, timeout_s: float) -> Transport | None:
        """The line to the next host, or None when none came in time."""
        ...

    def shut(self) -> None:
        """No host can connect until the next ``accept``: the cable is out."""
        ...

    def close(self) -> None:
        """End for good."""
        ...


class TcpListener:
    """Listens on loopback; port 0 takes a free one. A second host is let in when the first one has gone."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Raises PortBusy when the address is taken."""
        self._host, self._port = host, port
        self._socket = self._hold()
        self._listening = False
        self._listen()
        self._host, self._port = self._socket.getsockname()[:2]

    def _hold(self) -> socket.socket:
        """A bound socket that does not listen: hosts are refused, and nobody else can take the port."""
        held = socket.socket(socket.AF_INET6 if ":" in self._host else socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind((self._host, self._port))
        except OSError as error:
            held.close()
            raise self._taken(error) from error
        held.settimeout(0.0)
        return held

    def _listen(self) -> None:
        try:
            self._socket.listen(4)
        except OSError as error:
            raise self._taken(error) from error
        self._listening = True

    def _taken(self, error: OSError) -> PortBusy:
        return PortBusy(self.port_name, error.strerror or "")

    @property
    def port_name(self) -> str:
        return f"{SOCKET_SCHEME}{self._host}:{self._port}"

    def accept(self, timeout_s: float) -> Transport | None:
        """Opens the door if it was shut. Raises PortBusy when another program has taken the address."""
        if not self._listening:
            if self._socket.fileno() < 0:
                self._socket = self._hold()
            self._listen()
        ready, _, _ = select.select([self._socket], [], [], timeout_s)
        if not ready:
            return None
        try:
            connected, _ = self._socket.accept()
        except OSError:
            return None
        return SocketPort(self.port_name, connected)

    def shut(self) -> None:
        if self._listening:
            self._listening = False
            self._socket.close()
            with contextlib.suppress(PortBusy):  # then ``accept`` tries again
                self._socket = self._hold()

    def close(self) -> None:
        self._socket.close()


class PtyListener:
    """A pseudo-terminal behind a link that keeps its name, as ``/dev/serial/by-id`` does.

    Each ``accept`` makes a new terminal when the old line was closed (unplugged), and points the link at it.
    """

    def __init__(self, link: Path | None = None) -> None:
        """``link`` is the path hosts open; by default one in a fresh temporary folder. Raises PortNameWrong."""
        if sys.platform == "win32":
            raise PortNameWrong("pty", "pseudo-terminals need POSIX")
        self._folder = None if link else Path(tempfile.mkdtemp(prefix="hall-port-"))
        self._link = link or (self._folder or Path()) / "line"
        self._spare: Transport | None = None
        self._plug_in()

    @property
    def port_name(self) -> str:
        return str(self._link)

    def _plug_in(self) -> None:
        line, far_end, path = open_pty(str(self._link))
        self._spare = _PtyLine(line, far_end, self._unplug)
        with contextlib.suppress(FileNotFoundError):
            self._link.unlink()
        try:
            self._link.symlink_to(path)
        except OSError as error:
            self._spare.close()
            raise PortBusy(str(self._link), os.strerror(error.errno or 0)) from error

    def _unplug(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._link.unlink()

    def accept(self, timeout_s: float) -> Transport | None:  # noqa: ARG002 - the port's signature
        """At once: a terminal has no moment of connecting."""
        if self._spare is None:
            self._plug_in()
        line, self._spare = self._spare, None
        return line

    def shut(self) -> None:
        if self._spare is not None:
            self._spare.close()
            self._spare = None
        self._unplug()

    def close(self) -> None:
        self.shut()
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.rmdir()


class _PtyLine:
    """The simulator's end; holds the far end too, so that hosts may come and go. Closing it hangs the host up."""

    def __init__(self, line: Transport, far_end: int, on_close: Callable[[], None]) -> None:
        self._line = line
        self._far_end = far_end
        self._on_close = on_close
        self._closed = False
        self.name = line.name
        self.read = line.read
        self.write = line.write
        self.discard_input = line.discard_input
        self.wake = line.wake

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._on_close()
            self._line.close()
            os.close(self._far_end)


class PacedLine:
    """A line at the speed of a wire of ``baud`` (8N1), both ways. A socket or pseudo-terminal alone has no speed.

    The pace is kept on a schedule, so a late wake-up does not slow the whole message down.
    """

    def __init__(
        self,
        line: Transport,
        baud: int,
        *,
        pause: Callable[[float], object],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``pause(seconds)`` waits; a stop event's ``wait`` ends the wait early when the simulator stops."""
        self.name = line.name
        self.discard_input = line.discard_input
        self.wake = line.wake
        self.close = line.close
        self._line = line
        self._bytes_per_s = baud / BITS_PER_BYTE
        self._pause = pause
        self._clock = clock
        self._sent_until = clock()
        self._read_until = clock()

    def read(self, limit: int, timeout_s: float) -> bytes:
        """As the line's own, but a piece counts as arrived only when its last bit would have."""
        step = max(1, int(self._bytes_per_s * PACE_STEP_S))
        data = self._line.read(min(limit, step), timeout_s)
        if data:
            self._read_until = max(self._read_until, self._clock() - PACE_STEP_S) + len(data) / self._bytes_per_s
            self._wait_until(self._read_until)
        return data

    def write(self, data: bytes, timeout_s: float) -> int:
        """All of ``data`` at the wire's pace, in steps; fewer when the host takes none for ``timeout_s``."""
        self._sent_until = max(self._sent_until, self._clock() - PACE_STEP_S)
        step = max(1, int(self._bytes_per_s * PACE_STEP_S))
        sent = 0
        while sent < len(data):
            piece = data[sent : sent + step]
            self._sent_until += len(piece) / self._bytes_per_s
            self._wait_until(self._sent_until)
            taken = self._line.write(piece, timeout_s)
            sent += taken
            if taken < len(piece):
                break
        return sent

    def _wait_until(self, moment: float) -> None:
        left = moment - self._clock()
        if left > 0:
            self._pause(left)


class Station:
    """A simulator's life: accept a host, talk until the line is lost or pulled, accept again.

    ``talk(line)`` runs on the station's thread and ends by PortLost, or by returning when ``pulled`` is set.
    """

    def __init__(
        self,
        listener: Listener,
        talk: Callable[[Transport], None],
        *,
        baud: int | None,
        name: str,
    ) -> None:
        """``baud`` None: as fast as the socket goes (a network device)."""
        self.stopping = threading.Event()
        """Set when the simulator ends; its ``wait`` is the pause every talk uses."""
        self.pulled = threading.Event()
        """Set while the cable is out; ``talk`` has to return soon."""
        self._plugged = threading.Condition()
        self._listener = listener
        self._talk = talk
        self._baud = baud
        self._line: Transport | None = None
        self._thread = threading.Thread(target=self._run, name=f"simulated-{name}", daemon=True)

    @property
    def port_name(self) -> str:
        return self._listener.port_name

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, close line and listener. Safe to repeat."""
        self.stopping.set()
        self._hang_up()
        with self._plugged:
            self._plugged.notify_all()
        if self._thread.ident is not None:
            self._thread.join(2.0)
        self._listener.close()

    def pull(self) -> None:
        """Pull the cable: the host's line breaks, and new ones break at once until ``plug``."""
        self.pulled.set()
        self._hang_up()

    def plug(self) -> None:
        """Put the cable back."""
        self.pulled.clear()
        with self._plugged:
            self._plugged.notify_all()

    def _hang_up(self) -> None:
        line = self._line
        if line is not None:
            line.wake()

    def _run(self) -> None:
        while not self.stopping.is_set():
            if self.pulled.is_set():
                self._listener.shut()
                with self._plugged:
                    self._plugged.wait_for(lambda: not self.pulled.is_set() or self.stopping.is_set(), 1.0)
                continue
            self._serve_one()

    def _serve_one(self) -> None:
        try:
            line = self._listener.accept(ACCEPT_S)
        except PortBusy:
            self.stopping.wait(ACCEPT_S)  # somebody else holds the name for the moment
            return
        if line is None:
            return
        self._line = PacedLine(line, self._baud, pause=self.stopping.wait) if self._baud else line
        with contextlib.suppress(PortLost):
            if not self.pulled.is_set() and not self.stopping.is_set():
                self._talk(self._line)
        self._line = None
        line.close()
