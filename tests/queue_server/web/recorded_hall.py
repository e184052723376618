"""A real HTTP server for the pages: our routes, and a recorded hall behind the wire that a test moves by hand.

It serves what the queue server serves (structs of ``queue_server.wire`` as JSON and server-sent events) but decides
nothing: a test says what each command is answered with, what is pushed, and when the hall is away.
"""

from __future__ import annotations

import asyncio
import io
import threading
import wave
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import msgspec
import uvicorn
from litestar import Litestar, Request, Response, route
from litestar.params import PathParameter
from litestar.response import Stream

from queue_server import wire
from queue_server.web.pages import PageSettings, page_router

Answer = Callable[[dict[str, Any]], "tuple[int, Any]"]
START_LIMIT_S = 10.0
WAIT_LIMIT_S = 10.0


class Asked(msgspec.Struct):
    """One command that reached the hall."""

    path: str
    body: dict[str, Any]
    status: int


class RecordedHall:
    """Moves only when told to. Everything public may be called from the test's thread."""

    def __init__(self, *, starts_at: datetime, settings: PageSettings | None = None) -> None:
        self._shift = starts_at - datetime.now(UTC)
        self.topics: dict[str, Any] = {}
        self.speaker = True
        self.epoch = "e1"
        self.away = False
        """Nobody answers: 503 to everything, streams cut."""
        self.signed_in = True
        self.session = wire.SessionReply(account="jia", name="测试甲", roles=("clerk",), idle_lock_s=900)
        self.approved = True
        self.beats = True
        self.sound = sound_of(0.2)
        self.asked: list[Asked] = []
        self._answers: dict[str, Answer] = {}
        self._changed = threading.Condition()
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._settings = settings or PageSettings()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gate = threading.Event()
        self._gate.set()

    # -- what a test does

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift

    def move_clock(self, step: timedelta) -> None:
        self._shift += step

    def answer(self, path: str, answer: Answer) -> None:
        """Commands to ``path`` (below ``/api/v1``) are answered by ``answer`` from now on."""
        self._answers[path] = answer

    def push(self, topic: str, state: Any) -> None:
        """Keep ``state`` as the newest of ``topic`` and send it to all pages."""
        self.topics[topic] = state
        self.send(event(topic, state))

    def send(self, message: bytes) -> None:
        self._on_loop(lambda: self._tell(message))

    def leave(self) -> None:
        """The server is gone: open streams end, nothing answers."""
        self.away = True
        self._on_loop(lambda: self._tell(None))

    def come_back(self) -> None:
        self.away = False

    def hold_answers(self) -> None:
        """Commands arrive but are not answered until ``release_answers``."""
        self._gate.clear()

    def release_answers(self) -> None:
        self._gate.set()

    def wait_for(self, path: str, count: int = 1) -> list[Asked]:
        """The commands that reached ``path``, as soon as they are ``count``; fails after a limit."""

        def found() -> list[Asked]:
            return [each for each in self.asked if each.path == path]

        with self._changed:
            arrived = self._changed.wait_for(lambda: len(found()) >= count, WAIT_LIMIT_S)
        assert arrived, f"{path}: {len(found())} of {count} commands came; all: {[each.path for each in self.asked]}"
        return found()

    def paths(self) -> list[str]:
        return [each.path for each in self.asked if "/self/health" not in each.path]

    def wait_for_streams(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._listeners) == count, WAIT_LIMIT_S), len(self._listeners)

    def _tell(self, message: bytes | None) -> None:
        for listener in tuple(self._listeners):
            listener.put_nowait(message)

    @property
    def has_loop(self) -> bool:
        """True once a page has asked for anything of the wire."""
        return self._loop is not None

    def _on_loop(self, act: Callable[[], object]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(act)

    # -- the server

    def app(self) -> Litestar:
        @route("/api/v1/{path:path}", http_method=["GET", "POST", "DELETE"])
        async def api(request: Request[Any, Any, Any], path: Annotated[str, PathParameter()]) -> Response[Any]:
            self._loop = asyncio.get_running_loop()
            return await self._serve(request, path)

        return Litestar([page_router(self._settings), api], openapi_config=None)

    async def _serve(self, request: Request[Any, Any, Any], path: str) -> Response[Any]:
        if self.away:
            return reply(503, {"code": "unavailable", "say": "请稍候"})
        if request.method == "GET":
            return self._get(request, path)
        raw = await request.body()
        body = dict(request.query_params) | (msgspec.json.decode(raw) if raw else {})
        await asyncio.to_thread(self._gate.wait, WAIT_LIMIT_S)
        status, value = self._decide(path, body)
        with self._changed:
            self.asked.append(Asked(path=path, body=body, status=status))
            self._changed.notify_all()
        return reply(status, value)

    def _decide(self, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        if path != "/session" and not self.signed_in:
            return 401, {"code": "sign_in_needed", "say": "请先登录", "status": 401}
        answer = self._answers.get(path)
        if answer is not None:
            return answer(body)
        if path.endswith("/ack"):
            return 200, wire.AckReply(id=path.split("/")[2], shown=True, played=True)
        return (204, None) if path.endswith("/health") else (404, {"code": "not_found", "say": "没有这一项"})

    def _get(self, request: Request[Any, Any, Any], path: str) -> Response[Any]:
        if path.endswith("/audio"):
            return Response(self.sound, media_type="audio/wav")
        if not (self.signed_in and self.approved):
            return reply(401, {"code": "sign_in_needed", "say": "请先登录", "status": 401})
        if path == "/stream":
            asked = request.query_params["topics"].split(",")
            return Stream(self._events(asked), status_code=200, media_type="text/event-stream")
        if path == "/session":
            return reply(200, self.session)
        if path.lstrip("/") in self.topics:
            return reply(200, self.topics[path.lstrip("/")])
        return reply(404, {"code": "not_found", "say": "没有这一项"})

    async def _events(self, topics: list[str]) -> AsyncIterator[bytes]:
        waiting: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=1000)
        self._join(waiting)
        try:
            yield event("snapshot", self._snapshot(topics))
            while True:
                message = await self._next(waiting)
                if message is None:
                    return
                yield message
        finally:
            with self._changed:
                self._listeners.discard(waiting)
                self._changed.notify_all()

    def _join(self, waiting: asyncio.Queue[bytes | None]) -> None:
        with self._changed:
            self._listeners.add(waiting)
            self._changed.notify_all()

    async def _next(self, waiting: asyncio.Queue[bytes | None]) -> bytes | None:
        while True:
            try:
                return await asyncio.wait_for(waiting.get(), wire.HEARTBEAT_S)
            except TimeoutError:
                if self.beats:
                    return event("heartbeat", wire.Heartbeat(at=self.now(), seq=1, speaker=self.speaker))

    def _snapshot(self, topics: list[str]) -> wire.StreamSnapshot:
        states = {topic: self.topics[topic] for topic in topics if topic in self.topics}
        return wire.StreamSnapshot(seq=1, at=self.now(), epoch=self.epoch, speaker=self.speaker, zone="hall", **states)


def event(name: str, value: Any) -> bytes:
    return f"event: {name}\ndata: {msgspec.json.encode(value).decode()}\n\n".encode()


def reply(status: int, value: Any) -> Response[bytes]:
    content = b"" if value is None else msgspec.json.encode(value)
    return Response(content, status_code=status, media_type="application/json")


def sound_of(seconds: float) -> bytes:
    """A quiet WAV of that length."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * int(8000 * seconds)))
    return out.getvalue()


class HallServer:
    """Runs an app on a free loopback port in its own thread."""

    def __init__(self, app: Litestar) -> None:
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="recorded-hall", daemon=True)
        self.url = ""

    def start(self) -> None:
        ready = threading.Event()
        serve = self._server.startup

        async def startup(*args: Any, **kwargs: Any) -> None:
            await serve(*args, **kwargs)
            ready.set()

        self._server.startup = startup  # type: ignore[method-assign]
        self._thread.start()
        assert ready.wait(START_LIMIT_S), "the recorded hall did not start"
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(START_LIMIT_S)
        assert not self._thread.is_alive()
