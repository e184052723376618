"""From a hall's day and what was learned to the ranges shown now (DESIGN 4.8). Pure: chance is passed in."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.domain.window import WindowState
from queue_server.forecast.learning import HOUR_US, pace_today, rest, sort_of
from queue_server.forecast.line_up import ANY_GROUND, Asked, common_needs, line_up
from queue_server.forecast.ranges import HIGH, LOW, MINUTE_US, Range, percentile, printed
from queue_server.forecast.recording import midnight_us, record_of, turn_end_us
from queue_server.forecast.running import Arrival, Chances, Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from queue_server.domain.day_view import DayView
    from queue_server.domain.rules import Rules
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Window
    from queue_server.forecast.learning import Booked, Coming, Learned
    from queue_server.forecast.line_up import LineUp

HORIZON_US = 6 * 60 * MINUTE_US
"""Who is not called within so long in one run of ten gets no range."""
CALLS_WANTED = 12_000
"""Calls run in one forecast: with fewer who wait there are more runs."""
AFTER_TURN_US = 15_000_000
"""Between the end of the turn that goes on and the next call."""
AT_ONCE = (0,)
GENERAL, BOOKED = TicketKind.GENERAL.value, TicketKind.BOOKED.value
LATE_US = 10 * MINUTE_US
"""Who booked and has not come so long after the slot's beginning is not waited for."""
RUNS_MIN, RUNS_MAX = 32, 120
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
    """Each sort of number a kiosk may give out now: by skills asked for, each kind, general by strength of grant."""
    needs = {common_needs(day), *(common_needs(day, matter) for matter in day.rules.matter_skills)}
    own = {*day.rules.grant_weights, *day.rules.grant_head_starts}
    grounds: tuple[str, ...] = (ANY_GROUND, *sorted(own))
    kinds = [*((kind.value, None) for kind in TicketKind), *((GENERAL, ground) for ground in grounds)]
    return [Asked(kind, ground, each) for each in sorted(needs, key=sorted) for kind, ground in kinds]


def forecast(
    day: DayView,
    learned: Learned,
    now_us: int,
    random: Random,
    *,
    booked: Booked | None = None,
    pace: float | None = None,
    runs: int | None = None,
) -> Forecasts:
    """Ranges for all who wait and for whoever would take a number now; empty with no window at work.

    ``booked``: today's bookings; None: nobody knows, they come as on past days. ``pace``: how much slower turns are
    today; None: found from the day.
    """
    if not day.open or not day.open_windows:
        return Forecasts(day.seq, now_us)
    asked = asked_now(day)
    sorts = {each: _sort(learned, day.tickets[each]) for each in day.lines.slots}
    laid = line_up(day, sorts, asked, [sort_of(learned, each.kind, "") for each in asked], now_us, WAITING_MAX)
    if pace is None:
        pace = pace_today(learned, record_of(day), now_us)
    midnight = midnight_us(day.opened_at_us or now_us, day.rules.utc_offset_min)
    start = _Start(day, learned, laid, now_us, midnight, booked, _places(day, learned, laid))
    ranges = [_range(each) for each in _run_all(start, random, pace, runs)]
    crowded = len(day.lines.slots) > WAITING_MAX
    shadows = [] if crowded else list(zip(asked, sorted(laid.shadows), strict=True))
    return Forecasts(
        day.seq,
        now_us,
        {
            entry.ticket: found
            for index, entry in enumerate(laid.entries)
            if index not in laid.shadows and (found := ranges[index])
        },
        {each: found for each, index in shadows if (found := ranges[index]) and not _at_once(day, each)},
    )


def _at_once(day: DayView, asked: Asked) -> bool:
    """Nobody waits and a window is free: there is no wait to promise."""
    if day.lines.slots:
        return False
    free = (each.number for each in day.windows.values() if each.state is WindowState.OPEN and each.ticket is None)
    return any(asked.needs <= day.configs[number].able for number in free)


Places = dict[tuple[str, str | None, str], tuple[int, str]]
"""Line and samples by kind, ground and matter, of each sort of number that came on past days and goes first."""


@dataclass(frozen=True, slots=True)
class _Start:
    day: DayView
    learned: Learned
    laid: LineUp
    now_us: int
    midnight_us: int
    booked: Booked | None
    places: Places


class _Busy(NamedTuple):
    """Why a window does not call this very moment: a turn or a gap that began so long ago; of such samples."""

    window: int
    samples: Sequence[int]
    already_us: int
    hour_pace: float | None
    """Of a turn; None: a gap, which no pace stretches."""

    def rest_us(self, chance: float, pace: float) -> int:
        if self.hour_pace is None:
            return rest(self.samples, self.already_us, chance)
        scale = pace * self.hour_pace
        return int(rest(self.samples, int(self.already_us / scale), chance) * scale) + AFTER_TURN_US


def _run_all(start: _Start, random: Random, pace: float, runs: int | None) -> list[list[float]]:
    """Waits of each standing in every run."""
    learned, laid, day = start.learned, start.laid, start.day
    arrivals = [_arrivals(start, comings, random) for comings in learned.comings]
    serves = {number: laid.served_by(day.configs[number]) for number in day.windows}
    waited = {number: laid.waited_since_us(number, lines, start.now_us) for number, lines in serves.items()}
    chances = Chances(
        took_us=dict(learned.took_us),
        gaps_us=[learned.gaps_us.get(half, learned.gaps_us[-1]) for half in range(48)],
        hour_pace=learned.hour_pace,
        midnight_us=start.midnight_us,
        cancelled=learned.cancelled,
    )
    windows = [busy for window in day.windows.values() if (busy := _busy(start, window, waited[window.number]))]
    count = runs or min(max(CALLS_WANTED // len(laid.entries), RUNS_MIN), RUNS_MAX)
    waits: list[list[float]] = [[] for _ in laid.entries]
    for _ in range(count):
        run_pace = pace * math.exp(random.gauss(0.0, learned.pace_spread))
        free = {each.window: start.now_us + each.rest_us(random.random(), run_pace) for each in windows}
        coming = random.choice(arrivals) if arrivals else ()
        run = Run(laid, serves, chances, random)
        found = run.waits(free, coming, run_pace, start.now_us, start.now_us + HORIZON_US)
        for each, wait in zip(waits, found, strict=True):
            each.append(wait)
    return waits


def _arrivals(start: _Start, comings: tuple[Coming, ...], random: Random) -> list[Arrival]:
    """Those of a past day who came after this time of the day; today's bookings, where they are known, as booked."""
    after_us = start.now_us - start.midnight_us
    places, booked = start.places, start.booked
    found = [
        Arrival(start.midnight_us + each.after_midnight_us, *place)
        for each in comings
        if after_us < each.after_midnight_us < after_us + HORIZON_US
        and (booked is None or each.kind != BOOKED)
        and (place := places.get((each.kind, each.ground, each.matter)))
    ]
    if booked is not None:
        line = start.laid.line(start.day.rules, BOOKED, None, common_needs(start.day))
        sort = sort_of(start.learned, BOOKED, "")
        since_us = start.now_us - LATE_US
        later = (at_us for at_us in booked.begins_us if at_us > since_us and random.random() < booked.come)
        found += [Arrival(max(at_us, start.now_us + 1), line, sort) for at_us in later]
        found.sort(key=lambda each: each.at_us)
    return found


def _places(day: DayView, learned: Learned, laid: LineUp) -> Places:
    sorts = dict.fromkeys((each.kind, each.ground, each.matter) for comings in learned.comings for each in comings)
    return {
        (kind, ground, matter): (
            laid.line(day.rules, kind, ground, common_needs(day, *filter(None, (matter,)))),
            sort_of(learned, kind, matter),
        )
        for kind, ground, matter in sorts
        if _goes_first(day.rules, kind, ground)
    }


def _goes_first(rules: Rules, kind: str, ground: str | None) -> bool:
    """Before an ordinary number with an earlier clock, sooner or later."""
    heavier = rules.weight(kind, ground) > rules.weight(GENERAL, None)
    return heavier or rules.head_start(kind, ground) > rules.head_start(GENERAL, None)


def _busy(start: _Start, window: Window, waited_us: int | None) -> _Busy | None:
    """What keeps an open or paused window now; None: closed. ``waited_us``: since when somebody waits for it."""
    day, learned, now_us = start.day, start.learned, start.now_us
    ticket = None if window.ticket is None else day.tickets[window.ticket]
    if ticket is not None and ticket.called_at_us is not None:
        pools = learned.took_us if ticket.state is TicketState.CALLED else learned.served_us
        samples = pools.get(_sort(learned, ticket)) or learned.took_us[""]
        hour = (now_us - start.midnight_us) // HOUR_US % 24
        return _Busy(window.number, samples, now_us - ticket.called_at_us, learned.hour_pace[hour])
    since_us = window.since_us
    if window.state is WindowState.OPEN:
        # A clerk with nobody to call is not away, however long that lasts.
        since_us = now_us if waited_us is None else max(since_us, _left_us(day, window.number, now_us), waited_us)
    elif window.state is not WindowState.PAUSED:
        return None
    if since_us == now_us:
        return _Busy(window.number, AT_ONCE, -1, None)
    return _Busy(window.number, learned.gaps_at(max(since_us - start.midnight_us, 0)), now_us - since_us, None)


def _left_us(day: DayView, window: int, now_us: int) -> int:
    """When the last one called to a window left it; 0: nobody was called.

    Now, when that ticket is on its way to another window or waits again: nothing tells since when it is gone.
    """
    for call in reversed(tuple(day.announcements.values())):
        if call.window == window and call.repeat == 0:
            ticket = day.tickets[call.ticket]
            return (turn_end_us(ticket) if ticket.call == call.id else None) or now_us
    return 0


def _sort(learned: Learned, ticket: Ticket) -> str:
    return sort_of(learned, ticket.kind.value, ticket.matters[0] if ticket.matters else "")


def _range(waits: list[float]) -> Range | None:
    waits.sort()
    low_us, high_us = percentile(waits, LOW), percentile(waits, HIGH)
    return printed(low_us, high_us) if high_us < HORIZON_US else None
