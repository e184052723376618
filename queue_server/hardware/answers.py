"""The gate's answer to a press on its way to the event loop; a press that got too old waiting is never begun."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from queue_server.service.batch import Answer

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from queue_server.domain.refusals import Refused
    from queue_server.service.view import Accepted

    Outcome = Accepted | Refused


class PressAnswer(Answer):
    """Set on the gate's thread, once; awaited on the loop as ``came``: the outcome, or None when it was too old."""

    __slots__ = ("_fresh", "_loop", "_set", "came")

    def __init__(self, loop: asyncio.AbstractEventLoop, fresh: Callable[[], bool]) -> None:
        """``fresh`` tells whether the press may still be done; asked when the gate comes to it."""
        self._loop = loop
        self._fresh = fresh
        self._set = False
        self.came: asyncio.Future[Outcome | None] = loop.create_future()

    def set_running_or_notify_cancel(self) -> bool:
        if self._fresh():
            return True
        self._give(None, None)
        return False

    def done(self) -> bool:
        return self._set

    def set_result(self, result: Outcome) -> None:
        self._give(result, None)

    def set_exception(self, exception: BaseException | None) -> None:
        self._give(None, exception)

    def _give(self, outcome: Outcome | None, error: BaseException | None) -> None:
        self._set = True
        with contextlib.suppress(RuntimeError):  # the loop ended first: nobody waits any more
            self._loop.call_soon_threadsafe(self._settle, outcome, error)

    def _settle(self, outcome: Outcome | None, error: BaseException | None) -> None:
        if self.came.done():
            return
        if error is not None:
            self.came.set_exception(error)
        else:
            self.came.set_result(outcome)
