"""Deciding calls: next, by hand, again, and taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import guards
from queue_server.domain.choosing import Choice, by_hand, choose
from queue_server.domain.deciding_services import finishing
from queue_server.domain.limits import next_from_us, recall_from_us, undo_until_us
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import Outcome, TicketState

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.window import Window


def call_next(day: HallDay, command: c.CallNext, context: Context) -> Decision:
    """Finish who is served here and call the next. Nobody waiting: only the finish, or nothing at all."""
    window = guards.calling(day, command.window)
    if isinstance(window, Refused):
        return window
    refused = _may_leave(day, window, command, context)
    if refused is not None:
        return refused
    events: list[e.Event] = []
    if window.ticket is not None:
        events += finishing(day.tickets[window.ticket], window.number, Outcome.DONE)
    choice = choose(day.lines, guards.asking(day, window.number, context), day.rules)
    if choice is not None:
        events.append(_called(window, choice, command.announcement))
    return events


def _may_leave(day: HallDay, window: Window, command: c.CallNext, context: Context) -> Refused | None:
    """A double press comes before a stale page: the second press of one hand has not seen the first one's answer."""
    present = None if window.ticket is None else day.tickets[window.ticket]
    if present is not None and not command.by_supervisor:
        from_us = next_from_us(present, day.rules)
        if context.now_us < from_us:
            return guards.not_yet(RefusalCode.TOO_SOON, from_us, context)
    if command.ticket != window.ticket:
        return guards.stale(day, window)
    if present is not None and present.state is TicketState.CALLED:
        return Refused(RefusalCode.SAY_WHICH, {"ticket": present.id, "number": present.number})
    return None


def call_ticket(day: HallDay, command: c.CallTicket, context: Context) -> Decision:
    """A waiting ticket out of order needs a ground; a missed one who stands at the desk is served at once."""
    window = guards.calling(day, command.window)
    if isinstance(window, Refused):
        return window
    ticket = guards.ticket_for(day, command.ticket, c.CallTicket)
    if isinstance(ticket, Refused):
        return ticket
    if window.ticket is not None:
        return guards.busy(day, window)
    if not day.needs_of(ticket) <= day.configs[window.number].able:
        return Refused(RefusalCode.CANNOT_SERVE, {"ticket": ticket.id, "window": window.number})
    at_desk = ticket.state is TicketState.MISSED
    if not at_desk and not command.ground:
        return Refused(RefusalCode.GROUND_NEEDED, {"ticket": ticket.id})
    if command.ground and not day.rules.calls_for(command.ground):
        return Refused(RefusalCode.UNKNOWN_GROUND, {"code": command.ground})
    grant = None if ticket.grant is None else ticket.grant.ground
    credit = day.rules.credit(ticket.clock_us, context.now_us, ticket.kind, grant)
    asking = guards.asking(day, window.number, context)
    choice = by_hand(day.lines, day.entry_of(ticket), asking, credit, command.ground)
    events: list[e.Event] = [_called(window, choice, command.announcement)]
    if at_desk:
        events.append(e.ServiceStarted(ticket.id, window.number))
    return events


def recall_ticket(day: HallDay, command: c.RecallTicket, context: Context) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.RecallTicket)
    if isinstance(found, Refused):
        return found
    window, ticket = found
    from_us = recall_from_us(ticket, day.rules, context.spoken_at_us.get(ticket.announcement or ""))
    if from_us is not None and context.now_us < from_us and not command.by_supervisor:
        return guards.not_yet(RefusalCode.NOT_YET, from_us, context)
    return [e.TicketRecalled(ticket.id, window.number, command.announcement)]


def undo_last_act(day: HallDay, command: c.UndoLastAct, context: Context) -> Decision:
    found = guards.ticket_at(day, command.window, command.ticket, c.UndoLastAct)
    if isinstance(found, Refused):
        return found
    window, ticket = found
    act, until_us = window.last_act, undo_until_us(window, day.rules)
    if act is None or until_us is None or act.before.id != ticket.id or context.now_us > until_us:
        return Refused(RefusalCode.NOTHING_TO_UNDO, {"window": window.number, "ticket": ticket.id})
    events: list[e.Event] = [e.ActUndone(act.act, act.seq, ticket.id, window.number)]
    if act.announcement is not None:
        events.append(e.AnnouncementWithdrawn(act.announcement))
    return events


def report_unconfirmed(day: HallDay, command: c.ReportUnconfirmed) -> Decision:
    call = day.announcements.get(command.announcement)
    if call is None:
        return Refused(RefusalCode.NOT_FOUND, {"announcement": command.announcement})
    return [] if call.unconfirmed else [e.AnnouncementUnconfirmed(call.id)]


def _called(window: Window, choice: Choice, announcement: str) -> e.TicketCalled:
    shift = window.shift or ""
    return e.TicketCalled(choice.ticket, window.number, shift, choice.reason, choice.overtaken, announcement)
