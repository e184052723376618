"""Whether the server lives, whether it serves, and its figures."""

from __future__ import annotations

import hmac

from litestar import Response, Router, get

from queue_server import wire
from queue_server.api.asking import HallRequest, parts_of
from queue_server.api.callers import read_credentials
from queue_server.api.problems import ProblemError
from queue_server.errors import GateStopped

METRICS_TYPE = "text/plain; version=0.0.4"
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})


@get("/healthz", summary="The process answers", media_type="text/plain")
async def healthz() -> str:
    return "ok\n"


@get("/readyz", summary="The hall can be changed: 503 while standing by, when the writer is dead or stuck")
async def readyz(request: HallRequest) -> Response[wire.Readiness]:
    health = parts_of(request).gate.health()
    reply = wire.Readiness(
        ready=health.ready,
        state=health.state,
        seq=health.seq,
        waiting=health.waiting,
        oldest_s=health.oldest_s,
        clock_doubt=health.clock_doubt,
    )
    return Response(reply, status_code=200 if health.ready else 503, headers={"Cache-Control": "no-store"})


@get("/metrics", summary="Figures for a scraper: from loopback, or with its key", media_type=METRICS_TYPE)
async def metrics(request: HallRequest) -> Response[bytes]:
    parts = parts_of(request)
    host = request.client.host if request.client else ""
    shown = read_credentials(request.headers.get("authorization"), None).bearer
    keyed = parts.metrics_key is not None and shown is not None and hmac.compare_digest(shown, parts.metrics_key)
    if not keyed and host not in LOOPBACK:
        raise ProblemError("forbidden")
    try:
        devices = parts.pictures.devices()
    except GateStopped:  # stands by: the devices are the other server's
        devices = ()
    return Response(parts.meters.text(parts.gate, parts.hub, devices, parts.shown), media_type=METRICS_TYPE)


ROUTER = Router("/", route_handlers=[healthz, readyz, metrics], tags=["server"])
