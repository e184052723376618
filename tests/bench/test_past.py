"""A past made for measuring is a past as the gate would have made it."""

from __future__ import annotations

import secrets
import time
from datetime import date
from pathlib import Path

from queue_server.domain import commands as c
from queue_server.domain.refusals import Refused
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.service.gate import Gate
from queue_server.store import queries
from queue_server.store.engine import Store
from queue_server.store.journal import verify
from queue_server.store.rebuilding import differing_tables
from tests.bench.past import WINDOWS, build

TICKETS, A_DAY = 130, 40
MONDAY = date(2026, 3, 2)


def test_its_journal_verifies_and_its_tables_are_the_fold_of_it(tmp_path: Path) -> None:
    build(tmp_path / "hall.db", TICKETS, before=MONDAY, a_day=A_DAY)
    store = Store(f"sqlite:///{tmp_path / 'hall.db'}")
    with store.read() as connection:
        verified = verify(queries.rows_after(connection, "demo", 0))
        assert verified.last_seq > 3 * TICKETS
        assert len(queries.tickets_of_day(connection, "demo", "2026-02-27")) == TICKETS % A_DAY
    writer = store.open_writer("demo")
    assert differing_tables(writer) == []
    writer.close()
    store.close()


def test_a_gate_goes_on_from_it(tmp_path: Path) -> None:
    build(tmp_path / "hall.db", TICKETS, before=MONDAY, a_day=A_DAY)
    store = Store(f"sqlite:///{tmp_path / 'hall.db'}")
    gate = Gate(
        store,
        Rules(),
        [WindowConfig(number) for number in range(1, WINDOWS + 1)],
        hall="demo",
        wall_clock_us=lambda: time.time_ns() // 1000,
        steady_clock_s=time.monotonic,
    )
    gate.start()
    before = gate.view.seq
    opened = c.OpenDay(business_day="2026-03-02", letters={}, confirmed=True)
    issue = c.IssueTicket(ticket="t1", track="ABCDEFGH")
    try:
        for command in (opened, issue):
            outcome = gate.submit(command, key=secrets.token_hex(8), actor="clerk:1").result(10)
            assert not isinstance(outcome, Refused)
        assert gate.view.day is not None
        assert gate.view.day.tickets["t1"].number == "A001"
        assert gate.view.seq == before + 2
    finally:
        gate.stop()
        store.close()
