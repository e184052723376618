"""Busy hours of a hall pressed into seconds: numbers, calls, services, people who come and go on the stream.

One hour after the other, each a business day of its own, so that the day's tickets are forgotten at its end and what
still grows is a leak.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from queue_server.wire import API_PREFIX
from tests.bench.hall import BenchHall, Desk, bench_hall, make_clerks, sign_on
from tests.bench.memory import Sample, sample
from tests.bench.wire_client import SteadyClient

TICKETS_AN_HOUR = 120
WINDOWS = 4
STREAMS_AN_HOUR = 30
ANSWER_S = 5.0


class Hours:
    """One hall and those who work in it."""

    def __init__(self, hall: BenchHall) -> None:
        self._hall = hall
        self._kiosk = SteadyClient(hall.host, hall.port, {"Authorization": f"Bearer {hall.kiosk_key}"})
        self._desks = [
            sign_on(hall.url, account, window) for window, account in enumerate(make_clerks(hall.made, WINDOWS), 1)
        ]
        self._clerks = [self._client(desk) for desk in self._desks]
        self._day = datetime.now(UTC).date()
        self._streams: list[socket.socket] = []
        self.tickets = 0
        self.streams = 0
        self.wrong: list[str] = []

    def _client(self, desk: Desk) -> SteadyClient:
        return SteadyClient(self._hall.host, self._hall.port, {"Cookie": desk.cookie, "Origin": self._hall.url})

    def one(self) -> None:
        """An hour: each number is taken, printed, called and served; then the day is closed and the next one opened."""
        for n in range(TICKETS_AN_HOUR):
            self._ticket(self._clerks[n % WINDOWS], n % WINDOWS + 1)
            if n % (TICKETS_AN_HOUR // STREAMS_AN_HOUR) == 0:
                self._come_and_go()
        self._next_day()

    def _ticket(self, clerk: SteadyClient, window: int) -> None:
        ticket = self._post(self._kiosk, "/tickets", kind="general")["ticket"]["id"]
        self._post(self._kiosk, f"/tickets/{ticket}/printed", result="printed", copy=0)
        called = self._post(clerk, f"/windows/{window}/call-next")["ticket"]
        if called is None:
            self.wrong.append(f"ticket {self.tickets}: nobody was called")
            return
        self._post(clerk, f"/windows/{window}/start", ticket=called["id"])
        self._post(clerk, f"/windows/{window}/finish", ticket=called["id"])
        self.tickets += 1

    def _post(self, client: SteadyClient, path: str, **fields: object) -> dict[str, Any]:
        _, status, said = client.post(path, **fields)
        if status not in {200, 201, 204}:
            raise RuntimeError(f"{path}: {status} {said.get('code')}")
        return said

    def _come_and_go(self) -> None:
        """A new listener; only the newest four stay."""
        line = socket.create_connection((self._hall.host, self._hall.port), ANSWER_S)
        line.sendall(
            f"GET {API_PREFIX}/stream?topics=hall HTTP/1.1\r\nHost: {self._hall.host}\r\n"
            f"Authorization: Bearer {self._hall.kiosk_key}\r\n\r\n".encode()
        )
        if not line.recv(64).startswith(b"HTTP/1.1 200"):
            self.wrong.append(f"stream {self.streams}: refused")
        self.streams += 1
        self._streams.append(line)
        if len(self._streams) > WINDOWS:
            self._streams.pop(0).close()

    def _next_day(self) -> None:
        self._day += timedelta(days=1)
        manager = self._hall.manager
        manager.post("/day/close", {"key": secrets.token_hex(12), "force": True})
        manager.post(
            "/day/open", {"key": secrets.token_hex(12), "business_day": self._day.isoformat(), "confirmed": True}
        )
        for desk in self._desks:
            desk.act("shift").raise_for_status()
            desk.act("open").raise_for_status()

    def stop(self) -> None:
        for client in (self._kiosk, *self._clerks):
            client.close()
        for line in self._streams:
            with contextlib.suppress(OSError):
                line.close()


def server_hours(seconds: float) -> dict[str, Any]:
    """Hours until the time is over; samples of the server after each."""
    samples: list[Sample] = []
    with bench_hall(windows=WINDOWS) as hall:
        hours = Hours(hall)
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(samples) < 4:
            hours.one()
            samples.append(sample(hours.tickets, hall.server.process.pid))
        hours.stop()
    return {
        "hours": len(samples),
        "tickets": hours.tickets,
        "streams": hours.streams,
        "wrong": hours.wrong[:20],
        "wrong_count": len(hours.wrong),
        "samples": samples,
    }
