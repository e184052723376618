"""A load generator: plain HTTP/1.1 over kept-alive connections, cheap enough not to be what is measured.

Run as its own process (``python -m tests.bench.load PLAN``), so that it has a core and an interpreter lock to itself.
A plan is one JSON object on the command line; the result is one JSON object on stdout, latencies in milliseconds.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

ANSWER_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """One kind of request. ``body`` may hold ``{key}``, replaced by a fresh random key each time."""

    path: str
    body: str
    bearer: str = ""
    per_second: float = 0.0
    """Open loop: so many a second on a fixed timetable. 0: closed loop."""
    accept: tuple[int, ...] = (200, 201)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    host: str
    port: int
    mixes: tuple[Mix, ...]
    connections: int = 64
    requests: int = 0
    """Closed loop: so many in all."""
    seconds: float = 0.0
    """Open loop: for so long."""


@dataclass(slots=True)
class Tally:
    latencies_ms: list[float] = field(default_factory=list)
    errors: dict[str, int] = field(default_factory=dict)

    def error(self, what: str) -> None:
        self.errors[what] = self.errors.get(what, 0) + 1


class Connection:
    """One kept-alive connection, one request at a time."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, mix: Mix) -> int:
        """Send one request and read its answer whole; the status. Raises OSError, EOFError, TimeoutError."""
        if self._writer is None or self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port)
        body = mix.body.replace("{key}", secrets.token_hex(12)).encode()
        head = (
            f"POST {mix.path} HTTP/1.1\r\nHost: {self._host}\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {mix.bearer}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        self._writer.write(head.encode() + body)
        async with asyncio.timeout(ANSWER_S):
            return await self._answer(self._reader)

    @staticmethod
    async def _answer(reader: asyncio.StreamReader) -> int:
        head = await reader.readuntil(b"\r\n\r\n")
        lowered = head.lower()
        start = lowered.index(b"content-length:") + 15
        await reader.readexactly(int(lowered[start : lowered.index(b"\r\n", start)]))
        return int(head[9:12])

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


async def _one(connection: Connection, mix: Mix, begun: float, tally: Tally) -> None:
    try:
        status = await connection.ask(mix)
    except (OSError, EOFError, TimeoutError) as error:
        connection.close()
        tally.error(type(error).__name__)
        return
    if status in mix.accept:
        tally.latencies_ms.append((time.perf_counter() - begun) * 1000)
    else:
        tally.error(str(status))


async def closed_loop(plan: Plan) -> tuple[Tally, float]:
    """``connections`` clients, each asking again as soon as it is answered, until ``requests`` are done."""
    tally, left = Tally(), plan.requests
    mix = plan.mixes[0]

    async def client() -> None:
        nonlocal left
        connection = Connection(plan.host, plan.port)
        while left > 0:
            left -= 1
            await _one(connection, mix, time.perf_counter(), tally)
        connection.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(plan.connections)))
    return tally, time.perf_counter() - begun


async def open_loop(plan: Plan) -> tuple[Tally, float]:
    """Requests on a fixed timetable; a late start counts as latency, so a stalled server cannot hide."""
    tally = Tally()
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(plan.connections):
        free.put_nowait(Connection(plan.host, plan.port))
    timetable = sorted(
        (n / mix.per_second, mix) for mix in plan.mixes for n in range(int(plan.seconds * mix.per_second))
    ) if all(mix.per_second for mix in plan.mixes) else []  # fmt: skip
    begun = time.perf_counter()

    async def send(due: float, mix: Mix) -> None:
        connection = await free.get()
        await _one(connection, mix, due, tally)
        free.put_nowait(connection)

    async with asyncio.TaskGroup() as tasks:
        for offset, mix in timetable:
            due = begun + offset
            if (wait := due - time.perf_counter()) > 0:
                await asyncio.sleep(wait)
            tasks.create_task(send(due, mix))
    while not free.empty():
        free.get_nowait().close()
    return tally, time.perf_counter() - begun


def percentile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def summary(tally: Tally, seconds: float) -> dict[str, object]:
    done = tally.latencies_ms
    return {
        "done": len(done),
        "errors": tally.errors,
        "seconds": round(seconds, 3),
        "per_second": round(len(done) / seconds, 1),
        "p50_ms": round(statistics.median(done), 3) if done else None,
        "p99_ms": round(percentile(done, 0.99), 3) if done else None,
        "max_ms": round(max(done), 3) if done else None,
    }


def run(plan: Plan, *, timeout_s: float = 300.0) -> dict[str, object]:
    """Run a plan in a process of its own; its summary."""
    command = [sys.executable, "-m", "tests.bench.load", json.dumps(asdict(plan))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=True)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def main() -> None:
    raw = json.loads(sys.argv[1])
    raw["mixes"] = tuple(Mix(**{**mix, "accept": tuple(mix["accept"])}) for mix in raw["mixes"])
    plan = Plan(**raw)
    tally, seconds = asyncio.run(open_loop(plan) if plan.seconds else closed_loop(plan))
    print(json.dumps(summary(tally, seconds)))


if __name__ == "__main__":
    main()
