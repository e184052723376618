"""A tap on a TCP line: passes every byte on at once and keeps when it came, by this machine's monotonic clock."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Self

KEPT_MAX = 200_000
CONNECT_S = 5.0
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Heard:
    """Bytes that passed. ``at_ns`` is taken before they are sent on."""

    at_ns: int
    inward: bool
    """From the one who connected to the one who listens."""
    data: bytes


class Tap:
    """Listens on a free port of loopback in front of ``host:port``. Use as a context manager."""

    def __init__(self, address: str) -> None:
        """``address`` is ``host:port`` or ``socket://host:port``."""
        host, _, port = address.removeprefix("socket://").removeprefix("http://").rpartition(":")
        self._target = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._heard: deque[Heard] = deque(maxlen=KEPT_MAX)
        self._ends: list[socket.socket] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for each in (self._listener, *self._ends):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def heard(self) -> list[Heard]:
        """Everything since the last ``clear``, in order."""
        return list(self._heard)

    def clear(self) -> None:
        self._heard.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                outer, _ = self._listener.accept()
                inner = socket.create_connection(self._target, CONNECT_S)
                inner.settimeout(None)
                for each in (outer, inner):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._ends += [outer, inner]
                for source, sink, inward in ((outer, inner, True), (inner, outer, False)):
                    threading.Thread(target=self._pass, args=(source, sink, inward), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, inward: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(CHUNK):
                self._heard.append(Heard(time.monotonic_ns(), inward, data))
                sink.sendall(data)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)
