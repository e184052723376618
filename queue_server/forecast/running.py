"""One run of the hall forward in time: windows come free, choose by the rule, and take as long as chance says. Pure."""

from __future__ import annotations

import math
from bisect import insort
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from queue_server.domain.lines import Entry
from queue_server.domain.rules import MINUTE_US

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from queue_server.forecast.line_up import LineUp

NEVER = math.inf
COMING = "\x7f"
"""Sorts after every letter and after ``LAST``."""
HALF_HOUR_US = 30 * MINUTE_US
HOUR_US = 60 * MINUTE_US


@dataclass(frozen=True, slots=True)
class Arrival:
    at_us: int
    line: int
    sort: str


@dataclass(frozen=True, slots=True)
class Chances:
    """Samples to draw from, by the names that ``LineUp.sorts`` gives. ``gaps`` by half hour of the day."""

    took_us: dict[str, Sequence[int]]
    gaps_us: Sequence[Sequence[int]]
    hour_pace: Sequence[float]
    midnight_us: int
    cancelled: float


class Run:
    """Used once. ``free``: when each window that is at work can call next, µs UTC."""

    def __init__(self, laid: LineUp, serves: dict[int, list[int]], chances: Chances, random: Random) -> None:
        self._laid = laid
        self._serves = serves
        self._chances = chances
        self._random = random
        self._entries = laid.entries.copy()
        self._lines = laid.lines.copy()
        self._sorts = laid.sorts.copy()
        self._clocks = laid.clocks.copy()
        self._overtaken = laid.overtaken.copy()
        self._queues = [queue.copy() for queue in laid.queues]
        self._at = [0] * len(laid.queues)
        self._gone = bytearray(len(laid.entries))
        self._in_row = laid.granted_in_row
        most = laid.max_overtaken
        self._limited = sorted((self._entries[i], i) for i, n in enumerate(laid.overtaken) if n >= most)

    def waits(
        self, free: dict[int, int], arrivals: Sequence[Arrival], pace: float, now_us: int, until_us: int
    ) -> list[float]:
        """µs from ``now_us`` to the first call, by index of ``entries``; NEVER when not before ``until_us``."""
        waits: list[float] = [NEVER] * len(self._entries)
        left, known, shadows = len(waits), len(waits), self._laid.shadows
        heap = [(at_us, window) for window, at_us in free.items()]
        heapify(heap)
        coming, chance, cancelled = 0, self._random.random, self._chances.cancelled
        while heap and left:
            at_us, window = heappop(heap)
            if at_us > until_us:
                break
            while coming < len(arrivals) and arrivals[coming].at_us <= at_us:
                self._admit(arrivals[coming])
                coming += 1
            index = self.choose(window, at_us)
            if index is None:
                if coming < len(arrivals):
                    heappush(heap, (arrivals[coming].at_us, window))
                continue
            self._gone[index] = 1
            if index < known:
                waits[index] = at_us - now_us
                left -= 1
                if index in shadows or (cancelled and chance() < cancelled):
                    heappush(heap, (at_us, window))
                    continue
            self.called(index, window, at_us)
            heappush(heap, (at_us + self._busy(index, at_us, pace), window))
        return waits

    def choose(self, window: int, at_us: int) -> int | None:
        """Whom the window calls, as ``domain.choosing.choose`` would; see there for the order of the promises."""
        laid, lines = self._laid, self._serves[window]
        limited, gone = self._limited, self._gone
        while limited and gone[limited[0][1]]:
            del limited[0]
        for _, index in limited:
            if not gone[index] and self._lines[index] in lines and self._free(index, window, at_us):
                return index
        best: tuple[bool, bool, int, Entry] | None = None
        found: int | None = None
        ordinary_turn = self._in_row >= laid.max_granted_in_row
        queues, heads = self._queues, self._at
        for line in lines:
            queue, at = queues[line], heads[line]
            length = len(queue)
            while at < length and gone[queue[at]]:
                at += 1
            heads[line] = at
            if at == length:
                continue
            head = queue[at]
            away, bound = True, laid.bound[line]
            if bound is not None and (bound[1] is None or bound[1] > at_us):
                if bound[0] != window:
                    continue
                away = False
            debt = -((at_us - self._clocks[head]) * laid.weight[line] // MINUTE_US + laid.head_start[line])
            rank = (ordinary_turn and laid.granted[line], away, debt, self._entries[head])
            if best is None or rank < best:
                best, found = rank, head
        return found

    def called(self, index: int, window: int, at_us: int) -> None:
        """Count whom the call overtakes and how many granted ones were called in a row."""
        laid = self._laid
        self._gone[index] = 1
        self._in_row = self._in_row + 1 if laid.granted[self._lines[index]] else 0
        clock_us = self._clocks[index]
        for line in self._serves[window]:
            bound = laid.bound[line]
            if bound is not None and bound[0] != window and (bound[1] is None or bound[1] > at_us):
                continue
            queue = self._queues[line]
            for place in range(self._at[line], len(queue)):
                other = queue[place]
                if self._clocks[other] >= clock_us:
                    break
                if not self._gone[other]:
                    self._overtaken[other] += 1
                    if self._overtaken[other] == laid.max_overtaken:
                        insort(self._limited, (self._entries[other], other))

    def _free(self, index: int, window: int, at_us: int) -> bool:
        bound = self._laid.bound[self._lines[index]]
        return bound is None or bound[0] == window or (bound[1] is not None and bound[1] <= at_us)

    def _admit(self, arrival: Arrival) -> None:
        index = len(self._entries)
        self._entries.append(Entry(arrival.at_us, COMING, index, 0, ""))
        self._lines.append(arrival.line)
        self._sorts.append(arrival.sort)
        self._clocks.append(arrival.at_us)
        self._overtaken.append(0)
        self._gone.append(0)
        insort(self._queues[arrival.line], index, lo=self._at[arrival.line], key=self._entries.__getitem__)

    def _busy(self, index: int, at_us: int, pace: float) -> int:
        """A turn and the gap after it."""
        chances, chance = self._chances, self._random.random
        took = chances.took_us[self._sorts[index]]
        after_us = at_us - chances.midnight_us
        hour = after_us // HOUR_US
        turn_us = int(took[int(chance() * len(took))] * chances.hour_pace[hour % 24] * pace)
        gaps = chances.gaps_us[(after_us + turn_us) // HALF_HOUR_US % 48]
        return turn_us + gaps[int(chance() * len(gaps))]
