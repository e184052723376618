"""Devices: pairing, revoking, health."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from litestar import Response, Router, get, post
from litestar.params import FromPath, JSONBody

from queue_server import wire
from queue_server.api.asking import HallRequest, ask, parts_of
from queue_server.api.callers import DEVICE_COOKIE, PAIRING_COOKIE, read_cookie, set_cookie
from queue_server.api.letters import free_letter
from queue_server.api.problems import ProblemError
from queue_server.api.sessions import hash_secret
from queue_server.push.moments import moment, moment_or_none
from queue_server.service.records import change_record
from queue_server.store.rows import SecurityEntry

if TYPE_CHECKING:
    from queue_server.api.pairings import Waiting
    from queue_server.api.parts import Parts
    from queue_server.service.records import Device
    from queue_server.store.rows import Value

OK, CREATED, ACCEPTED = 200, 201, 202
TEN_YEARS_S = 10 * 365 * 86_400


@post("/pair/start", status_code=CREATED, summary="Ask for a pairing code to show on the device")
async def start_pairing(request: HallRequest, data: JSONBody[wire.PairStart]) -> Response[wire.PairReply]:
    parts = parts_of(request)
    proof = read_cookie(request.headers.get("cookie"), PAIRING_COOKIE)
    waiting, proof = parts.pairings.start(data, proof)
    cookie = set_cookie(PAIRING_COOKIE, proof, secure=parts.settings.tls, max_age_s=900)
    return Response(waiting.reply(), headers={"Set-Cookie": cookie, "Cache-Control": "no-store"})


@post("/pair", status_code=OK, summary="Exchange an approved code for the device's cookie")
async def finish_pairing(request: HallRequest, data: JSONBody[wire.PairRequest]) -> Response[wire.PairReply]:
    """``waiting`` until the manager has spoken; asked again by the device every few seconds."""
    parts = parts_of(request)
    proof = read_cookie(request.headers.get("cookie"), PAIRING_COOKIE)
    waiting = parts.pairings.find_own(data.code, proof)
    headers = {"Cache-Control": "no-store"}
    if waiting.cookie is not None:
        parts.pairings.done(data.code)
        cookie = set_cookie(DEVICE_COOKIE, waiting.cookie, secure=parts.settings.tls, max_age_s=TEN_YEARS_S)
        headers["Set-Cookie"] = cookie
    return Response(waiting.reply(), headers=headers)


@post("/pair/{code:str}/approve", status_code=OK, summary="Let the device that shows this code in")
async def approve_pairing(request: HallRequest, code: FromPath[str], data: JSONBody[wire.PairAnswer]) -> wire.PairReply:
    parts = parts_of(request)
    waiting = parts.pairings.find(code)
    if waiting.state == "waiting":
        await _admit(request, parts, waiting, data)
    return waiting.reply()


@post("/pair/{code:str}/refuse", status_code=OK, summary="Do not let the device that shows this code in")
async def refuse_pairing(request: HallRequest, code: FromPath[str], data: JSONBody[wire.PairAnswer]) -> wire.PairReply:
    del data  # only its key is sent; refusing twice is refusing
    waiting = parts_of(request).pairings.find(code)
    if waiting.state == "waiting":
        waiting.state = "refused"
    return waiting.reply()


async def _admit(request: HallRequest, parts: Parts, waiting: Waiting, answer: wire.PairAnswer) -> None:
    number = parts.pairings.next_number(max(parts.gate.view.records.devices, default=0))
    cookie = parts.chance.secret()
    values: dict[str, Value] = {
        "id": number,
        "kind": waiting.kind,
        "name": waiting.name,
        "zone": waiting.zone,
        "letter": free_letter(parts.gate.view.records, parts.settings) if waiting.kind == "kiosk" else None,
        "window": answer.window,
        "key_hash": None,
        "cookie_hash": hash_secret(cookie),
        "paired_at_us": parts.wall_clock_us(),
        "revoked_at_us": None,
    }
    waiting.state = "approved"
    command, row = change_record("device", str(number), values, version=1)
    try:
        accepted = await ask(request, command, key=answer.key, rows=(row,))
    except ProblemError:
        waiting.state = "waiting"
        raise
    if not accepted.repeated:
        waiting.device, waiting.cookie = f"{waiting.kind}:{number}", cookie
    parts.log_security(SecurityEntry(request.user.actor, "pair", {"device": waiting.device}))


@get("", summary="Paired devices and those that wait")
async def list_devices(request: HallRequest) -> wire.DevicesReply:
    parts = parts_of(request)
    return wire.DevicesReply(
        devices=tuple(_device_view(parts, each) for each in parts.gate.view.records.devices.values()),
        pairings=tuple(each.view() for each in parts.pairings.all()),
    )


@post("/{device_id:int}/revoke", status_code=OK, summary="Shut a device out")
async def revoke_device(
    request: HallRequest, device_id: FromPath[int], data: JSONBody[wire.RevokeRequest]
) -> wire.DeviceView:
    parts = parts_of(request)
    device = parts.gate.view.records.devices.get(device_id)
    if device is None:
        raise ProblemError("not_found")
    values = asdict(device) | {"revoked_at_us": device.revoked_at_us or parts.wall_clock_us()}
    version = values.pop("version") + 1
    command, row = change_record("device", str(device_id), values, version=version)
    if device.revoked_at_us is None:
        await ask(request, command, key=data.key, rows=(row,))
        parts.log_security(SecurityEntry(request.user.actor, "revoke", {"device": device.actor}))
    return _device_view(parts, parts.gate.view.records.devices[device_id])


@post("/self/health", status_code=OK, summary="Say how the device feels; at least every 10 s")
async def report_health(request: HallRequest, data: JSONBody[wire.HealthRequest]) -> wire.HealthReply:
    parts, device = parts_of(request), request.user.device
    if device is None:
        raise ProblemError("device_unknown")
    now_us = parts.wall_clock_us()
    parts.floor.presence.reported(device.actor, data, now_us)
    parts.hub.changed(urgent=False)
    return wire.HealthReply(at=moment(now_us), online=parts.floor.presence.seen(device.actor).online)


def _device_view(parts: Parts, device: Device) -> wire.DeviceView:
    seen = parts.floor.presence.seen(device.actor)
    return wire.DeviceView(
        device=device.actor,
        name=device.name,
        zone=device.zone,
        online=seen.online,
        heard_at=moment_or_none(seen.heard_us),
        revoked=device.revoked_at_us is not None,
        window=device.window,
        last_shown=seen.last_shown,
        version=seen.version,
        parts=seen.parts,
    )


ROUTER = Router(
    "/devices",
    route_handlers=[
        start_pairing,
        finish_pairing,
        approve_pairing,
        refuse_pairing,
        list_devices,
        revoke_device,
        report_health,
    ],
    tags=["devices"],
)
