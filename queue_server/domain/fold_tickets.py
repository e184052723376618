"""Folding what happens to a ticket in the queue. Called by ``HallDay.apply`` alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from queue_server.domain import events as e
from queue_server.domain.fold_windows import leave_window
from queue_server.domain.ticket import Grant, Ticket, TicketKind, TicketState

if TYPE_CHECKING:
    from queue_server.domain.day_view import RowHeader
    from queue_server.domain.hall_day import HallDay

TicketEvent = (
    e.TicketIssued | e.TicketJoined | e.NumberReplaced | e.PriorityGranted | e.PriorityWithdrawn
    | e.MattersChanged | e.TicketRejoined
    | e.TicketCancelled | e.TicketExpired | e.TicketReinstated | e.TicketReleased | e.TicketTransferred
    | e.SlipReported
)  # fmt: skip


KINDS: dict[str, TicketKind] = {str(kind): kind for kind in TicketKind}


def fold_ticket(day: HallDay, header: RowHeader, event: TicketEvent) -> None:
    if isinstance(event, e.TicketIssued):
        day.put_ticket(_issued(event))
        return
    ticket = day.tickets[event.ticket]
    match event:
        case e.TicketJoined():
            unsure, track = ticket.time_unsure or event.time_unsure, event.track or ticket.track
            day.put_ticket(ticket._replace(joined=event.case, time_unsure=unsure, track=track))
        case e.NumberReplaced():
            _replace_number(day, ticket, event)
        case e.PriorityGranted():
            day.put_ticket(ticket._replace(grant=Grant(event.ground, event.proof, event.by)))
        case e.PriorityWithdrawn():
            day.put_ticket(ticket._replace(grant=None))
        case e.MattersChanged():
            day.put_ticket(ticket._replace(matters=event.matters))
        case e.SlipReported():
            copies = max(ticket.copies, event.copy)
            day.put_ticket(ticket._replace(printed=event.result, copies=copies))
        case e.TicketCancelled() | e.TicketExpired():
            _end(day, header, ticket, event)
        case e.TicketRejoined() | e.TicketReinstated() | e.TicketReleased() | e.TicketTransferred():
            _wait_again(day, ticket, event)
        case _:
            assert_never(event)


def _issued(event: e.TicketIssued) -> Ticket:
    return Ticket(
        id=event.ticket,
        number=event.number,
        copy=event.copy,
        kind=KINDS[event.kind],
        state=TicketState.WAITING,
        issued_at_us=event.issued_at_us,
        clock_us=event.clock_us,
        track=event.track,
        source=event.source,
        language=event.language,
        matters=tuple(event.matters),
        person_ref=event.person_ref,
        booking=event.booking,
        forecast_min=event.forecast_min,
    )


def waiting(ticket: Ticket) -> Ticket:
    """The ticket in the queue again, with nothing left of its call."""
    return ticket._replace(
        state=TicketState.WAITING,
        window=None,
        shift=None,
        bound_window=None,
        bound_until_us=None,
        called_at_us=None,
        recalls=0,
        last_call_us=None,
        started_at_us=None,
        finished_at_us=None,
        outcome=None,
        held_at_us=None,
        remind_at_us=None,
        missed_at_us=None,
        announcement=None,
        call=None,
    )


def _wait_again(
    day: HallDay,
    ticket: Ticket,
    event: e.TicketRejoined | e.TicketReinstated | e.TicketReleased | e.TicketTransferred,
) -> None:
    number = ticket.window
    leave_window(day, ticket)
    again = waiting(ticket)
    match event:
        case e.TicketRejoined():
            again = again._replace(clock_us=event.clock_us, rejoins=event.times)
        case e.TicketReleased():
            bound, until_us = event.bound_window, event.bound_until_us
            again = again._replace(clock_us=event.clock_us, bound_window=bound, bound_until_us=until_us)
        case e.TicketTransferred():
            if number is not None:
                window = day.windows[number]
                day.put_window(window, transferred_count=window.transferred_count + 1)
            again = _sent_to(again._replace(transferred=True, return_to=event.return_to), event.to)
        case e.TicketReinstated():
            pass
        case _:
            assert_never(event)
    day.put_ticket(again)


def _sent_to(ticket: Ticket, to: str) -> Ticket:
    place, _, name = to.partition(":")
    match place:
        case "window":
            return ticket._replace(bound_window=int(name), skill=None)
        case "skill":
            return ticket._replace(skill=name)
        case _:
            return ticket._replace(kind=TicketKind.COLLECTION, skill=None)


def _replace_number(day: HallDay, ticket: Ticket, event: e.NumberReplaced) -> None:
    """The paper wins: whoever was called or missed under the number nobody holds waits again at the own clock."""
    if ticket.state in {TicketState.CALLED, TicketState.MISSED}:
        leave_window(day, ticket)
        ticket = waiting(ticket)
    copy = day.next_copy(event.new)
    day.put_ticket(ticket._replace(number=event.new, copy=copy, replaced_number=event.old))


def _end(day: HallDay, header: RowHeader, ticket: Ticket, event: e.TicketCancelled | e.TicketExpired) -> None:
    leave_window(day, ticket)
    state = TicketState.CANCELLED if isinstance(event, e.TicketCancelled) else TicketState.EXPIRED
    day.put_ticket(
        ticket._replace(state=state, window=None, shift=None, remind_at_us=None, finished_at_us=header.at_us)
    )
