"""Local servers as halls meet them: honest, silent, trickling, resetting, busy. Real sockets, paced by events."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from queue_server.wire import BookedSlot, IssueReply, TicketView
from tests.kiosk.hall import AT


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return msgspec.json.decode(self.body)


Behaviour = Callable[["Talk", Request], None]


@dataclass
class Talk:
    """One connection; ``over`` is set when the test ends."""

    socket: socket.socket
    over: threading.Event

    def send(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            self.socket.sendall(data)

    def answer(self, status: int, body: bytes, *headers: str) -> None:
        head = "\r\n".join((f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers))
        self.send(head.encode() + b"\r\n\r\n" + body)

    def trickle(self, data: bytes, every_s: float) -> None:
        for byte in data:
            if self.over.wait(every_s):
                return
            try:
                self.socket.sendall(bytes([byte]))
            except OSError:
                return

    def reset(self) -> None:
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise ConnectionResetError  # leaving without lingering closes with a reset


@dataclass
class LocalServer:
    """Answers each request by ``behaviour``; remembers what was asked."""

    behaviour: Behaviour
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    _listening: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _threads: list[threading.Thread] = field(default_factory=list)
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    def start(self) -> None:
        self._spawn(self._accept)

    def stop(self) -> None:
        self.over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def cut(self) -> None:
        """Every open connection is lost."""
        for each in list(self._open):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.over.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._spawn(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection, connection.makefile("rb") as file:
            while not self.over.is_set():
                request = read_request(file)
                if request is None:
                    return
                self.requests.append(request)
                self.behaviour(Talk(connection, self.over), request)


def read_request(file: Any) -> Request | None:
    first = file.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := file.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    body = file.read(int(headers.get("content-length", 0)))
    return Request(first[0], first[1], headers, body)


@contextlib.contextmanager
def serving(behaviour: Behaviour) -> Iterator[LocalServer]:
    server = LocalServer(behaviour)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def issue_reply(number: str = "A044") -> bytes:
    view = TicketView(id=f"t-{number}", number=number, kind="general", state="waiting", track="K7Q2", issued_at=AT)
    return msgspec.json.encode(IssueReply(ticket=view, ahead=11, forecast=None, seq=9))


def honest(talk: Talk, request: Request) -> None:
    talk.answer(201, issue_reply())


SLOT = BookedSlot(day="2026-01-14", begins="9:30", ends="10:00", early=True, ahead=2)


def booked(talk: Talk, request: Request) -> None:
    """A number for a booking."""
    reply = msgspec.json.decode(issue_reply("Y003"), type=IssueReply)
    talk.answer(201, msgspec.json.encode(msgspec.structs.replace(reply, booking=SLOT)))


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first for the first request, the last for all that follow."""
    rest = list(behaviours)
    lock = threading.Lock()

    def act(talk: Talk, request: Request) -> None:
        with lock:
            behaviour = rest.pop(0) if len(rest) > 1 else rest[0]
        behaviour(talk, request)

    return act


def silent(talk: Talk, request: Request) -> None:
    talk.over.wait(30)


def trickling(talk: Talk, request: Request) -> None:
    talk.trickle(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n" + issue_reply(), 0.05)


def trickling_body(talk: Talk, request: Request) -> None:
    talk.send(b"HTTP/1.1 201 Created\r\nContent-Length: 900\r\n\r\n")
    talk.trickle(issue_reply(), 0.05)


def resetting(talk: Talk, request: Request) -> None:
    talk.reset()


def busy(talk: Talk, request: Request) -> None:
    talk.answer(503, b"{}", "Retry-After: 1")


def slow(talk: Talk, request: Request) -> None:
    talk.over.wait(0.15)
    talk.answer(201, issue_reply())


def nonsense(talk: Talk, request: Request) -> None:
    talk.answer(201, b"<html>welcome</html>")


def endless(talk: Talk, request: Request) -> None:
    talk.send(b"HTTP/1.1 201 Created\r\n\r\n")
    while not talk.over.is_set():
        try:
            talk.socket.sendall(b"x" * 65536)
        except OSError:
            return


def refusing(talk: Talk, request: Request) -> None:
    problem = {"type": "x", "title": "x", "status": 409, "code": "issuing_stopped", "say": "今天的号发完了"}
    talk.answer(409, msgspec.json.encode(problem))
