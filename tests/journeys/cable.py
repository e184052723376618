"""A network cable between a page and the server: everything goes through, until it is pulled."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

PIECE = 65536
END_S = 5.0


class Cable:
    """Listens at ``url`` and passes on to the server. ``pull`` cuts what is open and refuses what comes new."""

    def __init__(self, server_url: str) -> None:
        split = urlsplit(server_url)
        self._far = (split.hostname or "127.0.0.1", split.port or 80)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._pulled = False
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def pull(self) -> None:
        with self._lock:
            self._pulled = True
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def plug_in(self) -> None:
        with self._lock:
            self._pulled = False

    def close(self) -> None:
        self.pull()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(END_S)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError), near, socket.create_connection(self._far, timeout=END_S) as far:
            far.settimeout(None)
            with self._lock:
                if self._pulled:
                    return
                self._open |= {near, far}
            back = threading.Thread(target=_pass, args=(far, near), daemon=True)
            back.start()
            _pass(near, far)
            back.join()
            with self._lock:
                self._open -= {near, far}


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := source.recv(PIECE):
            target.sendall(piece)
    for each in (source, target):
        with contextlib.suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cable_to(server_url: str) -> Iterator[Cable]:
    cable = Cable(server_url)
    try:
        yield cable
    finally:
        cable.close()
