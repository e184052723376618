"""What readers see of a hall's day: a frozen value that shares its frozen parts with the fold."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.choosing import Asking, choose
from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.domain.window import away_windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from queue_server.domain.choosing import Choice
    from queue_server.domain.lines import Lines
    from queue_server.domain.rules import Rules, WindowConfig
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Announcement, Help, Shift, Suspension, Window


class RowHeader(NamedTuple):
    """The journal row an event stands in."""

    seq: int
    at_us: int
    key: str | None
    actor: str


class KeyOutcome(NamedTuple):
    """What a key led to today, so that its repeat gets the same answer."""

    seq: int
    at_us: int
    ticket: str | None
    """The last ticket the row named: of a finish-and-call the one called."""
    joined: bool = False
    """The row was a join: a repeat of it is a repeat, not case 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One hall on one business day after row ``seq``. Nobody changes it; the mappings are this view's own copies."""

    rules: Rules
    configs: Mapping[int, WindowConfig]
    seq: int
    at_us: int
    business_day: str | None
    """Today's date, also when the day is closed again; None before any day opened."""
    open: bool
    issuing: bool
    issuing_since_us: int | None
    """When the day was opened, or a stop of issuing was taken back."""
    opened_at_us: int | None
    closed_at_us: int | None
    closed_seq: int | None
    """The row that closed the day: the anchor is the digest of the row before it."""
    letters: Mapping[str, str]
    digest: str
    anchor: str | None
    forced: bool
    tickets: Mapping[str, Ticket]
    by_number: Mapping[str, tuple[str, ...]]
    """Ids of the tickets that hold a number: several only after join case 4."""
    by_track: Mapping[str, str]
    windows: Mapping[int, Window]
    shifts: Mapping[str, Shift]
    counts: Mapping[tuple[TicketKind, TicketState], int]
    missed: tuple[str, ...]
    """Ids, the longest missed first."""
    announcements: Mapping[str, Announcement]
    helps: Mapping[str, Help]
    suspensions: Mapping[str, Suspension]
    granted_in_row: int
    lines: Lines

    def count(self, state: TicketState, kind: TicketKind | None = None) -> int:
        return sum(n for (k, s), n in self.counts.items() if s is state and (kind is None or k is kind))

    @property
    def granted_waiting(self) -> int:
        return sum(len(line.entries) for key, line in self.lines.lines.items() if key.ground is not None)

    @property
    def open_windows(self) -> tuple[int, ...]:
        return tuple(sorted(n for n, w in self.windows.items() if w.state == "open"))

    def ahead_of(self, ticket: str) -> int | None:
        """People before a waiting ticket by clock; None when it does not wait. Grants may still go first."""
        slot = self.lines.slots.get(ticket)
        return None if slot is None else self.lines.ahead_of(slot.entry)

    def booked_ahead_of(self, ticket: str, begins_us: int) -> int | None:
        """Booked people of the slot that begins then who stand before a waiting ticket; None when it does not wait."""
        slot = self.lines.slots.get(ticket)
        if slot is None:
            return None
        booked = (line.entries for key, line in self.lines.lines.items() if key.kind is TicketKind.BOOKED)
        return sum(max(0, bisect_left(each, slot.entry) - bisect_left(each, (begins_us,))) for each in booked)

    def bound_to(self, ticket: str, now_us: int) -> int | None:
        """The one window that may call this waiting ticket now; None: any that is able, or it does not wait."""
        slot = self.lines.slots.get(ticket)
        bound = None if slot is None else slot.key.bound
        if slot is None or bound is None or (slot.until_us is not None and slot.until_us <= now_us):
            return None
        return None if bound in away_windows(self.windows, self.rules, now_us) else bound

    def waiting(self) -> Iterator[Ticket]:
        """All who wait, by clock."""
        return (self.tickets[entry.ticket] for entry in self.lines.in_order())

    def next_for(self, window: int, now_us: int | None = None) -> Ticket | None:
        """Whom ``call-next`` would call at this window now (default: as of the last row)."""
        choice = self.next_choice(window, self.at_us if now_us is None else now_us)
        return None if choice is None else self.tickets[choice.ticket]

    def next_choice(self, window: int, now_us: int) -> Choice | None:
        """The same with its reason."""
        away = away_windows(self.windows, self.rules, now_us)
        asking = Asking(self.configs[window], now_us, self.granted_in_row, away)
        return choose(self.lines, asking, self.rules)
