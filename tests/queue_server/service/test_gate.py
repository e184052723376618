"""The gate's promises: durable before answered, one bad command alone, one writer, time that never runs back."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Mapping
from concurrent.futures import wait
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.errors import CommandFailed, GateBusy, GateStopped, LockHeld, StoreUnavailable, StoreUnreachable
from queue_server.service.intake import WAITING_MAX
from queue_server.service.view import Accepted, HallView, WrittenRow
from queue_server.store import queries
from queue_server.store import tables as t
from queue_server.store.engine import Store
from queue_server.store.rows import RowWrite
from tests.queue_server.service.a_gate import HALL, MONDAY, WAIT_S, Driver, HandClock, a_gate, running

DAY_US = 86_400_000_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hall.db"


class Bomb(Mapping[str, Any]):
    """Values of a row that blow up when the gate writes them."""

    def __getitem__(self, name: str) -> Any:
        raise ZeroDivisionError("测试一 700000199001010014")

    def __iter__(self) -> Any:
        raise ZeroDivisionError("测试一 700000199001010014")

    def __len__(self) -> int:
        return 1


def number_of(outcome: Accepted) -> str:
    return next(event.number for event in outcome.events if isinstance(event, e.TicketIssued))


def held(hall: Driver) -> threading.Event:
    """Keep the gate's thread busy until the returned event is set, so that what follows becomes one batch."""
    reached, go = threading.Event(), threading.Event()

    def stay(_view: HallView, _rows: tuple[WrittenRow, ...]) -> None:
        if not reached.is_set():
            reached.set()
            go.wait(WAIT_S)

    hall.gate.on_commit(stay)
    hall.submit(c.SetSuspension(code="hold"))
    assert reached.wait(WAIT_S)
    return go


def test_a_view_is_published_before_the_answer_and_listeners_hear_after_it(url: str) -> None:
    heard: list[tuple[int, list[str]]] = []
    with running(
        url, listen=lambda view, rows: heard.append((view.seq, [type(row.command).__name__ for row in rows]))
    ) as hall:
        hall.open_day()
        future = hall.submit(c.IssueTicket(ticket="t1", track="A"), actor="kiosk:2")
        outcome = future.result(WAIT_S)
        assert isinstance(outcome, Accepted)
        assert hall.gate.view.seq >= outcome.seq
        assert hall.gate.view.day is not None
        assert hall.gate.view.day.tickets["t1"].number == "A001"
        assert outcome.ahead == 0
        assert hall.issue("t2").ahead == 1
    assert heard == [(1, ["OpenDay"]), (2, ["IssueTicket"]), (3, ["IssueTicket"])]


def test_what_waits_becomes_one_commit(url: str) -> None:
    commits: list[int] = []
    with running(url, listen=lambda _view, rows: commits.append(len(rows))) as hall:
        hall.open_day()
        go = held(hall)
        futures = [hall.submit(c.IssueTicket(ticket=f"t{n}", track=f"T{n}"), key=f"key-{n:05d}") for n in range(100)]
        go.set()
        assert not wait(futures, WAIT_S).not_done
        numbers = [number_of(future.result()) for future in futures]  # type: ignore[arg-type]
        assert numbers == [f"A{n:03d}" for n in range(1, 101)]
    assert commits[-1] == 100


def test_a_refusal_writes_nothing(url: str) -> None:
    with running(url) as hall:
        assert hall.refused(c.IssueTicket(ticket="t", track="T")).code == "no_day"
        assert hall.gate.view.seq == 0
        hall.open_day()
        assert hall.refused(c.CancelTicket(ticket="none")).code == "not_found"
        assert hall.gate.view.seq == 1


def test_a_poisoned_command_harms_only_itself(url: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with running(url) as hall:
        hall.open_day()
        hall.issue("before")
        go = held(hall)
        good = [hall.submit(c.IssueTicket(ticket=f"g{n}", track=f"G{n}"), key=f"good-{n:04d}") for n in range(10)]
        row = RowWrite("note", Bomb())
        bad = hall.submit(c.IssueTicket(ticket="bad", track="BAD"), key="bad-00001", rows=(row,))
        late = [hall.submit(c.IssueTicket(ticket=f"l{n}", track=f"L{n}"), key=f"late-{n:04d}") for n in range(10)]
        go.set()
        with pytest.raises(CommandFailed) as caught:
            bad.result(WAIT_S)
        numbers = [number_of(future.result(WAIT_S)) for future in good + late]  # type: ignore[arg-type]
        assert numbers == [f"A{n:03d}" for n in range(2, 22)]
        assert "bad" not in hall.gate.view.day.tickets  # type: ignore[union-attr]
        assert number_of(hall.issue("after")) == "A022"
        assert hall.gate.health().ready
    assert caught.value.reference in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "700000" not in caplog.text
    assert "测试" not in caplog.text


def test_the_same_key_fifty_times_is_one_ticket(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        ask = [
            hall.submit(c.IssueTicket(ticket=f"t{n}", track=f"T{n}"), key="press-0001", actor="kiosk:2")
            for n in range(50)
        ]
        outcomes = [future.result(WAIT_S) for future in ask]
        assert {outcome.ticket_id for outcome in outcomes if isinstance(outcome, Accepted)} == {"t0"}
        assert [outcome.repeated for outcome in outcomes if isinstance(outcome, Accepted)] == [False] + [True] * 49
        assert len(hall.gate.view.day.tickets) == 1  # type: ignore[union-attr]
        assert hall.gate.view.seq == 2


def test_a_key_for_something_else_is_refused(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        hall.issue("t1", key="press-0001")
        other = c.IssueTicket(ticket="x", track="X", matters=("m1",))
        assert hall.refused(other, key="press-0001", actor="kiosk:2").code == "key_reused"
        assert hall.refused(c.CancelTicket(ticket="t1"), key="press-0001", actor="kiosk:2").code == "key_reused"
        same = c.IssueTicket(ticket="x", track="X")
        assert hall.refused(same, key="press-0001", actor="kiosk:3").code == "key_reused"
        assert hall.do(same, key="press-0001", actor="kiosk:2").repeated


def test_a_refused_key_may_be_used_again(url: str) -> None:
    with running(url) as hall:
        issue = c.IssueTicket(ticket="t1", track="T")
        assert hall.refused(issue, key="press-0001").code == "no_day"
        hall.open_day()
        assert not hall.do(issue, key="press-0001").repeated


def test_a_join_may_carry_the_key_of_an_issue_that_came_through(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        hall.issue("t1", key="press-0001")
        at_us = hall.clock.wall_us
        join = c.JoinTicket(ticket="j1", track="J", number="K001", issued_at_us=at_us)
        joined = hall.do(join, key="press-0001", actor="kiosk:2")
        assert [type(event).__name__ for event in joined.events] == ["NumberReplaced", "TicketJoined"]
        assert joined.ticket_id == "t1"
        again = hall.do(
            c.JoinTicket(ticket="j2", track="J2", number="K001", issued_at_us=at_us), key="press-0001", actor="kiosk:2"
        )
        assert (again.repeated, again.seq) == (True, joined.seq)


def test_an_issue_that_arrives_after_its_join_answers_the_joined_ticket(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        join = c.JoinTicket(ticket="j1", track="J", number="K001", issued_at_us=hall.clock.wall_us)
        hall.do(join, key="press-0001", actor="kiosk:2")
        late = hall.do(c.IssueTicket(ticket="t1", track="T"), key="press-0001", actor="kiosk:2")
        assert (late.repeated, late.ticket_id) == (True, "j1")


def test_time_never_runs_back_and_a_wrong_clock_is_doubted(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        first = hall.open_day()
        clock.wall_us -= 60_000_000
        assert hall.issue().at_us == first.at_us
        assert not hall.gate.view.clock_doubt
        clock.wall_us -= 120_000_000
        clock.steady_s += 30
        doubted = hall.issue()
        assert doubted.at_us == first.at_us + 30_000_000
        assert hall.gate.view.clock_doubt
        clock.wall_us += 250_000_000
        clock.steady_s += 1
        assert hall.issue().at_us == clock.wall_us
        assert not hall.gate.view.clock_doubt


def test_a_clock_behind_the_journal_at_start_is_doubted_and_opens_no_day(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        hall.close_day()
    clock.wall_us -= 10 * DAY_US
    with running(url, clock) as hall:
        assert hall.gate.view.clock_doubt
        assert hall.gate.health().clock_doubt
        assert hall.refused(c.OpenDay(business_day="2026-03-03", letters={})).code == "clock_doubt"


def test_a_day_found_open_at_start_goes_on(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        hall.desk()
        hall.issue("t1")
        hall.call(1, "a1")
    with running(url, clock) as hall:
        day = hall.gate.view.day
        assert day is not None
        assert day.open
        assert day.windows[1].ticket == "t1"
        assert day.tickets["t1"].state == "called"
        hall.do(c.StartService(window=1, ticket="t1"))


def test_another_gate_stands_by_and_takes_over(url: str) -> None:
    clock = HandClock()
    store = Store(url)
    second = a_gate(store, clock)
    with running(url, clock) as hall:
        hall.open_day()
        hall.issue()
        second.start(timeout_s=None)
        assert not second.wait_ready(0.3)
        assert second.health().state == "standing_by"
        with pytest.raises(GateStopped):
            second.submit(c.StopIssuing(), key=None, actor="clerk:1")
        third = a_gate(store, clock)
        with pytest.raises(LockHeld):
            third.start(timeout_s=0.3)
    assert second.wait_ready(WAIT_S)
    assert number_of(Driver(second, clock).issue("next")) == "A002"
    second.stop()
    store.close()


def test_a_database_that_is_not_up_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    store = Store(f"postgresql+psycopg://hall@127.0.0.1:{port}/hall")
    waiting = a_gate(store, HandClock())
    waiting.start(timeout_s=None)
    assert not waiting.wait_ready(0.3)
    assert waiting.health().state == "standing_by"
    waiting.stop()
    with pytest.raises(StoreUnreachable):
        a_gate(store, HandClock()).start(timeout_s=0.3)
    store.close()


def test_a_lost_lock_stops_the_gate(url: str, tmp_path: Path) -> None:
    with running(url) as hall:
        hall.open_day()
        (tmp_path / "hall.db.lock").unlink()
        with pytest.raises(GateStopped):
            hall.ask(c.IssueTicket(ticket="t1", track="T"))
        hall.gate.stop()
        assert hall.gate.health().state == "lost"
        with pytest.raises(GateStopped):
            hall.submit(c.StopIssuing())
    with running(url) as hall:
        assert hall.gate.view.seq == 1


def test_a_full_disk_is_told_and_got_over(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        driver: Any = hall.gate._writer.connection.connection.driver_connection  # type: ignore[union-attr]
        pages = driver.execute("PRAGMA page_count").fetchone()[0]
        driver.execute(f"PRAGMA max_page_count={pages}").fetchone()
        issued = 0
        with pytest.raises(StoreUnavailable, match="SQLITE_FULL"):  # noqa: PT012 - at some ticket
            for issued in range(200):
                hall.issue(f"t{issued}", key=f"press-{issued:04d}")
        assert not hall.gate.health().ready
        assert len(hall.gate.view.day.tickets) == issued  # type: ignore[union-attr]
        driver.execute("PRAGMA max_page_count=1000000").fetchone()
        again = hall.issue("again", key=f"press-{issued:04d}")
        assert number_of(again) == f"A{issued + 1:03d}"
        assert hall.gate.health().ready
        assert hall.gate.view.seq == issued + 2


def test_the_intake_has_a_ceiling(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        go = held(hall)
        futures = [hall.submit(c.SetSuspension(code="x")) for _ in range(WAITING_MAX)]
        with pytest.raises(GateBusy) as caught:
            hall.submit(c.SetSuspension(code="x"))
        assert caught.value.waiting == WAITING_MAX
        hall.clock.steady_s += 6
        assert not hall.gate.health().ready
        assert hall.gate.health().oldest_s >= 6
        go.set()
        assert not wait(futures, WAIT_S).not_done
        assert hall.gate.health().ready


def test_a_cancelled_command_is_not_done(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        go = held(hall)
        future = hall.submit(c.IssueTicket(ticket="t1", track="T"))
        assert future.cancel()
        go.set()
        hall.issue("t2")
        assert list(hall.gate.view.day.tickets) == ["t2"]  # type: ignore[union-attr]


def test_stopping_finishes_what_waits_and_lets_nothing_more_in(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        go = held(hall)
        futures = [hall.submit(c.IssueTicket(ticket=f"t{n}", track=f"T{n}")) for n in range(300)]
        stopper = threading.Thread(target=hall.gate.stop)
        stopper.start()
        go.set()
        stopper.join(WAIT_S)
        assert all(isinstance(future.result(0), Accepted) for future in futures)
        with pytest.raises(GateStopped):
            hall.submit(c.StopIssuing())


def test_a_listener_that_fails_does_not_stop_the_hall(url: str) -> None:
    def fail(_view: HallView, _rows: tuple[WrittenRow, ...]) -> None:
        raise KeyError("listener")

    with running(url, listen=fail) as hall:
        hall.open_day()
        assert number_of(hall.issue()) == "A001"


def test_rows_are_written_only_with_an_accepted_command(url: str) -> None:
    note = RowWrite("note", {"id": "n1", "subject": "ticket:t1", "text": "测试", "erase_after_us": 1})
    with running(url) as hall:
        hall.open_day()
        hall.refused(c.CancelTicket(ticket="none"), rows=(note,))
        store = Store(url)
        with store.read() as connection:
            assert queries.due_count(connection, HALL, t.note, 2) == 0
        hall.do(c.SetSuspension(code="x"), rows=(note,))
        with store.read() as connection:
            assert queries.due_count(connection, HALL, t.note, 2) == 1
        store.close()


def test_opening_a_day_erases_what_outlived_its_time(url: str) -> None:
    clock = HandClock()
    note = RowWrite("note", {"id": "n1", "subject": "ticket:t1", "text": "测试", "erase_after_us": clock.wall_us + 1})
    heard: list[str] = []
    with running(url, clock, listen=lambda _v, rows: heard.extend(type(row.command).__name__ for row in rows)) as hall:
        hall.open_day()
        hall.do(c.SetSuspension(code="x"), rows=(note,))
        hall.close_day()
        clock.wait(86_400)
        hall.open_day("2026-03-03")
        hall.issue()
        assert {*heard[-2:]} == {"ErasePersonalData", "IssueTicket"}
        store = Store(url)
        with store.read() as connection:
            assert queries.due_count(connection, HALL, t.note, clock.wall_us) == 0
        store.close()


def test_the_days_key_is_destroyed_with_the_day(url: str) -> None:
    store = Store(url)
    with running(url) as hall:
        hall.open_day()
        with store.read() as connection:
            key = queries.day_key(connection, HALL, MONDAY)
        assert key is not None
        assert len(key) == 32
        hall.close_day()
        with store.read() as connection:
            assert queries.day_key(connection, HALL, MONDAY) is None
    store.close()
