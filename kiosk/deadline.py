"""HTTP exchanges that end when they must: a cord cuts the connection, whatever the server does meanwhile.

``requests`` limits each single read; a server that sends a byte a second would hold it for ever. Here every exchange
has a :class:`Cord`; pulling it shuts the socket down and the blocked read returns at once.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import Any

import msgspec
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from kiosk.errors import RefusedError, ServerError
from queue_server.wire import Problem

SMALL_BYTES = 256 * 1024
"""No answer but the catalogue is longer."""
OK = frozenset({200, 201})
NOT_MODIFIED = 304
TOO_MANY = 429


class Cord:
    """Cuts one exchange. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._pulled = False
        self.reached = False
        """There was a connection: the server may have got the request, answer or no answer."""

    @property
    def pulled(self) -> bool:
        return self._pulled

    def hold(self, held: socket.socket) -> None:
        """The exchange runs over this socket now."""
        with self._lock:
            self._socket = held
            self.reached = True
            pulled = self._pulled
        if pulled:
            _shut(held)

    def let_go(self) -> None:
        """The exchange is over: its connection may serve another."""
        with self._lock:
            self._socket = None

    def pull(self) -> None:
        with self._lock:
            self._pulled = True
            held = self._socket
        if held is not None:
            _shut(held)


def _shut(held: socket.socket) -> None:
    with contextlib.suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


class _CordAdapter(HTTPAdapter):
    """Hands each connection it uses to the cord of the exchange that runs."""

    cord: Cord | None = None

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as in requests
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self)

    def hold(self, held: Any) -> None:  # noqa: ANN401 - urllib3 calls its sockets Any
        if self.cord is not None and held is not None:
            self.cord.hold(held)


def _pools(adapter: _CordAdapter) -> dict[str, type[HTTPConnectionPool]]:
    """Pools by scheme whose connections hand their socket to the cord before each request."""

    class Held(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            adapter.hold(self.sock)

        def putrequest(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as in urllib3
            adapter.hold(self.sock)
            super().putrequest(*args, **kwargs)

    class HeldTls(Held, HTTPSConnection):
        """``super()`` in ``Held`` is the one with TLS here."""

    class Pool(HTTPConnectionPool):
        ConnectionCls = Held

    class TlsPool(HTTPSConnectionPool):
        ConnectionCls = HeldTls

    return {"http": Pool, "https": TlsPool}


class Line:
    """One kept connection to the server; used by one thread at a time."""

    def __init__(self, base_url: str, key: str, *, ca_file: str | None = None) -> None:
        """``base_url`` up to and with ``/api/v1``; ``key`` is this kiosk's bearer key."""
        self._base_url = base_url
        self._adapter = _CordAdapter(pool_maxsize=1)
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy of the machine stands between kiosk and hall
        self._session.mount("http://", self._adapter)
        self._session.mount("https://", self._adapter)
        self._session.headers["Accept-Encoding"] = "identity"
        if key:
            self._session.headers["Authorization"] = f"Bearer {key}"
        if ca_file:
            self._session.verify = ca_file

    def close(self) -> None:
        self._session.close()

    def open(
        self, method: str, path: str, *, cord: Cord, timeout_s: float, body: bytes | None = None, **headers: str
    ) -> requests.Response:
        """Send and return at the end of the answer's head. Raises ServerError; the caller closes the response."""
        self._adapter.cord = cord
        if cord.pulled:
            raise ServerError("silent", "given up")
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/json"
        try:
            return self._session.request(
                method,
                self._base_url + path,
                data=body,
                headers=sent,
                timeout=(timeout_s, timeout_s),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ServerError("silent", type(error).__name__) from error

    def exchange(
        self,
        method: str,
        path: str,
        *,
        cord: Cord,
        timeout_s: float,
        body: bytes | None = None,
        limit_bytes: int = SMALL_BYTES,
        **headers: str,
    ) -> bytes | None:
        """The answer's body; None for 304. Raises ServerError (try again) or RefusedError (the server said no)."""
        response = self.open(method, path, cord=cord, timeout_s=timeout_s, body=body, **headers)
        try:
            content = response.raw.read(limit_bytes + 1, decode_content=True)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise ServerError("silent", type(error).__name__) from error
        finally:
            response.close()
            cord.let_go()
        if len(content) > limit_bytes:
            raise ServerError("too_long")
        return _judge(response.status_code, content)


def _judge(status: int, content: bytes) -> bytes | None:
    if status in OK:
        return content
    if status == NOT_MODIFIED:
        return None
    if 400 <= status < 500 and status != TOO_MANY:
        try:
            problem = msgspec.json.decode(content, type=Problem)
        except msgspec.MsgspecError:
            raise RefusedError(status, "unknown", "") from None
        raise RefusedError(status, problem.code, problem.say)
    raise ServerError("busy", str(status))
