"""The loopback door of our own command-line programs: any command, for who can read the server's token file."""

from __future__ import annotations

import asyncio

from litestar import Response, Router, post

from queue_server.api.asking import HallRequest, parts_of, submit
from queue_server.api.body import WireRequest, decode
from queue_server.api.callers import read_credentials
from queue_server.api.health import LOOPBACK
from queue_server.api.parts import Parts
from queue_server.api.problems import ProblemError
from queue_server.domain.refusals import Refused
from queue_server.errors import NotRedactable
from queue_server.service import upkeep
from queue_server.service.local_door import (
    BODY_MAX,
    PATH,
    UPKEEP_PATH,
    LocalCommand,
    LocalReply,
    LocalUpkeep,
    UpkeepReply,
    from_local,
)
from queue_server.store.journal import parse_command

ACTOR = "local"


class LocalRequest(WireRequest):
    """A whole catalogue may come at once."""

    __slots__ = ()
    most_bytes = BODY_MAX


@post(PATH, status_code=200, request_class=LocalRequest, request_max_body_size=BODY_MAX, include_in_schema=False)
async def local_command(request: HallRequest) -> Response[LocalReply]:
    parts = _admitted(request)
    asked: LocalCommand = await asyncio.to_thread(decode, await request.body(), LocalCommand)
    outcome = await submit(parts, parse_command(asked.command), key=asked.key, actor=ACTOR, rows=from_local(asked.rows))
    if isinstance(outcome, Refused):
        return Response(LocalReply(refused=outcome.code.value, facts=outcome.facts))
    return Response(LocalReply(seq=outcome.seq))


@post(UPKEEP_PATH, status_code=200, include_in_schema=False)
async def local_upkeep(request: HallRequest) -> Response[UpkeepReply]:
    parts = _admitted(request)
    asked: LocalUpkeep = decode(await request.body(), LocalUpkeep)
    try:
        return Response(await asyncio.to_thread(_keep_up, parts, asked))
    except NotRedactable as error:
        return Response(UpkeepReply(refused=str(error)))


def _keep_up(parts: Parts, asked: LocalUpkeep) -> UpkeepReply:
    if asked.task == "redact":
        upkeep.redact(parts.gate, parts.store, asked.seq, actor=asked.actor, second=asked.second)
        return UpkeepReply()
    return UpkeepReply(erased=upkeep.purge(parts.gate, parts.store, now_us=asked.now_us, actor=asked.actor))


def _admitted(request: HallRequest) -> Parts:
    """The server's parts for who comes over loopback with the token. Raises ProblemError ``forbidden``."""
    parts = parts_of(request)
    host = request.client.host if request.client else ""
    bearer = read_credentials(request.headers.get("authorization"), None).bearer
    if host not in LOOPBACK or not parts.door.admits(bearer):
        raise ProblemError("forbidden")
    return parts


ROUTER = Router("/", route_handlers=[local_command, local_upkeep], include_in_schema=False)
