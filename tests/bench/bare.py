"""The floor that issuing is measured against: the same framework and the same group commit, and no queue at all.

One Litestar handler hands each request to a writer thread that takes what waits, inserts one row each into SQLite
(WAL, synchronous FULL), commits once and answers. ``python -m tests.bench.bare FOLDER`` prints its port and serves.
"""

from __future__ import annotations

import asyncio
import json
import queue
import socket
import sqlite3
import sys
import threading
from concurrent.futures import Future
from pathlib import Path

import msgspec
import uvicorn
from litestar import Litestar, post

BATCH_MAX = 256


class Asked(msgspec.Struct):
    key: str
    kind: str = "general"


class Given(msgspec.Struct):
    number: int


class Writer(threading.Thread):
    """One thread, one connection, one commit for all that waits."""

    def __init__(self, database: Path) -> None:
        super().__init__(daemon=True)
        self._database = database
        self.waiting: queue.SimpleQueue[tuple[str, Future[int]]] = queue.SimpleQueue()
        self.commits = 0

    def run(self) -> None:
        connection = sqlite3.connect(self._database, isolation_level=None)
        connection.execute("pragma journal_mode=wal")
        connection.execute("pragma synchronous=full")
        connection.execute("create table ticket (number integer primary key, key text unique)")
        number = 0
        while True:
            batch = [self.waiting.get()]
            while len(batch) < BATCH_MAX and not self.waiting.empty():
                batch.append(self.waiting.get())
            rows = [(number + n, key) for n, (key, _) in enumerate(batch, 1)]
            connection.execute("begin immediate")
            connection.executemany("insert into ticket values (?, ?)", rows)
            connection.execute("commit")
            number += len(batch)
            self.commits += 1
            for (given, _), (_, answer) in zip(rows, batch, strict=True):
                answer.set_result(given)


def application(writer: Writer) -> Litestar:
    @post("/tickets")
    async def issue(data: Asked) -> Given:
        answer: Future[int] = Future()
        writer.waiting.put((data.key, answer))
        return Given(await asyncio.wrap_future(answer))

    return Litestar([issue], openapi_config=None)


def main() -> None:
    writer = Writer(Path(sys.argv[1]) / "bare.sqlite")
    writer.start()
    # As ours: a socket that says TCP has Nagle's delay switched off by the loop.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    print(json.dumps({"ready": True, "port": listener.getsockname()[1]}), flush=True)
    config = uvicorn.Config(application(writer), log_level="error", access_log=False)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
