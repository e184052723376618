"""What the hall shows: its states, the catalogue, the stream."""

from __future__ import annotations

from typing import Annotated

from litestar import Response, Router, get
from litestar.params import FromPath, QueryParameter

from queue_server import wire
from queue_server.api import past
from queue_server.api.asking import HallRequest, parts_of
from queue_server.api.problems import ProblemError, words_header
from queue_server.api.rights import TOPICS, may_listen
from queue_server.push.moments import moment
from queue_server.push.stream import EventStream
from queue_server.store.rows import SecurityEntry

Topics = Annotated[str, QueryParameter(name="topics", max_length=40, pattern=r"^[a-z]+(,[a-z]+)*$")]
OtherTicket = Annotated[str | None, QueryParameter(name="ticket", required=False, max_length=64, min_length=1)]
JSON = "application/json"
DEFAULT_ZONE = "hall"


def _with_etag(request: HallRequest, etag: str, body: bytes) -> Response[bytes]:
    """The body, or 304 when the client has this very one."""
    headers = {"ETag": f'"{etag}"', "Cache-Control": "no-cache"}
    known = [part.strip().removeprefix("W/") for part in (request.headers.get("if-none-match") or "").split(",")]
    if f'"{etag}"' in known or "*" in known:
        return Response(b"", status_code=304, headers=headers, media_type=JSON)
    return Response(body, headers=headers, media_type=JSON)


@get("/hall", summary="What a kiosk's home shows")
async def get_hall(request: HallRequest) -> Response[wire.HallState]:
    etag, body = parts_of(request).pictures.hall_with_tag()
    return _with_etag(request, etag, body)  # type: ignore[return-value]


@get("/catalogue", summary="Matters and their guides")
async def get_catalogue(request: HallRequest) -> Response[wire.Catalogue]:
    found = parts_of(request).pictures.catalogue()
    if found is None:
        raise ProblemError("not_found", detail="no catalogue was imported yet")
    return _with_etag(request, *found)  # type: ignore[return-value]


@get("/board", summary="What displays show")
async def get_board(request: HallRequest) -> wire.BoardState:
    return parts_of(request).pictures.board(zone_of(request))


@get("/queue", summary="What consoles show")
async def get_queue(request: HallRequest) -> wire.QueueState:
    return parts_of(request).pictures.queue()


@get("/why/{call:str}", summary="Why this number was called")
async def get_why(request: HallRequest, call: FromPath[str], ticket: OtherTicket = None) -> wire.WhyReply:
    """``ticket``: and why not that one."""
    found = await past.why(parts_of(request), call, words_header(request), other=ticket)
    if found is None:
        raise ProblemError("not_found")
    return found


@get("/forecast/grades", summary="How well the printed waiting times were kept, by day")
async def get_forecast_grades(request: HallRequest) -> wire.ForecastGrades:
    days = (
        wire.ForecastGrade(
            business_day=each.business_day, count=each.count, inside=each.inside, width_min=each.width_min
        )
        for each in parts_of(request).shown.grades
    )
    return wire.ForecastGrades(days=tuple(days))


@get("/time", summary="The server's time")
async def get_time(request: HallRequest) -> wire.TimeReply:
    parts = parts_of(request)
    view = parts.gate.view
    day = view.day.business_day if view.day and view.day.open else None
    return wire.TimeReply(at=moment(parts.hall_time_us()), zone=parts.settings.hall.time_zone, business_day=day)


@get("/stream", summary="Server-sent events: snapshot first, then each change", media_type="text/event-stream")
async def stream(request: HallRequest, topics: Topics) -> EventStream:
    parts, caller = parts_of(request), request.user
    asked = frozenset(topics.split(","))
    if unknown := asked - TOPICS.keys():
        raise ProblemError("bad_request", field_path="topics", detail=f"unknown topic {min(unknown)}")
    if not all(may_listen(caller.who, topic) for topic in asked):
        parts.log_security(SecurityEntry(caller.actor, "forbidden", {"operation": "stream"}))
        raise ProblemError("forbidden")
    listener = parts.listener(caller, asked, zone_of(request))
    if not parts.hub.attach(listener):
        raise ProblemError("busy", retry_after_s=2)
    return EventStream(parts.hub, listener)


def zone_of(request: HallRequest) -> str:
    device = request.user.device
    return device.zone if device else DEFAULT_ZONE


ROUTER = Router(
    "/",
    route_handlers=[get_hall, get_catalogue, get_board, get_queue, get_why, get_forecast_grades, get_time, stream],
    tags=["states"],
)
