"""The ASGI application: routes, guard, problems, description. Everything it works with comes in ``Parts``."""

from __future__ import annotations

import logging
import traceback
from functools import cache
from typing import TYPE_CHECKING, Any

from litestar import Litestar, Request, Response, Router
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute

from queue_server.api import (
    announcements,
    bookings,
    day,
    devices,
    health,
    local,
    session,
    shifts,
    states,
    ticket_acts,
    tickets,
    windows,
)
from queue_server.api.body import BODY_MAX_BYTES, WireBody, WireRequest
from queue_server.api.description import openapi_config
from queue_server.api.guard import Guard
from queue_server.api.problems import BUSY_RETRY_S, ProblemError, of_framework, problem_response, words_header
from queue_server.api.rights import RIGHTS
from queue_server.errors import QueueError
from queue_server.wire import API_PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from contextlib import AbstractAsyncContextManager

    from queue_server.api.parts import Parts

    Life = Callable[[Litestar], AbstractAsyncContextManager[None]]

_log = logging.getLogger(__name__)
ROUTERS = (
    tickets.ROUTER,
    ticket_acts.ROUTER,
    windows.ROUTER,
    shifts.ROUTER,
    states.ROUTER,
    announcements.ROUTER,
    bookings.ROUTER,
    day.ROUTER,
    session.ROUTER,
    devices.ROUTER,
    local.ROUTER,
)


def create_app(parts: Parts, *, pages: Sequence[Router] = (), lifespan: Sequence[Life] = ()) -> Litestar:
    """The whole API under ``/api/v1``, health beside it at the root, ``pages`` as they come."""
    gatekeeper = Guard(parts)

    # Not Litestar's ``guards``: it copies the handler for each call of one, a tenth of a whole request. An inner hook
    # would take this one's place: ``_require_guard`` forbids it. Async, since a plain one is called in a thread.
    async def guard(request: Request[Any, Any, Any]) -> None:
        gatekeeper(request.scope, _operation(request))

    api = Router(API_PREFIX, route_handlers=[*ROUTERS, health.ROUTER], before_request=guard)
    at_root = Router("/", route_handlers=[health.ROUTER], before_request=guard, include_in_schema=False)
    app = Litestar(
        route_handlers=[api, at_root, *pages],
        request_class=WireRequest,
        dto=WireBody,
        return_dto=None,
        openapi_config=openapi_config(),
        request_max_body_size=BODY_MAX_BYTES,
        exception_handlers={
            ProblemError: _answer_problem,
            HTTPException: _answer_framework,
            QueueError: _answer_queue_error,
            Exception: _answer_unexpected,
        },
        lifespan=list(lifespan),
        logging_config=None,
        csrf_config=None,
    )
    app.state.parts = parts
    _require_guard(app, guard)
    return app


def _require_guard(app: Litestar, guard: object) -> None:
    """Raises LookupError for a route of ours that does not stand behind ``guard``, of whatever kind it is."""
    for route in app.routes:
        if route.path.startswith(API_PREFIX) or RIGHTS.keys() & set(route.handler_names):
            handlers = route.route_handlers if isinstance(route, HTTPRoute) else ()
            if not handlers or any(each.resolve_before_request() is not guard for each in handlers):
                raise LookupError(f"{route.path} is not guarded")


def _respond(request: Request[Any, Any, Any], error: ProblemError) -> Response[bytes]:
    parts: Parts = request.app.state["parts"]
    return problem_response(parts.lexicon, words_header(request), error)


def _answer_problem(request: Request[Any, Any, Any], error: ProblemError) -> Response[bytes]:
    return _respond(request, error)


def _answer_framework(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    return _respond(request, of_framework(error))


def _answer_queue_error(request: Request[Any, Any, Any], error: QueueError) -> Response[bytes]:
    if error.retryable:
        return _respond(request, ProblemError("standing_by", retry_after_s=BUSY_RETRY_S))
    _log.error("answering 500: %s", error)
    return _respond(request, ProblemError("internal"))


def _answer_unexpected(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The framework's outermost handler: says where it failed, never with what (DESIGN 9.5)."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
    _log.error("%s at %s while answering %s %s", type(error).__name__, where, request.method, _operation(request))
    return _respond(request, ProblemError("internal"))


def _operation(request: Request[Any, Any, Any]) -> str:
    """The route's name: addresses hold track codes, which belong in no log."""
    return _name_of(request.scope.get("route_handler"))


@cache
def _name_of(handler: object) -> str:
    """Kept, since Litestar works it out anew each time; there are as many as routes."""
    return getattr(handler, "handler_name", "no route")
