"""Before every handler: who calls, may they, is it our own page that asks, is it JSON."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
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
    from litestar.types import HTTPScope

    from queue_server.api.parts import Parts
    from queue_server.service.records import RecordsView

CHANGING = frozenset({"POST", "DELETE", "PUT", "PATCH"})
OUR_COOKIES = (SESSION_COOKIE, DEVICE_COOKIE, PAIRING_COOKIE)
QUIET = frozenset({"stream", "get_time", "whoami"})
"""Asked by pages on their own: they do not count against idling."""
WITHOUT_HALL = frozenset({"healthz", "readyz", "metrics"})
"""Answered also while the hall cannot be read."""
DENIED_A_MINUTE = 60
"""Lines of the security log about refusals: strangers must not be able to fill the disk."""
DEVICES_KEPT = 256
"""Devices found by their bearer key; a hall has some dozens."""


@dataclass(slots=True)
class Guard:
    """Stands before the whole API; sets ``request.user``."""

    parts: Parts
    _records: RecordsView | None = None
    _devices: dict[bytes, Caller] = field(default_factory=dict, repr=False)
    """Callers by their ``Authorization`` header, as long as ``_records`` are those in force: most requests are a
    device's, and each would find the same."""
    _denied: deque[float] = field(default_factory=lambda: deque(maxlen=DENIED_A_MINUTE))

    def __call__(self, scope: HTTPScope, operation: str) -> None:
        """Raises ProblemError for who may not do ``operation``, for a foreign page and for what is not JSON."""
        headers = _headers(scope)
        method = scope["method"]
        if method in CHANGING:
            _check_origin(headers)
        if method == "POST" and not headers.get(b"content-type", b"").startswith(b"application/json"):
            raise ProblemError("not_json")
        caller = self._identify(headers, operation)
        scope["user"] = caller
        if not may(caller.who, operation) and not may(NOBODY.who, operation):
            self._refuse(caller, _credentials(headers), operation)

    def _identify(self, headers: dict[bytes, bytes], operation: str) -> Caller:
        if operation in WITHOUT_HALL:
            return NOBODY
        authorization = headers.get(b"authorization")
        known = self._devices.get(authorization) if authorization is not None else None
        if known is not None and self.parts.gate.view.records is self._records:
            return known
        credentials = _credentials(headers)
        if not credentials.any:
            return NOBODY
        records = self.parts.gate.view.records
        caller = identify(credentials, records, self.parts.sessions, active=operation not in QUIET)
        if authorization is not None and credentials.bearer and caller.device is not None:
            self._keep(authorization, caller, records)
        return caller

    def _keep(self, authorization: bytes, caller: Caller, records: RecordsView) -> None:
        if records is not self._records or len(self._devices) >= DEVICES_KEPT:
            self._records = records
            self._devices.clear()
        self._devices[authorization] = caller

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


def _headers(scope: HTTPScope) -> dict[bytes, bytes]:
    """By name in small letters, as the server hands them over; of several equal ones the first."""
    return dict(reversed([*scope["headers"]]))


def _credentials(headers: dict[bytes, bytes]) -> Credentials:
    return read_credentials(_text(headers.get(b"authorization")), _text(headers.get(b"cookie")))


def _text(value: bytes | None) -> str | None:
    return None if value is None else value.decode("latin-1")


def _check_origin(headers: dict[bytes, bytes]) -> None:
    """Cookies are only good from our own pages: ``Origin`` must be there and name this very host."""
    origin = _text(headers.get(b"origin"))
    if origin is None:
        cookie = _text(headers.get(b"cookie"))
        if cookie and any(f"{name}=" in cookie for name in OUR_COOKIES):
            raise ProblemError("wrong_origin")
        return
    if urlsplit(origin).netloc != (_text(headers.get(b"host")) or ""):
        raise ProblemError("wrong_origin")
