"""Many listeners on the server's stream, in a process of their own that does nothing but read sockets.

``python -m tests.bench.listeners PLAN`` connects all, says ready after the last snapshot, and at each line on stdin
tells and forgets what came: when each board of each state (``seq``) was whole in this process, by the monotonic clock
that all processes of a machine share. ``Audience`` is the other side.
"""

from __future__ import annotations

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import IO, Any, Self

from queue_server.commands.devices import write_device
from queue_server.commands.hall_writer import open_hall
from queue_server.demo.processes import Programs
from queue_server.wire import API_PREFIX
from tests.bench.hall import BenchHall

END_OF_EVENT = b"\n\n"
SEQ = re.compile(rb'"seq":(\d+)')
CONNECT_S = 10.0
ANSWER_S = 30.0
CHUNK = 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """Who listens: ``headers`` one mapping for each listener."""

    host: str
    port: int
    topic: str
    headers: tuple[dict[str, str], ...]


@dataclass(eq=False, slots=True)
class Ear:
    """One listener's socket and what is not yet a whole event."""

    line: socket.socket
    heard: bytearray = field(default_factory=bytearray)
    events: int = 0

    def take(self, topic: bytes) -> list[int]:
        """Read what is there; the ``seq`` of each whole event of ``topic``. Raises ConnectionResetError at the end."""
        data = self.line.recv(CHUNK)
        if not data:
            raise ConnectionResetError
        self.heard += data
        seqs: list[int] = []
        while (end := self.heard.find(END_OF_EVENT)) >= 0:
            event = bytes(self.heard[:end])
            del self.heard[: end + 2]
            if b"event: snapshot" in event or b"event: " + topic in event:
                self.events += 1
                if found := SEQ.findall(event):
                    seqs.append(int(found[-1]))
        return seqs


def connect(seating: Seating) -> list[Ear]:
    ears: list[Ear] = []
    for headers in seating.headers:
        line = socket.create_connection((seating.host, seating.port), CONNECT_S)
        fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        path = f"{API_PREFIX}/stream?topics={seating.topic}"
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: {seating.host}:{seating.port}\r\n{fields}\r\n".encode())
        line.setblocking(False)
        ears.append(Ear(line))
    return ears


def listen(seating: Seating, commands: IO[str], out: IO[str]) -> None:
    """Until ``commands`` ends. Each line there is answered with what came since the one before."""
    ears, topic = connect(seating), seating.topic.encode()
    came: list[tuple[int, int, int]] = []
    ready = False
    with selectors.DefaultSelector() as selector:
        for ear in ears:
            selector.register(ear.line, selectors.EVENT_READ, ear)
        selector.register(commands, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if not isinstance(key.data, Ear):
                    if not commands.readline():
                        return
                    print(json.dumps(came), file=out, flush=True)
                    came.clear()
                    continue
                seqs = key.data.take(topic)
                now_ns = time.monotonic_ns()
                came += [(id(key.data), seq, now_ns) for seq in seqs]
            if not ready and all(ear.events for ear in ears):
                ready = True
                came.clear()
                print(json.dumps({"ready": True}), file=out, flush=True)


def board_keys(hall: BenchHall, count: int) -> list[str]:
    """Bearer keys of so many displays."""
    with open_hall(hall.made.settings) as writing:
        return [write_device(writing, "display", f"{n}号屏")[1] for n in range(1, count + 1)]


class Audience:
    """Listeners in their own process. Use as a context manager."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._processes:
            if each.stdin is not None:
                each.stdin.close()
            each.wait(ANSWER_S)
            if each.stdout is not None:
                each.stdout.close()

    def seat(self, hall: BenchHall, *, keys: Sequence[str] = (), cookies: Sequence[str] = ()) -> None:
        """Boards with these keys, consoles with these cookies; returns when each has its snapshot."""
        boards = tuple({"Authorization": f"Bearer {key}"} for key in keys)
        consoles = tuple({"Cookie": cookie, "Origin": hall.url} for cookie in cookies)
        for topic, headers in (("board", boards), ("queue", consoles)):
            if headers:
                self.listen_at(Seating(host=hall.host, port=hall.port, topic=topic, headers=headers))

    def listen_at(self, seating: Seating) -> None:
        self.wait_until_there(self.begin(seating))

    def begin(self, seating: Seating) -> subprocess.Popen[str]:
        """Start listeners; they connect at once."""
        command = [sys.executable, "-m", "tests.bench.listeners", json.dumps(asdict(seating))]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._processes.append(process)
        return process

    @staticmethod
    def wait_until_there(process: subprocess.Popen[str]) -> None:
        """Until each listener has its snapshot. Raises RuntimeError when they ended instead."""
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError("the listeners ended before each had its snapshot")

    def came(self) -> list[tuple[int, int, int]]:
        """``(listener, seq, monotonic ns)`` of everything since the last question."""
        found: list[tuple[int, int, int]] = []
        for each in self._processes:
            if each.stdin is None or each.stdout is None:
                continue
            each.stdin.write("tell\n")
            each.stdin.flush()
            found += [(who, seq, at_ns) for who, seq, at_ns in json.loads(each.stdout.readline())]
        return found


def main() -> None:
    raw: dict[str, Any] = json.loads(sys.argv[1])
    listen(Seating(**{**raw, "headers": tuple(raw["headers"])}), sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
