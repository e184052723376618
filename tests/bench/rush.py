"""A rush hour on a fixed timetable, as a process of its own: people take numbers, clerks call, start and call on.

``python -m tests.bench.rush PLAN`` takes one JSON object and prints one with latencies in milliseconds. A request that
could not be sent when it was due counts from when it was due, so a stalled server cannot hide.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field

from tests.bench.load import percentile
from tests.bench.wire_client import WireClient

OK = frozenset({200, 201})
CONNECTIONS = 16
"""Of kiosks; each window has its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A signed-on window."""

    window: int
    cookie: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    host: str
    port: int
    kiosk_key: str
    seats: tuple[Seat, ...]
    seconds: float
    issues_per_s: float
    calls_per_s: float
    leaves_per_s: float = 0.0
    """So many of the newest give their numbers back, so that a line does not grow."""


@dataclass(slots=True)
class Tally:
    """What came of the requests of each kind."""

    took_ms: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    nobody_waiting: int = 0
    forecasts: int = 0
    """Numbers given out with a range of minutes."""

    def done(self, kind: str, due_s: float) -> None:
        self.took_ms.setdefault(kind, []).append((time.perf_counter() - due_s) * 1000)

    def error(self, what: str) -> None:
        self.errors[what] = self.errors.get(what, 0) + 1


class Clerk:
    """One window: calls the next (which finishes who is there), starts the service half a turn later."""

    def __init__(self, plan: Plan, seat: Seat, tally: Tally) -> None:
        headers = {"Cookie": seat.cookie, "Origin": f"http://{plan.host}:{plan.port}"}
        self._client = WireClient(plan.host, plan.port, headers)
        self._path = f"/windows/{seat.window}"
        self._tally = tally
        self._ticket: str | None = None
        self._hand = asyncio.Lock()

    async def call(self, due_s: float) -> None:
        async with self._hand:
            fields = {"ticket": self._ticket} if self._ticket else {}
            status, said = await self._client.post(f"{self._path}/call-next", **fields)
            if status not in OK:
                self._tally.error(f"call {status} {said.get('code')}")
                return
            self._tally.done("call", due_s)
            self._ticket = said["ticket"]["id"] if said["ticket"] else None
            self._tally.nobody_waiting += self._ticket is None

    async def start(self, due_s: float) -> None:
        async with self._hand:
            if self._ticket is None:
                return
            status, said = await self._client.post(f"{self._path}/start", ticket=self._ticket)
            if status in OK:
                self._tally.done("start", due_s)
            else:
                self._tally.error(f"start {status} {said.get('code')}")

    def close(self) -> None:
        self._client.close()


class Kiosks:
    """Where numbers are taken."""

    def __init__(self, plan: Plan, tally: Tally) -> None:
        self._tally = tally
        self._issued: list[str] = []
        self._free: asyncio.Queue[WireClient] = asyncio.Queue()
        for _ in range(CONNECTIONS):
            headers = {"Authorization": f"Bearer {plan.kiosk_key}"}
            self._free.put_nowait(WireClient(plan.host, plan.port, headers))

    async def issue(self, due_s: float) -> None:
        client = await self._free.get()
        try:
            status, said = await client.post("/tickets", kind="general")
        finally:
            self._free.put_nowait(client)
        if status in OK:
            self._tally.done("issue", due_s)
            self._tally.forecasts += said["forecast"] is not None
            self._issued.append(said["ticket"]["id"])
        else:
            self._tally.error(f"issue {status} {said.get('code')}")

    async def leave(self, due_s: float) -> None:
        if not self._issued:
            return
        ticket, client = self._issued.pop(), await self._free.get()
        try:
            status, said = await client.post(f"/tickets/{ticket}/cancel")
        finally:
            self._free.put_nowait(client)
        if status in OK:
            self._tally.done("leave", due_s)
        else:
            self._tally.error(f"leave {status} {said.get('code')}")

    def close(self) -> None:
        while not self._free.empty():
            self._free.get_nowait().close()


Work = Callable[[float], Awaitable[None]]


def timetable(plan: Plan, kiosks: Kiosks, clerks: list[Clerk]) -> list[tuple[float, int, Work]]:
    """``(seconds from the beginning, running number, what)`` in order."""
    half_turn_s = len(clerks) / plan.calls_per_s / 2
    dues: list[tuple[float, Work]] = [
        (n / plan.issues_per_s, kiosks.issue) for n in range(int(plan.seconds * plan.issues_per_s))
    ]
    dues += [(n / plan.leaves_per_s, kiosks.leave) for n in range(int(plan.seconds * plan.leaves_per_s))]
    for n in range(int(plan.seconds * plan.calls_per_s)):
        clerk = clerks[n % len(clerks)]
        dues += [(n / plan.calls_per_s, clerk.call), (n / plan.calls_per_s + half_turn_s, clerk.start)]
    return sorted((due, n, work) for n, (due, work) in enumerate(dues))


async def rush(plan: Plan) -> Tally:
    tally = Tally()
    kiosks, clerks = Kiosks(plan, tally), [Clerk(plan, seat, tally) for seat in plan.seats]
    begun = time.perf_counter()

    async def one(work: Work, due_s: float) -> None:
        try:
            await work(due_s)
        except (OSError, EOFError, TimeoutError) as error:
            tally.error(type(error).__name__)

    async with asyncio.TaskGroup() as tasks:
        for offset, _, work in timetable(plan, kiosks, clerks):
            await asyncio.sleep(max(0.0, begun + offset - time.perf_counter()))
            tasks.create_task(one(work, begun + offset))
    kiosks.close()
    for clerk in clerks:
        clerk.close()
    return tally


def summary(tally: Tally) -> dict[str, object]:
    """Per kind: how many, median, p99, greatest."""
    kinds = {
        kind: {
            "done": len(took),
            "p50_ms": round(statistics.median(took), 2),
            "p99_ms": round(percentile(took, 0.99), 2),
            "max_ms": round(max(took), 2),
        }
        for kind, took in sorted(tally.took_ms.items())
    }
    counts = {"nobody_waiting": tally.nobody_waiting, "forecasts": tally.forecasts}
    return {**kinds, "errors": tally.errors, **counts}


def run(plan: Plan, *, timeout_s: float = 600.0) -> dict[str, object]:
    """Run a plan in a process of its own; its summary."""
    command = [sys.executable, "-m", "tests.bench.rush", json.dumps(asdict(plan))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=timeout_s, check=True)
    result: dict[str, object] = json.loads(done.stdout)
    return result


def main() -> None:
    raw = json.loads(sys.argv[1])
    seats = tuple(Seat(**seat) for seat in raw.pop("seats"))
    print(json.dumps(summary(asyncio.run(rush(Plan(seats=seats, **raw))))))


if __name__ == "__main__":
    main()
