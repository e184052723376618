"""Questions every decision asks first. Each gives what was asked for, or the refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.choosing import Asking
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import SECOND_US
from queue_server.domain.transitions import allowed
from queue_server.domain.window import WindowState

if TYPE_CHECKING:
    from queue_server.domain.context import Context
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Window


def known_window(day: HallDay, number: int) -> Window | Refused:
    if not day.open:
        return Refused(RefusalCode.NO_DAY)
    window = day.windows.get(number)
    return Refused(RefusalCode.NOT_FOUND, {"window": number}) if window is None else window


def signed_on(day: HallDay, number: int) -> Window | Refused:
    """A window with a shift."""
    window = known_window(day, number)
    if isinstance(window, Refused) or window.shift is not None:
        return window
    return Refused(RefusalCode.NOT_SIGNED_ON, {"window": number})


def calling(day: HallDay, number: int) -> Window | Refused:
    """A window with a shift that is open for calling."""
    window = signed_on(day, number)
    if isinstance(window, Refused) or window.state is WindowState.OPEN:
        return window
    return Refused(RefusalCode.WINDOW_NOT_OPEN, {"window": number, "state": window.state, "ground": window.ground})


def ticket_for(day: HallDay, ticket_id: str, command: type) -> Ticket | Refused:
    """A ticket of the open day on which the table allows this command."""
    if not day.open:
        return Refused(RefusalCode.NO_DAY)
    ticket = day.tickets.get(ticket_id)
    if ticket is None:
        return Refused(RefusalCode.NOT_FOUND, {"ticket": ticket_id})
    return ticket if allowed(ticket.state, command) else wrong_state(ticket)


def ticket_at(day: HallDay, number: int, ticket_id: str, command: type) -> tuple[Window, Ticket] | Refused:
    """The ticket a clerk believes to have at the window (there, held there, or just missed there).

    Another one there now is ``STALE`` before all else: the page that asked shows an old state.
    """
    window = signed_on(day, number)
    if isinstance(window, Refused):
        return window
    if ticket_id not in day.tickets:
        return Refused(RefusalCode.NOT_FOUND, {"ticket": ticket_id})
    if window.ticket not in {None, ticket_id} and ticket_id not in window.held:
        return stale(day, window)
    ticket = ticket_for(day, ticket_id, command)
    if isinstance(ticket, Refused):
        return ticket
    if ticket.window not in {None, number}:
        return stale(day, window)
    return window, ticket


def wrong_state(ticket: Ticket) -> Refused:
    facts: dict[str, str | int | None] = {"ticket": ticket.id, "number": ticket.number, "state": ticket.state}
    return Refused(RefusalCode.WRONG_STATE, facts)


def stale(day: HallDay, window: Window) -> Refused:
    """Names what is at the window now."""
    return Refused(RefusalCode.STALE, _present(day, window))


def busy(day: HallDay, window: Window) -> Refused:
    """The window must be free for this and is not."""
    return Refused(RefusalCode.STILL_BUSY, _present(day, window))


def not_yet(code: RefusalCode, from_us: int, context: Context) -> Refused:
    """``wait_s``: whole seconds until it will be allowed, rounded up."""
    return Refused(code, {"wait_s": -((context.now_us - from_us) // SECOND_US)})


def asking(day: HallDay, number: int, context: Context) -> Asking:
    return Asking(day.configs[number], context.now_us, day.granted_in_row, day.away(context.now_us))


def _present(day: HallDay, window: Window) -> dict[str, str | int | None]:
    ticket = None if window.ticket is None else day.tickets[window.ticket]
    return {
        "window": window.number,
        "ticket": None if ticket is None else ticket.id,
        "number": None if ticket is None else ticket.number,
        "state": None if ticket is None else ticket.state,
    }
