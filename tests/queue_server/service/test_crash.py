"""Killed in the middle of many presses: no answered number is lost, none is given twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.service import upkeep
from queue_server.store import queries
from queue_server.store.engine import Store
from queue_server.store.journal import parse_events
from tests.queue_server.service.a_gate import HALL, running

ANSWERS = 150
WINDOWS, TICKETS = 16, 5000


def answered_until_killed(url: str) -> dict[str, str]:
    """Run the process, kill it without warning after so many answers, return all it had answered."""
    module = "tests.queue_server.service.crash_server"
    # A small pipe: a slow reader must not let the process run through all numbers of the day before it is killed.
    process = subprocess.Popen([sys.executable, "-m", module, url], stdout=subprocess.PIPE, text=True, pipesize=4096)
    with process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(ANSWERS)]
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.readlines()
    whole = [line.strip().partition(" ") for line in lines if line.endswith("\n") and line != "ready\n"]
    return {key: number for key, _, number in whole}


def test_a_killed_server_loses_no_answered_number_and_gives_none_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hall.db"
    answered: dict[str, str] = {}
    for _ in range(3):
        answered |= answered_until_killed(url)
    assert len(answered) >= 3 * (ANSWERS - 1)
    assert len(set(answered.values())) == len(answered)
    with running(url) as hall:
        day = hall.gate.view.day
        assert day is not None
        known = {ticket.number for ticket in day.tickets.values()}
        assert set(answered.values()) <= known
        assert len(day.by_number) == len(day.tickets)
        for key, number in answered.items():
            again = hall.do(c.IssueTicket(ticket="x", track="X"), key=key, actor="kiosk:2")
            assert again.repeated
            assert [event.number for event in again.events if isinstance(event, e.TicketIssued)] == [number]
    store = Store(url)
    assert upkeep.verify_journal(store, HALL).rows == hall.gate.view.seq
    store.close()
    assert upkeep.rebuild(store, HALL, check_only=True) == []


def test_sixteen_windows_call_five_thousand_once_each_though_the_server_is_killed_twice(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hall.db"
    answered: list[str] = []
    for kill_after in (TICKETS // 4, TICKETS // 3, None):
        arguments = ["-m", "tests.queue_server.service.call_server", url, str(WINDOWS), str(TICKETS)]
        process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, pipesize=4096)
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            lines = []
            for line in process.stdout:
                lines.append(line)
                if len(lines) == kill_after:
                    process.send_signal(signal.SIGKILL)
        assert (lines[-1] == "done\n") is (kill_after is None)
        answered += [line.split()[0] for line in lines if line.endswith("\n") and line != "done\n"]
    store = Store(url)
    with store.read() as connection:
        rows = [parse_events(row.events or "[]") for row in queries.rows_after(connection, HALL, 0)]
    store.close()
    called = [event.ticket for events in rows for event in events if isinstance(event, e.TicketCalled)]
    assert sorted(called) == sorted(f"t{n}" for n in range(TICKETS)), "each ticket, once"
    assert len(answered) == len(set(answered)), "no answer twice"
    assert set(answered) <= set(called), "what was answered is in the journal"
