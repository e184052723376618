"""A business day as learning sees it, from the hall's present. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.ticket import Outcome, TicketState
from queue_server.forecast.learning import DAY_US, Call, DayRecord, Person
from queue_server.forecast.ranges import MINUTE_US

if TYPE_CHECKING:
    from queue_server.domain.day_view import DayView
    from queue_server.domain.ticket import Ticket


def midnight_us(at_us: int, utc_offset_min: int) -> int:
    """The hall's midnight before a moment."""
    offset_us = utc_offset_min * MINUTE_US
    return at_us - (at_us + offset_us) % DAY_US


def record_of(day: DayView) -> DayRecord:
    """Today so far."""
    return DayRecord(
        midnight_us(day.opened_at_us or day.at_us, day.rules.utc_offset_min),
        tuple(_person(each) for each in day.tickets.values()),
        tuple(
            Call(each.ticket, each.window, each.at_us)
            for each in day.announcements.values()
            if each.repeat == 0 and not each.withdrawn
        ),
    )


def _person(ticket: Ticket) -> Person:
    return Person(
        ticket.id,
        ticket.kind.value,
        ticket.matters[0] if ticket.matters else "",
        ticket.grant.ground if ticket.grant else None,
        ticket.issued_at_us,
        turn_end_us(ticket),
        ticket.state is TicketState.MISSED,
        ticket.state is TicketState.CANCELLED,
    )


def turn_end_us(ticket: Ticket) -> int | None:
    """As ``end_us``; whoever is held has left the window too."""
    if ticket.state is TicketState.HELD:
        return ticket.held_at_us
    return end_us(ticket.state, ticket.outcome, ticket.finished_at_us, ticket.missed_at_us)


def end_us(state: str, outcome: str | None, finished_us: int | None, missed_us: int | None) -> int | None:
    """When the last turn of a ticket ended; None while it lasts, and for what only the day's closing ended."""
    if state == TicketState.DONE:
        return None if outcome == Outcome.CLOSED_OPEN else finished_us
    return missed_us
