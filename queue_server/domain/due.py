"""What is due by itself in a hall: recalls, misses and calls that nobody pressed, where the hall's settings want that.

Whether it may be done is decided by ``decide`` like any press; here is only when to ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from queue_server.domain import commands as c
from queue_server.domain.limits import miss_from_us, recall_from_us
from queue_server.domain.rules import SECOND_US
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import WindowState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from queue_server.domain.calendar import DayPlan
    from queue_server.domain.day_view import DayView
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import Window


class Due(NamedTuple):
    """A command to hand in. ``name`` is the same as long as it is the same occasion."""

    name: str
    command: c.Command


def due_at_windows(
    day: DayView,
    now_us: int,
    *,
    spoken: Callable[[str], int | None],
    free: frozenset[int],
    new_id: Callable[[str], str],
) -> Iterator[Due]:
    """``spoken``: when a ticket's last announcement was said. ``free``: windows that nobody was at for long enough."""
    for window in day.windows.values():
        ticket = day.tickets[window.ticket] if window.ticket else None
        if ticket is not None and ticket.state is TicketState.CALLED:
            yield from _of_called(day, ticket, window.number, now_us, spoken(ticket.id), new_id)
        elif ticket is None and window.number in free and _has_work(day, window, now_us):
            command = c.CallNext(window=window.number, announcement=new_id("n"))
            yield Due(f"call:{window.number}:{day.seq}", command)


def _has_work(day: DayView, window: Window, now_us: int) -> bool:
    return window.state is WindowState.OPEN and day.next_choice(window.number, now_us) is not None


def _of_called(
    day: DayView, ticket: Ticket, window: int, now_us: int, spoken_us: int | None, new_id: Callable[[str], str]
) -> Iterator[Due]:
    rules = day.rules
    last_us = max(ticket.last_call_us or 0, spoken_us or 0)
    if ticket.recalls < rules.recalls_before_miss:
        from_us = recall_from_us(ticket, rules, spoken_us)
        if (
            rules.auto_recall_s
            and from_us is not None
            and now_us >= max(from_us, last_us + rules.auto_recall_s * SECOND_US)
        ):
            command = c.RecallTicket(window=window, ticket=ticket.id, announcement=new_id("n"))
            yield Due(f"recall:{ticket.call}:{ticket.recalls}", command)
        return
    from_us = miss_from_us(ticket, rules, spoken_us)
    if rules.auto_miss_s and from_us is not None and now_us >= max(from_us, last_us + rules.auto_miss_s * SECOND_US):
        yield Due(f"miss:{ticket.call}:{ticket.recalls}", c.MissTicket(window=window, ticket=ticket.id))


def due_of_day(
    day: DayView | None, today: DayPlan, opened: DayPlan | None, now_us: int, *, opens: bool, stops: bool
) -> str | None:
    """``open`` today, ``close`` the earlier day that was left open first, ``stop`` giving numbers, or None.

    ``opened`` is the plan of the day that is open. A day that was open today already is not opened again, and a stop
    that was taken back stays taken back.
    """
    if opens and today.issue_from_us is not None and today.stop_us is not None:
        earlier = day is None or (day.business_day or "") < today.day.isoformat()
        if earlier and today.issue_from_us <= now_us < today.stop_us:
            return "close" if day is not None and day.open else "open"
    if not stops or day is None or not (day.open and day.issuing) or opened is None or opened.stop_us is None:
        return None
    return "stop" if now_us >= opened.stop_us > (day.issuing_since_us or 0) else None
