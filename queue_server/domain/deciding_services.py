"""Deciding what a clerk does with the ticket at the window: start, finish, miss, hold, resume, reopen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import guards
from queue_server.domain.limits import miss_from_us, recall_from_us
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import MINUTE_US
from queue_server.domain.ticket import Outcome, TicketState

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket


def start_service(day: HallDay, command: c.StartService) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.StartService)
    if isinstance(found, Refused):
        return found
    return [e.ServiceStarted(command.ticket, command.window)]


def finish_service(day: HallDay, command: c.FinishService) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.FinishService)
    if isinstance(found, Refused):
        return found
    _, ticket = found
    return finishing(ticket, command.window, command.outcome)


def finishing(ticket: Ticket, window: int, outcome: Outcome) -> list[e.Event]:
    """The end of a service; a ticket that was sent with a return goes back instead, when its matter was done here."""
    if ticket.return_to not in {None, window} and outcome is Outcome.DONE:
        return [e.TicketTransferred(ticket.id, f"window:{ticket.return_to}")]
    implied = ticket.state is TicketState.CALLED
    return [e.ServiceFinished(ticket.id, window, outcome.value, start_implied=implied)]


def miss_ticket(day: HallDay, command: c.MissTicket, context: Context) -> Decision:
    """A clerk: after enough recalls and the gap once more. A supervisor: any time, with a ground."""
    found = guards.ticket_at(day, command.window, command.ticket, c.MissTicket)
    if isinstance(found, Refused):
        return found
    _, ticket = found
    spoken_at_us = context.spoken_at_us.get(ticket.announcement or "")
    from_us = miss_from_us(ticket, day.rules, spoken_at_us)
    if from_us is None or context.now_us < from_us:
        if not command.by_supervisor:
            recalls_left = max(0, day.rules.recalls_before_miss - ticket.recalls)
            again_us = recall_from_us(ticket, day.rules, spoken_at_us) or context.now_us
            wait_s = guards.not_yet(RefusalCode.NOT_YET, max(again_us, context.now_us), context).facts["wait_s"]
            return Refused(RefusalCode.NOT_YET, {"wait_s": wait_s, "recalls_left": recalls_left})
        if not command.ground:
            return Refused(RefusalCode.GROUND_NEEDED, {"ticket": ticket.id})
    return [e.TicketMissed(ticket.id, command.window, command.ground)]


def hold_ticket(day: HallDay, command: c.HoldTicket) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.HoldTicket)
    if isinstance(found, Refused):
        return found
    return [e.TicketHeld(command.ticket, command.window, command.remind_at_us)]


def resume_ticket(day: HallDay, command: c.ResumeTicket) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.ResumeTicket)
    if isinstance(found, Refused):
        return found
    window, _ = found
    if window.ticket is not None:
        return guards.busy(day, window)
    return [e.TicketResumed(command.ticket, command.window)]


def reopen_ticket(day: HallDay, command: c.ReopenTicket, context: Context) -> Decision:
    """A clerk: at the same window, within some minutes. A supervisor: any time today, at any window that is free."""
    window = guards.signed_on(day, command.window)
    if isinstance(window, Refused):
        return window
    ticket = guards.ticket_for(day, command.ticket, c.ReopenTicket)
    if isinstance(ticket, Refused):
        return ticket
    if window.ticket is not None:
        return guards.busy(day, window)
    if not command.by_supervisor:
        if ticket.last_window != window.number:
            return Refused(RefusalCode.CANNOT_SERVE, {"ticket": ticket.id, "last_window": ticket.last_window})
        if context.now_us > (ticket.finished_at_us or 0) + day.rules.reopen_min * MINUTE_US:
            return Refused(RefusalCode.LIMIT_REACHED, {"ticket": ticket.id, "minutes": day.rules.reopen_min})
    return [e.TicketReopened(ticket.id, window.number, context.actor)]
