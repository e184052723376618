"""Past days made by hand: one window calls one after the other."""

from __future__ import annotations

from queue_server.forecast.learning import DAY_US, Call, DayRecord, Person
from queue_server.forecast.ranges import MINUTE_US

NINE_US = 9 * 60 * MINUTE_US


def person(
    ticket: str, ended_us: int | None, *, came_us: int = NINE_US, matter: str = "m1", kind: str = "general",
    ground: str | None = None, missed: bool = False, cancelled: bool = False,
) -> Person:  # fmt: skip
    return Person(ticket, kind, matter, ground, came_us, ended_us, missed, cancelled)


def a_day(number: int, turns_min: list[int], *, gap_min: int = 1, matter: str = "m1", windows: int = 1) -> DayRecord:
    """All came at nine; each window takes these turns from then on, with the same gap between them."""
    midnight_us = number * DAY_US
    people, calls = [], []
    for window in range(1, windows + 1):
        at_us = midnight_us + NINE_US
        for n, turn_min in enumerate(turns_min):
            ticket = f"{number}-{window}-{n}"
            calls.append(Call(ticket, window, at_us))
            at_us += turn_min * MINUTE_US
            people.append(person(ticket, at_us, came_us=midnight_us + NINE_US, matter=matter))
            at_us += gap_min * MINUTE_US
    return DayRecord(midnight_us, tuple(people), tuple(sorted(calls, key=lambda call: call.at_us)))
