"""Problem JSON (RFC 9457): one stable ``code`` with its status, and a sentence for people in the asked language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from queue_server.api.words import Lexicon
from queue_server.domain.refusals import RefusalCode, Refused

if TYPE_CHECKING:
    from queue_server.wire import WindowView

from queue_server.wire import Problem

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:hall-queue:problem:"

STATUS: dict[str, int] = {
    "bad_request": 400,
    "sign_in_needed": 401,
    "device_unknown": 401,
    "sign_in_failed": 401,
    "forbidden": 403,
    "wrong_origin": 403,
    "not_found": 404,
    "no_voice": 404,
    "gone": 404,
    "pairing_unknown": 404,
    "method_not_allowed": 405,
    "body_too_large": 413,
    "not_json": 415,
    "password_weak": 422,
    "too_many_tries": 429,
    "too_often": 429,
    "pairing_full": 429,
    "internal": 500,
    "busy": 503,
    "standing_by": 503,
} | {code.value: 409 for code in RefusalCode if code not in (RefusalCode.NOT_FOUND, RefusalCode.KEY_REUSED)}
STATUS[RefusalCode.KEY_REUSED.value] = 422
STATUS[RefusalCode.BOOKING_UNKNOWN.value] = 404
BUSY_RETRY_S = 2


@dataclass(slots=True)
class ProblemError(Exception):
    """A request that is not done, with what to tell the caller. Raised by handlers, answered in one place."""

    code: str
    facts: dict[str, str | int | None] = field(default_factory=dict)
    field_path: str | None = None
    detail: str = ""
    window: WindowView | None = None
    retry_after_s: int | None = None

    def __str__(self) -> str:
        return self.code


def refused(refusal: Refused, window: WindowView | None = None) -> ProblemError:
    """The problem that answers a refusal; ``window`` is its present state where the act was at a window."""
    return ProblemError(code=refusal.code.value, facts=dict(refusal.facts), window=window)


def problem_response(lexicon: Lexicon, accept_language: str | None, error: ProblemError) -> Response[bytes]:
    """``error`` as the answer on the wire."""
    status = STATUS[error.code]
    words = lexicon.for_header(accept_language)
    facts = error.facts | ({"field": error.field_path} if error.field_path else {})
    body = Problem(
        type=TYPE_PREFIX + error.code,
        title=error.code.replace("_", " "),
        status=status,
        code=error.code,
        say=words.say_problem(error.code, facts),
        detail=error.detail,
        field=error.field_path,
        window=error.window,
        retry_after_s=error.retry_after_s,
        facts=error.facts,
    )
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    return Response(msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE, headers=headers)


def of_framework(error: HTTPException) -> ProblemError:
    """The framework's own refusals (no such route, wrong method, body too large, bad path value) as ours."""
    match error.status_code:
        case 404:
            return ProblemError("not_found")
        case 405:
            return ProblemError("method_not_allowed")
        case 413:
            return ProblemError("body_too_large")
        case 415:
            return ProblemError("not_json")
        case 400:
            return ProblemError("bad_request", field_path=_first_field(error))
        case _:
            return ProblemError("internal")


def of_validation(error: msgspec.ValidationError | msgspec.DecodeError) -> ProblemError:
    """400 that names the first wrong field, from msgspec's own sentence without any value that was sent."""
    text = str(error)
    path = "$"
    if " - at `" in text:
        text, _, rest = text.partition(" - at `")
        path = rest.rstrip("`")
    name = path.removeprefix("$").removeprefix(".")
    if not name and "field `" in text:  # missing or unknown; else the whole body is of a wrong kind
        name = text.split("`")[-2]
    return ProblemError("bad_request", field_path=name or "body", detail=text.partition(" '")[0][:200])


def _first_field(error: HTTPException) -> str:
    extra = error.extra
    if isinstance(extra, list) and extra and isinstance(extra[0], dict):
        return str(cast("dict[str, Any]", extra[0]).get("key", "body"))
    return "body"


def words_header(request: Request[Any, Any, Any]) -> str | None:
    return request.headers.get("accept-language")
