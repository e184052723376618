"""Between a handler and the gate: submit, wait within a limit, turn refusals and failures into problems."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, cast

from litestar import Request
from litestar.datastructures import State

from queue_server.api.callers import Caller
from queue_server.api.problems import BUSY_RETRY_S, ProblemError, refused
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.errors import CommandFailed, GateBusy, QueueError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from queue_server.api.parts import Parts
    from queue_server.domain.commands import Command
    from queue_server.service.view import Accepted
    from queue_server.store.rows import RowWrite
    from queue_server.wire import WindowView

HallRequest = Request[Caller, None, State]
"""A request whose ``user`` is its caller (set by the guard of ``app.py``)."""
ANSWER_WITHIN_S = 10.0
"""Longer than the gate's own alarm (5 s); the client's repeat of the key finds the outcome if it came after all."""


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
    return outcome


async def submit(
    parts: Parts, command: Command, *, key: str | None, actor: str, rows: Sequence[RowWrite] = ()
) -> Accepted | Refused:
    """As ``ask``, for an actor that is no request; a refusal is returned."""
    try:
        return await _answer(parts.gate.submit(command, key=key, actor=actor, rows=rows))
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


async def _answer(future: Future[Accepted | Refused]) -> Accepted | Refused:
    """The gate's answer, within ``ANSWER_WITHIN_S``; a command already taken in is never cancelled with its caller.

    By hand, because ``timeout``, ``shield`` and ``wrap_future`` together cost a fifth of a whole request.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Accepted | Refused] = loop.create_future()

    def settle() -> None:
        if answer.done():
            return
        if (error := future.exception()) is not None:
            answer.set_exception(error)
        else:
            answer.set_result(future.result())

    def give_up() -> None:
        if not answer.done():
            answer.set_exception(TimeoutError())

    def from_gate(_: Future[Accepted | Refused]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
            loop.call_soon_threadsafe(settle)

    late = loop.call_later(ANSWER_WITHIN_S, give_up)
    future.add_done_callback(from_gate)
    try:
        return await answer
    finally:
        late.cancel()


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
