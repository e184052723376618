"""Why a call took one ticket and not another: asked of the day as it was just before the call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.choosing import BY_BOUND, BY_HAND, BY_ORDINARY_TURN, BY_OVERTAKEN
from queue_server.domain.rules import MINUTE_US
from queue_server.domain.ticket import TicketState

if TYPE_CHECKING:
    from queue_server.domain.events import TicketCalled
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket


class WhyNot(NamedTuple):
    """A code of the table below, the ticket's credit then (thousandths of a minute), and what the sentence needs."""

    code: str
    credit: int | None
    facts: dict[str, str | int | None]


def why_not(day: HallDay, call: TicketCalled, at_us: int, ticket_id: str) -> WhyNot:
    """``day`` has not seen the call yet. The first of these that is true, in this order:

    ``the_one`` it was this very ticket · ``not_there`` it was not given out yet · ``state`` it did not wait ·
    ``bound`` it was kept for another window · ``cannot_serve`` the window does not do its matter · ``by_hand`` the
    window picked · ``overtaken``, ``ordinary_turn``, ``bound_first`` a promise decided · ``tie`` as much credit and an
    earlier clock · ``credit`` less credit.
    """
    ticket = day.tickets.get(ticket_id)
    if ticket_id == call.ticket:
        return WhyNot("the_one", call.reason.credit, {})
    if ticket is None:
        return WhyNot("not_there", None, {})
    if ticket.state is not TicketState.WAITING:
        return WhyNot("state", None, {"state": ticket.state.value, "window": ticket.window})
    key = day.lines.slots[ticket_id].key
    bound_here = key.bound in {None, call.window} or key.bound in day.away(at_us) or _over(ticket, at_us)
    if not bound_here:
        return WhyNot("bound", None, {"window": key.bound})
    if not key.needs <= day.configs[call.window].able:
        return WhyNot("cannot_serve", None, {"window": call.window})
    credit = day.rules.credit(ticket.clock_us, at_us, key.kind, key.ground)
    return _less(day, call, credit)


def _over(ticket: Ticket, at_us: int) -> bool:
    return ticket.bound_until_us is not None and ticket.bound_until_us <= at_us


def _less(day: HallDay, call: TicketCalled, credit: int) -> WhyNot:
    called, reason = day.tickets[call.ticket], call.reason
    facts: dict[str, str | int | None] = {"called": called.number, "ground": reason.ground}
    if reason.promise == BY_HAND:
        return WhyNot("by_hand", credit, facts)
    if reason.promise == BY_OVERTAKEN:
        return WhyNot("overtaken", credit, {**facts, "times": called.overtaken})
    if reason.promise == BY_ORDINARY_TURN and credit > reason.credit:
        return WhyNot("ordinary_turn", credit, {**facts, "times": day.rules.max_granted_in_row})
    if reason.promise == BY_BOUND and credit > reason.credit:
        return WhyNot("bound_first", credit, {**facts, "window": call.window})
    if credit >= reason.credit:
        return WhyNot("tie", credit, facts)
    lead_us = (reason.credit - credit) * MINUTE_US // 1000
    return WhyNot("credit", credit, {**facts, "lead_min": max(1, round(lead_us / MINUTE_US))})
