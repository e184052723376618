"""The business day, suspensions, help."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from litestar import Router, post
from litestar.params import FromPath, JSONBody

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of, real_date
from queue_server.api.problems import ProblemError
from queue_server.domain import commands as c
from queue_server.domain.events import HelpRequested
from queue_server.domain.refusals import RefusalCode
from queue_server.push.moments import us_of
from queue_server.store.rows import RowWrite

if TYPE_CHECKING:
    from queue_server.api.parts import Parts
    from queue_server.domain.commands import Command
    from queue_server.service.view import Accepted

OK = 200


def today(parts: Parts) -> str:
    """The date on the hall's wall, ISO."""
    zone = ZoneInfo(parts.settings.hall.time_zone)
    return datetime.fromtimestamp(parts.wall_clock_us() / 1e6, UTC).astimezone(zone).date().isoformat()


def likely_today(parts: Parts) -> str | None:
    """What today may be when no clock can say: the first working day after the last one; None before any."""
    last = parts.pictures.day
    if last is None or last.business_day is None:
        return None
    following = parts.calendars.next_after(date.fromisoformat(last.business_day))
    return None if following is None else following.day.isoformat()


async def _act(request: HallRequest, command: Command, key: str) -> wire.DayReply:
    accepted = await ask(request, command, key=key)
    return parts_of(request).pictures.day_reply(accepted.seq)


@post("/day/open", status_code=OK, summary="Open the business day: numbers are given")
async def open_day(request: HallRequest, data: JSONBody[wire.DayRequest]) -> wire.DayReply:
    """A day left open since yesterday or before is closed first, under its own date; today's never is.
    While the server's clock is in doubt nobody knows what today is: an open day stays, and only a date that somebody
    typed can be confirmed; the refusal proposes one.
    """
    parts = parts_of(request)
    day = data.business_day or today(parts)
    real_date(day, "business_day")
    doubt, left = parts.gate.health().clock_doubt, parts.pictures.day
    if not doubt and left is not None and left.open and (left.business_day or "") < today(parts):
        await ask(request, c.CloseDay(force=True), key=f"{data.key[:58]}-close")
    confirmed = data.confirmed and (data.business_day is not None or not doubt)
    try:
        return await _act(request, c.OpenDay(business_day=day, letters=parts.letters(), confirmed=confirmed), data.key)
    except ProblemError as problem:
        if problem.code == RefusalCode.CLOCK_DOUBT:
            problem.facts["business_day"] = likely_today(parts)
        raise


@post("/day/stop-issuing", status_code=OK, summary="Give no more numbers today; those who wait are still called")
async def stop_issuing(request: HallRequest, data: JSONBody[wire.DayRequest]) -> wire.DayReply:
    return await _act(request, c.StopIssuing(), data.key)


@post("/day/resume-issuing", status_code=OK, summary="Take back a stop that was a mistake")
async def resume_issuing(request: HallRequest, data: JSONBody[wire.DayRequest]) -> wire.DayReply:
    return await _act(request, c.ResumeIssuing(), data.key)


@post("/day/close", status_code=OK, summary="Close the business day; who still waits expires")
async def close_day(request: HallRequest, data: JSONBody[wire.DayRequest]) -> wire.DayReply:
    return await _act(request, c.CloseDay(force=data.force), data.key)


@post("/suspensions", status_code=OK, summary="Say that something cannot be handled for a while")
async def set_suspension(request: HallRequest, data: JSONBody[wire.SuspensionRequest]) -> wire.DayReply:
    until_us = us_of(data.until) if data.until else None
    version = parts_of(request).pictures.suspension_version(data.code) + 1
    row = RowWrite("suspension", {"code": data.code, "text": data.text, "until_us": until_us, "version": version})
    accepted = await ask(request, c.SetSuspension(code=data.code, until_us=until_us), key=data.key, rows=(row,))
    return parts_of(request).pictures.day_reply(accepted.seq)


@post("/help", status_code=201, summary="Ask for a person")
async def request_help(request: HallRequest, data: JSONBody[wire.HelpRequestBody]) -> wire.HelpReply:
    parts = parts_of(request)
    command = c.RequestHelp(help=parts.chance.id("h"), place=data.place, urgent=data.urgent)
    accepted = await ask(request, command, key=data.key)
    return _help_reply(request, accepted, command.help)


@post("/help/{help_id:str}/take", status_code=OK, summary="Say that one goes there")
async def take_help(request: HallRequest, help_id: FromPath[str], data: JSONBody[wire.HelpAct]) -> wire.HelpReply:
    accepted = await ask(request, c.TakeHelp(help=help_id), key=data.key)
    return _help_reply(request, accepted, help_id)


@post("/help/{help_id:str}/done", status_code=OK, summary="Say that the person was helped")
async def finish_help(request: HallRequest, help_id: FromPath[str], data: JSONBody[wire.HelpAct]) -> wire.HelpReply:
    accepted = await ask(request, c.FinishHelp(help=help_id), key=data.key)
    return _help_reply(request, accepted, help_id)


def _help_reply(request: HallRequest, accepted: Accepted, help_id: str) -> wire.HelpReply:
    """Of a repeated request the first one's id counts, not the one made for the repeat."""
    asked = next((event.help for event in accepted.events if isinstance(event, HelpRequested)), help_id)
    reply = parts_of(request).pictures.help_reply(asked, accepted.seq)
    if reply is None:
        raise ProblemError("not_found")
    return reply


ROUTER = Router(
    "/",
    route_handlers=[
        open_day,
        stop_issuing,
        resume_issuing,
        close_day,
        set_suspension,
        request_help,
        take_help,
        finish_help,
    ],
    tags=["day"],
)
