"""What past days and today teach about a hall: how long turns take, what lies between them, who will still come. Pure.

A **turn** is one call at a window until that ticket left it: walking, handling, or waiting in vain for somebody who
went home. Between two turns of a window lies a **gap**: seconds as a rule, sometimes a break that nobody announced, at
noon a pause. Both are kept as they were (samples, no formula): whatever shape they have is the shape of the forecast.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from queue_server.forecast.ranges import MINUTE_US

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAY_US = 24 * 60 * MINUTE_US
HOUR_US = 60 * MINUTE_US
HALF_HOUR_US = 30 * MINUTE_US
LARGE_MATTER = 60
"""Turns after which a matter is learned by itself; the many small ones are learned with their kind."""
GAPS_WANTED = 40
"""A half hour with fewer gaps borrows those of its neighbours, then all."""
KNOWN_TURNS = 25
"""Today's own pace counts half after so many turns."""
BEGUN_US = 20 * MINUTE_US
"""Most turns that began so long ago have ended."""
LATELY = 3
"""Days whose pace is expected of today until today has shown its own."""
HOUR_TURNS = 60
"""The same for the pace of an hour of the day."""
GAP_MAX_US = 3 * HOUR_US
"""A longer gap is a window that went home."""
WAITED_US = 60_000_000
"""Who was called after so long had waited; a free window would have called it at once."""
NO_GAP = (15_000_000,)


class Person(NamedTuple):
    """One ticket of a day as far as it teaches anything. Moments in µs UTC."""

    ticket: str
    kind: str
    matter: str
    ground: str | None
    issued_at_us: int
    ended_at_us: int | None
    """When its last turn ended; None while it lasts or when it had none."""
    missed: bool
    cancelled: bool


class Call(NamedTuple):
    """One first call (no recall) of a ticket."""

    ticket: str
    window: int
    at_us: int


@dataclass(frozen=True, slots=True)
class DayRecord:
    """One business day. ``midnight_us``: where its hours of the day count from."""

    midnight_us: int
    people: tuple[Person, ...]
    calls: tuple[Call, ...]
    """In the order of time."""


class Turn(NamedTuple):
    window: int
    kind: str
    matter: str
    from_us: int
    took_us: int
    missed: bool
    gap_us: int | None
    """Until the next call at this window, when somebody waited all the time."""


class Coming(NamedTuple):
    """Somebody who came with a grant, a booking or for a collection: such may go before those who wait already."""

    after_midnight_us: int
    kind: str
    ground: str | None
    matter: str


@dataclass(frozen=True, slots=True)
class Booked:
    """Bookings of today whose holders have not come yet: when their slots begin, and the share of holders who come."""

    begins_us: tuple[int, ...]
    come: float


@dataclass(frozen=True, slots=True)
class Learned:
    """Samples are sorted. Turns are at the pace of an average hour."""

    days: int
    turns: int
    took_us: dict[str, tuple[int, ...]]
    """By large matter and by kind; ``""`` all."""
    served_us: dict[str, tuple[int, ...]]
    """The same without the missed: for those who are being served."""
    gaps_us: dict[int, tuple[int, ...]]
    """By half hour of the day; -1 all."""
    hour_pace: tuple[float, ...]
    """By hour of the day: 1.1 is a tenth slower than the average."""
    pace_lately: float
    """Of the newest days, against all of them: seasons come and go."""
    pace_spread: float
    """How much the pace of an hour strays from what its day and hour let expect: a standard deviation of logarithms."""
    comings: tuple[tuple[Coming, ...], ...]
    """Of each past day, in the order of time."""
    cancelled: float
    """Share of tickets that were cancelled while they waited."""

    def gaps_at(self, after_midnight_us: int) -> tuple[int, ...]:
        return self.gaps_us.get(after_midnight_us // HALF_HOUR_US, self.gaps_us[-1])


def turns_of(record: DayRecord, now_us: int | None = None) -> list[Turn]:
    """Turns that are over, by window; with ``now_us`` also those that go on, as if they ended now.

    A ticket called twice teaches by its last call alone; one that was held while its window called others, by the time
    until they were called.
    """
    people = {each.ticket: each for each in record.people}
    last = {call.ticket: call for call in record.calls}
    by_window: dict[int, list[Call]] = defaultdict(list)
    for call in record.calls:
        by_window[call.window].append(call)
    turns: list[Turn] = []
    for window, calls in by_window.items():
        for call, following in [*pairwise(calls), (calls[-1], None)]:
            person = people.get(call.ticket)
            if person is None or last[call.ticket] is not call:
                continue
            goes_on = now_us is not None and following is None
            ended_us = now_us if goes_on and person.ended_at_us is None else person.ended_at_us
            if ended_us is None or ended_us <= call.at_us:
                continue
            held = following is not None and following.at_us < ended_us
            took_us = (following.at_us if following is not None and held else ended_us) - call.at_us
            gap_us = None if held else _gap(ended_us, following, people, record.calls)
            turns.append(Turn(window, person.kind, person.matter, call.at_us, took_us, person.missed, gap_us))
    return turns


def learn(records: Sequence[DayRecord]) -> Learned | None:
    """From past days; None when they hold no turn at all."""
    turns = [(record, turn) for record in records for turn in turns_of(record)]
    if not turns:
        return None
    pace = _hour_pace(turns)
    matters = Counter(turn.matter for _, turn in turns if turn.matter)
    large = {matter for matter, count in matters.items() if count >= LARGE_MATTER}
    took: dict[str, list[int]] = defaultdict(list)
    served: dict[str, list[int]] = defaultdict(list)
    for record, turn in turns:
        even_us = round(turn.took_us / pace[_hour(record, turn.from_us)])
        for name in {"", turn.kind, turn.matter if turn.matter in large else ""}:
            took[name].append(even_us)
            if not turn.missed:
                served[name].append(even_us)
    people = [each for record in records for each in record.people]
    mean = {name: sum(each) / len(each) for name, each in took.items()}
    newest = sorted({record.midnight_us for record in records})[-LATELY:]
    lately = [(record, turn) for record, turn in turns if record.midnight_us in newest]
    return Learned(
        days=len(records),
        turns=len(turns),
        took_us={name: tuple(sorted(each)) for name, each in took.items()},
        served_us={name: tuple(sorted(each)) for name, each in served.items()},
        gaps_us=_gaps(turns),
        hour_pace=pace,
        pace_lately=_pace(lately, mean, pace, 1.0),
        pace_spread=_spread(turns, pace, mean),
        comings=tuple(comings_of(record) for record in records),
        cancelled=sum(each.cancelled for each in people) / max(len(people), 1),
    )


def sort_of(learned: Learned, kind: str, matter: str) -> str:
    """The name under which turns of such a ticket were learned."""
    return next(name for name in (matter, kind, "") if name in learned.took_us)


def pace_today(learned: Learned, today: DayRecord, now_us: int) -> float:
    """How much slower turns are today than on past days; while there are few of them, as lately.

    Of the turns begun a while ago, also those that still go on: the first to end are the short ones.
    """
    mean = {name: sum(each) / len(each) for name, each in learned.took_us.items()}
    begun = [(today, turn) for turn in turns_of(today, now_us) if turn.from_us <= now_us - BEGUN_US]
    return _pace(begun, mean, learned.hour_pace, learned.pace_lately)


def comings_of(record: DayRecord) -> tuple[Coming, ...]:
    found = (
        Coming(each.issued_at_us - record.midnight_us, each.kind, each.ground, each.matter)
        for each in record.people
        if not each.cancelled and (each.ground is not None or each.kind != "general")
    )
    return tuple(sorted(found, key=lambda each: each.after_midnight_us))


def rest(ordered: Sequence[int], already_us: int, chance: float) -> int:
    """What is left of something that has lasted ``already_us``: of the samples that lasted longer, one by chance."""
    first = bisect_right(ordered, already_us)
    if first == len(ordered):
        return already_us // 2  # longer than ever: about half as much again
    return ordered[first + int(chance * (len(ordered) - first))] - already_us


def _pace(
    turns: Iterable[tuple[DayRecord, Turn]], mean: dict[str, float], hour_pace: Sequence[float], else_: float
) -> float:
    """What the turns took against what they should have, leaning to ``else_``."""
    lean = KNOWN_TURNS * mean[""]
    seen, due = lean * else_, lean
    for record, turn in turns:
        name = next(each for each in (turn.matter, turn.kind, "") if each in mean)
        due += mean[name] * hour_pace[_hour(record, turn.from_us)]
        seen += turn.took_us
    return seen / due


def _gap(ended_us: int, following: Call | None, people: dict[str, Person], calls: Sequence[Call]) -> int | None:
    """Until the next call here; if that one came later, as long as others called who had waited: this window was away.

    None when nobody waited, so that nobody knows.
    """
    came = people.get(following.ticket) if following is not None else None
    if following is None or came is None:
        return None
    away_until_us = following.at_us
    if came.issued_at_us > ended_us:
        first, last = (bisect_right(calls, at_us, key=_at) for at_us in (ended_us + WAITED_US, following.at_us - 1))
        waited = (
            call.at_us
            for call in reversed(calls[first:last])
            if call.ticket in people and people[call.ticket].issued_at_us < call.at_us - WAITED_US
        )
        found = next(waited, None)
        if found is None:
            return None
        away_until_us = found
    gap_us = away_until_us - ended_us
    return gap_us if 0 <= gap_us <= GAP_MAX_US else None


def _at(call: Call) -> int:
    return call.at_us


def _hour(record: DayRecord, at_us: int) -> int:
    return (at_us - record.midnight_us) // HOUR_US % 24


def _hour_pace(turns: Iterable[tuple[DayRecord, Turn]]) -> tuple[float, ...]:
    """Mean turn of each hour against the mean of its own matters on all days, leaning to 1 where there are few."""
    took: dict[str, list[int]] = defaultdict(list)
    for _, turn in turns:
        took[turn.matter or turn.kind].append(turn.took_us)
    mean = {name: sum(each) / len(each) for name, each in took.items()}
    seen, due = [0.0] * 24, [0.0] * 24
    for record, turn in turns:
        hour = _hour(record, turn.from_us)
        seen[hour] += turn.took_us
        due[hour] += mean[turn.matter or turn.kind]
    lean = HOUR_TURNS * sum(due) / max(sum(map(len, took.values())), 1)
    return tuple((s + lean) / (d + lean) for s, d in zip(seen, due, strict=True))


def _gaps(turns: Iterable[tuple[DayRecord, Turn]]) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for record, turn in turns:
        if turn.gap_us is not None:
            end_us = turn.from_us + turn.took_us - record.midnight_us
            found[end_us // HALF_HOUR_US].append(turn.gap_us)
    every = tuple(sorted(gap for gaps in found.values() for gap in gaps)) or NO_GAP
    pools: dict[int, tuple[int, ...]] = {-1: every}
    for half in range(48):
        near = found.get(half, [])
        if len(near) < GAPS_WANTED:
            near = [gap for n in (half - 1, half, half + 1) for gap in found.get(n, ())]
        if len(near) >= GAPS_WANTED:
            pools[half] = tuple(sorted(near))
    return pools


def _spread(turns: Iterable[tuple[DayRecord, Turn]], pace: Sequence[float], mean: dict[str, float]) -> float:
    """Variance of an hour's mean turn beyond what chance alone gives with so many turns."""
    groups: dict[tuple[int, int], list[float]] = defaultdict(list)
    for record, turn in turns:
        name = next(each for each in (turn.matter, turn.kind, "") if each in mean)
        hour = _hour(record, turn.from_us)
        groups[record.midnight_us, hour].append(turn.took_us / (mean[name] * pace[hour]))
    ratios = [ratio for group in groups.values() for ratio in group]
    average = sum(ratios) / len(ratios)
    variance = sum((ratio - average) ** 2 for ratio in ratios) / len(ratios)
    large = [group for group in groups.values() if len(group) >= 5]
    if len(large) < 5:
        return 0.15
    between = sum((sum(g) / len(g) - average) ** 2 - variance / len(g) for g in large) / len(large)
    return math.sqrt(max(between, 0.0)) / average
