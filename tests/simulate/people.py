"""Who comes on a day, and what the clerks do: drawn beforehand, so that every rule meets the very same day.

Nothing here is of the family the forecast thinks in: handling times are mixtures of four shapes, drift through the day
and with the season; clerks differ and take breaks that they announce to nobody; some of those who took a number never
come, some come after their number was missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from random import Random

from tests.simulate.mixes import Mix

MINUTE_S = 60
HOUR_S = 3600
OPENS_S = 9 * HOUR_S
"""Windows; the kiosk gives numbers a quarter of an hour before."""
ISSUES_S = OPENS_S - 15 * MINUTE_S
CLOSES_S = 17 * HOUR_S
WINDOWS = 8
WINDOW_MIN = 3300
"""Minutes that eight windows have, pauses and breaks taken off."""
WALK_MIN, WAIT_MIN = 0.64, 1.5
"""Beside the handling: coming and the time between two, and what calling in vain costs."""
PHANTOMS = 0.15
LATE = 0.03
CANCELS = 0.015
Hours = tuple[tuple[float, float, float], ...]
RUSHES: dict[str, Hours] = {
    "usual": ((8.75, 9.4, 2.2), (9.4, 11.5, 1.25), (11.5, 13.0, 0.5), (13.0, 14.0, 1.6), (14.0, 16.0, 1.0),
              (16.0, 16.75, 0.45)),
    "hard": ((8.75, 9.4, 3.0), (9.4, 11.5, 1.25), (11.5, 13.0, 0.45), (13.0, 14.0, 1.9), (14.0, 16.0, 1.0),
             (16.0, 16.75, 0.45)),
}  # fmt: skip
"""How many come: from, until (hours), weight. Rushes at opening and after lunch, few at noon and towards the end; in
the busiest hour a fifth of the day, or a quarter."""
MEAN_MIN = {"m1": 3.97, "m2": 8.0, "m3": 14.17, "m4": 16.0}
"""By matter; the shapes are in ``_matter``."""
SEASON_DAYS = 30
ENROLMENT = range(12, 30)
"""Days of the season in which one short matter fills the hall."""


@dataclass(frozen=True, slots=True)
class Person:
    """Seconds of the day, seconds."""

    number: int
    comes_s: float
    slot_s: float | None
    """Of somebody who booked: when the slot begins."""
    matter: str
    granted: bool
    granted_after_s: float | None
    """Staff give the grant so long after the number; None: claimed at the kiosk."""
    there: bool
    """At the first call."""
    reports_after_s: float | None
    """Comes back so long after being missed."""
    cancels_after_s: float | None
    walks_s: float
    handling_s: float


@dataclass(frozen=True, slots=True)
class Clerk:
    pace: float
    pause: tuple[float, float]
    """At noon, announced: from, until."""
    breaks: tuple[tuple[float, float], ...]
    """Not announced."""
    between_s: tuple[float, ...]
    """From finishing one to calling the next, in turn."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One day, all of it decided."""

    people: tuple[Person, ...]
    clerks: dict[int, Clerk] = field(default_factory=dict)


def plan_day(seed: int, mix: Mix, day: int, rush: str = "usual") -> Plan:
    """The day ``day`` (0 the first) of a mix; the same for the same four."""
    random = Random(f"{seed} {mix.name} {day}")
    weekday = (1.08, 1.0, 0.97, 0.97, 0.98)[day % 5]
    wanted = mix.load * WINDOW_MIN / _turn_min(day) * weekday * random.uniform(0.95, 1.05)
    arrivals = sorted(_comes(random, RUSHES[rush]) for _ in range(round(wanted)))
    clerks = {window: _clerk(random, window) for window in range(1, WINDOWS + 1)}
    tired = random.uniform(0.04, 0.16)
    return Plan(tuple(_person(random, mix, day, n, at_s, tired) for n, at_s in enumerate(arrivals)), clerks)


def _turn_min(day: int) -> float:
    """Mean minutes that one number costs a window, all told: ties the load to how many come."""
    handling_min = sum(share * MEAN_MIN[name] for name, share in _shares(day).items()) * _season(day)
    return (1 - PHANTOMS) * (handling_min + WALK_MIN) + (PHANTOMS + LATE) * WAIT_MIN


def _season(day: int) -> float:
    return 1 + 0.12 * math.sin(2 * math.pi * day / SEASON_DAYS)


def _shares(day: int) -> dict[str, float]:
    shares = (0.60, 0.22, 0.12, 0.06) if day % SEASON_DAYS in ENROLMENT else (0.45, 0.30, 0.17, 0.08)
    return dict(zip(MEAN_MIN, shares, strict=True))


def _comes(random: Random, hours: Hours) -> float:
    begin, end, _ = random.choices(hours, [(b - a) * weight for a, b, weight in hours])[0]
    return random.uniform(begin, end) * HOUR_S


def _person(random: Random, mix: Mix, day: int, number: int, comes_s: float, tired: float) -> Person:
    booked = random.random() < mix.booked
    granted = not booked and random.random() < mix.granted / (1 - mix.booked)
    slot_s = OPENS_S + random.randrange(15) * 30 * MINUTE_S if booked else None
    if slot_s is not None:
        comes_s = max(ISSUES_S, random.gauss(slot_s - 180, 360))
    matter, handling_min = _matter(random, day)
    drift = 1 + tired * math.sin((comes_s / HOUR_S - 9.0) / 4 * math.pi) + 0.02 * (comes_s / HOUR_S - 13)
    fate = random.random()
    return Person(
        number=number,
        comes_s=comes_s,
        slot_s=slot_s,
        matter=matter,
        granted=granted,
        granted_after_s=random.uniform(60, 600) if granted and random.random() < 0.2 else None,
        there=fate >= PHANTOMS + LATE,
        reports_after_s=random.uniform(120, 900) if PHANTOMS <= fate < PHANTOMS + LATE else None,
        cancels_after_s=random.expovariate(1 / 1200) if random.random() < CANCELS else None,
        walks_s=random.uniform(8, 40),
        handling_s=max(20.0, handling_min * MINUTE_S * _season(day) * drift),
    )


def _matter(random: Random, day: int) -> tuple[str, float]:
    """A matter and the minutes it takes: short, ordinary, long, and one that goes quickly or not at all."""
    shares = _shares(day)
    name = random.choices(list(shares), list(shares.values()))[0]
    match name:
        case "m1":
            return name, random.lognormvariate(math.log(3.5), 0.5)
        case "m2":
            return name, random.gammavariate(3.0, 8.0 / 3)
        case "m3":
            return name, 15.8 * random.weibullvariate(1.0, 1.6)
        case _:
            return name, random.gauss(10, 2) if random.random() < 0.6 else random.gauss(25, 5)


def _clerk(random: Random, window: int) -> Clerk:
    noon_s = 12 * HOUR_S + (0 if window % 2 else 40 * MINUTE_S)
    breaks: list[tuple[float, float]] = []
    at_s = float(OPENS_S)
    while (at_s := at_s + random.expovariate(1 / (2 * HOUR_S))) < CLOSES_S:
        breaks.append((at_s, random.uniform(4, 12) * MINUTE_S))
    return Clerk(
        pace=random.lognormvariate(0, 0.12),
        pause=(noon_s, noon_s + 40 * MINUTE_S),
        breaks=tuple(breaks),
        between_s=tuple(random.uniform(4, 25) for _ in range(40)),
    )
