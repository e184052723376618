"""Deciding about tickets in the queue: issue, cancel, rejoin, release, matters, transfer, paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import guards
from queue_server.domain.booking import Arrival
from queue_server.domain.clock import issue_clock_us, rejoin_clock_us
from queue_server.domain.deciding_bookings import TABLE as BOOKINGS
from queue_server.domain.deciding_bookings import checked_in, comes_when
from queue_server.domain.numbering import free_number
from queue_server.domain.quota import full_quota
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import MINUTE_US, department
from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.domain.window import WindowState

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay
    from queue_server.domain.ticket import Ticket

MATTERS_MAX = 10
"""Matters on one ticket."""


def issue_ticket(day: HallDay, command: c.IssueTicket, context: Context) -> Decision:
    if not day.open:
        return Refused(RefusalCode.NO_DAY)
    booking = checked_in(day, command, context)
    if isinstance(booking, Refused):
        return booking
    # A promise for a time stands whatever was given out without one.
    when = None if booking is None else comes_when(booking, day, context)
    promised = when is not None and when is not Arrival.LATE
    refused = _not_given(day, command, context, promised=promised)
    if refused is not None:
        return refused
    if command.ticket in day.tickets:
        return guards.wrong_state(day.tickets[command.ticket])
    kind = command.kind if booking is None else TicketKind.BOOKED if promised else TicketKind.GENERAL
    matters = command.matters or command.booking_matters
    letter = _letter(day, kind, matters)
    number = free_number(letter, day.serials.get(letter, 1), day.by_number)
    if number is None:
        return Refused(RefusalCode.LIMIT_REACHED, {"letter": letter})
    issued = e.TicketIssued(
        ticket=command.ticket,
        number=number,
        kind=str(kind),
        clock_us=issue_clock_us(context.now_us, booking.begins_us if booking and when is Arrival.EARLY else None),
        issued_at_us=context.now_us,
        source=context.actor,
        track=command.track,
        matters=matters,
        language=command.language,
        person_ref=command.person_ref,
        booking=None if booking is None else booking.id,
        forecast_min=command.forecast_min,
    )
    events: list[e.Event] = [issued]
    if command.grant_ground is not None:
        proof = "claimed" if context.actor.startswith("kiosk:") else "seen"
        events.append(e.PriorityGranted(command.ticket, command.grant_ground, proof, context.actor))
    if booking is not None:
        events.append(e.RecordChanged(BOOKINGS, booking.id, command.booking_version, command.booking_hash))
    return events


def _letter(day: HallDay, kind: TicketKind, matters: tuple[str, ...]) -> str:
    """A department's own is for the eye; the order looks at clocks."""
    own = None
    if matters and kind is TicketKind.GENERAL and day.rules.department_letters:
        own = day.letters.get(department(matters[0]))
    return own or day.letters[kind]


def _not_given(day: HallDay, command: c.IssueTicket, context: Context, *, promised: bool) -> Refused | None:
    if not (day.issuing or promised):
        return Refused(RefusalCode.ISSUING_STOPPED)
    ground = command.grant_ground
    if ground is not None and not day.rules.grants(ground):
        return Refused(RefusalCode.UNKNOWN_GROUND, {"code": ground})
    if promised or not day.rules.quotas or context.actor.startswith("clerk:"):
        return None
    quota = full_quota(day, command.matters, context.now_us)
    if quota is None:
        return None
    return Refused(RefusalCode.QUOTA_FULL, {"limit": quota.limit, "matter": quota.matter or None})


def cancel_ticket(day: HallDay, command: c.CancelTicket, context: Context) -> Decision:
    ticket = guards.ticket_for(day, command.ticket, c.CancelTicket)
    if isinstance(ticket, Refused):
        return ticket
    return [e.TicketCancelled(ticket.id, context.actor), *_withdrawn(ticket)]


def void_numbers(day: HallDay, command: c.VoidNumbers, context: Context) -> Decision:
    """All at once what children pressed: those of one source and time that still wait, each cancelled by its event."""
    if not day.open:
        return Refused(RefusalCode.NO_DAY)
    waiting = (day.tickets[entry.ticket] for entry in day.lines.in_order())
    return [
        e.TicketCancelled(ticket.id, context.actor)
        for ticket in waiting
        if ticket.source == command.source and command.from_us <= ticket.issued_at_us < command.until_us
    ]


def rejoin_ticket(day: HallDay, command: c.RejoinTicket) -> Decision:
    ticket = guards.ticket_for(day, command.ticket, c.RejoinTicket)
    if isinstance(ticket, Refused):
        return ticket
    rules = day.rules
    if ticket.rejoins >= rules.rejoins_a_day:
        return Refused(RefusalCode.LIMIT_REACHED, {"ticket": ticket.id, "times": rules.rejoins_a_day})
    clock_us = rejoin_clock_us(ticket.clock_us, day.line_clocks(ticket, rules.rejoin_after), rules.rejoin_after)
    return [e.TicketRejoined(ticket.id, clock_us, ticket.rejoins + 1)]


def release_ticket(day: HallDay, command: c.ReleaseTicket, context: Context) -> Decision:
    """A held ticket stays with its window for a while; a waiting one becomes free for every window."""
    ticket = guards.ticket_for(day, command.ticket, c.ReleaseTicket)
    if isinstance(ticket, Refused):
        return ticket
    if ticket.state is TicketState.HELD:
        until_us = context.now_us + day.rules.hold_bind_min * MINUTE_US
        return [e.TicketReleased(ticket.id, ticket.clock_us, ticket.window, until_us)]
    return [] if ticket.bound_window is None else [e.TicketReleased(ticket.id, ticket.clock_us)]


def change_matters(day: HallDay, command: c.ChangeMatters, context: Context) -> Decision:
    """Quotas bind all but staff: what a kiosk may not give with a number it may not add to one either."""
    ticket = guards.ticket_for(day, command.ticket, c.ChangeMatters)
    if isinstance(ticket, Refused):
        return ticket
    matters = tuple(dict.fromkeys((*ticket.matters, *command.matters))) if command.add else command.matters
    if len(matters) > MATTERS_MAX:
        return Refused(RefusalCode.LIMIT_REACHED, {"ticket": ticket.id, "times": MATTERS_MAX})
    if day.rules.quotas and not context.actor.startswith("clerk:"):
        added = tuple(matter for matter in matters if matter not in ticket.matters)
        quota = full_quota(day, added, context.now_us, added=True)
        if quota is not None:
            return Refused(RefusalCode.QUOTA_FULL, {"limit": quota.limit, "matter": quota.matter})
    return [] if ticket.matters == matters else [e.MattersChanged(ticket.id, matters)]


def reinstate_ticket(day: HallDay, command: c.ReinstateTicket, context: Context) -> Decision:
    ticket = guards.ticket_for(day, command.ticket, c.ReinstateTicket)
    if isinstance(ticket, Refused):
        return ticket
    return [e.TicketReinstated(ticket.id, context.actor)]


def transfer_ticket(day: HallDay, command: c.TransferTicket) -> Decision:
    ticket = _to_transfer(day, command)
    if isinstance(ticket, Refused):
        return ticket
    refused = _target(day, ticket, command)
    if refused is not None:
        return refused
    return [e.TicketTransferred(ticket.id, command.to, command.return_to), *_withdrawn(ticket)]


def report_slip(day: HallDay, command: c.ReportSlip) -> Decision:
    """In every state and also after closing: paper comes out when it comes out."""
    ticket = day.tickets.get(command.ticket)
    if ticket is None:
        return Refused(RefusalCode.NOT_FOUND, {"ticket": command.ticket})
    return [e.SlipReported(ticket.id, command.result, command.copy)]


def _to_transfer(day: HallDay, command: c.TransferTicket) -> Ticket | Refused:
    if command.window is not None:
        found = guards.ticket_at(day, command.window, command.ticket, c.TransferTicket)
        return found if isinstance(found, Refused) else found[1]
    ticket = guards.ticket_for(day, command.ticket, c.TransferTicket)
    if not isinstance(ticket, Refused) and ticket.window is not None:
        return guards.stale(day, day.windows[ticket.window])
    return ticket


def _target(day: HallDay, ticket: Ticket, command: c.TransferTicket) -> Refused | None:
    if command.return_to is not None and command.return_to not in day.windows:
        return Refused(RefusalCode.NOT_FOUND, {"window": command.return_to})
    place, _, name = command.to.partition(":")
    match place:
        case "window" if name.isdecimal():
            return _target_window(day, ticket, int(name))
        case "skill":
            able = any(name in config.able for config in day.configs.values())
            return None if able else Refused(RefusalCode.CANNOT_SERVE, {"skill": name})
        case "collection":
            return None
        case _:
            return Refused(RefusalCode.NOT_FOUND, {"to": command.to})


def _target_window(day: HallDay, ticket: Ticket, number: int) -> Refused | None:
    window = day.windows.get(number)
    if window is None:
        return Refused(RefusalCode.NOT_FOUND, {"window": number})
    if window.state is WindowState.CLOSED:
        return Refused(RefusalCode.WINDOW_NOT_OPEN, {"window": number, "state": window.state})
    if not day.needs_for(ticket.matters, None) <= day.configs[number].able:
        return Refused(RefusalCode.CANNOT_SERVE, {"ticket": ticket.id, "window": number})
    return None


def _withdrawn(ticket: Ticket) -> list[e.Event]:
    """Whoever was called and need not come any more is not to be called on."""
    if ticket.state is not TicketState.CALLED or ticket.announcement is None:
        return []
    return [e.AnnouncementWithdrawn(ticket.announcement)]
