"""The control channel of a simulator: what a hand would do at the device, asked for over loopback.

Newline-delimited JSON, one answer per request: ``{"do": "lay", "card": "mainland"}`` → ``{"ok": true}``;
mistakes are answered with ``{"ok": false, "error": "…"}`` and the connection stays.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import socketserver
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import msgspec

from drivers.errors import PortBusy

Request = dict[str, Any]
Reply = dict[str, Any]
LINE_LIMIT = 65536
ASK_S = 5.0


class BadRequest(Exception):
    """The request cannot be done; ``str()`` is the ``error`` of the answer."""


class ControlServer:
    """Answers requests with ``handle(request)``, which may raise BadRequest. Calls are made one at a time."""

    def __init__(self, handle: Callable[[Request], Reply], *, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens at once; port 0 takes a free one. Raises PortBusy."""
        lock = threading.Lock()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError):
                    while line := self.rfile.readline(LINE_LIMIT):
                        self.wfile.write(msgspec.json.encode(answer(line, handle, lock)) + b"\n")

        try:
            self._server = _Server((host, port), Handler)
        except OSError as error:
            raise PortBusy(f"{host}:{port}", error.strerror or "") from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), daemon=True)

    @property
    def address(self) -> str:
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        if self._thread.ident is not None:
            self._server.shutdown()
            self._thread.join(2.0)
        self._server.server_close()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = sys.platform != "win32"
    daemon_threads = True
    block_on_close = False


def answer(line: bytes, handle: Callable[[Request], Reply], lock: threading.Lock) -> Reply:
    """One request line answered; never raises for what the line says."""
    try:
        request = msgspec.json.decode(line, type=dict[str, Any])
    except msgspec.DecodeError:
        return {"ok": False, "error": 'not JSON; send one object per line, such as {"do": "state"}'}
    try:
        with lock:
            return {"ok": True, **handle(request)}
    except BadRequest as error:
        return {"ok": False, "error": str(error)}


class ControlClient:
    """The asking side: one connection, one request at a time. Used by the demo, the tests and the walk."""

    def __init__(self, address: str) -> None:
        """``address`` is ``host:port``. Raises OSError when nobody listens."""
        host, _, port = address.rpartition(":")
        self._socket = socket.create_connection((host, int(port)), timeout=ASK_S)
        self._file = self._socket.makefile("rb")

    def ask(self, do: str, **fields: object) -> Reply:
        """The answer to ``{"do": do, …}``. Raises BadRequest when the simulator says no, OSError when it is gone."""
        self._socket.sendall(msgspec.json.encode({"do": do, **fields}) + b"\n")
        line = self._file.readline()
        if not line:
            raise ConnectionResetError
        reply = msgspec.json.decode(line, type=dict[str, Any])
        if not reply.pop("ok"):
            raise BadRequest(str(reply.get("error")))
        return reply

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def wait_for_end() -> None:
    """Return when Ctrl-C or SIGTERM arrives. Main thread only."""
    stop = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stop.set())
    while not stop.wait(0.5):
        pass


def announce(port: str, control: str, port_file: Path | None = None) -> None:
    """The one line that says a simulator is ready, on stdout, flushed; and whole in ``port_file``."""
    line = msgspec.json.encode({"ready": True, "port": port, "control": control}).decode() + "\n"
    if port_file is not None:
        # Renamed into place, so that whoever waits for the file never reads half of it.
        part = port_file.with_name(port_file.name + ".part")
        part.write_text(line, encoding="utf-8")
        part.replace(port_file)
    sys.stdout.write(line)
    sys.stdout.flush()
