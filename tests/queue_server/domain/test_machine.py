"""Random days at several windows: whatever people press, the hall stays whole."""

from __future__ import annotations

from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.day_view import DayView
from queue_server.domain.refusals import Refused
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.domain.ticket import AT_A_WINDOW, Outcome, TicketKind, TicketState
from tests.queue_server.domain.a_hall import AHall
from tests.queue_server.domain.the_rule import expected, for_window, overtaken_by

WINDOWS = (WindowConfig(1), WindowConfig(2), WindowConfig(3, ("integrated", "law")))
RULES = Rules(max_overtaken=3, matter_skills={"LAW-1": "law"})
windows = st.sampled_from([1, 2, 3])
pick = st.integers(0, 10_000)
places = st.sampled_from(["window:1", "window:2", "window:3", "skill:law", "skill:none", "collection", "window:9"])
AGAIN = (e.TicketRejoined, e.TicketReinstated, e.TicketReleased, e.TicketTransferred, e.NumberReplaced)
TICKET_ACTS: tuple[type, ...] = (c.CancelTicket, c.RejoinTicket, c.ReleaseTicket, c.ReinstateTicket)
DESK_ACTS: tuple[type, ...] = (c.OpenWindow, c.CloseWindow, c.CloseShift)


class Days(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self._begin(AHall(WINDOWS, RULES).opened())

    def _begin(self, hall: AHall) -> None:
        self.hall = hall
        self.checked_rows = 0
        self.callable: Counter[str] = Counter()
        self.granted: set[str] = set()
        self.run: list[tuple[str, bool]] = []
        """Calls that were not taken back: the ticket, and whether it was granted."""
        for number in range(8):
            self.hall.issue(ground=[None, "elder", None][number % 3], matters=("LAW-1",) if number == 4 else ())

    def ready(self, window: int) -> None:
        """Somebody sits there and calls: otherwise random days would mostly be refusals."""
        self.press(c.OpenShift(window=window, clerk=window, shift=self.hall.name("s")))
        self.press(c.OpenWindow(window=window))

    def occupied(self, window: int) -> None:
        if self.hall.at(window) is None:
            self.ready(window)
            self.call_next(window=window, boss=True)

    def some(self, number: int) -> str:
        tickets = list(self.hall.day.tickets)
        return tickets[number % len(tickets)] if tickets else "nobody"

    def there(self, window: int, number: int) -> str:
        """Mostly the ticket at the window, sometimes another one."""
        return (self.hall.at(window) if number % 7 else None) or self.some(number)

    def press(self, command: c.Command, actor: str = "clerk:1") -> None:
        """Refusals are fine, and change nothing; calls are what the rule says."""
        self.take_in_rows()
        before = self.hall.day.seq
        view = self.hall.day.snapshot() if isinstance(command, c.CallNext | c.CallTicket) else None
        outcome = self.hall.ask(command, actor=actor)
        if isinstance(outcome, Refused):
            assert self.hall.day.seq == before
        elif view is not None and isinstance(command, c.CallNext | c.CallTicket):
            self.assert_by_the_rule(command, view, outcome)

    def assert_by_the_rule(self, command: c.CallNext | c.CallTicket, view: DayView, events: list[e.Event]) -> None:
        called = next((event for event in events if isinstance(event, e.TicketCalled)), None)
        at_us = self.hall.rows[-1][0].at_us
        in_row = next((n for n, (_, granted) in enumerate(reversed(self.run)) if not granted), len(self.run))
        if isinstance(command, c.CallNext):
            wanted = expected(view, command.window, at_us, in_row)
            found = None if called is None else (called.ticket, called.reason.promise, frozenset(called.overtaken))
            assert found == wanted
            if called is not None:
                self.assert_promises(view, called, in_row, at_us)
        elif called is not None:
            assert (called.ticket, called.reason.promise) == (command.ticket, "by_hand")
            assert frozenset(called.overtaken) == overtaken_by(view, called.ticket, called.window, at_us)

    def assert_promises(self, view: DayView, called: e.TicketCalled, in_row: int, at_us: int) -> None:
        """As DESIGN 4.7 defines them, whatever rule keeps them."""
        assert all(view.tickets[each].overtaken < RULES.max_overtaken for each in called.overtaken)
        if view.tickets[called.ticket].grant is not None and in_row >= RULES.max_granted_in_row:
            ordinary = any(ticket.grant is None for ticket in for_window(view, called.window, at_us))
            assert called.reason.promise == "overtaken" or not ordinary

    @rule(seconds=st.sampled_from([0, 1, 11, 21, 601]))
    def wait(self, seconds: int) -> None:
        self.hall.wait(seconds)

    @rule(
        kind=st.sampled_from(TicketKind),
        ground=st.sampled_from([None, None, "elder", "disabled"]),
        law=st.booleans(),
    )
    def issue(self, kind: TicketKind, ground: str | None, law: bool) -> None:
        if self.hall.day.open and self.hall.day.issuing:
            self.hall.issue(kind=kind, ground=ground, matters=("LAW-1",) if law else ())

    @rule(number=st.sampled_from(["D001", "D002", "A003", "A010"]), kiosk=st.booleans(), late_s=st.integers(0, 900))
    def join(self, number: str, kiosk: bool, late_s: int) -> None:
        hall = self.hall
        command = c.JoinTicket(
            ticket=hall.name("j"), track=hall.name("k"), number=number, issued_at_us=hall.now_us - late_s * 1_000_000
        )
        self.press(command, "kiosk:1" if kiosk else "clerk:1")

    @rule(window=windows, boss=st.booleans())
    def call_next(self, window: int, boss: bool) -> None:
        hall = self.hall
        if boss:
            self.ready(window)
        self.press(c.CallNext(window=window, announcement=hall.name("a"), ticket=hall.at(window), by_supervisor=boss))

    @rule(window=windows, number=pick, ground=st.sampled_from([None, "urgent"]))
    def call_by_hand(self, window: int, number: int, ground: str | None) -> None:
        ticket = self.some(number)
        self.press(c.CallTicket(window=window, ticket=ticket, announcement=self.hall.name("a"), ground=ground))

    @rule(window=windows, number=pick, act=st.sampled_from(["start", "finish", "hold", "miss"]))
    def act_at_window(self, window: int, number: int, act: str) -> None:
        self.occupied(window)
        ticket = self.there(window, number)
        match act:
            case "start":
                self.press(c.StartService(window=window, ticket=ticket))
            case "finish":
                self.press(c.FinishService(window=window, ticket=ticket, outcome=Outcome.DONE))
            case "hold":
                self.press(c.StartService(window=window, ticket=ticket))
                self.press(c.HoldTicket(window=window, ticket=ticket))
            case _:
                self.press(c.MissTicket(window=window, ticket=ticket, ground="gone", by_supervisor=True))

    @rule(window=windows, number=pick)
    def undo(self, window: int, number: int) -> None:
        act = self.hall.day.windows[window].last_act
        self.press(c.UndoLastAct(window=window, ticket=act.before.id if act else self.there(window, number)))

    @rule(number=pick, act=st.sampled_from(["resume", "release", "finish", "cancel"]))
    def end_hold(self, number: int, act: str) -> None:
        held = [(w.number, t) for w in self.hall.day.windows.values() for t in w.held]
        if not held:
            return
        window, ticket = held[number % len(held)]
        match act:
            case "resume":
                self.press(c.ResumeTicket(window=window, ticket=ticket))
            case "finish":
                self.press(c.FinishService(window=window, ticket=ticket))
            case "release":
                self.press(c.ReleaseTicket(ticket=ticket))
            case _:
                self.press(c.CancelTicket(ticket=ticket))

    @rule(number=pick, desk=st.booleans(), window=windows)
    def come_back(self, number: int, desk: bool, window: int) -> None:
        missed = list(self.hall.day.missed)
        if missed and desk:
            ticket = missed[number % len(missed)]
            self.ready(window)
            self.press(c.CallTicket(window=window, ticket=ticket, announcement=self.hall.name("a")))
        elif missed:
            self.press(c.RejoinTicket(ticket=missed[number % len(missed)]))

    @rule(window=windows, number=pick, boss=st.booleans())
    def recall_or_miss(self, window: int, number: int, boss: bool) -> None:
        ticket = self.there(window, number)
        if number % 2:
            name = self.hall.name("a")
            self.press(c.RecallTicket(window=window, ticket=ticket, announcement=name, by_supervisor=boss))
        else:
            ground = "gone" if boss else None
            self.press(c.MissTicket(window=window, ticket=ticket, ground=ground, by_supervisor=boss))

    @rule(window=windows, number=pick, to=places, back=st.sampled_from([None, 1, 2, 9]))
    def transfer(self, window: int, number: int, to: str, back: int | None) -> None:
        if number % 2:
            self.occupied(window)
        ticket = self.there(window, number)
        there = window if self.hall.at(window) == ticket else None
        self.press(c.TransferTicket(ticket=ticket, to=to, window=there, return_to=back))

    @rule(number=pick, kind=st.sampled_from(TICKET_ACTS))
    def act_on_ticket(self, number: int, kind: type) -> None:
        self.press(kind(ticket=self.some(number)))

    @rule(number=pick, window=windows, boss=st.booleans())
    def reopen(self, number: int, window: int, boss: bool) -> None:
        self.press(c.ReopenTicket(ticket=self.some(number), window=window, by_supervisor=boss))

    @rule(number=pick, law=st.booleans())
    def change(self, number: int, law: bool) -> None:
        if number % 2:
            self.press(c.ChangeMatters(ticket=self.some(number), matters=("LAW-1",) if law else ()))
        else:
            self.press(c.GrantPriority(ticket=self.some(number), ground="elder", proof="seen"))

    @rule(window=windows, clerk=windows, take=st.booleans())
    def sign_on(self, window: int, clerk: int, take: bool) -> None:
        shift = self.hall.name("s")
        if take:
            self.press(c.TakeOverShift(window=window, clerk=clerk, shift=shift))
        else:
            self.press(c.OpenShift(window=window, clerk=clerk, shift=shift))

    @rule(window=windows, kind=st.sampled_from([*DESK_ACTS, c.PauseWindow]))
    def act_on_window(self, window: int, kind: type) -> None:
        self.press(kind(window=window, ground="lunch") if kind is c.PauseWindow else kind(window=window))

    @precondition(lambda self: len(self.hall.rows) % 9 == 0)
    @rule(force=st.booleans(), back=st.booleans())
    def close_day(self, force: bool, back: bool) -> None:
        self.press(c.CloseDay(force=force))
        if back and not self.hall.day.open:
            day = self.hall.day.last_business_day or ""
            self.press(c.OpenDay(business_day=day, letters={"kiosk:1": "D"}, confirmed=True))

    # ---- what always holds ---------------------------------------------------------------------------------------

    @invariant()
    def one_ticket_per_window_and_each_where_it_says(self) -> None:
        day = self.hall.day
        for number, window in day.windows.items():
            here = [t for t in day.tickets.values() if t.window == number and t.state in AT_A_WINDOW]
            assert [t.id for t in here] == ([window.ticket] if window.ticket else [])
            held = {t.id for t in day.tickets.values() if t.window == number and t.state is TicketState.HELD}
            assert held == set(window.held)
        gone = [t for t in day.tickets.values() if t.state not in AT_A_WINDOW and t.state is not TicketState.HELD]
        assert all(t.window is None for t in gone)

    @invariant()
    def numbers_are_unique(self) -> None:
        tickets = self.hall.day.tickets.values()
        assert len({(t.number, t.copy) for t in tickets}) == len(tickets)
        held = {n: ids for n, ids in self.hall.day.by_number.items() if ids}
        assert {t for ids in held.values() for t in ids} == set(self.hall.day.tickets)

    @invariant()
    def counters_equal_a_recount(self) -> None:
        day = self.hall.day
        recount = Counter((t.kind, t.state) for t in day.tickets.values())
        assert {place: n for place, n in day.counts.items() if n} == dict(recount)
        waiting = {t.id for t in day.tickets.values() if t.state is TicketState.WAITING}
        assert set(day.lines.slots) == waiting == {entry.ticket for entry in day.lines.in_order()}
        assert set(day.missed) == {t.id for t in day.tickets.values() if t.state is TicketState.MISSED}
        for slot in day.lines.slots.values():
            assert day.lines.is_limited(slot) == (day.tickets[slot.entry.ticket].overtaken >= RULES.max_overtaken)

    @invariant()
    def nobody_is_called_again_without_having_come_back(self) -> None:
        self.take_in_rows()
        assert all(count >= 0 for count in self.callable.values())

    def take_in_rows(self) -> None:
        rows = self.hall.rows[self.checked_rows :]
        self.checked_rows = len(self.hall.rows)
        for event in (event for _, events in rows for event in events):
            match event:
                case e.TicketIssued():
                    self.callable[event.ticket] = 1
                case e.PriorityGranted():
                    self.granted.add(event.ticket)
                case e.PriorityWithdrawn():
                    self.granted.discard(event.ticket)
                case e.TicketCalled():
                    self.callable[event.ticket] -= 1
                    self.run.append((event.ticket, event.ticket in self.granted))
                case e.ActUndone(act="TicketCalled"):
                    self.callable[event.ticket] = 1
                    last = max(n for n, (ticket, _) in enumerate(self.run) if ticket == event.ticket)
                    del self.run[last]
                case e.TicketMissed():
                    self.callable[event.ticket] = 1
                case e.ActUndone(act="TicketMissed"):
                    self.callable[event.ticket] = 0
                case _ if isinstance(event, AGAIN):
                    self.callable[event.ticket] = 1
                case _:
                    pass

    @invariant()
    def nobody_waits_for_whom_no_window_could_ever_call(self) -> None:
        day = self.hall.day
        for slot in day.lines.slots.values():
            takers = [w for w in WINDOWS if slot.key.bound in {None, w.number} | day.away(self.hall.now_us)]
            assert any(slot.key.needs <= w.able for w in takers)

    def teardown(self) -> None:
        if hasattr(self, "hall"):
            assert self.hall.refolded().snapshot() == self.hall.day.snapshot()


TestDays = Days.TestCase
TestDays.settings = settings(max_examples=50, stateful_step_count=60, deadline=None, derandomize=True)
