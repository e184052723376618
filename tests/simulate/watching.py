"""What a day came to, told from its events: waits, overtakes, promises. Knows the promised figures, not how the domain
counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from queue_server.domain import events as e
from queue_server.domain.rules import Rules

PROMISED_IN_ROW, PROMISED_OVERTAKES = Rules().max_granted_in_row, Rules().max_overtaken
"""The same for every rule that is compared, also for those which promise nothing."""


@dataclass(slots=True)
class Seen:
    """One number on its way."""

    kind: str
    issued_us: int
    first_clock_us: int
    clock_us: int
    granted: bool = False
    called_us: int | None = None
    """First call."""
    overtaken: int = 0
    waits: bool = True
    forecast_min: tuple[int, int] | None = None
    naive_min: float | None = None


@dataclass(slots=True)
class Watching:
    """All windows serve everything here, so whoever waits could be called by any window."""

    seen: dict[str, Seen] = field(default_factory=dict)
    granted_in_row: int = 0
    overtakes: int = 0
    broken_in_row: int = 0
    broken_overtaken: int = 0

    def take_in(self, at_us: int, event: e.Event) -> None:
        match event:
            case e.TicketIssued():
                self.seen[event.ticket] = Seen(
                    event.kind, event.issued_at_us, event.clock_us, event.clock_us, forecast_min=event.forecast_min
                )
            case e.PriorityGranted():
                self.seen[event.ticket].granted = True
            case e.TicketCalled():
                self._called(at_us, event.ticket)
            case e.TicketCancelled() | e.TicketExpired():
                self.seen[event.ticket].waits = False
            case e.TicketRejoined():
                self.seen[event.ticket].waits = True
                self.seen[event.ticket].clock_us = event.clock_us
            case _:
                pass

    def _called(self, at_us: int, ticket: str) -> None:
        called = self.seen[ticket]
        called.waits = False
        at_limit = called.overtaken >= PROMISED_OVERTAKES
        others = [each for each in self.seen.values() if each.waits]
        ordinary = any(not each.granted for each in others)
        if called.granted and self.granted_in_row >= PROMISED_IN_ROW and ordinary and not at_limit:
            self.broken_in_row += 1
        self.granted_in_row = self.granted_in_row + 1 if called.granted else 0
        for each in others:
            if each.clock_us < called.clock_us:
                each.overtaken += 1
                self.overtakes += 1
                if each.overtaken == PROMISED_OVERTAKES + 1:
                    self.broken_overtaken += 1
        if called.called_us is None:
            called.called_us = at_us
