"""Acts on one ticket that are not acts at a window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from litestar import Router, post
from litestar.params import FromPath, JSONBody

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of
from queue_server.api.issuing import slot_of
from queue_server.api.problems import ProblemError
from queue_server.api.windows import allow_at
from queue_server.domain.commands import (
    CancelTicket,
    ChangeMatters,
    GrantPriority,
    ReinstateTicket,
    RejoinTicket,
    ReleaseTicket,
    ReopenTicket,
    ReportSlip,
    WithdrawPriority,
)

if TYPE_CHECKING:
    from queue_server.domain.commands import Command

STATUS = 200


async def _act(request: HallRequest, command: Command, key: str) -> wire.TicketReply:
    accepted = await ask(request, command, key=key)
    return parts_of(request).pictures.acted(accepted)


def _holder_or_staff(request: HallRequest, ticket_id: str, track: str | None) -> None:
    """Staff may, and the kiosk that gave it out; anybody else must know the slip's code.

    Says 404, not 403: ids must not be probed.
    """
    caller = request.user
    if caller.is_staff:
        return
    found = parts_of(request).pictures.ticket(ticket_id)
    if found is None or not (found.source == caller.actor or found.track == track):
        parts_of(request).tracking.count_miss()
        raise ProblemError("not_found")


@post("/cancel", status_code=STATUS, summary="Give the number back: by staff, or whoever holds the slip's code")
async def cancel_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.TicketAct]
) -> wire.TicketReply:
    _holder_or_staff(request, ticket_id, data.track)
    return await _act(request, CancelTicket(ticket=ticket_id), data.key)


@post("/rejoin", status_code=STATUS, summary="Queue a missed number again, behind the next of its line")
async def rejoin_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.TicketAct]
) -> wire.TicketReply:
    _holder_or_staff(request, ticket_id, data.track)
    return await _act(request, RejoinTicket(ticket=ticket_id), data.key)


@post("/release", status_code=STATUS, summary="Send a held number back to wait, bound to its window for a while")
async def release_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.TicketAct]
) -> wire.TicketReply:
    return await _act(request, ReleaseTicket(ticket=ticket_id), data.key)


@post("/priority", status_code=STATUS, summary="Let a number go first, by a ground on the hall's list")
async def grant_priority(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.PriorityRequest]
) -> wire.TicketReply:
    """Give it, say that the proof was seen, or take it back (``ground`` null)."""
    if data.ground is None:
        return await _act(request, WithdrawPriority(ticket=ticket_id), data.key)
    return await _act(request, GrantPriority(ticket=ticket_id, ground=data.ground, proof=data.proof), data.key)


@post("/matters", status_code=STATUS, summary="Say what this number is for")
async def change_matters(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.MattersRequest]
) -> wire.TicketReply:
    _holder_or_staff(request, ticket_id, data.track)
    add = data.add or not request.user.is_staff
    return await _act(request, ChangeMatters(ticket=ticket_id, matters=data.matters, add=add), data.key)


@post("/reinstate", status_code=STATUS, summary="Take back that a number was cancelled or expired")
async def reinstate_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.TicketAct]
) -> wire.TicketReply:
    return await _act(request, ReinstateTicket(ticket=ticket_id), data.key)


@post("/reopen", status_code=STATUS, summary="Serve a finished number again at its window")
async def reopen_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.ReopenRequest]
) -> wire.TicketReply:
    allow_at(request, data.window)
    by_supervisor = request.user.is_supervisor
    command = ReopenTicket(ticket=ticket_id, window=data.window, by_supervisor=by_supervisor)
    return await _act(request, command, data.key)


@post("/printed", status_code=STATUS, summary="Say what became of the slip")
async def report_printed(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.PrintedRequest]
) -> wire.TicketReply:
    """By the kiosk that gave the number out, or staff: nobody else saw the paper."""
    _holder_or_staff(request, ticket_id, None)
    return await _act(request, ReportSlip(ticket=ticket_id, result=data.result, copy=data.copy), data.key)


@post("/reprint", status_code=STATUS, summary="Ask what a second slip has to say")
async def reprint_ticket(
    request: HallRequest, ticket_id: FromPath[str], data: JSONBody[wire.ReprintRequest]
) -> wire.TicketReply:
    """Says what to print: the ticket as it is now and the running number of the copy. Changes nothing yet."""
    _holder_or_staff(request, ticket_id, data.track)
    pictures = parts_of(request).pictures
    found = pictures.ticket(ticket_id)
    if found is None:
        raise ProblemError("not_found")
    reply = pictures.ticket_reply(found, copy=found.copies + 1)
    return msgspec.structs.replace(reply, booking=await slot_of(parts_of(request), found))


ROUTER = Router(
    "/tickets/{ticket_id:str}",
    route_handlers=[
        cancel_ticket,
        rejoin_ticket,
        release_ticket,
        grant_priority,
        change_matters,
        reinstate_ticket,
        reopen_ticket,
        report_printed,
        reprint_ticket,
    ],
    tags=["tickets"],
)
