"""Acts at a window: each carries the ticket believed to be there and answers with the window as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from litestar import Router, post
from litestar.params import JSONBody, PathParameter

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of
from queue_server.api.problems import ProblemError
from queue_server.domain import commands as c
from queue_server.domain.ticket import Outcome, TicketState

if TYPE_CHECKING:
    from queue_server.domain.commands import Command

OK = 200
MINUTE_US = 60_000_000
Number = Annotated[int, PathParameter(ge=1, le=99)]


async def _act(request: HallRequest, window: int, key: str, command: Command) -> wire.WindowReply:
    """Checks that the caller is the one at this window, then has ``command`` decided."""
    allow_at(request, window)
    accepted = await ask(request, command, key=key, window=window)
    return parts_of(request).pictures.window_reply(window, accepted)


def allow_at(request: HallRequest, window: int) -> None:
    """Raises 404 for a window the hall has not, 403 for a pad of another one, 409 for a clerk whose shift it is not."""
    pictures, caller = parts_of(request).pictures, request.user
    if not pictures.has_window(window):
        raise ProblemError("not_found")
    if caller.device is not None and caller.device.window != window:
        raise ProblemError("forbidden")
    clerk = pictures.clerk_at(window)
    if caller.account is not None and not caller.is_supervisor and clerk != caller.account.id:
        raise ProblemError("not_signed_on" if clerk is None else "shift_taken", window=pictures.window(window))


def _ticket(data: wire.WindowAct) -> str:
    """The ticket that this act must carry."""
    if data.ticket is None:
        raise ProblemError("bad_request", field_path="ticket", detail="this act carries the ticket at the window")
    return data.ticket


def _ground(data: wire.WindowAct) -> str:
    if data.ground is None:
        raise ProblemError("ground_needed")
    return data.ground


@post("/open", status_code=OK, summary="Open the window: it may call")
async def open_window(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.OpenWindow(window=window))


@post("/pause", status_code=OK, summary="Pause the window, with the ground that people read")
async def pause_window(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.PauseWindow(window=window, ground=_ground(data)))


@post("/close", status_code=OK, summary="Close the window")
async def close_window(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.CloseWindow(window=window))


@post("/call-next", status_code=OK, summary="Call who is next; finishes the one who is served")
async def call_next(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    command = c.CallNext(
        window=window,
        announcement=parts_of(request).chance.id("n"),
        ticket=data.ticket,
        by_supervisor=request.user.is_supervisor,
    )
    return await _act(request, window, data.key, command)


@post("/call", status_code=OK, summary="Call this very number: out of order with a ground, a missed one at the desk")
async def call_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    command = c.CallTicket(
        window=window,
        ticket=_ticket(data),
        announcement=parts_of(request).chance.id("n"),
        ground=data.ground,
        by_supervisor=request.user.is_supervisor,
    )
    return await _act(request, window, data.key, command)


@post("/recall", status_code=OK, summary="Call the same number once more")
async def recall_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    command = c.RecallTicket(
        window=window,
        ticket=_ticket(data),
        announcement=parts_of(request).chance.id("n"),
        by_supervisor=request.user.is_supervisor,
    )
    return await _act(request, window, data.key, command)


@post("/start", status_code=OK, summary="The person is here: begin")
async def start_service(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.StartService(window=window, ticket=_ticket(data)))


@post("/finish", status_code=OK, summary="The person leaves: done, left or could not")
async def finish_service(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    command = c.FinishService(window=window, ticket=_ticket(data), outcome=Outcome(data.outcome))
    return await _act(request, window, data.key, command)


@post("/miss", status_code=OK, summary="Nobody came: put the number aside")
async def miss_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    command = c.MissTicket(
        window=window,
        ticket=_ticket(data),
        ground=data.ground,
        by_supervisor=request.user.is_supervisor,
    )
    return await _act(request, window, data.key, command)


@post("/hold", status_code=OK, summary="Let the one who is served fetch something and come back")
async def hold_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    minutes, now_us = data.remind_min, parts_of(request).hall_time_us()
    remind_at_us = now_us + minutes * MINUTE_US if minutes else None
    return await _act(
        request, window, data.key, c.HoldTicket(window=window, ticket=_ticket(data), remind_at_us=remind_at_us)
    )


@post("/resume", status_code=OK, summary="Go on with a held number")
async def resume_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.ResumeTicket(window=window, ticket=_ticket(data)))


@post("/transfer", status_code=OK, summary="Send the number to another window, to a skill or to collection")
async def transfer_ticket(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    if data.to is None:
        raise ProblemError("bad_request", field_path="to", detail="a transfer says where to")
    found = parts_of(request).pictures.ticket(_ticket(data))
    waits = found is not None and found.state is TicketState.WAITING  # in the queue, at nobody's window
    command = c.TransferTicket(
        ticket=_ticket(data), to=data.to, window=None if waits else window, return_to=data.return_to
    )
    return await _act(request, window, data.key, command)


@post("/undo", status_code=OK, summary="Take back the window's last act")
async def undo_act(request: HallRequest, window: Number, data: JSONBody[wire.WindowAct]) -> wire.WindowReply:
    return await _act(request, window, data.key, c.UndoLastAct(window=window, ticket=_ticket(data)))


ROUTER = Router(
    "/windows/{window:int}",
    route_handlers=[
        open_window,
        pause_window,
        close_window,
        call_next,
        call_ticket,
        recall_ticket,
        start_service,
        finish_service,
        miss_ticket,
        hold_ticket,
        resume_ticket,
        transfer_ticket,
        undo_act,
    ],
    tags=["windows"],
)
