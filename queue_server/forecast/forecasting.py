"""From a hall's day and what was learned to the ranges shown now (DESIGN 4.8). Pure: chance is passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from queue_server.domain.ticket import TicketState
from queue_server.domain.window import WindowState
from queue_server.forecast.learning import DAY_US, pace_today, rest, sort_of
from queue_server.forecast.line_up import ANY_GROUND, Asked, common_needs, line_up
from queue_server.forecast.ranges import HIGH, LOW, MINUTE_US, Range, percentile, printed
from queue_server.forecast.recording import record_of
from queue_server.forecast.running import Arrival, Chances, Run

if TYPE_CHECKING:
    from random import Random

    from queue_server.domain.day_view import DayView
    from queue_server.domain.window import Window
    from queue_server.forecast.learning import Coming, DayRecord, Learned
    from queue_server.forecast.line_up import LineUp

HORIZON_US = 6 * 60 * MINUTE_US
"""Who is not called within so long in one run of ten gets no range."""
CALLS_WANTED = 9_000
"""Calls run in one forecast: with fewer who wait there are more runs."""
RUNS_MIN, RUNS_MAX = 24, 120
WAITING_MAX = 400
"""With more there is no range for those behind; they are told how many stand before them."""


@dataclass(frozen=True, slots=True)
class Forecasts:
    """What to show from ``at_us`` on, minutes from then. Who is not in here is told how many stand before."""

    seq: int
    at_us: int
    waiting: dict[str, Range] = field(default_factory=dict)
    """By ticket."""
    new: dict[Asked, Range] = field(default_factory=dict)
    """For a number taken now."""


def asked_now(day: DayView) -> list[Asked]:
    """Each sort of number a kiosk may give out now: by skills asked for, plain, booked, by strength of grant."""
    needs = {common_needs(day), *(common_needs(day, matter) for matter in day.rules.matter_skills)}
    own = {*day.rules.grant_weights, *day.rules.grant_head_starts}
    kinds = [("general", None), ("booked", None), *(("general", ground) for ground in (ANY_GROUND, *sorted(own)))]
    return [Asked(kind, ground, each) for each in sorted(needs, key=sorted) for kind, ground in kinds]


def forecast(
    day: DayView, learned: Learned, now_us: int, random: Random, *, pace: float | None = None, runs: int | None = None
) -> Forecasts:
    """Ranges for all who wait and for whoever would take a number now; empty with no window at work.

    ``pace``: how much slower turns are today; None: found from the day.
    """
    if not day.open or not day.open_windows:
        return Forecasts(day.seq, now_us)
    today = record_of(day)
    asked = asked_now(day)
    sorts = {
        each: sort_of(learned, ticket.kind.value, ticket.matters[0] if ticket.matters else "")
        for each in day.lines.slots
        for ticket in (day.tickets[each],)
    }
    laid = line_up(day, sorts, asked, [sort_of(learned, each.kind, "") for each in asked], now_us, WAITING_MAX)
    if pace is None:
        pace = pace_today(learned, today, now_us)
    waits = _run_all(_Start(day, learned, today, laid, now_us), random, pace, runs)
    ranges = [_range(each) for each in waits]
    shadows = sorted(laid.shadows)
    crowded = len(day.lines.slots) > WAITING_MAX
    new = {} if crowded else {each: found for each, i in zip(asked, shadows, strict=True) if (found := ranges[i])}
    return Forecasts(
        day.seq,
        now_us,
        {
            each.entry.ticket: found
            for index, each in enumerate(laid.standing)
            if index not in laid.shadows and (found := ranges[index])
        },
        new,
    )


@dataclass(frozen=True, slots=True)
class _Start:
    day: DayView
    learned: Learned
    today: DayRecord
    laid: LineUp
    now_us: int


def _run_all(start: _Start, random: Random, pace: float, runs: int | None) -> list[list[float]]:
    """Waits of each standing in every run."""
    learned, laid, day = start.learned, start.laid, start.day
    arrivals = [_arrivals(start, comings) for comings in learned.comings]
    serves = {number: laid.served_by(day.configs[number]) for number in day.windows}
    chances = Chances(
        took_us=dict(learned.took_us),
        gaps_us=[learned.gaps_us.get(half, learned.gaps_us[-1]) for half in range(48)],
        hour_pace=learned.hour_pace,
        midnight_us=start.today.midnight_us,
        cancelled=learned.cancelled,
    )
    count = runs or min(max(CALLS_WANTED // len(laid.standing), RUNS_MIN), RUNS_MAX)
    waits: list[list[float]] = [[] for _ in laid.standing]
    for _ in range(count):
        run_pace = pace * math.exp(random.gauss(0.0, learned.pace_spread))
        free = _free_windows(start, random, run_pace)
        coming = random.choice(arrivals) if arrivals else ()
        run = Run(laid, serves, chances, random)
        found = run.waits(free, coming, run_pace, start.now_us, start.now_us + HORIZON_US)
        for each, wait in zip(waits, found, strict=True):
            each.append(wait)
    return waits


def _arrivals(start: _Start, comings: tuple[Coming, ...]) -> list[Arrival]:
    """Those of a past day who came after this time of the day."""
    after_us = start.now_us - start.today.midnight_us
    needs = common_needs(start.day)
    return [
        Arrival(
            start.today.midnight_us + each.after_midnight_us,
            start.laid.line(start.day.rules, each.kind, each.ground, needs),
            sort_of(start.learned, each.kind, each.matter),
        )
        for each in comings
        if after_us < each.after_midnight_us < after_us + HORIZON_US
    ]


def _free_windows(start: _Start, random: Random, pace: float) -> dict[int, int]:
    """When each window that is open or paused calls next."""
    ended = _last_ends(start.today)
    free: dict[int, int] = {}
    for number, window in start.day.windows.items():
        rest_us = _rest(start, window, ended.get(number), random.random(), pace)
        if rest_us is not None:
            free[number] = start.now_us + rest_us
    return free


def _rest(start: _Start, window: Window, ended_us: int | None, chance: float, pace: float) -> int | None:
    day, learned, now_us = start.day, start.learned, start.now_us
    after_us = (now_us - start.today.midnight_us) % DAY_US
    ticket = None if window.ticket is None else day.tickets[window.ticket]
    if ticket is not None and ticket.called_at_us is not None:
        pools = learned.took_us if ticket.state is TicketState.CALLED else learned.served_us
        pool = pools.get(sort_of(learned, ticket.kind.value, ticket.matters[0] if ticket.matters else ""))
        pool = pool or learned.took_us[""]
        scale = pace * learned.hour_pace[after_us // (60 * MINUTE_US) % 24]
        turn_us = int(rest(pool, int((now_us - ticket.called_at_us) / scale), chance) * scale)
        return turn_us + 15_000_000
    if window.state is WindowState.PAUSED:
        return _rest_of_gap(start, window.since_us, chance)
    if window.state is not WindowState.OPEN:
        return None
    if not day.lines.slots:
        return 0
    since_us = max(ended_us or 0, window.since_us)
    return _rest_of_gap(start, since_us, chance)


def _rest_of_gap(start: _Start, since_us: int, chance: float) -> int:
    gaps = start.learned.gaps_at(max(since_us - start.today.midnight_us, 0))
    return rest(gaps, start.now_us - since_us, chance)


def _last_ends(today: DayRecord) -> dict[int, int]:
    """Window → when its last turn ended."""
    ends = {each.ticket: each.ended_at_us for each in today.people}
    return {call.window: end for call in today.calls if (end := ends.get(call.ticket)) is not None}


def _range(waits: list[float]) -> Range | None:
    waits.sort()
    low_us, high_us = percentile(waits, LOW), percentile(waits, HIGH)
    return printed(low_us, high_us) if high_us < HORIZON_US else None
