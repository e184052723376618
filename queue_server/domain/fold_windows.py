"""Folding what happens at a window: services, holds, shifts, opening. Called by ``HallDay.apply`` alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from queue_server.domain import events as e
from queue_server.domain.ticket import Outcome, TicketState
from queue_server.domain.window import LastAct, Shift, WindowState

if TYPE_CHECKING:
    from queue_server.domain.day_view import RowHeader
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket

ServiceEvent = (
    e.ServiceStarted | e.ServiceFinished | e.TicketMissed | e.TicketHeld | e.TicketResumed | e.TicketReopened
)  # fmt: skip
DeskEvent = e.ShiftOpened | e.ShiftTakenOver | e.ShiftClosed | e.WindowOpened | e.WindowPaused | e.WindowClosed


def fold_window(day: HallDay, header: RowHeader, event: ServiceEvent | DeskEvent) -> None:
    if isinstance(event, DeskEvent):
        _fold_desk(day, header, event)
    else:
        _fold_service(day, header, event)


def leave_window(day: HallDay, ticket: Ticket) -> None:
    """The ticket is at no window any more, neither called, served nor held."""
    if ticket.window is None:
        return
    window = day.windows[ticket.window]
    held = tuple(t for t in window.held if t != ticket.id)
    day.put_window(window, ticket=None if window.ticket == ticket.id else window.ticket, held=held)


def last_act(day: HallDay, header: RowHeader, event: e.Event, ticket: Ticket, number: int) -> LastAct:
    """The act to keep for undo. Of a row with two acts the first stays: taking back takes back the row."""
    kept = day.windows[number].last_act
    if kept is not None and kept.seq == header.seq and kept.before.id == ticket.id:
        return kept
    return LastAct(header.seq, header.at_us, type(event).__name__, ticket)


def _fold_service(day: HallDay, header: RowHeader, event: ServiceEvent) -> None:
    ticket, number, at_us = day.tickets[event.ticket], event.window, header.at_us
    window = day.windows[number]
    match event:
        case e.ServiceStarted():
            act = last_act(day, header, event, ticket, number)
            day.put_ticket(ticket._replace(state=TicketState.SERVING, started_at_us=at_us))
            day.put_window(window, last_act=act)
        case e.ServiceFinished():
            _finish(day, header, ticket, event)
        case e.TicketMissed():
            act = last_act(day, header, event, ticket, number)
            leave_window(day, ticket)
            day.put_ticket(ticket._replace(state=TicketState.MISSED, window=None, missed_at_us=at_us))
            day.put_window(day.windows[number], last_act=act, missed_count=window.missed_count + 1)
        case e.TicketHeld():
            day.put_window(window, ticket=None, held=(*window.held, ticket.id))
            held = ticket._replace(state=TicketState.HELD, held_at_us=at_us, remind_at_us=event.remind_at_us)
            day.put_ticket(held)
        case e.TicketResumed():
            leave_window(day, ticket)
            day.put_window(day.windows[number], ticket=ticket.id)
            day.put_ticket(ticket._replace(state=TicketState.SERVING, held_at_us=None, remind_at_us=None))
        case e.TicketReopened():
            _reopen(day, ticket, number)
        case _:
            assert_never(event)


def _finish(day: HallDay, header: RowHeader, ticket: Ticket, event: e.ServiceFinished) -> None:
    leave_window(day, ticket)
    started_us = header.at_us if ticket.started_at_us is None else ticket.started_at_us
    done = ticket._replace(
        state=TicketState.DONE,
        window=None,
        started_at_us=started_us,
        finished_at_us=header.at_us,
        outcome=Outcome(event.outcome),
        held_at_us=None,
        remind_at_us=None,
        last_window=event.window,
    )
    day.put_ticket(done)
    window = day.windows[event.window]
    service_us = window.service_us + header.at_us - started_us
    day.put_window(window, done_count=window.done_count + 1, service_us=service_us)


def _reopen(day: HallDay, ticket: Ticket, number: int) -> None:
    """Its finish no longer counts: the next one will, from the first start on."""
    if ticket.last_window is not None and ticket.started_at_us is not None and ticket.finished_at_us is not None:
        counted = day.windows[ticket.last_window]
        service_us = counted.service_us - (ticket.finished_at_us - ticket.started_at_us)
        day.put_window(counted, done_count=counted.done_count - 1, service_us=service_us)
    window = day.windows[number]
    day.put_window(window, ticket=ticket.id)
    day.put_ticket(
        ticket._replace(
            state=TicketState.SERVING,
            window=number,
            shift=window.shift,
            finished_at_us=None,
            outcome=None,
            last_window=number,
        )
    )


def _fold_desk(day: HallDay, header: RowHeader, event: DeskEvent) -> None:
    window, at_us = day.windows[event.window], header.at_us
    match event:
        case e.ShiftOpened():
            _open_shift(day, at_us, event.shift, event.window, event.clerk)
        case e.ShiftTakenOver():
            day.shifts[event.shift] = replace(day.shifts[event.shift], closed_at_us=at_us)
            _open_shift(day, at_us, event.new_shift, event.window, event.clerk)
        case e.ShiftClosed():
            day.shifts[event.shift] = replace(day.shifts[event.shift], closed_at_us=at_us)
            day.put_window(window, shift=None, clerk=None)
        case e.WindowOpened():
            day.put_window(window, state=WindowState.OPEN, ground=None, since_us=at_us)
        case e.WindowPaused():
            # Another ground for the same pause: it goes on.
            since_us = window.since_us if window.state is WindowState.PAUSED else at_us
            day.put_window(window, state=WindowState.PAUSED, ground=event.ground, since_us=since_us)
        case e.WindowClosed():
            day.put_window(window, state=WindowState.CLOSED, ground=None, since_us=at_us)
        case _:
            assert_never(event)


def _open_shift(day: HallDay, at_us: int, shift: str, number: int, clerk: int) -> None:
    day.shifts[shift] = Shift(id=shift, window=number, clerk=clerk, opened_at_us=at_us)
    day.put_window(day.windows[number], shift=shift, clerk=clerk)
