"""Displays report what they showed and said, and fetch the sound."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Annotated

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from queue_server import wire
from queue_server.api.asking import HallRequest, parts_of
from queue_server.api.problems import ProblemError

OK = 200
Language = Annotated[str, QueryParameter(name="language", required=False, pattern=r"^(zh|en)$")]


@post("/{announcement:str}/ack", status_code=OK, summary="Say that a call was painted or said to the end")
async def ack_announcement(
    request: HallRequest, announcement: FromPath[str], data: JSONBody[wire.AckRequest]
) -> wire.AckReply:
    """``played`` after the first of its times: the rest is repetition."""
    parts = parts_of(request)
    reply = parts.floor.acknowledge(announcement, request.user.actor, shown=data.shown, played=data.played)
    if reply is None:
        raise ProblemError("gone")
    parts.hub.changed(urgent=True)
    return reply


@get("/{announcement:str}/audio", summary="The joined sound of a call", media_type="audio/wav")
async def announcement_audio(
    request: HallRequest, announcement: FromPath[str], language: Language = "zh"
) -> Response[bytes]:
    parts = parts_of(request)
    found = parts.floor.announcements.get(announcement)
    if found is None:
        raise ProblemError("gone")
    if parts.voice is None:
        raise ProblemError("no_voice")
    sound = await asyncio.to_thread(parts.voice.saying, found.number, found.window, language)
    if sound is None:
        raise ProblemError("no_voice")
    etag = f'"{hashlib.sha256(sound).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=3600"}
    if request.headers.get("if-none-match") == etag:
        return Response(b"", status_code=304, headers=headers, media_type="audio/wav")
    return Response(sound, headers=headers, media_type="audio/wav")


ROUTER = Router("/announcements", route_handlers=[ack_announcement, announcement_audio], tags=["announcements"])
