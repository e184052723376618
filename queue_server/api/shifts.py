"""Signing on at a window, off, and taking over from another clerk."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, delete, post
from litestar.params import JSONBody, PathParameter, QueryParameter

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of
from queue_server.api.problems import ProblemError
from queue_server.domain.commands import CloseShift, OpenShift, TakeOverShift
from queue_server.store.rows import SecurityEntry

OK = 200
Number = Annotated[int, PathParameter(ge=1, le=99)]
Key = Annotated[str, QueryParameter(name="key", min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]


def _clerk(request: HallRequest) -> int:
    account = request.user.account
    if account is None:
        raise ProblemError("forbidden")
    return account.id


def _known(request: HallRequest, window: int) -> None:
    if not parts_of(request).pictures.has_window(window):
        raise ProblemError("not_found")


@post("/shift", status_code=OK, summary="Sign on at the window")
async def open_shift(request: HallRequest, window: Number, data: JSONBody[wire.ShiftRequest]) -> wire.WindowReply:
    parts = parts_of(request)
    _known(request, window)
    command = OpenShift(window=window, clerk=_clerk(request), shift=parts.chance.id("s"))
    accepted = await ask(request, command, key=data.key, window=window)
    return parts.pictures.window_reply(window, accepted)


@delete("/shift", status_code=OK, summary="Sign off")
async def close_shift(request: HallRequest, window: Number, key: Key) -> wire.WindowReply:
    """The key is a query parameter: a DELETE has no body."""
    parts = parts_of(request)
    _known(request, window)
    if not request.user.is_supervisor and parts.pictures.clerk_at(window) not in (None, _clerk(request)):
        raise ProblemError("shift_taken", window=parts.pictures.window(window))
    accepted = await ask(request, CloseShift(window=window), key=key, window=window)
    return parts.pictures.window_reply(window, accepted)


@post("/shift/take-over", status_code=OK, summary="Take the window over with one's own password")
async def take_over_shift(request: HallRequest, window: Number, data: JSONBody[wire.ShiftRequest]) -> wire.WindowReply:
    parts, account = parts_of(request), request.user.account
    _known(request, window)
    if account is None or data.password is None:
        raise ProblemError("bad_request", field_path="password")
    if not await parts.passwords.check(account.name, account.password_hash, data.password):
        parts.log_security(SecurityEntry(request.user.actor, "take_over_failed", {"window": window}))
        raise ProblemError("sign_in_failed")
    command = TakeOverShift(window=window, clerk=account.id, shift=parts.chance.id("s"))
    accepted = await ask(request, command, key=data.key, window=window)
    return parts.pictures.window_reply(window, accepted)


ROUTER = Router("/windows/{window:int}", route_handlers=[open_shift, close_shift, take_over_shift], tags=["windows"])
