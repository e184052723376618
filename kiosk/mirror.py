"""The kiosk's picture and touches over HTTP on loopback, for the demo and the walk; never on in a hall by itself.

``GET /frame.png`` (``?after=N``: waits up to 5 s for a newer one, else 204), ``POST /touch {"x", "y"}`` in panel pixels
from the top left, ``GET /widgets``, ``GET /state``. A bearer token is asked of everybody.
"""

from __future__ import annotations

import hmac
import ipaddress
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec

from drivers.errors import ConfigurationError
from kiosk.flow.screens import Issued, ScreenState
from kiosk.ui.errors import UiError

WAIT_S = 5.0
BODY_BYTES_MAX = 1024
SOCKET_S = 15.0
PORT_MAX = 65535
BETWEEN_TOUCHES_S = 0.45
"""A finger is no faster; the sitting takes a quicker second touch for a double one (``FlowRules.double_touch_s``)."""


class Glass(Protocol):
    """What the UI offers; each may raise UiError when the UI thread does not answer."""

    def frame_png(self) -> bytes: ...
    def touch(self, x: float, y: float) -> None: ...
    def widgets(self) -> Sequence[Any]:
        """Named tuples of ``id, text, x, y, w, h, pressable``."""


class Touch(msgspec.Struct, forbid_unknown_fields=True):
    x: float
    y: float


class Mirror:
    """``changed`` is called on each new picture; ``state`` gives the present one."""

    def __init__(self, address: str, token: str, glass: Glass, state: Callable[[], ScreenState]) -> None:
        """``address`` is HOST:PORT, loopback only; port 0 takes a free one. Raises ConfigurationError, OSError."""
        host, port = loopback(address)
        self.glass = glass
        self.state = state
        self._token = token
        self._news = threading.Condition()
        self._frame = 1
        self._touching = threading.Lock()
        self._touched_s = -BETWEEN_TOUCHES_S
        self._server = _MirrorServer((host, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.2,), name="mirror", daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(2)

    def changed(self) -> None:
        """The picture is another one. Safe from any thread."""
        with self._news:
            self._frame += 1
            self._news.notify_all()

    def wait_for_frame(self, after: int) -> int | None:
        """The number of a frame newer than ``after``; None when none came in time."""
        with self._news:
            newer = self._news.wait_for(lambda: self._frame > after, WAIT_S)
            return self._frame if newer else None

    def touch(self, touch: Touch) -> None:
        with self._touching:
            rest_s = self._touched_s + BETWEEN_TOUCHES_S - time.monotonic()
            if rest_s > 0:
                threading.Event().wait(rest_s)
            self.glass.touch(touch.x, touch.y)
            self._touched_s = time.monotonic()

    def allowed(self, authorization: str | None) -> bool:
        return hmac.compare_digest((authorization or "").encode(), f"Bearer {self._token}".encode())


def loopback(address: str) -> tuple[str, int]:
    """``127.0.0.1:0`` as host and port. Raises ConfigurationError for anything but loopback."""
    host, _, port = address.rpartition(":")
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if local and port.isdecimal() and int(port) <= PORT_MAX:
        return host, int(port)
    fault = f"{address!r} is not HOST:PORT of this machine, such as 127.0.0.1:0"
    raise ConfigurationError("--mirror", (fault,), what="option")


def state_of(state: ScreenState) -> dict[str, str]:
    """``{"screen": "done", "number": "A044"}``."""
    issued = getattr(state.screen, "issued", None)
    number = {"number": issued.number} if isinstance(issued, Issued) else {}
    return {"screen": state.name, **number}


class _MirrorServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], mirror: Mirror) -> None:
        self.mirror = mirror
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _MirrorServer
    protocol_version = "HTTP/1.1"
    timeout = SOCKET_S

    def do_GET(self) -> None:
        self._guarded({"/frame.png": self._frame, "/widgets": self._widgets, "/state": self._state})

    def do_POST(self) -> None:
        self._guarded({"/touch": self._touch})

    def _guarded(self, routes: dict[str, Callable[[], None]]) -> None:
        route = routes.get(urlsplit(self.path).path)
        length = self.headers.get("Content-Length", "0")
        size = int(length) if length.isdecimal() else BODY_BYTES_MAX + 1
        if size > BODY_BYTES_MAX:
            self.close_connection = True
            self._answer(413)
            return
        self._body = self.rfile.read(size)
        if not self.server.mirror.allowed(self.headers.get("Authorization")):
            self._answer(401)
        elif route is None:
            self._answer(404)
        else:
            try:
                route()
            except UiError:
                self._answer(503)

    def _frame(self) -> None:
        after = parse_qs(urlsplit(self.path).query).get("after", ["0"])[0]
        number = self.server.mirror.wait_for_frame(int(after) if after.isdecimal() else 0)
        if number is None:
            self._answer(204)
        else:
            self._answer(200, self.server.mirror.glass.frame_png(), "image/png", frame=number)

    def _touch(self) -> None:
        try:
            touch = msgspec.json.decode(self._body, type=Touch)
        except msgspec.MsgspecError:
            self._answer(400)
            return
        self.server.mirror.touch(touch)
        self._answer(204)

    def _widgets(self) -> None:
        self._answer(200, msgspec.json.encode([seen._asdict() for seen in self.server.mirror.glass.widgets()]))

    def _state(self) -> None:
        self._answer(200, msgspec.json.encode(state_of(self.server.mirror.state())))

    def _answer(self, status: int, body: bytes = b"", kind: str = "application/json", frame: int = 0) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        if frame:
            self.send_header("X-Frame", str(frame))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing: the kiosk's log is about the hall."""
