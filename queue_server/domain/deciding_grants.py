"""Deciding about priority: the hall's grounds, what was claimed, what was seen, what is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import guards
from queue_server.domain.refusals import RefusalCode, Refused

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay


def grant_priority(day: HallDay, command: c.GrantPriority, context: Context) -> Decision:
    """Also for one who is at a window already: that is where a claimed proof is seen."""
    ticket = guards.ticket_for(day, command.ticket, c.GrantPriority)
    if isinstance(ticket, Refused):
        return ticket
    if not day.rules.grants(command.ground):
        return Refused(RefusalCode.UNKNOWN_GROUND, {"code": command.ground})
    grant = ticket.grant
    if grant is not None and (grant.ground, grant.proof) == (command.ground, command.proof):
        return []
    return [e.PriorityGranted(ticket.id, command.ground, command.proof, context.actor)]


def withdraw_priority(day: HallDay, command: c.WithdrawPriority, context: Context) -> Decision:
    """The number stays; it counts from its own clock as an ordinary one."""
    ticket = guards.ticket_for(day, command.ticket, c.WithdrawPriority)
    if isinstance(ticket, Refused):
        return ticket
    return [] if ticket.grant is None else [e.PriorityWithdrawn(ticket.id, context.actor)]
