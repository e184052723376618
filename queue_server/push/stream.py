"""One server-sent event stream: a response that sends what its listener is offered until either side ends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from litestar import Response
from litestar.response.base import ASGIResponse

if TYPE_CHECKING:
    from litestar import Request
    from litestar.types import Receive, Scope, Send

    from queue_server.push.hub import Hub, Listener

RETRY_MS = 1000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class EventStream(Response[bytes]):
    """Answers a request with the stream of ``listener``, which must be attached already; detaches it at the end."""

    def __init__(self, hub: Hub, listener: Listener) -> None:
        super().__init__(b"", media_type="text/event-stream")
        self._hub = hub
        self._listener = listener

    def to_asgi_response(self, app: object, request: Request[Any, Any, Any], **_: Any) -> ASGIResponse:  # noqa: ANN401
        del app, request
        return _StreamResponse(self._hub, self._listener)


class _StreamResponse(ASGIResponse):
    def __init__(self, hub: Hub, listener: Listener) -> None:
        super().__init__(media_type="text/event-stream")
        self._hub = hub
        self._listener = listener

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope
        mine = asyncio.current_task()
        self._listener.drop = mine.cancel if mine is not None else None
        gone = asyncio.create_task(self._wait_for_leaving(receive))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await self._send(send, f"retry: {RETRY_MS}\n\n".encode())
            await self._pump(send)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except asyncio.CancelledError:
            if not self._listener.dropped or mine is None:
                raise
            mine.uncancel()  # the buffer of a reader that takes nothing is full; returning drops the connection
        finally:
            self._listener.drop = None
            self._hub.detach(self._listener)
            gone.cancel()

    async def _pump(self, send: Send) -> None:
        listener = self._listener
        while True:
            await listener.wake.wait()
            if listener.closing and not listener.waiting:
                return
            message = listener.take()
            if message:
                await self._send(send, message)
            if listener.closing:
                return

    async def _send(self, send: Send, message: bytes) -> None:
        """One watchdog for all (``Hub.heartbeat``) looks at this moment: a timeout for each send cost half of it."""
        self._listener.sending_since_s = self._hub.now_s()
        await send({"type": "http.response.body", "body": message, "more_body": True})
        self._listener.sending_since_s = None

    async def _wait_for_leaving(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._listener.closing = True
        self._listener.waiting.clear()
        self._listener.wake.set()
