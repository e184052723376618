"""A hall with years behind it: so many tickets of closed days, written straight into an empty store's tables.

Journal rows are sealed by the store's own codec, ticket rows made by its own projection; only the way into the file is
shorter than the gate's. ``tests/bench/test_past.py`` shows that such a journal verifies, that ``rebuild-tables``
makes the very same rows of it and that a gate goes on from it.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, NamedTuple

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.rules import MINUTE_US, SECOND_US, Rules
from queue_server.domain.ticket import Outcome, Ticket, TicketKind, TicketState
from queue_server.store import tables as t
from queue_server.store.engine import Store
from queue_server.store.journal import GENESIS, JournalRow, seal
from queue_server.store.projecting import TICKET_ROW, ticket_row

A_DAY = 400
"""Tickets of a usual day in a town's hall."""
WINDOWS = 8
OPENS_HOUR_UTC = 1
"""09:00 in the hall."""
SERVICE_S = 8 * 3600
DAYS_A_COMMIT = 25
FAST = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "locking_mode=EXCLUSIVE")
COLUMNS = {
    table.name: tuple(table.c.keys())
    for table in (t.journal, t.business_day, t.ticket, t.call, t.announcement, t.shift)
}
_LETTERS = {"general": "A", "booked": "Y", "collection": "C"}
_OF_ROW: dict[str, Callable[[dict[str, Any]], tuple[Any, ...]]] = {
    name: itemgetter(*columns) for name, columns in COLUMNS.items()
}
_OF_JOURNAL: Callable[[JournalRow], tuple[Any, ...]] = attrgetter(*COLUMNS["journal"])

Rows = dict[str, list[tuple[Any, ...]]]


class _Called(NamedTuple):
    issued: e.TicketIssued
    shift: str
    at_us: int


@dataclass(slots=True)
class Past:
    """Grows row by row; ``rows`` holds what is not written yet, by table."""

    hall: str
    epoch: str
    seed: int = 1
    digest: bytes = GENESIS
    seq: int = 0
    rows: Rows = field(default_factory=dict)
    _chance: random.Random = field(init=False)
    _rules: Rules = field(default_factory=Rules)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    # ---- one day -------------------------------------------------------------------------------------------------

    def day(self, business_day: date, tickets: int) -> None:
        """A whole closed day: opened, ``tickets`` issued and called one after the other, closed when nobody waits."""
        name = business_day.isoformat()
        begun = datetime(business_day.year, business_day.month, business_day.day, OPENS_HOUR_UTC, tzinfo=UTC)
        open_us = int(begun.timestamp()) * SECOND_US
        opened_seq = self._write(
            name, open_us, "timer", None, c.OpenDay(business_day=name, letters=dict(_LETTERS)),
            [e.DayOpened(name, dict(_LETTERS))],
        )  # fmt: skip
        shifts = [self._sign_on(name, open_us + n, n) for n in range(1, WINDOWS + 1)]
        last_us = self._services(name, open_us + MINUTE_US, tickets, shifts)
        self._close(name, last_us + MINUTE_US, opened_seq, open_us, shifts, last_us)

    def _sign_on(self, day: str, at_us: int, window: int) -> str:
        shift = self._id("s")
        command = c.OpenShift(window=window, clerk=window, shift=shift)
        self._write(day, at_us, f"clerk:{window}", self._id("k"), command, [e.ShiftOpened(shift, window, window)])
        self._write(day, at_us, f"clerk:{window}", self._id("k"), c.OpenWindow(window=window), [e.WindowOpened(window)])
        return shift

    def _services(self, day: str, from_us: int, count: int, shifts: Sequence[str]) -> int:
        """Everybody comes at an even pace and is called three minutes later at the windows in turn."""
        step_us = SERVICE_S * SECOND_US // max(count, 1)
        wait_us = 3 * step_us + step_us // 2
        issued: list[e.TicketIssued] = []
        at_window: dict[int, _Called] = {}
        at_us = from_us
        for n in range(count + 4):
            at_us = from_us + n * step_us
            if n < count:
                issued.append(self._issue(day, at_us, n))
            if n >= 4:
                served = n - 4
                window = served % WINDOWS + 1
                called_us = from_us + served * step_us + wait_us + step_us
                self._call(day, max(called_us, at_us), window, shifts[window - 1], issued[served], at_window)
                at_us = max(called_us, at_us)
        for window, called in sorted(at_window.items()):
            at_us += SECOND_US
            ticket = called.issued.ticket
            finish = c.FinishService(window=window, ticket=ticket, outcome=Outcome.DONE)
            ended = e.ServiceFinished(ticket, window, Outcome.DONE.value, start_implied=True)
            self._write(day, at_us, f"clerk:{window}", self._id("k"), finish, [ended])
            self._finished(day, called, at_us)
        return at_us

    def _issue(self, day: str, at_us: int, n: int) -> e.TicketIssued:
        ticket, track = self._id("t"), self._id("")[:10].upper()
        number = f"A{n + 1:03d}"
        command = c.IssueTicket(ticket=ticket, track=track)
        event = e.TicketIssued(ticket, number, "general", at_us, at_us, "kiosk:1", track)
        self._write(day, at_us, "kiosk:1", self._id("k"), command, [event])
        slip = c.ReportSlip(ticket=ticket, result="printed", copy=0)
        self._write(day, at_us + SECOND_US, "kiosk:1", self._id("k"), slip, [e.SlipReported(ticket, "printed", 0)])
        return event

    def _call(
        self, day: str, at_us: int, window: int, shift: str, issued: e.TicketIssued, at_window: dict[int, _Called]
    ) -> None:
        """Call-next: finishes who is at the window and calls."""
        announcement, before = self._id("n"), at_window.get(window)
        events: list[e.Event] = []
        if before is not None:
            events.append(e.ServiceFinished(before.issued.ticket, window, Outcome.DONE.value, start_implied=True))
            self._finished(day, before, at_us)
        credit = self._rules.credit(issued.clock_us, at_us, "general", None)
        reason = e.Reason(promise=None, credit=credit, runner_up=None, runner_credit=None, ground=None)
        events.append(e.TicketCalled(issued.ticket, window, shift, reason, (), announcement))
        command = c.CallNext(window=window, announcement=announcement, ticket=before.issued.ticket if before else None)
        seq = self._write(day, at_us, f"clerk:{window}", self._id("k"), command, events)
        at_window[window] = _Called(issued, shift, at_us)
        self._put("call", {
            "hall": self.hall, "id": announcement, "business_day": day, "seq": seq, "at_us": at_us,
            "ticket": issued.ticket, "number": issued.number, "window": window, "shift": shift, "promise": None,
            "credit": credit, "runner_up": None, "runner_credit": None, "ground": None, "overtaken": "[]",
        })  # fmt: skip
        self._put("announcement", {
            "hall": self.hall, "id": announcement, "business_day": day, "at_us": at_us, "ticket": issued.ticket,
            "window": window, "repeat": 0, "withdrawn_at_us": None, "unconfirmed_at_us": None,
        })  # fmt: skip

    def _finished(self, day: str, called: _Called, at_us: int) -> None:
        issued = called.issued
        done = Ticket(
            id=issued.ticket, number=issued.number, copy=0, kind=TicketKind.GENERAL, state=TicketState.DONE,
            issued_at_us=issued.issued_at_us, clock_us=issued.clock_us, track=issued.track, source=issued.source,
            shift=called.shift, called_at_us=called.at_us, started_at_us=at_us, finished_at_us=at_us,
            outcome=Outcome.DONE, printed="printed",
        )  # fmt: skip
        self._put("ticket", dict(zip(TICKET_ROW, ticket_row(self.hall, day, done), strict=True)))

    def _close(self, day: str, at_us: int, opened_seq: int, open_us: int, shifts: Sequence[str], last_us: int) -> None:
        anchor = self.digest.hex()
        events: list[e.Event] = []
        for window, shift in enumerate(shifts, 1):
            events += [e.WindowClosed(window), e.ShiftClosed(shift, window)]
            self._put("shift", {
                "hall": self.hall, "id": shift, "business_day": day, "window": window, "clerk": window,
                "opened_at_us": open_us + window, "closed_at_us": at_us, "taken_over_by": None,
            })  # fmt: skip
        events.append(e.DayClosed(day, False, anchor))
        seq = self._write(day, at_us, "clerk:1", self._id("k"), c.CloseDay(), events)
        self._put("business_day", {
            "hall": self.hall, "business_day": day, "opened_seq": opened_seq, "opened_at_us": open_us,
            "closed_seq": seq, "closed_at_us": at_us, "forced": False, "anchor": anchor,
        })  # fmt: skip

    # ---- rows ----------------------------------------------------------------------------------------------------

    def _id(self, prefix: str) -> str:
        return f"{prefix}{self._chance.getrandbits(80):020x}"

    def _write(
        self, day: str, at_us: int, actor: str, key: str | None, command: c.Command, events: Sequence[e.Event]
    ) -> int:
        self.seq += 1
        row = seal(
            self.digest, hall=self.hall, seq=self.seq, epoch=self.epoch, business_day=day, at_us=at_us, key=key,
            actor=actor, command=command, events=events,
        )  # fmt: skip
        self.digest = row.digest
        self.rows.setdefault("journal", []).append(_OF_JOURNAL(row))
        return self.seq

    def _put(self, table: str, row: dict[str, Any]) -> None:
        self.rows.setdefault(table, []).append(_OF_ROW[table](row))


def working_days(before: date, count: int) -> Iterator[date]:
    """The last ``count`` Mondays to Fridays before a date, oldest first."""
    found: list[date] = []
    day = before
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return reversed(found)


def build(path: Path, tickets: int, *, hall: str = "demo", before: date | None = None, a_day: int = A_DAY) -> None:
    """A new database at ``path`` with so many tickets of closed days before ``before`` (today)."""
    store = Store(f"sqlite:///{path}")
    writer = store.open_writer(hall)
    writer.begin()
    writer.note_program(1, "bench")
    writer.commit()
    past = Past(hall, writer.epoch)
    writer.checkpoint()
    writer.close()
    store.close()
    full, rest = divmod(tickets, a_day)
    counts = [a_day] * full + ([rest] if rest else [])
    days = working_days(before or datetime.now(UTC).date(), len(counts))
    # The other thread is inside SQLite nearly all the time, so the two keep two cores busy.
    with sqlite3.connect(path, isolation_level=None, check_same_thread=False) as connection, _one_hand() as hand:
        for pragma in FAST:
            connection.execute(f"PRAGMA {pragma}")
        writing: Future[None] = hand.submit(lambda: None)
        for n, (day, count) in enumerate(zip(days, counts, strict=True), 1):
            past.day(day, count)
            if n % DAYS_A_COMMIT == 0 or n == len(counts):
                writing.result()
                writing, past.rows = hand.submit(_flush, connection, past.rows), {}
        writing.result()
    connection.close()


def _one_hand() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1)


def _flush(connection: sqlite3.Connection, ready: Rows) -> None:
    connection.execute("BEGIN")
    for table, rows in ready.items():
        names = COLUMNS[table]
        marks = ",".join("?" * len(names))
        quoted = ",".join(f'"{name}"' for name in names)
        connection.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', rows)
    connection.execute("COMMIT")


def cached(folder: Path, tickets: int) -> tuple[Path, float | None]:
    """The built file in ``folder``, made now if it is not there; and the seconds that took."""
    path = folder / f"past-{tickets}.db"
    if path.exists():
        return path, None
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    for each in folder.glob(part.name + "*"):
        each.unlink()
    begun = time.monotonic()
    build(part, tickets)
    part.rename(path)
    for each in folder.glob(part.name + "*"):
        each.unlink()
    return path, round(time.monotonic() - begun, 1)
