"""Folding calls, their announcements, and what is taken back. Called by ``HallDay.apply`` alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from queue_server.domain import events as e
from queue_server.domain.choosing import BY_HAND
from queue_server.domain.fold_windows import last_act
from queue_server.domain.ticket import AT_A_WINDOW, TicketState
from queue_server.domain.window import Announcement

if TYPE_CHECKING:
    from queue_server.domain.day_view import RowHeader
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket
    from queue_server.domain.window import LastAct

CallEvent = (
    e.TicketCalled | e.TicketRecalled | e.AnnouncementWithdrawn | e.AnnouncementUnconfirmed | e.ActUndone
)  # fmt: skip

RUN_KEPT = 64
"""Calls remembered to count granted ones in a row: more than all windows can make within the time of an undo."""


def fold_call(day: HallDay, header: RowHeader, event: CallEvent) -> None:
    match event:
        case e.TicketCalled():
            _call(day, header, event)
        case e.TicketRecalled():
            _recall(day, header, event)
        case e.AnnouncementWithdrawn():
            call = day.announcements[event.announcement]
            day.announcements[call.id] = replace(call, withdrawn=True)
        case e.AnnouncementUnconfirmed():
            call = day.announcements[event.announcement]
            day.announcements[call.id] = replace(call, unconfirmed=True)
        case e.ActUndone():
            _undo(day, header, event)
        case _:
            assert_never(event)


def _call(day: HallDay, header: RowHeader, event: e.TicketCalled) -> None:
    ticket, window = day.tickets[event.ticket], day.windows[event.window]
    act = last_act(day, header, event, ticket, event.window)
    act = replace(act, announcement=event.announcement, overtaken=tuple(event.overtaken))
    called = ticket._replace(
        state=TicketState.CALLED,
        window=event.window,
        shift=event.shift,
        bound_window=None,
        bound_until_us=None,
        called_at_us=header.at_us,
        recalls=0,
        last_call_us=header.at_us,
        missed_at_us=None,
        announcement=event.announcement,
        call=event.announcement,
        last_window=event.window,
    )
    day.put_ticket(called)
    by_hand = window.by_hand_count + (event.reason.promise == BY_HAND)
    calls = window.called_count + 1
    day.put_window(window, ticket=ticket.id, last_act=act, please_wait=None, called_count=calls, by_hand_count=by_hand)
    _announce(day, header, called, event)
    _overtake(day, event.overtaken, +1)
    day.run.append((event.announcement, ticket.grant is not None))
    del day.run[:-RUN_KEPT]


def _recall(day: HallDay, header: RowHeader, event: e.TicketRecalled) -> None:
    ticket = day.tickets[event.ticket]
    recalls = ticket.recalls + 1
    recalled = ticket._replace(recalls=recalls, last_call_us=header.at_us, announcement=event.announcement)
    day.put_ticket(recalled)
    _announce(day, header, recalled, None)


def _announce(day: HallDay, header: RowHeader, ticket: Ticket, call: e.TicketCalled | None) -> None:
    name = ticket.announcement or ""
    day.announcements[name] = Announcement(
        id=name,
        ticket=ticket.id,
        number=ticket.number,
        window=ticket.window or 0,
        at_us=header.at_us,
        repeat=ticket.recalls,
        reason=None if call is None else call.reason,
        overtaken=() if call is None else tuple(call.overtaken),
    )


def _overtake(day: HallDay, overtaken: tuple[str, ...], by: int) -> None:
    for name in overtaken:
        ticket = day.tickets[name]
        day.put_overtaken(ticket._replace(overtaken=ticket.overtaken + by))


def _undo(day: HallDay, header: RowHeader, event: e.ActUndone) -> None:
    """Ticket and window as before the act; what the kiosk said of the paper meanwhile stays said."""
    window, ticket = day.windows[event.window], day.tickets[event.ticket]
    act = window.last_act
    if act is None:
        raise UndoWithoutAct(event.undone_seq)
    before = act.before._replace(printed=ticket.printed, copies=ticket.copies)
    day.put_ticket(before)
    there = before.id if before.state in AT_A_WINDOW else None
    day.put_window(window, ticket=there, last_act=None)
    _uncount(day, header, event, act)


def _uncount(day: HallDay, header: RowHeader, event: e.ActUndone, act: LastAct) -> None:
    window = day.windows[event.window]
    match event.act:
        case e.TicketCalled.__name__:
            call = day.announcements[act.announcement or ""]
            by_hand = call.reason is not None and call.reason.promise == BY_HAND
            day.put_window(
                window,
                called_count=window.called_count - 1,
                by_hand_count=window.by_hand_count - by_hand,
                please_wait=(act.before.number, header.at_us) if act.before.state is TicketState.WAITING else None,
            )
            _overtake(day, act.overtaken, -1)
            day.run[:] = [(name, granted) for name, granted in day.run if name != act.announcement]
        case e.TicketMissed.__name__:
            day.put_window(window, missed_count=window.missed_count - 1)
        case _:
            pass


class UndoWithoutAct(Exception):
    """A journal row takes back an act that its window did not do: the rows are not one hall's, or not in order."""

    def __init__(self, undone_seq: int) -> None:
        super().__init__(undone_seq)
        self.undone_seq = undone_seq

    def __str__(self) -> str:
        return f"row {self.undone_seq} is not its window's last act"
