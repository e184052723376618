"""Before every handler: who calls, may they, is it our own page that asks, is it JSON."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from queue_server.api.callers import (
    DEVICE_COOKIE,
    NOBODY,
    PAIRING_COOKIE,
    SESSION_COOKIE,
    Caller,
    Credentials,
    identify,
    read_credentials,
)
from queue_server.api.problems import ProblemError
from queue_server.api.rights import may
from queue_server.errors import QueueError
from queue_server.store.rows import SecurityEntry

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

    from queue_server.api.parts import Parts

CHANGING = frozenset({"POST", "DELETE", "PUT", "PATCH"})
OUR_COOKIES = (SESSION_COOKIE, DEVICE_COOKIE, PAIRING_COOKIE)
QUIET = frozenset({"stream", "get_time", "whoami"})
"""Asked by pages on their own: they do not count against idling."""
WITHOUT_HALL = frozenset({"healthz", "readyz", "metrics"})
"""Answered also while the hall cannot be read."""
DENIED_A_MINUTE = 60
"""Lines of the security log about refusals: strangers must not be able to fill the disk."""


@dataclass(slots=True)
class Guard:
    """Litestar's guard of the whole API; sets ``request.user``."""

    parts: Parts
    _denied: deque[float] = field(default_factory=lambda: deque(maxlen=DENIED_A_MINUTE))

    def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        headers = connection.headers
        operation = handler.handler_name
        method = str(connection.scope.get("method", "GET"))
        if method in CHANGING:
            _check_origin(headers.get("origin"), headers.get("host"), headers.get("cookie"))
        if method == "POST" and not headers.get("content-type", "").startswith("application/json"):
            raise ProblemError("not_json")
        credentials = read_credentials(headers.get("authorization"), headers.get("cookie"))
        caller = self._identify(credentials, operation)
        cast("Any", connection.scope)["user"] = caller
        if not may(caller.who, operation) and not may(NOBODY.who, operation):
            self._refuse(caller, credentials, operation)

    def _identify(self, credentials: Credentials, operation: str) -> Caller:
        if operation in WITHOUT_HALL or not credentials.any:
            return NOBODY
        records = self.parts.gate.view.records
        return identify(credentials, records, self.parts.sessions, active=operation not in QUIET)

    def _refuse(self, caller: Caller, credentials: Credentials, operation: str) -> None:
        known = caller is not NOBODY
        now = self.parts.steady_clock_s()
        if len(self._denied) < DENIED_A_MINUTE or now - self._denied[0] >= 60:
            self._denied.append(now)
            act = "forbidden" if known else "unauthenticated"
            with contextlib.suppress(QueueError):  # the refusal stands even when the log cannot be written now
                self.parts.log_security(SecurityEntry(caller.actor, act, {"operation": operation}))
        if known:
            raise ProblemError("forbidden")
        raise ProblemError("device_unknown" if credentials.bearer or credentials.device else "sign_in_needed")


def _check_origin(origin: str | None, host: str | None, cookie: str | None) -> None:
    """Cookies are only good from our own pages: ``Origin`` must be there and name this very host."""
    if origin is None:
        if cookie and any(f"{name}=" in cookie for name in OUR_COOKIES):
            raise ProblemError("wrong_origin")
        return
    if urlsplit(origin).netloc != (host or ""):
        raise ProblemError("wrong_origin")
