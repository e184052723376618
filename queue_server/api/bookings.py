"""Bookings: free slots, booking for oneself or for somebody at the desk, moving, cancelling, looking up."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from queue_server.api.asking import HallRequest, ask, parts_of, refused_here, submit
from queue_server.api.body import WireReply
from queue_server.api.problems import ProblemError
from queue_server.domain.events import RecordChanged
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.service.bookings import Holder
from queue_server.wire import bookings as wire

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from queue_server.api.parts import Parts
    from queue_server.domain.booking import Slot
    from queue_server.domain.commands import Command
    from queue_server.service.bookings import Row, Rows
    from queue_server.service.view import Accepted

CREATED, OK = 201, 200
TRIES = 3
"""Somebody else may change a booking between our reading and the gate's deciding."""
Day = Annotated[str, QueryParameter(name="day", pattern=r"^\d{4}-\d{2}-\d{2}$")]


@get("/bookings/slots", summary="Days and times that may be booked")
async def list_slots(request: HallRequest) -> wire.SlotsReply:
    desk = parts_of(request).bookings
    days = await asyncio.to_thread(desk.free_slots, by_staff=request.user.is_staff)
    return wire.SlotsReply(
        days=tuple(
            wire.SlotDay(
                day=day.isoformat(),
                slots=tuple(
                    wire.SlotView(
                        begins=desk.clock(each.slot.begins_us), ends=desk.clock(each.slot.ends_us), free=each.free
                    )
                    for each in slots
                ),
            )
            for day, slots in days
        )
    )


@get("/bookings", summary="Bookings of a day, for staff")
async def list_bookings(request: HallRequest, day: Day) -> wire.BookingsReply:
    parts = parts_of(request)
    found = await asyncio.to_thread(parts.bookings.of_day, day)
    views = (_view(parts, row, holder, shown=True) for row, holder in found)
    return wire.BookingsReply(day=day, bookings=tuple(views))


@get("/bookings/{code:str}", summary="A booking by its code")
async def get_booking(request: HallRequest, code: FromPath[str]) -> wire.BookingReply:
    return await _reply(request, await by_code(request, code), parts_of(request).gate.view.seq)


@post("/bookings", summary="Book a time")
async def make_booking(request: HallRequest, data: JSONBody[wire.BookingRequest]) -> Response[wire.BookingReply]:
    parts, staff = parts_of(request), request.user.is_staff
    holder = _holder(data.holder)
    slot = _slot(parts, data.day, data.begins, staff=staff)
    command, rows = await asyncio.to_thread(
        parts.bookings.make, slot, holder, data.matters, source=request.user.actor, by_staff=staff
    )
    accepted = await ask(request, command, key=data.key, rows=rows)
    reply = await _reply(request, await _changed(parts, accepted), accepted.seq)
    return WireReply(reply, status_code=OK if accepted.repeated else CREATED)


@post("/bookings/{booking_id:str}/move", status_code=OK, summary="Take another time")
async def move_booking(
    request: HallRequest, booking_id: FromPath[str], data: JSONBody[wire.BookingMove]
) -> wire.BookingReply:
    parts, staff = parts_of(request), request.user.is_staff
    slot = _slot(parts, data.day, data.begins, staff=staff)

    def move(row: Row) -> tuple[Command, Rows]:
        return parts.bookings.move(row, slot, by_staff=staff)

    return await _change(request, booking_id, data.code, data.key, move)


@post("/bookings/{booking_id:str}/cancel", status_code=OK, summary="Give the booked time back")
async def cancel_booking(
    request: HallRequest, booking_id: FromPath[str], data: JSONBody[wire.BookingCancel]
) -> wire.BookingReply:
    parts, staff = parts_of(request), request.user.is_staff

    def cancel(row: Row) -> tuple[Command, Rows]:
        return parts.bookings.cancel(row, by_staff=staff)

    return await _change(request, booking_id, data.code, data.key, cancel)


async def by_code(request: HallRequest, code: str) -> Row:
    """Raises ProblemError ``booking_unknown``, or ``too_often`` when somebody seems to guess (staff may always)."""
    parts, staff = parts_of(request), request.user.is_staff
    if not staff:
        parts.guessing.check()
    row = await asyncio.to_thread(parts.bookings.by_code, plain_code(code))
    if row is None:
        if not staff:
            parts.guessing.count()
        raise ProblemError(RefusalCode.BOOKING_UNKNOWN.value)
    return row


def plain_code(code: str) -> str:
    """Digits alone, however they were grouped; without what its QR has before them."""
    return code.upper().removeprefix(wire.CODE_PREFIX).replace("-", "")


async def _change(
    request: HallRequest, booking: str, code: str | None, key: str, change: Callable[[Row], tuple[Command, Rows]]
) -> wire.BookingReply:
    parts = parts_of(request)
    for attempt in range(TRIES):
        row = await _own(request, booking, code)
        command, rows = await asyncio.to_thread(change, row)
        outcome = await submit(parts, command, key=key, actor=request.user.actor, rows=rows)
        if not isinstance(outcome, Refused):
            return await _reply(request, await _changed(parts, outcome), outcome.seq)
        if outcome.code is not RefusalCode.BOOKING_CHANGED or attempt == TRIES - 1:
            raise refused_here(parts, outcome, None)
    raise ProblemError(RefusalCode.BOOKING_CHANGED.value)


async def _own(request: HallRequest, booking: str, code: str | None) -> Row:
    """The booking for staff or for who knows its code. Raises ProblemError ``booking_unknown``."""
    if request.user.is_staff:
        row = await asyncio.to_thread(parts_of(request).bookings.by_id, booking)
    else:
        row = await by_code(request, code or "")
    if row is None or row["id"] != booking:
        raise ProblemError(RefusalCode.BOOKING_UNKNOWN.value)
    return row


async def _changed(parts: Parts, accepted: Accepted) -> Row:
    """The booking as it is now; of a repeated request the first one's id counts, not the one made for the repeat."""
    booking = next((event.id for event in accepted.events if isinstance(event, RecordChanged)), "")
    row = await asyncio.to_thread(parts.bookings.by_id, booking)
    if row is None:
        raise ProblemError(RefusalCode.BOOKING_UNKNOWN.value)
    return row


def _holder(form: wire.BookingHolder) -> Holder:
    if not form.id_number and not form.phone.strip():
        raise ProblemError("bad_request", field_path="holder.phone")
    return Holder(name=form.name, phone=form.phone.strip(), id_number=form.id_number)


def _slot(parts: Parts, day: str, begins: str, *, staff: bool) -> Slot:
    slot = parts.bookings.slot(day, begins, by_staff=staff)
    if slot is None:
        raise ProblemError(RefusalCode.SLOT_CLOSED.value)
    return slot


async def _reply(request: HallRequest, row: Row, seq: int) -> wire.BookingReply:
    parts, staff = parts_of(request), request.user.is_staff
    holder = await asyncio.to_thread(parts.bookings.holder_of, row) if staff else None
    return wire.BookingReply(booking=_view(parts, row, holder, shown=staff), seq=seq)


def _view(parts: Parts, row: Mapping[str, Any], holder: Mapping[str, Any] | None, *, shown: bool) -> wire.BookingView:
    desk = parts.bookings
    return wire.BookingView(
        id=row["id"],
        code=row["code"],
        state=row["state"],
        day=row["business_day"],
        begins=desk.clock(row["begins_us"]),
        ends=desk.clock(row["ends_us"]),
        matters=msgspec.json.decode(row["matters"], type=tuple[str, ...]),
        ticket=row["ticket"],
        number=parts.pictures.number_of(row["ticket"]) if row["ticket"] else None,
        holder=holder["masked"] if holder and shown else None,
        phone=holder["phone"] if holder and shown else None,
    )


ROUTER = Router(
    "/",
    route_handlers=[list_slots, list_bookings, get_booking, make_booking, move_booking, cancel_booking],
    tags=["bookings"],
)
