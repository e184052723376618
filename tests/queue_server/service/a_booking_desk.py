"""Bookings over a gate that a test drives: from nine to twelve and one to five, half of each slot for walk-ins."""

from __future__ import annotations

from queue_server.domain.calendar import Hours, parse_session
from queue_server.domain.rules import Rules
from queue_server.service.bookings import Bookings
from queue_server.service.calendars import Calendars
from queue_server.service.chance import SystemChance
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import Driver

HOURS = Hours(weekday=(parse_session("9:00-12:00"), parse_session("13:00-17:00")))


def a_booking_desk(hall: Driver, store: Store, *, rules: Rules | None = None, holder_days: int = 1) -> Bookings:
    return Bookings(
        store=store,
        gate=hall.gate,
        rules=rules or Rules(),
        windows=3,
        calendars=Calendars({}, HOURS, 480, dict),
        chance=SystemChance(),
        wall_clock_us=hall.clock.wall,
        holder_days=holder_days,
    )
