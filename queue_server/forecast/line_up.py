"""The queue laid out for running it forward many times: numbers in lists instead of tickets. Pure.

Everything the choice depends on is here as ``domain/choosing.py`` sees it; ``running.py`` then chooses by the same rule
some five times faster. ``tests/queue_server/forecast/test_running.py`` lets both choose side by side.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.lines import Entry
from queue_server.domain.window import away_windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from queue_server.domain.day_view import DayView
    from queue_server.domain.lines import LineKey
    from queue_server.domain.rules import Rules, WindowConfig

LAST = "~"
"""Sorts after every letter: who would take a number now stands behind all who have one."""


ANY_GROUND = "any"
"""Stands for each ground that has no weight or head start of its own."""


class Asked(NamedTuple):
    """A number that somebody might take now."""

    kind: str
    ground: str | None
    needs: frozenset[str]


@dataclass(slots=True)
class LineUp:
    """Lines by index; ``queues`` hold indices into ``entries`` and its fellows, by entry."""

    max_granted_in_row: int
    max_overtaken: int
    granted_in_row: int = 0
    entries: list[Entry] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    sorts: list[str] = field(default_factory=list)
    """Names of their turns' samples."""
    clocks: list[int] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    shadows: set[int] = field(default_factory=set)
    """Places of ``Asked``: they stand there but take nobody's time."""
    keys: list[tuple[str, str | None, frozenset[str]]] = field(default_factory=list)
    weight: list[int] = field(default_factory=list)
    head_start: list[int] = field(default_factory=list)
    granted: list[bool] = field(default_factory=list)
    bound: list[tuple[int, int | None] | None] = field(default_factory=list)
    """Window and, where the binding ends by time, when."""
    queues: list[list[int]] = field(default_factory=list)

    def line(self, rules: Rules, kind: str, ground: str | None, needs: frozenset[str]) -> int:
        """The free line of such tickets, made when there is none yet."""
        for index, key in enumerate(self.keys):
            if key == (kind, ground, needs) and self.bound[index] is None:
                return index
        return self._add_line(rules, kind, ground, needs, None)

    def put(self, entry: Entry, line: int, sort: str, overtaken: int = 0) -> int:
        """The index of ``entry``, which may be of any place in its line: who booked and is early stands behind."""
        index = len(self.entries)
        self.entries.append(entry)
        self.lines.append(line)
        self.sorts.append(sort)
        self.clocks.append(entry.clock_us)
        self.overtaken.append(overtaken)
        insort(self.queues[line], index, key=self.entries.__getitem__)
        return index

    def served_by(self, config: WindowConfig) -> list[int]:
        able = config.able
        return [index for index, (_, _, needs) in enumerate(self.keys) if needs <= able]

    def waited_since_us(self, window: int, lines: Iterable[int], now_us: int) -> int | None:
        """The clock of the first whom this window may call now; None: there is nobody. ``lines``: those it serves."""
        found: list[int] = []
        for line in lines:
            bound = self.bound[line]
            if bound is None or bound[0] == window or (bound[1] is not None and bound[1] <= now_us):
                found += [self.clocks[index] for index in self.queues[line] if index not in self.shadows][:1]
        return min((clock for clock in found if clock <= now_us), default=None)

    def put_line(self, rules: Rules, key: LineKey, bound: tuple[int, int | None] | None) -> int:
        if bound is None:
            return self.line(rules, key.kind.value, key.ground, key.needs)
        return self._add_line(rules, key.kind.value, key.ground, key.needs, bound)

    def _add_line(
        self, rules: Rules, kind: str, ground: str | None, needs: frozenset[str], bound: tuple[int, int | None] | None
    ) -> int:
        self.keys.append((kind, ground, needs))
        self.weight.append(rules.weight(kind, ground))
        self.head_start.append(rules.head_start(kind, ground))
        self.granted.append(ground is not None)
        self.bound.append(bound)
        self.queues.append([])
        return len(self.keys) - 1


def line_up(
    day: DayView, sorts: Mapping[str, str], asked: Sequence[Asked], asked_sorts: Sequence[str], now_us: int, most: int
) -> LineUp:
    """The first ``most`` who wait, by clock, then one place for each of ``asked`` at the end of its line.

    ``sorts``: ticket → name of its turns' samples.
    """
    rules, lines = day.rules, day.lines
    made = LineUp(rules.max_granted_in_row, rules.max_overtaken, day.granted_in_row)
    away = away_windows(day.windows, rules, now_us)
    places: dict[tuple[LineKey, int | None], int] = {}
    for entry in lines.in_order()[:most]:
        slot = lines.slots[entry.ticket]
        bound = None if slot.key.bound is None or slot.key.bound in away else (slot.key.bound, slot.until_us)
        place = (slot.key, slot.until_us if bound else None)
        if place not in places:
            places[place] = made.put_line(rules, slot.key, bound)
        made.put(entry, places[place], sorts[entry.ticket], day.tickets[entry.ticket].overtaken)
    for each, sort in zip(asked, asked_sorts, strict=True):
        index = made.put(
            Entry(now_us, LAST, len(made.entries), 0, ""), made.line(rules, each.kind, each.ground, each.needs), sort
        )
        made.shadows.add(index)
    return made


def common_needs(day: DayView, *matters: str) -> frozenset[str]:
    """Skills asked for by a ticket with these matters, as ``HallDay.needs_for`` finds them."""
    asked = day.rules.needs(matters)
    for needs in (frozenset(asked), frozenset(asked[:1])):
        if any(needs <= config.able for config in day.configs.values()):
            return needs
    return frozenset()
