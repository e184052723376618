"""From when and until when a clerk may do what: the same moments for the decision and for the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.rules import SECOND_US
from queue_server.domain.ticket import TicketState

if TYPE_CHECKING:
    from queue_server.domain.rules import Rules
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Window


def recall_from_us(ticket: Ticket, rules: Rules, spoken_at_us: int | None = None) -> int | None:
    """When a clerk may call this ticket again; None when not called. ``spoken_at_us``: of its last announcement."""
    if ticket.state is not TicketState.CALLED or ticket.last_call_us is None:
        return None
    return max(ticket.last_call_us, spoken_at_us or 0) + rules.recall_gap_s * SECOND_US


def miss_from_us(ticket: Ticket, rules: Rules, spoken_at_us: int | None = None) -> int | None:
    """When a clerk may miss this ticket; None when not called or not recalled often enough yet."""
    if ticket.recalls < rules.recalls_before_miss:
        return None
    return recall_from_us(ticket, rules, spoken_at_us)


def undo_until_us(window: Window, rules: Rules) -> int | None:
    """Last moment to take back the window's last act; None when there is nothing to take back."""
    act = window.last_act
    return None if act is None else act.at_us + rules.undo_s * SECOND_US


def next_from_us(ticket: Ticket, rules: Rules) -> int:
    """When a second call-next no longer looks like a double press; for a ticket called or serving."""
    return (ticket.called_at_us or 0) + rules.too_soon_s * SECOND_US
