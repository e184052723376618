"""Between a handler and the gate: submit, wait within a limit, turn refusals and failures into problems."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from litestar import Request
from litestar.datastructures import State

from queue_server.api.callers import Caller
from queue_server.api.problems import BUSY_RETRY_S, ProblemError, refused
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.errors import CommandFailed, GateBusy, QueueError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queue_server.api.parts import Parts
    from queue_server.domain.commands import Command
    from queue_server.service.view import Accepted
    from queue_server.store.rows import RowWrite
    from queue_server.wire import WindowView

HallRequest = Request[Caller, None, State]
"""A request whose ``user`` is its caller (set by the guard of ``app.py``)."""


def real_date(day: str, field: str) -> None:
    """Raises 400 that names ``field`` when no calendar has this ``day``."""
    try:
        date.fromisoformat(day)
    except ValueError:
        raise ProblemError("bad_request", field_path=field) from None


def parts_of(request: HallRequest) -> Parts:
    return cast("Parts", request.app.state["parts"])


async def ask(
    request: HallRequest,
    command: Command,
    *,
    key: str | None,
    rows: Sequence[RowWrite] = (),
    window: int | None = None,
) -> Accepted:
    """Have ``command`` decided for the caller; returns when it is on disk.

    Raises ProblemError: the refusal (with the present state of ``window`` if given), 503 when the gate is full,
    standing by or too slow, 500 when the program failed on this command.
    """
    parts = parts_of(request)
    outcome = await submit(parts, command, key=key, actor=request.user.actor, rows=rows)
    if isinstance(outcome, Refused):
        raise refused_here(parts, outcome, window)
    if outcome.repeated and outcome.ticket_id is not None and parts.pictures.ticket(outcome.ticket_id) is None:
        raise ProblemError("not_found")  # the first outcome was another day's
    return outcome


async def submit(
    parts: Parts, command: Command, *, key: str | None, actor: str, rows: Sequence[RowWrite] = ()
) -> Accepted | Refused:
    """As ``ask``, for an actor that is no request; a refusal is returned."""
    try:
        return await parts.replies.of(lambda reply: parts.gate.hand_in(command, reply, key=key, actor=actor, rows=rows))
    except TimeoutError:
        raise ProblemError("busy", retry_after_s=BUSY_RETRY_S) from None
    except GateBusy as error:
        raise ProblemError("busy", retry_after_s=error.retry_after_s) from error
    except CommandFailed as error:
        raise ProblemError("internal", facts={"reference": error.reference}) from error
    except QueueError as error:
        if not error.retryable:
            raise ProblemError("internal") from error
        raise ProblemError("standing_by", retry_after_s=BUSY_RETRY_S) from error


def refused_here(parts: Parts, refusal: Refused, window: int | None) -> ProblemError:
    """The problem of a refusal with what people want to see beside it: the number meant and the window's state."""
    view: WindowView | None = None
    if window is not None and refusal.code is not RefusalCode.NOT_FOUND:
        view = parts.pictures.window(window)
    problem = refused(refusal, view)
    ticket = refusal.facts.get("ticket")
    if isinstance(ticket, str) and "number" not in problem.facts:
        problem.facts["number"] = parts.pictures.number_of(ticket)
    return problem
