"""The random days of the rules' own machine, through the real gate and store, with restarts, repeats and lost answers.

What always holds is asserted by ``Days`` after each step, on a day folded here from the gate's answers alone; at each
restart and at the end the gate's own day and its tables must say the same.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from queue_server.domain import commands as c
from queue_server.domain.events import Event
from queue_server.domain.hall_day import RowHeader
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import TicketState
from queue_server.service import upkeep
from queue_server.store.engine import Store
from tests.queue_server.domain.a_hall import AHall, fold_row
from tests.queue_server.domain.test_machine import RULES, WINDOWS, Days, pick, windows
from tests.queue_server.service.a_gate import HALL, Driver, HandClock, running

LONG_S = 900
"""Longer than any binding to a window."""


class GateHall(AHall):
    """``AHall`` whose commands are decided, written and answered by a gate over a SQLite file."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.folder = Path(tempfile.mkdtemp(prefix="gate-machine-"))
        super().__init__(WINDOWS, RULES)
        self.gate = contextlib.ExitStack()
        self.driver: Driver
        self.last: tuple[c.Command, str, str] | None = None
        self.serve()

    @property
    def now_us(self) -> int:
        return self.clock.wall_us

    @now_us.setter
    def now_us(self, now_us: int) -> None:
        self.clock.wait((now_us - self.clock.wall_us) / 1_000_000)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/hall.db"

    def serve(self) -> None:
        self.driver = self.gate.enter_context(running(self.url, self.clock, windows=WINDOWS, rules=RULES))

    def restart(self) -> None:
        self.gate.close()
        self.serve()

    def ask(
        self,
        command: c.Command,
        *,
        actor: str = "clerk:1",
        key: str | None = None,
        **more: Any,
    ) -> list[Event] | Refused:
        assert not more, "the gate finds out the rest by itself"
        key = key or self.name("key-")
        outcome = self.driver.ask(command, key=key, actor=actor)
        if isinstance(outcome, Refused):
            return outcome
        assert not outcome.repeated
        self.last = (command, key, actor)
        header = RowHeader(outcome.seq, outcome.at_us, key, actor)
        self.rows.append((header, outcome.events))
        fold_row(self.day, header, outcome.events)
        return list(outcome.events)

    def same_as_the_gate(self) -> bool:
        return self.driver.gate.view.day == self.day.snapshot()


class GateDays(Days):
    hall: GateHall

    @initialize()
    def begin(self) -> None:
        self._begin(GateHall().opened())

    @rule()
    def restart(self) -> None:
        self.hall.restart()
        assert self.hall.same_as_the_gate()

    @rule()
    def press_again(self) -> None:
        """The answer was lost and the same press comes once more: the first outcome, nothing new."""
        if self.hall.last is None:
            return
        command, key, actor = self.hall.last
        outcome = self.hall.driver.ask(command, key=key, actor=actor)
        assert not isinstance(outcome, Refused)
        assert outcome.repeated
        assert outcome.seq == max(header.seq for header, _ in self.hall.rows if header.key == key)
        if isinstance(command, c.JoinTicket):
            return  # a join keeps its key apart: the issue that it makes good has the same one
        other = c.StopIssuing() if not isinstance(command, c.StopIssuing) else c.CloseDay()
        refused = self.hall.driver.ask(other, key=key, actor=actor)
        assert isinstance(refused, Refused)
        assert refused.code is RefusalCode.KEY_REUSED

    @precondition(lambda self: self.hall.day.open and self.hall.day.issuing)
    @rule(number=st.sampled_from(["D005", "D006", "A002"]))
    def answer_lost_paper_given(self, number: str) -> None:
        """The server gave a number, its answer was lost, the kiosk gave out its own: the paper wins."""
        hall, key = self.hall, self.hall.name("lost-")
        ticket = hall.issue(actor="kiosk:1", key=key)
        join = c.JoinTicket(ticket=hall.name("j"), track=hall.name("k"), number=number, issued_at_us=hall.now_us)
        hall.do(join, actor="kiosk:1", key=key)
        assert hall.ticket(ticket).number == number

    @rule(number=pick, proof=st.sampled_from(["claimed", "seen"]), back=st.booleans())
    def grant(self, number: int, proof: str, back: bool) -> None:
        ticket = self.some(number)
        if back:
            self.press(c.WithdrawPriority(ticket=ticket))
        else:
            self.press(c.GrantPriority(ticket=ticket, ground="disabled", proof=proof))

    @rule(back=st.booleans())
    def stop_issuing(self, back: bool) -> None:
        self.press(c.StopIssuing())
        if back:
            self.press(c.ResumeIssuing())

    @rule(window=windows)
    def pause_for_long(self, window: int) -> None:
        self.press(c.PauseWindow(window=window, ground="meal"))
        self.hall.wait(LONG_S)

    @precondition(lambda self: len(self.hall.rows) % 7 == 0)
    @rule(since_s=st.sampled_from([5, 60]))
    def void(self, since_s: int) -> None:
        until_us = self.hall.now_us + 1
        self.press(c.VoidNumbers(source="kiosk:1", from_us=until_us - since_s * 1_000_000, until_us=until_us))

    # ---- the end of each day

    def serve_all(self) -> None:
        """Clerks at all windows serve until nobody waits: nobody may be left over."""
        hall = self.hall
        hall.wait(LONG_S)
        for number in hall.day.windows:
            clerk = 100 + number
            self.press(c.TakeOverShift(window=number, clerk=clerk, shift=hall.name("s")))
            self.press(c.OpenShift(window=number, clerk=clerk, shift=hall.name("s")))
            self.press(c.OpenWindow(window=number))
        for _ in range(3 * len(hall.day.tickets) + 3):
            for number in hall.day.windows:
                there = hall.at(number)
                if there is not None:
                    self.press(c.FinishService(window=number, ticket=there))
                self.press(c.CallNext(window=number, announcement=hall.name("a"), by_supervisor=True))
            if not hall.day.lines.slots and not any(window.ticket for window in hall.day.windows.values()):
                break
        assert [t.number for t in hall.day.tickets.values() if t.state is TicketState.WAITING] == []

    def teardown(self) -> None:
        if not hasattr(self, "hall"):
            return
        hall = self.hall
        try:
            if hall.day.open:
                self.serve_all()
            assert hall.same_as_the_gate()
            hall.gate.close()
            store = Store(hall.url)
            assert upkeep.rebuild(store, HALL, check_only=True) == []
            upkeep.verify_journal(store, HALL)
            store.close()
        finally:
            hall.gate.close()
            shutil.rmtree(hall.folder)


TestGateDays = GateDays.TestCase
TestGateDays.settings = settings(max_examples=9, stateful_step_count=40, deadline=None, derandomize=True)
"""Half a second a day. More days when looking for faults: ``max_examples=500, derandomize=False``."""
