"""Deciding what becomes of a number that a kiosk gave out while the server was away (DESIGN 4.10).

Four cases: (1) key and number unknown: the paper's number and clock; (2) key known under another number: the paper
wins; (3) number known and one of the two was typed in by staff, who have no press: the same ticket; (4) one number
under two presses: both live, told apart by ``copy``. Never refused for reasons of state; a number of a day that is over
joins as expired and is listed. One of a day that is not open yet is no such number: its kiosk keeps it until then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.clock import join_clock_us, local_day
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import TicketState

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket


def join_ticket(day: HallDay, command: c.JoinTicket, context: Context) -> Decision:
    if day.business_day is None or _before_opening(day, command):
        return Refused(RefusalCode.NO_DAY)
    given = _given_for(day, context.key)
    if given is not None:
        return _paper_wins(day, given, command)
    same = _typed_in(day, command, context.actor)
    if same is not None:
        return [e.TicketJoined(same.id, 3, command.time_unsure, _paper_track(day, command))]
    return _new(day, command, context)


def _before_opening(day: HallDay, command: c.JoinTicket) -> bool:
    """The last day is closed and the paper is, or may be, of the next one: whoever came early waits for its opening."""
    if day.open:
        return False
    later = local_day(command.issued_at_us, day.rules.utc_offset_min) > (day.business_day or "")
    return later or command.time_unsure


def _given_for(day: HallDay, key: str | None) -> Ticket | None:
    """The ticket that the server gave for the same press before its answer was lost."""
    known = None if key is None else day.keys.get(key)
    return None if known is None or known.ticket is None else day.tickets[known.ticket]


def _paper_track(day: HallDay, command: c.JoinTicket) -> str | None:
    """The paper's code, unless it leads to a ticket already: its own, or one that it must not lead to."""
    return None if command.paper_track in day.by_track else command.paper_track


def _paper_wins(day: HallDay, given: Ticket, command: c.JoinTicket) -> Decision:
    if given.number == command.number:
        return []
    events: list[e.Event] = [e.NumberReplaced(given.id, given.number, command.number)]
    if given.state is TicketState.CALLED and given.announcement is not None:
        events.append(e.AnnouncementWithdrawn(given.announcement))
    return [*events, e.TicketJoined(given.id, 2, command.time_unsure, _paper_track(day, command))]


def _typed_in(day: HallDay, command: c.JoinTicket, actor: str) -> Ticket | None:
    """The same number of the same day's paper: yesterday's, handed in late, is another person's."""
    paper_day = _paper_day(day, command.issued_at_us, unsure=command.time_unsure)
    by_kiosk = actor.startswith("kiosk:")
    for holder in (day.tickets[ticket] for ticket in day.by_number.get(command.number, ())):
        typed = not by_kiosk or not holder.source.startswith("kiosk:")
        if typed and _paper_day(day, holder.issued_at_us, unsure=holder.time_unsure) == paper_day:
            return holder
    return None


def _paper_day(day: HallDay, issued_at_us: int, *, unsure: bool) -> str | None:
    """ISO date of a paper; one whose time nobody knows counts as of the day."""
    return day.business_day if unsure else local_day(issued_at_us, day.rules.utc_offset_min)


def _new(day: HallDay, command: c.JoinTicket, context: Context) -> Decision:
    copy = day.next_copy(command.number)
    issued_at_us = min(command.issued_at_us, context.now_us)
    issued = e.TicketIssued(
        ticket=command.ticket,
        number=command.number,
        kind=command.kind.value,
        clock_us=join_clock_us(command.issued_at_us, day.opened_at_us or 0, context.now_us),
        issued_at_us=issued_at_us,
        source=context.actor,
        track=_paper_track(day, command) or command.track,
        matters=command.matters,
        language=command.language,
        copy=copy,
    )
    events: list[e.Event] = [issued, e.TicketJoined(command.ticket, 4 if copy else 1, command.time_unsure)]
    if command.grant_ground is not None and day.rules.grants(command.grant_ground):
        proof = "claimed" if context.actor.startswith("kiosk:") else "seen"
        events.append(e.PriorityGranted(command.ticket, command.grant_ground, proof, context.actor))
    of_another_day = local_day(issued_at_us, day.rules.utc_offset_min) < (day.business_day or "")
    if not day.open or (of_another_day and not command.time_unsure):
        events.append(e.TicketExpired(command.ticket))
    return events
