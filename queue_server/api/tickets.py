"""Numbers given out, joined, looked up."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from queue_server import wire
from queue_server.api import past
from queue_server.api.asking import HallRequest, ask, parts_of, real_date
from queue_server.api.body import WireReply
from queue_server.api.issuing import give_number, slot_of
from queue_server.api.problems import ProblemError
from queue_server.domain.commands import IssueTicket, JoinTicket, VoidNumbers
from queue_server.domain.ticket import TicketKind
from queue_server.push.moments import us_of

CREATED, OK = 201, 200
Number = Annotated[str | None, QueryParameter(name="number", required=False, max_length=6, min_length=1)]
Day = Annotated[str | None, QueryParameter(name="day", required=False, pattern=r"^\d{4}-\d{2}-\d{2}$")]


@post("/tickets", summary="Take a number")
async def issue_ticket(request: HallRequest, data: JSONBody[wire.IssueRequest]) -> Response[wire.IssueReply]:
    parts = parts_of(request)
    person = await parts.people.present(data.person)
    command = IssueTicket(
        ticket=parts.chance.id("t"),
        track=parts.chance.track(),
        kind=TicketKind(data.kind),
        matters=data.matters,
        language=data.language,
        grant_ground=data.grant,
        person_ref=person.ref if person else None,
        forecast_min=parts.forecast_min(data),
    )
    reply, repeated = await give_number(request, data, command, person)
    return WireReply(reply, status_code=OK if repeated else CREATED)


@post("/tickets/join", summary="Join a number that a kiosk gave out without the server")
async def join_ticket(request: HallRequest, data: JSONBody[wire.JoinRequest]) -> Response[wire.TicketReply]:
    parts = parts_of(request)
    command = JoinTicket(
        ticket=parts.chance.id("t"),
        track=parts.chance.track(),
        number=data.number,
        issued_at_us=us_of(data.issued_at),
        time_unsure=data.time_unsure,
        kind=TicketKind(data.kind),
        matters=data.matters,
        language=data.language,
        grant_ground=data.grant,
        paper_track=data.track,
    )
    accepted = await ask(request, command, key=data.key)
    return WireReply(parts.pictures.acted(accepted), status_code=OK if accepted.repeated else CREATED)


@post("/tickets/void", status_code=OK, summary="Cancel what children pressed at one kiosk")
async def void_numbers(request: HallRequest, data: JSONBody[wire.VoidRequest]) -> wire.VoidReply:
    command = VoidNumbers(source=data.source, from_us=us_of(data.since), until_us=us_of(data.until))
    accepted = await ask(request, command, key=data.key)
    numbers = [parts_of(request).pictures.number_of(each.ticket) for each in accepted.events if hasattr(each, "ticket")]
    return wire.VoidReply(numbers=tuple(number for number in numbers if number), seq=accepted.seq)


@get("/tickets", summary="Tickets of a day by number")
async def list_tickets(request: HallRequest, number: Number = None, day: Day = None) -> wire.TicketsReply:
    if day is not None:
        real_date(day, "day")
    return await past.tickets_of_day(parts_of(request), day, number)


@get("/tickets/{ticket_id:str}", summary="One ticket")
async def get_ticket(request: HallRequest, ticket_id: FromPath[str]) -> wire.TicketReply:
    parts = parts_of(request)
    found = parts.pictures.ticket(ticket_id)
    caller = request.user
    if found is None or not (caller.is_staff or found.source == caller.actor):
        raise ProblemError("not_found")
    return parts.pictures.ticket_reply(found)


@get("/track/{code:str}", summary="What anybody with the slip's code may know")
async def track_ticket(request: HallRequest, code: FromPath[str]) -> wire.TrackReply:
    parts = parts_of(request)
    parts.tracking.count(code)
    found = parts.pictures.track(code)
    if found is None:
        parts.tracking.count_miss()
        raise ProblemError("not_found")
    booking = await slot_of(parts, parts.pictures.ticket(found.id))
    return found if booking is None else msgspec.structs.replace(found, booking=booking)


ROUTER = Router(
    "/",
    route_handlers=[issue_ticket, join_ticket, void_numbers, list_tickets, get_ticket, track_ticket],
    tags=["tickets"],
)
