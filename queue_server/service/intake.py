"""Where commands wait for the gate's thread: bounded, in order, with one door that can be shut (DESIGN 4.1)."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from queue_server.errors import GateBusy, GateStopped, QueueError

if TYPE_CHECKING:
    from queue_server.service.batch import Job, Note

BATCH_MAX = 256
WAITING_MAX = 4096
GATHER_S = 0.001
GATHER_TIMES = 8
"""After a batch of several the next one is taken only when as many came again, or when nobody came for ``GATHER_S``,
or after so many times that.

A commit costs as much as some twenty commands, so that many callers are served sooner by fewer commits; while they
come the event loop has the interpreter to itself. A lone caller never waits.
"""
SEVERAL = 4


class Intake:
    """Any thread enters, the gate's thread takes. Shut at first, and again for good when the gate ends."""

    def __init__(self, *, gather_s: float = GATHER_S) -> None:
        self._gather_s = gather_s
        self._waiting: deque[Job | Note] = deque()
        self._running: list[Job | Note] = []
        self._changed = threading.Condition()
        self._open = False
        self._last = 0
        """How many the last batch had: when there were several, as many more are likely on their way."""
        self.stopping = False
        self.state = "new"
        """See ``GateHealth.state``."""

    def enter(self, entry: Job | Note) -> None:
        """Raises ``GateStopped`` or ``GateBusy``; then the entry is not in."""
        with self._changed:
            if self.stopping or not self._open:
                raise GateStopped("stopping" if self.stopping else self.state)
            if len(self._waiting) >= WAITING_MAX:
                raise GateBusy(len(self._waiting))
            self._waiting.append(entry)
            if len(self._waiting) in (1, self._last):  # else the gate was told, or is at work and will look again
                self._changed.notify()

    def enter_own(self, entries: Sequence[Job | Note]) -> None:
        """Put the gate's own work behind what waits, whatever the door and the ceiling say."""
        with self._changed:
            self._waiting.extend(entries)

    def take(self, timeout_s: float) -> list[Job | Note]:
        """Take what waits, at most ``BATCH_MAX``, and wait up to ``timeout_s`` for the first. Drops cancelled ones."""
        with self._changed:
            self._running = []
            if not self._waiting and not self.stopping:
                self._changed.wait(timeout_s)
            if self._last > SEVERAL:
                self._gather()
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_MAX))]
            self._running = [entry for entry in taken if entry.future.set_running_or_notify_cancel()]
            self._last = len(taken)
            return self._running

    def _gather(self) -> None:
        seen = 0
        for _ in range(GATHER_TIMES):
            waiting = len(self._waiting)
            if waiting == seen or waiting >= self._last or self.stopping:
                return
            seen = waiting
            self._changed.wait(self._gather_s)

    def pause(self, timeout_s: float) -> None:
        """Wait, but not beyond a stop."""
        with self._changed:
            self._changed.wait_for(lambda: self.stopping, timeout_s)

    def open(self, state: str) -> None:
        with self._changed:
            self.state = state
            self._open = True

    def stop(self) -> None:
        """Let nothing more in; what waits may still be taken."""
        with self._changed:
            self.stopping = True
            self._changed.notify_all()

    def end(self, state: str) -> None:
        """Shut for good: everybody who waits or was being served without an answer gets ``GateStopped``."""
        with self._changed:
            self.state, self._open = state, False
            left = [entry for entry in self._waiting if entry.future.set_running_or_notify_cancel()]
            self._waiting.clear()
            left += self._running
        fail(left, GateStopped(state))

    def oldest_since_s(self) -> tuple[int, float | None]:
        """How many wait, and since when (steady clock) the oldest waits or is being served."""
        with self._changed:
            oldest = [
                entry.since_s for entry in (*self._running[:1], *list(self._waiting)[:1]) if not entry.future.done()
            ]
            return len(self._waiting), min(oldest, default=None)


def fail(entries: Sequence[Job | Note], error: QueueError) -> None:
    """Answer all that have no answer yet with this error."""
    for entry in entries:
        if not entry.future.done():
            entry.future.set_exception(error)
