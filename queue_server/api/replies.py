"""Outcomes on their way from the gate's thread to the handlers that wait for them on the event loop.

A future per command would cost its lock, its callback and a wake-up of the loop for each; here the gate's thread only
lays outcomes down and wakes the loop once for all that lie there. One timer looks after all limits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from typing import TYPE_CHECKING

from queue_server.service.batch import Answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.domain.refusals import Refused
    from queue_server.service.view import Accepted

    Outcome = Accepted | Refused

SWEEP_S = 0.5
"""How often limits are looked at while somebody waits: an answer may be given up so much late."""


class Reply(Answer):
    """What one handler waits for. The gate's thread sets it, once."""

    __slots__ = ("_replies", "came", "due_s", "error", "outcome", "waiter")

    def __init__(self, replies: Replies, waiter: asyncio.Future[Outcome], due_s: float) -> None:
        self._replies = replies
        self.waiter = waiter
        self.due_s = due_s
        self.came = False
        self.outcome: Outcome | None = None
        self.error: BaseException | None = None

    def set_running_or_notify_cancel(self) -> bool:
        """A command taken in is never cancelled with its caller."""
        return True

    def done(self) -> bool:
        return self.came

    def set_result(self, result: Outcome) -> None:
        self.outcome, self.came = result, True
        self._replies.post(self)

    def set_exception(self, exception: BaseException | None) -> None:
        self.error, self.came = exception, True
        self._replies.post(self)


class Replies:
    """All that the handlers of one event loop wait for. ``post`` is for any thread, the rest for the loop's."""

    def __init__(self, within_s: float) -> None:
        self._within_s = within_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._posted: deque[Reply] = deque()
        self._woken = False
        self._waiting: dict[Reply, None] = {}
        """In the order of their limits, since each waits equally long."""
        self._sweeping = False

    async def of(self, hand_in: Callable[[Reply], None]) -> Outcome:
        """Have a command handed in with a reply and wait for it.

        Raises what ``hand_in`` raises, what the gate answered, or TimeoutError after ``within_s``: the command may
        still be done then.
        """
        loop = self._loop
        if loop is None:
            loop = self._loop = asyncio.get_running_loop()
        reply = Reply(self, loop.create_future(), loop.time() + self._within_s)
        hand_in(reply)
        self._waiting[reply] = None
        if not self._sweeping:
            self._sweeping = True
            loop.call_later(SWEEP_S, self._sweep, loop)
        try:
            return await reply.waiter
        finally:
            self._waiting.pop(reply, None)

    def post(self, reply: Reply) -> None:
        """Lay down a reply that came. The flag is read after the append and cleared before the taking: none is lost."""
        self._posted.append(reply)
        if not self._woken and self._loop is not None:
            self._woken = True
            with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._woken = False
        posted = self._posted
        while posted:
            reply = posted.popleft()
            waiter = reply.waiter
            if waiter.done():
                continue
            if reply.error is not None:
                waiter.set_exception(reply.error)
            elif reply.outcome is not None:
                waiter.set_result(reply.outcome)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        now_s = loop.time()
        for reply in tuple(self._waiting):
            if reply.due_s > now_s:
                break
            del self._waiting[reply]
            if not reply.waiter.done():
                reply.waiter.set_exception(TimeoutError())
        self._sweeping = bool(self._waiting)
        if self._sweeping:
            loop.call_later(SWEEP_S, self._sweep, loop)
