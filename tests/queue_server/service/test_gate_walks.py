"""Random days through the real gate and store: the tables equal the fold, a restart changes nothing."""

from __future__ import annotations

import random
import threading
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.ticket import Outcome, TicketKind
from queue_server.service import upkeep
from queue_server.service.view import Accepted
from queue_server.store import queries
from queue_server.store import tables as t
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import HALL, MONDAY, WAIT_S, Driver, HandClock, running

STEPS = 400
WINDOWS = 3


class Walk:
    """Presses whatever a hall's people may press, sensible or not."""

    def __init__(self, hall: Driver, seed: int) -> None:
        self.hall = hall
        self.chance = random.Random(seed)
        self.made = 0

    def step(self) -> None:
        self.hall.clock.wait(self.chance.choice((0.5, 3, 12, 25, 300)))
        self.hall.ask(self.command(), actor=self.chance.choice(("clerk:7", "kiosk:2")))

    def fresh(self, prefix: str) -> str:
        self.made += 1
        return f"{prefix}{self.made}"

    def command(self) -> c.Command:
        day = self.hall.gate.view.day
        window = self.chance.randint(1, WINDOWS)
        tickets = list(day.tickets) if day is not None else []
        there = day.windows[window].ticket if day is not None else None
        held = day.windows[window].held if day is not None else ()
        ticket = there or self.chance.choice([*held, *tickets, "none"])
        anybody = self.chance.choice([*tickets, "none"])
        now_us, other = self.hall.clock.wall_us, self.chance.randint(1, WINDOWS)
        return self.chance.choice(
            (
                c.IssueTicket(ticket=self.fresh("t"), track=self.fresh("T"), kind=self.chance.choice(list(TicketKind))),
                c.IssueTicket(ticket=self.fresh("t"), track=self.fresh("T"), forecast_min=(5, 20)),
                c.JoinTicket(
                    ticket=self.fresh("j"), track=self.fresh("T"), number=f"K{self.chance.randint(1, 5):03d}",
                    issued_at_us=now_us - 5_000_000,
                ),
                c.OpenShift(window=window, clerk=window, shift=self.fresh("s")),
                c.TakeOverShift(window=window, clerk=window + 10, shift=self.fresh("s")),
                c.OpenWindow(window=window),
                c.OpenWindow(window=window),
                c.PauseWindow(window=window, ground="lunch"),
                c.CallNext(window=window, announcement=self.fresh("a"), ticket=there),
                c.CallNext(window=window, announcement=self.fresh("a"), ticket=there),
                c.CallTicket(window=window, ticket=anybody, announcement=self.fresh("a"), ground="elderly"),
                c.RecallTicket(window=window, ticket=ticket, announcement=self.fresh("a")),
                c.StartService(window=window, ticket=ticket),
                c.FinishService(window=window, ticket=ticket, outcome=self.chance.choice((Outcome.DONE, Outcome.LEFT))),
                c.MissTicket(window=window, ticket=ticket, ground="gone", by_supervisor=True),
                c.HoldTicket(window=window, ticket=ticket),
                c.ResumeTicket(window=window, ticket=ticket),
                c.TransferTicket(ticket=ticket, to=f"window:{other}", window=window, return_to=window),
                c.UndoLastAct(window=window, ticket=ticket),
                c.ReleaseTicket(ticket=anybody),
                c.RejoinTicket(ticket=anybody),
                c.CancelTicket(ticket=anybody),
                c.ReinstateTicket(ticket=anybody),
                c.ReopenTicket(ticket=anybody, window=window, by_supervisor=True),
                c.GrantPriority(ticket=anybody, ground="elderly", proof="seen"),
                c.ChangeMatters(ticket=anybody, matters=(self.fresh("m"),)),
                c.ReportSlip(ticket=anybody, result="unknown", copy=1),
                c.CloseShift(window=window),
            )
        )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_tables_equal_the_fold_after_any_day(seed: int, tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/hall.db", HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        for window in range(1, WINDOWS + 1):
            hall.desk(window, window)
        walk = Walk(hall, seed)
        for _ in range(STEPS):
            walk.step()
        before = hall.gate.view
        assert before.seq > STEPS / 4
    with running(url, clock) as hall:
        after = hall.gate.view
        assert (after.seq, after.at_us) == (before.seq, before.at_us)
        assert before.day is not None
        assert after.day is not None
        assert after.day.tickets == before.day.tickets
        assert after.day.windows == before.day.windows
        assert [ticket.id for ticket in after.day.waiting()] == [ticket.id for ticket in before.day.waiting()]
        hall.close_day()
    store = Store(url)
    assert upkeep.rebuild(store, HALL, check_only=True) == []
    upkeep.verify_journal(store, HALL)
    store.close()


def test_windows_calling_at_once_call_each_ticket_once(tmp_path: Path) -> None:
    windows, waiting = 8, 240
    url, clock = f"sqlite:///{tmp_path}/hall.db", HandClock()
    with running(url, clock, windows=windows) as hall:
        hall.open_day()
        for window in range(1, windows + 1):
            hall.desk(window, window)
        issues = [hall.submit(c.IssueTicket(ticket=f"t{n}", track=f"T{n}")) for n in range(waiting)]
        assert all(isinstance(issue.result(WAIT_S), Accepted) for issue in issues)
        called: list[str] = []
        threads = [threading.Thread(target=serve_all, args=(hall, window, called)) for window in range(1, windows + 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert len(called) == waiting
    assert set(called) == {f"t{n}" for n in range(waiting)}


def serve_all(hall: Driver, window: int, called: list[str]) -> None:
    """Call and finish at one window until nobody waits."""
    for n in range(10_000):
        outcome = hall.do(c.CallNext(window=window, announcement=f"a{window}-{n}"), key=f"call-{window:02d}-{n:05d}")
        ticket = next((event.ticket for event in outcome.events if isinstance(event, e.TicketCalled)), None)
        if ticket is None:
            return
        called.append(ticket)
        hall.do(c.FinishService(window=window, ticket=ticket))


def test_a_day_closed_and_opened_again_keeps_both_openings(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/hall.db", HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        closing = hall.submit(c.CloseDay())
        opening = hall.submit(c.OpenDay(business_day=MONDAY, letters={}, confirmed=True))
        closed = closing.result(WAIT_S)
        assert isinstance(closed, Accepted)
        assert isinstance(opening.result(WAIT_S), Accepted)
    store = Store(url)
    assert upkeep.rebuild(store, HALL, check_only=True) == []
    with store.read() as connection:
        rows = queries.all_rows(connection, HALL, t.business_day)
    store.close()
    assert [row["closed_seq"] for row in rows] == [closed.seq, None]
