"""Bookings (预约): the slots of a day, who may book one, and what a check-in is worth (norms N4.2, N4.3).

A booking is a record outside the day's journal; what a decision needs of it and of its neighbours is read beforehand
and handed in as ``BookingFacts``. Moments are whole microseconds UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.clock import MINUTE_US

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from queue_server.domain.calendar import DayPlan

DAY_US = 24 * 60 * MINUTE_US
LOOK_AHEAD_DAYS = 60
"""A hall closed for longer offers no slots."""


class BookingState(StrEnum):
    BOOKED = "booked"
    CAME = "came"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    LAPSED = "lapsed"
    """Its day passed and the hall was not open: nobody's fault, counted for nobody."""


class Arrival(StrEnum):
    """What a check-in now would be."""

    TOO_EARLY = "too_early"
    EARLY = "early"
    """A booked number that counts from the slot on."""
    ON_TIME = "on_time"
    LATE = "late"
    """Beyond the grace: an ordinary number that counts from the check-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRules:
    slot_min: int = 30
    per_slot: int = 0
    """People a slot can serve in all; 0: as many as the hall's windows serve at ``service_min`` each."""
    service_min: int = 8
    walk_in_percent: int = 50
    """This share of each slot is never given to bookings."""
    days_ahead: int = 5
    """Bookable are the next so many working days …"""
    first_day_ahead: int = 1
    """… from so many days ahead on; 0: from today. Staff may always book for today."""
    per_person_a_day: int = 1
    change_until_min: int = 120
    """Holders may change and cancel until so long before the slot; staff always."""
    check_in_before_min: int = 60
    grace_min: int = 15
    """So long after the slot's end a check-in is still a booked number."""
    no_shows: int = 3
    """So many no-shows within ``no_show_days`` bar the person from booking without staff; 0: never."""
    no_show_days: int = 90
    bar_days: int = 30


class Slot(NamedTuple):
    begins_us: int
    ends_us: int
    windows: int | None = None
    """So many windows serve then; None: all."""


class Booking(NamedTuple):
    """A booking's record as decisions see it; who holds it is in an erasable table under ``holder``."""

    id: str
    state: BookingState
    business_day: str
    begins_us: int
    ends_us: int
    version: int
    holder: str | None = None
    ticket: str | None = None


class BookingFacts(NamedTuple):
    """What a command about a booking has to know, read in its own transaction."""

    booking: Booking | None
    """The one it names; None when there is none."""
    taken: int = 0
    """Other bookings that hold a place in the slot asked for."""
    same_day: int = 0
    """Other bookings of this person on the day asked for."""
    no_shows_us: tuple[int, ...] = ()
    """When this person did not come."""
    had_day: bool = True
    """Its business day was opened at some time."""


HOLDING = frozenset({BookingState.BOOKED, BookingState.CAME})
"""States that keep a place in a slot."""


def slots_of(plan: DayPlan, rules: BookingRules) -> tuple[Slot, ...]:
    """Whole slots within the day's sessions; what is left at a session's end is nobody's slot."""
    if plan.begins_us is None:
        return ()
    midnight_us = plan.begins_us - plan.sessions[0].begins * MINUTE_US
    return tuple(
        Slot(
            midnight_us + minute * MINUTE_US,
            midnight_us + (minute + rules.slot_min) * MINUTE_US,
            session.windows,
        )
        for session in plan.sessions
        for minute in range(session.begins, session.ends - rules.slot_min + 1, rules.slot_min)
    )


def bookable_days(
    today: date, plan_of: Callable[[date], DayPlan], rules: BookingRules, *, by_staff: bool = False
) -> tuple[DayPlan, ...]:
    """The working days that may be booked today, soonest first; for staff with today before them."""
    first = rules.first_day_ahead
    plans = (plan_of(today + timedelta(days=ahead)) for ahead in range(first, first + LOOK_AHEAD_DAYS))
    days: list[DayPlan] = []
    for plan in plans:
        if len(days) == rules.days_ahead:
            break
        if plan.sessions:
            days.append(plan)
    if by_staff and first > 0:
        before = (plan_of(today + timedelta(days=ahead)) for ahead in range(first))
        days = [*(plan for plan in before if plan.sessions), *days]
    return tuple(days)


def places(rules: BookingRules, windows: int, *, staffed: int | None = None) -> int:
    """How many bookings a slot takes: what is left beside the share of walk-ins.

    ``staffed``: so many of the hall's windows serve then; None: all of them.
    """
    served = rules.per_slot or windows * rules.slot_min // max(1, rules.service_min)
    if staffed is not None and windows:
        served = served * min(staffed, windows) // windows
    return served * (100 - rules.walk_in_percent) // 100


def arrival(begins_us: int, ends_us: int, now_us: int, rules: BookingRules) -> Arrival:
    if now_us < begins_us - rules.check_in_before_min * MINUTE_US:
        return Arrival.TOO_EARLY
    if now_us < begins_us:
        return Arrival.EARLY
    return Arrival.ON_TIME if now_us <= ends_us + rules.grace_min * MINUTE_US else Arrival.LATE


def changeable(begins_us: int, now_us: int, rules: BookingRules, *, by_staff: bool) -> bool:
    return by_staff or now_us <= begins_us - rules.change_until_min * MINUTE_US


def barred_until_us(no_shows_us: Iterable[int], now_us: int, rules: BookingRules) -> int | None:
    """Until when somebody who did not come so often may not book without staff; None: not barred now."""
    if rules.no_shows <= 0:
        return None
    missed = sorted(no_shows_us)
    many = zip(missed, missed[rules.no_shows - 1 :], strict=False)
    bars = (last + rules.bar_days * DAY_US for first, last in many if last - first <= rules.no_show_days * DAY_US)
    until_us = max(bars, default=0)
    return until_us if until_us > now_us else None
