"""A gate over a real store, its clock in the test's hand."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from typing import Any

from queue_server.domain import commands as c
from queue_server.domain.refusals import Refused
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.service.gate import Gate
from queue_server.service.view import Accepted
from queue_server.store.engine import Store
from queue_server.store.rows import RowWrite

HALL = "h1"
MONDAY = "2026-03-02"
MONDAY_8_US = 1_772_409_600 * 1_000_000
"""2026-03-02 08:00 in the hall's zone (UTC+8)."""
WAIT_S = 20.0


class HandClock:
    """Wall clock in µs and steady clock in seconds; both move only by hand."""

    def __init__(self, at_us: int = MONDAY_8_US) -> None:
        self.wall_us = at_us
        self.steady_s = 100.0

    def wall(self) -> int:
        return self.wall_us

    def steady(self) -> float:
        return self.steady_s

    def wait(self, seconds: float) -> None:
        self.wall_us += int(seconds * 1_000_000)
        self.steady_s += seconds


class Driver:
    """Says short what a test wants of a gate."""

    def __init__(self, gate: Gate, clock: HandClock) -> None:
        self.gate = gate
        self.clock = clock
        self.made = 0

    def submit(
        self, command: c.Command, *, key: str | None = None, actor: str = "clerk:1", rows: Sequence[RowWrite] = ()
    ) -> Future[Accepted | Refused]:
        return self.gate.submit(command, key=key, actor=actor, rows=rows)

    def ask(self, command: c.Command, **how: Any) -> Accepted | Refused:
        return self.submit(command, **how).result(WAIT_S)

    def do(self, command: c.Command, **how: Any) -> Accepted:
        outcome = self.ask(command, **how)
        assert isinstance(outcome, Accepted), str(outcome)
        return outcome

    def refused(self, command: c.Command, **how: Any) -> Refused:
        outcome = self.ask(command, **how)
        assert isinstance(outcome, Refused), str(outcome)
        return outcome

    def open_day(self, day: str = MONDAY) -> Accepted:
        return self.do(c.OpenDay(business_day=day, letters={"kiosk:2": "K"}), key=f"open-{day}")

    def issue(self, ticket: str = "", *, key: str | None = None, actor: str = "kiosk:2") -> Accepted:
        self.made += 1
        ticket = ticket or f"t{self.made}"
        return self.do(c.IssueTicket(ticket=ticket, track=f"TR{ticket}"), key=key, actor=actor)

    def desk(self, window: int = 1, clerk: int = 7) -> None:
        self.do(c.OpenShift(window=window, clerk=clerk, shift=f"s{window}-{clerk}"))
        self.do(c.OpenWindow(window=window))

    def call(self, window: int, announcement: str, ticket: str | None = None) -> Accepted:
        return self.do(c.CallNext(window=window, announcement=announcement, ticket=ticket), actor="clerk:7")

    def whole_day(self) -> None:
        """Everything once: calls, recalls, miss, rejoin, hold, transfer, undo, take-over, join, help, suspension."""
        self.open_day()
        self.desk(1)
        self.desk(2, 8)
        for n in range(1, 9):
            forecast = (5 * n, 5 * n + 10)
            self.do(
                c.IssueTicket(ticket=f"d{n}", track=f"DT{n}", forecast_min=forecast, matters=("m1",)), actor="kiosk:2"
            )
            self.clock.wait(1)
        self.do(c.GrantPriority(ticket="d5", ground="elderly", proof="seen"))
        self.clock.wait(60)
        first = self.call(1, "a1").ticket_id or ""
        self.clock.wait(25)
        self.do(c.RecallTicket(window=1, ticket=first, announcement="a2"))
        self.do(c.ReportUnconfirmed(announcement="a2"), actor="timer")
        self.clock.wait(25)
        self.do(c.RecallTicket(window=1, ticket=first, announcement="a3"))
        self.clock.wait(25)
        self.do(c.MissTicket(window=1, ticket=first))
        self.do(c.RejoinTicket(ticket=first))
        second = self.call(2, "b1").ticket_id or ""
        self.do(c.UndoLastAct(window=2, ticket=second))
        self.clock.wait(5)
        second = self.call(2, "b2").ticket_id or ""
        self.do(c.StartService(window=2, ticket=second))
        self.do(c.HoldTicket(window=2, ticket=second, remind_at_us=None))
        third = self.call(2, "b3").ticket_id or ""
        self.do(c.TransferTicket(ticket=third, to="window:1", window=2))
        self.do(c.ResumeTicket(window=2, ticket=second))
        self.do(c.FinishService(window=2, ticket=second))
        self.do(c.TakeOverShift(window=2, clerk=9, shift="s2-9"))
        self.do(c.JoinTicket(ticket="j1", track="JT1", number="K001", issued_at_us=self.clock.wall_us), actor="kiosk:2")
        self.do(c.CancelTicket(ticket="d8"))
        self.do(c.ReportSlip(ticket="d7", result="printed", copy=0), actor="kiosk:2")
        self.do(c.RequestHelp(help="help1", place="kiosk:2"), actor="kiosk:2")
        self.do(c.TakeHelp(help="help1"))
        self.do(c.SetSuspension(code="city"))
        self.call(1, "a4")

    def close_day(self) -> Accepted:
        return self.do(c.CloseDay(force=True))


def a_gate(
    store: Store,
    clock: HandClock,
    *,
    hall: str = HALL,
    windows: int | Sequence[WindowConfig] = 3,
    program: str = "test 1",
    rules: Rules | None = None,
) -> Gate:
    configs = tuple(WindowConfig(n) for n in range(1, windows + 1)) if isinstance(windows, int) else tuple(windows)
    return Gate(
        store,
        rules or Rules(),
        configs,
        hall=hall,
        wall_clock_us=clock.wall,
        steady_clock_s=clock.steady,
        program=program,
    )


@contextlib.contextmanager
def running(
    url: str, clock: HandClock | None = None, *, listen: Callable[..., None] | None = None, **how: Any
) -> Iterator[Driver]:
    """Start a gate on this store and stop both at the end."""
    clock = clock or HandClock()
    store = Store(url)
    gate = a_gate(store, clock, **how)
    if listen is not None:
        gate.on_commit(listen)
    gate.start(timeout_s=WAIT_S)
    try:
        yield Driver(gate, clock)
    finally:
        gate.stop(timeout_s=WAIT_S)
        store.close()
