"""Past days read from the store's tables, for learning and for grading. Read-only."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from queue_server.domain.booking import BookingState
from queue_server.domain.ticket import TicketState
from queue_server.forecast.learning import Booked, Call, DayRecord, Person
from queue_server.forecast.ranges import Promise
from queue_server.forecast.recording import end_us, midnight_us
from queue_server.store import booking_queries, queries
from queue_server.store.queries import Reader


def past_days(connection: Reader, hall: str, *, before: str, most: int) -> list[str]:
    """The last business days before a date, the newest first."""
    found = dict.fromkeys(row["business_day"] for row in reversed(queries.days(connection, hall, "")))
    return [day for day in found if day < before][:most]


def read_record(connection: Reader, hall: str, day: str, utc_offset_min: int) -> DayRecord | None:
    """A past day; None when nobody came."""
    rows = queries.tickets_of_day(connection, hall, day)
    if not rows:
        return None
    calls = [Call(row["ticket"], row["window"], row["at_us"]) for row in queries.calls_of_day(connection, hall, day)]
    people = tuple(_person(row) for row in rows)
    return DayRecord(midnight_us(rows[0]["issued_at_us"], utc_offset_min), people, tuple(calls))


def read_promises(connection: Reader, hall: str, day: str) -> list[Promise]:
    """What the slips of a day said."""
    return [
        Promise(row["issued_at_us"], row["low_min"], row["high_min"], row["called_at_us"])
        for row in queries.forecasts_of_day(connection, hall, day)
    ]


def read_come(connection: Reader, hall: str, days: list[str]) -> float:
    """The share of those days' bookings whose holders came; 1 when there were none."""
    states = Counter(row["state"] for day in days for row in booking_queries.of_day(connection, hall, day))
    came, not_come = states[BookingState.CAME], states[BookingState.NO_SHOW]
    return came / (came + not_come) if came or not_come else 1.0


def read_booked(connection: Reader, hall: str, day: str, come: float) -> Booked | None:
    """Today's bookings whose holders have not come yet; None when nobody booked for today."""
    rows = booking_queries.of_day(connection, hall, day)
    begins_us = tuple(row["begins_us"] for row in rows if row["state"] == BookingState.BOOKED)
    return Booked(begins_us, come) if rows else None


def _person(row: Mapping[str, Any]) -> Person:
    matters: list[str] = json.loads(row["matters"])
    missed = row["state"] != TicketState.DONE and row["missed_at_us"] is not None
    return Person(
        row["id"],
        row["kind"],
        matters[0] if matters else "",
        row["grant_ground"],
        row["issued_at_us"],
        end_us(row["state"], row["outcome"], row["finished_at_us"], row["missed_at_us"]),
        missed,
        row["state"] == TicketState.CANCELLED,
    )
