"""Lines: who waits, sorted by clock, apart by all that the choice depends on.

Within a line all tickets weigh the same, so only its head can have the greatest credit: choosing looks at heads and
never at how many stand behind them. A line also knows which of its tickets reached the limit of being overtaken.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, cast

from queue_server.domain.growing import Growing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_server.domain.rules import WindowConfig
    from queue_server.domain.ticket import TicketKind


class Entry(NamedTuple):
    """A place in a line. Sorts as the tie rule says: earlier clock, then number."""

    clock_us: int
    letter: str
    serial: int
    copy: int
    ticket: str


class LineKey(NamedTuple):
    kind: TicketKind
    ground: str | None
    needs: frozenset[str]
    bound: int | None
    """Only this window may serve the line, while it is not closed."""


@dataclass(slots=True)
class Line:
    entries: list[Entry] = field(default_factory=list)
    limited: list[Entry] = field(default_factory=list)
    """Those overtaken as often as the hall allows: they go before everything else."""


class Slot(NamedTuple):
    """Where a waiting ticket stands."""

    key: LineKey
    entry: Entry
    until_us: int | None
    """The binding of ``key.bound`` ends then; None: it does not end by time."""


@dataclass(slots=True)
class Lines:
    """All lines of one hall. ``put`` and ``drop`` keep every index; reading never changes anything."""

    lines: dict[LineKey, Line] = field(default_factory=dict)
    slots: Growing[str, Slot] = field(default_factory=Growing)
    ending: list[Slot] = field(default_factory=list)
    """Slots whose binding ends by time, soonest first; few."""

    def put(self, slot: Slot, *, limited: bool) -> None:
        """Add a ticket that stands nowhere yet."""
        line = self.lines.get(slot.key)
        if line is None:
            line = self.lines[slot.key] = Line()
        insort(line.entries, slot.entry)
        if limited:
            insort(line.limited, slot.entry)
        self.slots[slot.entry.ticket] = slot
        if slot.until_us is not None:
            insort(self.ending, slot, key=_until)

    def drop(self, ticket: str) -> None:
        """Take a ticket out; one that stands nowhere is left alone."""
        slot = self.slots.pop(ticket, None)
        if slot is None:
            return
        line = self.lines[slot.key]
        _take(line.entries, slot.entry)
        _take(line.limited, slot.entry)
        if not line.entries:
            del self.lines[slot.key]
        if slot.until_us is not None:
            self.ending.remove(slot)

    def limit(self, ticket: str) -> None:
        """Mark a waiting ticket as overtaken to the limit."""
        slot = self.slots[ticket]
        limited = self.lines[slot.key].limited
        at = bisect_left(limited, slot.entry)
        if at == len(limited) or limited[at] != slot.entry:
            limited.insert(at, slot.entry)

    def unlimit(self, ticket: str) -> None:
        slot = self.slots[ticket]
        _take(self.lines[slot.key].limited, slot.entry)

    def ended(self, now_us: int) -> list[Slot]:
        """Slots whose binding has ended by time and which the fold has not freed yet."""
        return self.ending[: bisect_right(self.ending, now_us, key=_until)]

    def is_limited(self, slot: Slot) -> bool:
        limited = self.lines[slot.key].limited
        at = bisect_left(limited, slot.entry)
        return at < len(limited) and limited[at] == slot.entry

    def ahead_of(self, entry: Entry) -> int:
        """How many waiting tickets stand before this place by clock, whatever their line."""
        ahead = 0
        for line in self.lines.values():  # none is empty: ``drop`` takes an empty one away
            entries = line.entries
            ahead += len(entries) if entries[-1] < entry else bisect_left(entries, entry)
        return ahead

    def in_order(self) -> list[Entry]:
        """All who wait by clock."""
        return sorted(entry for line in self.lines.values() for entry in line.entries)

    def served_by(self, window: WindowConfig, closed: frozenset[int]) -> Iterator[tuple[LineKey, Line]]:
        """Lines this window may serve; a binding to a window in ``closed`` binds nobody."""
        able, number = window.able, window.number
        for key, line in self.lines.items():
            free = key.bound is None or key.bound == number or key.bound in closed
            if free and key.needs <= able:
                yield key, line

    def frozen_copy(self) -> Lines:
        """A copy whose lists nobody changes any more; the entries are shared."""
        lines = {key: Line(line.entries.copy(), line.limited.copy()) for key, line in self.lines.items()}
        slots = cast("Growing[str, Slot]", self.slots.frozen())  # read like one; nobody changes a copy
        return Lines(lines, slots, self.ending.copy())


def _until(slot: Slot) -> int:
    return slot.until_us or 0


def _take(entries: list[Entry], entry: Entry) -> None:
    at = bisect_left(entries, entry)
    if at < len(entries) and entries[at] == entry:
        del entries[at]
