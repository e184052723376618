"""DESIGN 4.7 said a second time, as plainly as it can be: over all tickets, without lines, heads or indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain.rules import INTEGRATED, MINUTE_US
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import WindowState

if TYPE_CHECKING:
    from queue_server.domain.day_view import DayView
    from queue_server.domain.ticket import Ticket


class Expected(NamedTuple):
    ticket: str
    promise: str | None
    overtaken: frozenset[str]


def needs(day: DayView, ticket: Ticket) -> set[str]:
    """All skills its matters ask for; else the first one's; else none, for nobody may wait for ever."""
    asked = [day.rules.matter_skills.get(matter, INTEGRATED) for matter in ticket.matters] or [INTEGRATED]
    asked = [ticket.skill] if ticket.skill else asked
    able = [set(config.able) for config in day.configs.values()]
    return next((wanted for wanted in (set(asked), {asked[0]}) if any(wanted <= each for each in able)), set())


def bound_to(day: DayView, ticket: Ticket, now_us: int) -> int | None:
    """The one window that may call it now; None: every window that is able."""
    number = ticket.bound_window
    if number is None or number not in day.configs or not needs(day, ticket) <= day.configs[number].able:
        return None
    window = day.windows[number]
    paused_us = now_us - window.since_us if window.state is WindowState.PAUSED else -1
    over = ticket.bound_until_us is not None and ticket.bound_until_us <= now_us
    away = window.state is WindowState.CLOSED or paused_us >= day.rules.pause_bind_min * MINUTE_US
    return None if over or away else number


def for_window(day: DayView, window: int, now_us: int) -> list[Ticket]:
    """All who wait and whom this window may call."""
    return [
        ticket
        for ticket in day.tickets.values()
        if ticket.state is TicketState.WAITING
        and needs(day, ticket) <= day.configs[window].able
        and bound_to(day, ticket, now_us) in {None, window}
    ]


def overtaken_by(day: DayView, called: str, window: int, now_us: int) -> frozenset[str]:
    clock_us = day.tickets[called].clock_us
    return frozenset(t.id for t in for_window(day, window, now_us) if t.clock_us < clock_us and t.id != called)


def expected(day: DayView, window: int, now_us: int, granted_in_row: int) -> Expected | None:
    """Whom ``call-next`` has to call, and by which promise; None when nobody waits for this window."""
    mine = for_window(day, window, now_us)
    if not mine:
        return None
    limited = [ticket for ticket in mine if ticket.overtaken >= day.rules.max_overtaken]
    ordinary = [ticket for ticket in mine if ticket.grant is None]
    by_credit = _best(day, mine, window, now_us)
    promise: str | None = "overtaken"
    if limited:
        best = min(limited, key=_place)
    elif granted_in_row >= day.rules.max_granted_in_row and ordinary:
        best = _best(day, ordinary, window, now_us)
        promise = "ordinary_turn" if by_credit.grant is not None else _bound(day, best, now_us)
    else:
        best, promise = by_credit, _bound(day, by_credit, now_us)
    return Expected(best.id, promise, overtaken_by(day, best.id, window, now_us))


def _best(day: DayView, pool: list[Ticket], window: int, now_us: int) -> Ticket:
    """Who is bound here first, then the most credit, then the earlier place."""
    here = [ticket for ticket in pool if bound_to(day, ticket, now_us) == window] or pool
    return min(here, key=lambda ticket: (-_credit(day, ticket, now_us), _place(ticket)))


def _credit(day: DayView, ticket: Ticket, now_us: int) -> int:
    ground = ticket.grant.ground if ticket.grant is not None else None
    rules, waited_us = day.rules, now_us - ticket.clock_us
    return waited_us * rules.weight(ticket.kind, ground) // MINUTE_US + rules.head_start(ticket.kind, ground)


def _bound(day: DayView, ticket: Ticket, now_us: int) -> str | None:
    return "bound" if bound_to(day, ticket, now_us) is not None else None


def _place(ticket: Ticket) -> tuple[int, str, int, int]:
    return ticket.clock_us, ticket.number[0], int(ticket.number[1:]), ticket.copy
