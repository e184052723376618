"""A number given out: with a booking when its holder comes with code or card, else an ordinary one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of, refused_here, submit
from queue_server.api.bookings import TRIES, by_code
from queue_server.api.problems import ProblemError
from queue_server.domain.booking import Arrival
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import OVER
from queue_server.wire.bookings import BookedSlot

if TYPE_CHECKING:
    from queue_server.api.parts import Parts
    from queue_server.api.people import Present
    from queue_server.domain.commands import IssueTicket
    from queue_server.domain.ticket import Ticket
    from queue_server.service.bookings import Row
    from queue_server.service.view import Accepted


class Meant(NamedTuple):
    """The booking that somebody comes for. ``found`` by the card, unasked: then it is no reason to refuse."""

    row: Row
    found: bool


async def give_number(
    request: HallRequest, data: wire.IssueRequest, command: IssueTicket, person: Present | None
) -> tuple[wire.IssueReply, bool]:
    """The answer, and whether it was given before. Raises ProblemError."""
    parts, rows = parts_of(request), person.rows if person else ()
    already = person.already if person else None
    meant = await _meant(request, data)
    for _ in range(TRIES):
        if meant is None:
            break
        using, more = parts.bookings.check_in(meant.row, command, found=meant.found)
        using = replace(using, forecast_min=_forecast_min(parts, data, meant.row))
        outcome = await submit(parts, using, key=data.key, actor=request.user.actor, rows=(*rows, *more))
        if not isinstance(outcome, Refused):
            return await _given(parts, outcome, already), outcome.repeated
        held = _held_by(parts, outcome)
        if held is not None and not meant.found:
            return parts.pictures.held(held, booking=await slot_of(parts, held)), True
        meant = await _again(parts, meant, outcome)
    if meant is not None:
        raise ProblemError(RefusalCode.BOOKING_CHANGED.value)
    accepted = await ask(request, command, key=data.key, rows=rows)
    return await _given(parts, accepted, already), accepted.repeated


def _forecast_min(parts: Parts, data: wire.IssueRequest, row: Row) -> tuple[int, int] | None:
    """None for who is early: the slot is the promise."""
    match parts.bookings.arrival(row):
        case Arrival.ON_TIME:
            return parts.shown.new("booked", data.grant, data.matters)
        case Arrival.LATE:
            return parts.shown.new("general", data.grant, data.matters)
        case _:
            return None


async def _meant(request: HallRequest, data: wire.IssueRequest) -> Meant | None:
    """Raises ProblemError ``booking_unknown`` for who asks for a booked number without a booking."""
    if data.booking is not None:
        return Meant(await by_code(request, data.booking), found=False)
    if data.kind == "collection" or (data.person is None and data.kind != "booked"):
        return None
    desk, person = parts_of(request).bookings, data.person
    row = await asyncio.to_thread(desk.of_card, person.id_number) if person is not None else None
    if data.kind == "booked":
        if row is None:
            raise ProblemError(RefusalCode.BOOKING_UNKNOWN.value)
        return Meant(row, found=False)
    return Meant(row, found=True) if row is not None and desk.honoured_now(row) else None


async def _again(parts: Parts, meant: Meant, refusal: Refused) -> Meant | None:
    """After a refusal: the booking as it is now, or None for an ordinary number. Raises ProblemError."""
    if meant.found:
        return None
    if refusal.code is RefusalCode.BOOKING_CHANGED:
        row = await asyncio.to_thread(parts.bookings.by_id, meant.row["id"])
        if row is not None:
            return Meant(row, found=False)
    raise refused_here(parts, refusal, None)


def _held_by(parts: Parts, refusal: Refused) -> Ticket | None:
    """Checked in before: the number is offered again, as to somebody whose card has one."""
    if refusal.code is not RefusalCode.BOOKING_CAME:
        return None
    held = parts.pictures.ticket(str(refusal.facts.get("ticket")))
    return held if held is not None and held.state not in OVER else None


async def _given(parts: Parts, accepted: Accepted, already: Ticket | None) -> wire.IssueReply:
    ticket = parts.pictures.ticket(accepted.ticket_id or "")
    if ticket is None:
        raise ProblemError("not_found")  # the first outcome was another day's
    return parts.pictures.issued(accepted, already, booking=await slot_of(parts, ticket))


async def slot_of(parts: Parts, ticket: Ticket | None) -> BookedSlot | None:
    """Of the booking that a number was given for, as it stands now."""
    if ticket is None:
        return None
    row = await asyncio.to_thread(parts.bookings.by_id, ticket.booking) if ticket.booking else None
    if row is None:
        return None
    desk, day = parts.bookings, parts.pictures.day
    return BookedSlot(
        day=row["business_day"],
        begins=desk.clock(row["begins_us"]),
        ends=desk.clock(row["ends_us"]),
        late=ticket.kind != "booked",
        early=ticket.kind == "booked" and row["begins_us"] > parts.wall_clock_us(),
        ahead=day.booked_ahead_of(ticket.id, row["begins_us"]) if day is not None else None,
        matter=next(iter(ticket.matters), ""),
    )
