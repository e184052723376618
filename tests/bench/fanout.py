"""From a clerk's call to the new board at 500 listening boards.

Budget (DESIGN 10): p99 over all boards and calls at most 50 ms, from just before the call's request is sent.
``python -m tests.bench.fanout [--boards N] [--calls N] [--displays N]``. All listen over real sockets in one process of
their own; boards share the keys of a few displays. Floor of the same run: as many bytes written to as many sockets by
a bare loop and read by the same listeners.
"""

from __future__ import annotations

import argparse
import socket
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from queue_server.demo.processes import Programs
from tests.bench.hall import BenchHall, Desk, bench_hall, make_clerks, report, sign_on
from tests.bench.listeners import Audience, Seating, board_keys
from tests.bench.load import percentile
from tests.bench.wire_client import SteadyClient

BUDGET_MS = 50.0
WINDOWS = 8
TURN_S = 0.3
"""Between two calls, so that each is a board of its own."""
ALL_CAME_S = 2.0
HEAD = b"HTTP/1.1 200 OK\r\n\r\n"
FLOOR_ROUNDS = 20
EVENT_BYTES = 2000


class Deliveries:
    """When which board had which state, gathered from the audience."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    def of(self, seq: int, boards: int, sent_ns: int) -> list[float]:
        """Milliseconds from ``sent_ns`` until each board had ``seq`` or a later state; waits for the last of them."""
        first: dict[int, int] = {}
        end = time.monotonic() + ALL_CAME_S
        while len(first) < boards and time.monotonic() < end:
            time.sleep(TURN_S)
            for who, heard, at_ns in self._audience.came():
                if heard >= seq:
                    first[who] = min(at_ns, first.get(who, at_ns))
        return [(at_ns - sent_ns) / 1e6 for at_ns in first.values()]


def one_call(client: SteadyClient, desk: Desk, ticket: str | None) -> tuple[int, float, int, str]:
    """Finish who is there, let the board settle, call the next: sent (ns), answer (ms), its seq, the ticket."""
    if ticket is not None:
        client.post(f"/windows/{desk.window}/finish", ticket=ticket)
        time.sleep(TURN_S)
    sent_ns = time.monotonic_ns()
    took_ms, status, said = client.post(f"/windows/{desk.window}/call-next")
    if status != 200:
        raise RuntimeError(f"call-next: {status} {said.get('code')}")
    return sent_ns, took_ms, int(said["seq"]), str(said["ticket"]["id"])


def measure(hall: BenchHall, boards: int, calls: int, displays: int) -> dict[str, Any]:
    account = make_clerks(hall.made, 1)[0]
    desk = sign_on(hall.url, account, 1)
    kiosk = SteadyClient(hall.host, hall.port, {"Authorization": f"Bearer {hall.kiosk_key}"})
    for _ in range(calls + 20):
        kiosk.post("/tickets", kind="general")
    clerk = SteadyClient(hall.host, hall.port, {"Cookie": desk.cookie, "Origin": hall.url})
    keys = board_keys(hall, displays)
    each_ms: list[float] = []
    last_ms: list[float] = []
    answers_ms: list[float] = []
    missing = 0
    with Audience(hall.programs) as audience:
        audience.seat(hall, keys=[keys[n % displays] for n in range(boards)])
        deliveries = Deliveries(audience)
        ticket: str | None = None
        for _ in range(calls):
            sent_ns, answered_ms, seq, ticket = one_call(clerk, desk, ticket)
            came = deliveries.of(seq, boards, sent_ns)
            missing += boards - len(came)
            each_ms += came
            last_ms.append(max(came, default=float("nan")))
            answers_ms.append(answered_ms)
    kiosk.close()
    clerk.close()
    return {
        "p50_ms": round(percentile(each_ms, 0.5), 2),
        "p99_ms": round(percentile(each_ms, 0.99), 2),
        "last_board_p50_ms": round(percentile(last_ms, 0.5), 2),
        "last_board_max_ms": round(max(last_ms), 2),
        "answer_p50_ms": round(percentile(answers_ms, 0.5), 2),
        "missing": missing,
        "raw_last_ms": [round(each, 1) for each in last_ms],
    }


def floor(folder: Path, boards: int) -> dict[str, float]:
    """The same listeners, told by a loop that does nothing but write."""
    each_ms: list[float] = []
    with Programs(folder) as programs, Audience(programs) as audience, socket.create_server(("127.0.0.1", 0)) as door:
        door.listen(boards)
        host, port = door.getsockname()
        seating = Seating(host=host, port=port, topic="board", headers=tuple({} for _ in range(boards)))
        lines = _welcomed(audience, seating, door)
        deliveries = Deliveries(audience)
        for seq in range(2, FLOOR_ROUNDS + 2):
            event = _event(seq)
            sent_ns = time.monotonic_ns()
            for line in lines:
                line.sendall(event)
            each_ms += deliveries.of(seq, boards, sent_ns)
    for line in lines:
        line.close()
    return {"p50_ms": round(percentile(each_ms, 0.5), 2), "p99_ms": round(percentile(each_ms, 0.99), 2)}


def _welcomed(audience: Audience, seating: Seating, door: socket.socket) -> list[socket.socket]:
    """Each listener's line, with its snapshot sent; the audience waits for these before it says it is there."""
    process = audience.begin(seating)
    lines: list[socket.socket] = []
    for _ in seating.headers:
        line, _ = door.accept()
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        line.sendall(HEAD + _event(1))
        lines.append(line)
    audience.wait_until_there(process)
    return lines


def _event(seq: int) -> bytes:
    return b'event: board\ndata: {"seq":%d,"text":"%s"}\n\n' % (seq, b"x" * EVENT_BYTES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--boards", type=int, default=500)
    parser.add_argument("--calls", type=int, default=40)
    parser.add_argument("--displays", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as name:
        bare = floor(Path(name), options.boards)
    with bench_hall(windows=WINDOWS) as hall:
        figures = measure(hall, options.boards, options.calls, options.displays)
    report(
        "fanout",
        boards=options.boards,
        calls=options.calls,
        budget_ms=BUDGET_MS,
        ok=figures["p99_ms"] <= BUDGET_MS and not figures["missing"],
        **figures,
        floor=bare,
    )


if __name__ == "__main__":
    main()
