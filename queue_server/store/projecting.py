"""Projections: what the fold of the journal looks like as table rows (DESIGN 4.4).

The same ``Changes`` serve the gate, which writes them once per batch, and ``rebuild_tables``. Ticket rows are the
tickets of the folded ``HallDay`` themselves, so the two cannot differ in meaning; only the newest value of a ticket in
a batch is written. Everything else is read from the event alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import msgspec

from queue_server.domain import events as e
from queue_server.domain.events import Event
from queue_server.domain.ticket import AT_A_WINDOW, Ticket
from queue_server.store import tables

Row = dict[str, Any]

_json = msgspec.json.Encoder()


@dataclass(slots=True)
class Changes:
    """Rows that one or more journal rows bring. ``tickets`` maps an id to its business day and newest value."""

    tickets: dict[str, tuple[str, Ticket]] = field(default_factory=dict)
    days_opened: list[Row] = field(default_factory=list)
    days_closed: list[Row] = field(default_factory=list)
    calls: list[Row] = field(default_factory=list)
    announcements: list[Row] = field(default_factory=list)
    withdrawn: list[Row] = field(default_factory=list)
    unconfirmed: list[Row] = field(default_factory=list)
    shifts: list[Row] = field(default_factory=list)
    shifts_closed: list[Row] = field(default_factory=list)
    forecasts: list[Row] = field(default_factory=list)

    def ticket_rows(self, hall: str) -> list[tuple[Any, ...]]:
        """Rows (``TICKET_ROW``) of changed tickets, those that leave a window before those that are at one."""
        leaving: list[tuple[Any, ...]] = []
        staying: list[tuple[Any, ...]] = []
        for day, ticket in self.tickets.values():
            (staying if ticket.state in AT_A_WINDOW else leaving).append(ticket_row(hall, day, ticket))
        return leaving + staying


class Place(NamedTuple):
    """Where an event stands: its row, its business day, and the day's tickets after it was applied."""

    hall: str
    seq: int
    at_us: int
    day: str
    tickets: Mapping[str, Ticket]


def collect(changes: Changes, event: Event, at: Place) -> None:
    """Add what ``event``, just applied, changed."""
    touched = getattr(event, "ticket", None)
    if touched is not None and touched in at.tickets:
        changes.tickets[touched] = (at.day, at.tickets[touched])
    collector = _COLLECTORS.get(type(event))
    if collector is not None:
        collector(changes, event, at)


def _day_opened(changes: Changes, event: e.DayOpened, at: Place) -> None:
    changes.days_opened.append(
        {
            "hall": at.hall,
            "business_day": event.business_day,
            "opened_seq": at.seq,
            "opened_at_us": at.at_us,
            "closed_seq": None,
            "closed_at_us": None,
            "forced": None,
            "anchor": None,
        }
    )


def _day_closed(changes: Changes, event: e.DayClosed, at: Place) -> None:
    """Close the opening made in these very changes, else one that is stored: a day may be opened again."""
    newest = changes.days_opened[-1] if changes.days_opened else None
    if newest is not None and newest["business_day"] == event.business_day:
        newest |= {"closed_seq": at.seq, "closed_at_us": at.at_us, "forced": event.forced, "anchor": event.anchor}
        return
    changes.days_closed.append(
        {
            "b_hall": at.hall,
            "b_day": event.business_day,
            "closed_seq": at.seq,
            "closed_at_us": at.at_us,
            "forced": event.forced,
            "anchor": event.anchor,
        }
    )


def _issued(changes: Changes, event: e.TicketIssued, at: Place) -> None:
    if event.forecast_min is not None:
        low, high = event.forecast_min
        changes.forecasts.append(
            {
                "hall": at.hall,
                "ticket": event.ticket,
                "business_day": at.day,
                "issued_at_us": event.issued_at_us,
                "low_min": low,
                "high_min": high,
            }
        )


def _called(changes: Changes, event: e.TicketCalled, at: Place) -> None:
    for overtaken in event.overtaken:
        if overtaken in at.tickets:
            changes.tickets[overtaken] = (at.day, at.tickets[overtaken])
    reason = event.reason
    changes.calls.append(
        {
            "hall": at.hall,
            "id": event.announcement,
            "business_day": at.day,
            "seq": at.seq,
            "at_us": at.at_us,
            "ticket": event.ticket,
            "number": at.tickets[event.ticket].number if event.ticket in at.tickets else "",
            "window": event.window,
            "shift": event.shift,
            "promise": reason.promise,
            "credit": reason.credit,
            "runner_up": reason.runner_up,
            "runner_credit": reason.runner_credit,
            "ground": reason.ground,
            "overtaken": _json.encode(event.overtaken).decode(),
        }
    )
    _announced(changes, event, at)


def _announced(changes: Changes, event: e.TicketCalled | e.TicketRecalled, at: Place) -> None:
    ticket = at.tickets.get(event.ticket)
    repeat = ticket.recalls if ticket is not None and isinstance(event, e.TicketRecalled) else 0
    changes.announcements.append(
        {
            "hall": at.hall,
            "id": event.announcement,
            "business_day": at.day,
            "at_us": at.at_us,
            "ticket": event.ticket,
            "window": event.window,
            "repeat": repeat,
        }
    )


def _withdrawn(changes: Changes, event: e.AnnouncementWithdrawn, at: Place) -> None:
    changes.withdrawn.append({"b_hall": at.hall, "b_id": event.announcement, "withdrawn_at_us": at.at_us})


def _unconfirmed(changes: Changes, event: e.AnnouncementUnconfirmed, at: Place) -> None:
    changes.unconfirmed.append({"b_hall": at.hall, "b_id": event.announcement, "unconfirmed_at_us": at.at_us})


def _shift(changes: Changes, shift: str, window: int, clerk: int, at: Place) -> None:
    changes.shifts.append(
        {
            "hall": at.hall,
            "id": shift,
            "business_day": at.day,
            "window": window,
            "clerk": clerk,
            "opened_at_us": at.at_us,
        }
    )


def _shift_opened(changes: Changes, event: e.ShiftOpened, at: Place) -> None:
    _shift(changes, event.shift, event.window, event.clerk, at)


def _shift_taken_over(changes: Changes, event: e.ShiftTakenOver, at: Place) -> None:
    _shift(changes, event.new_shift, event.window, event.clerk, at)
    _end_shift(changes, event.shift, event.new_shift, at)


def _shift_closed(changes: Changes, event: e.ShiftClosed, at: Place) -> None:
    _end_shift(changes, event.shift, None, at)


def _end_shift(changes: Changes, shift: str, taken_over_by: str | None, at: Place) -> None:
    changes.shifts_closed.append(
        {"b_hall": at.hall, "b_id": shift, "closed_at_us": at.at_us, "taken_over_by": taken_over_by}
    )


_COLLECTORS: dict[type, Any] = {
    e.DayOpened: _day_opened,
    e.DayClosed: _day_closed,
    e.TicketIssued: _issued,
    e.TicketCalled: _called,
    e.TicketRecalled: _announced,
    e.AnnouncementWithdrawn: _withdrawn,
    e.AnnouncementUnconfirmed: _unconfirmed,
    e.ShiftOpened: _shift_opened,
    e.ShiftTakenOver: _shift_taken_over,
    e.ShiftClosed: _shift_closed,
}
"""Events that change more than the ticket they name."""


TICKET_ROW = tuple(column.name for column in tables.ticket.columns)
"""Names of what ``ticket_row`` returns, in its order."""


def ticket_row(hall: str, day: str, ticket: Ticket) -> tuple[Any, ...]:
    """One row in the order of ``TICKET_ROW``: most rows that are written are these."""
    grant = ticket.grant
    return (
        hall,
        ticket.id,
        day,
        ticket.number,
        ticket.copy,
        str(ticket.kind),
        str(ticket.state),
        ticket.issued_at_us,
        ticket.clock_us,
        ticket.track,
        ticket.source,
        ticket.language,
        _json.encode(ticket.matters).decode() if ticket.matters else "[]",
        grant.ground if grant else None,
        grant.proof if grant else None,
        grant.by if grant else None,
        ticket.person_ref,
        ticket.booking,
        ticket.time_unsure,
        ticket.window,
        ticket.shift,
        ticket.called_at_us,
        ticket.recalls,
        ticket.started_at_us,
        ticket.finished_at_us,
        ticket.outcome.value if ticket.outcome else None,
        ticket.missed_at_us,
        ticket.rejoins,
        ticket.overtaken,
        ticket.printed,
        ticket.copies,
    )
