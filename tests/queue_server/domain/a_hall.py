"""A hall driven by hand: commands are decided, applied and kept as rows; time moves only when a test says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain.deciding import Context, decide
from queue_server.domain.hall_day import HallDay, RowHeader
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import SECOND_US, Rules, WindowConfig
from queue_server.domain.ticket import Ticket, TicketKind, TicketState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queue_server.domain.booking import BookingFacts
    from queue_server.domain.events import Event

MONDAY = "2026-03-02"
MONDAY_8_US = 1_772_409_600 * SECOND_US
"""2026-03-02 08:00 in the hall's zone (UTC+8)."""


class AHall:
    def __init__(self, windows: Sequence[WindowConfig] | int = 2, rules: Rules | None = None) -> None:
        self.rules = rules or Rules()
        self.configs = (
            tuple(WindowConfig(n) for n in range(1, windows + 1)) if isinstance(windows, int) else tuple(windows)
        )
        self.day = HallDay(self.rules, self.configs)
        self.now_us = MONDAY_8_US
        self.rows: list[tuple[RowHeader, tuple[Event, ...]]] = []
        self._made = 0
        self.booking: BookingFacts | None = None
        """What the tables say about the booking that the next command names."""

    # ---- time and commands

    def wait(self, seconds: float) -> None:
        self.now_us += int(seconds * SECOND_US)

    def ask(
        self,
        command: c.Command,
        *,
        actor: str = "clerk:1",
        key: str | None = None,
        clock_doubt: bool = False,
        spoken: dict[str, int] | None = None,
    ) -> list[Event] | Refused:
        """Decide at this moment and, when accepted, apply."""
        context = Context(
            now_us=self.now_us,
            actor=actor,
            key=key,
            clock_doubt=clock_doubt,
            anchor="a" * 64,
            spoken_at_us=spoken or {},
            booking=self.booking,
        )
        outcome = decide(self.day, command, context)
        if not isinstance(outcome, Refused):
            header = RowHeader(len(self.rows) + 1, self.now_us, key, actor)
            self.rows.append((header, tuple(outcome)))
            fold_row(self.day, header, outcome)
        return outcome

    def do(self, command: c.Command, *, actor: str = "clerk:1", key: str | None = None) -> list[Event]:
        """The same for a command that must be accepted."""
        outcome = self.ask(command, actor=actor, key=key)
        assert not isinstance(outcome, Refused), f"{command}: {outcome}"
        return outcome

    def refused(self, command: c.Command, *, actor: str = "clerk:1", key: str | None = None) -> RefusalCode:
        outcome = self.ask(command, actor=actor, key=key)
        assert isinstance(outcome, Refused), f"{command}: {outcome}"
        return outcome.code

    # ---- the usual beginnings

    def name(self, prefix: str) -> str:
        self._made += 1
        return f"{prefix}{self._made}"

    def opened(self, day: str = MONDAY, *, windows: bool = True) -> AHall:
        self.do(c.OpenDay(business_day=day, letters={"kiosk:1": "D", "kiosk:2": "E"}), actor="timer")
        if windows:
            for config in self.configs:
                self.sign_on(config.number)
        return self

    def sign_on(self, window: int) -> None:
        self.do(c.OpenShift(window=window, clerk=window, shift=self.name("s")))
        self.do(c.OpenWindow(window=window))

    def issue(
        self,
        *,
        kind: TicketKind = TicketKind.GENERAL,
        ground: str | None = None,
        matters: tuple[str, ...] = (),
        actor: str = "kiosk:1",
        key: str | None = None,
    ) -> str:
        """A new ticket, a second after the last thing that happened; its id."""
        self.wait(1)
        name = self.name("t")
        self.do(
            c.IssueTicket(ticket=name, track="k" + name, kind=kind, grant_ground=ground, matters=matters),
            actor=actor,
            key=key,
        )
        return name

    def call_next(self, window: int = 1) -> str | None:
        """Call as a careful clerk does: a while after the last call, naming what is there."""
        self.wait(11)
        self.do(c.CallNext(window=window, announcement=self.name("a"), ticket=self.at(window)))
        return self.at(window)

    def start(self, ticket: str) -> None:
        self.do(c.StartService(window=self.ticket(ticket).window or 0, ticket=ticket))

    def miss(self, ticket: str) -> None:
        command = c.MissTicket(
            window=self.ticket(ticket).window or 0, ticket=ticket, ground="no_show", by_supervisor=True
        )
        self.do(command)

    # ---- looking

    def ticket(self, ticket: str) -> Ticket:
        return self.day.tickets[ticket]

    def state(self, ticket: str) -> TicketState:
        return self.ticket(ticket).state

    def at(self, window: int) -> str | None:
        return self.day.windows[window].ticket

    def refolded(self) -> HallDay:
        """Another day folded from the rows alone."""
        day = HallDay(self.rules, self.configs)
        for header, events in self.rows:
            fold_row(day, header, events)
        return day


def fold_row(day: HallDay, header: RowHeader, events: Sequence[Event]) -> None:
    for event in events:
        day.apply(header, event)
    if not events:
        day.remember(header)
