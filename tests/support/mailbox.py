"""Waiting for what another thread tells, with a limit."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")
LIMIT_S = 15.0


class Mailbox(Generic[T]):
    """``put`` from any thread; ``wait_for`` takes messages until one fits. All taken are in ``seen``."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[T] = queue.SimpleQueue()
        self.seen: list[T] = []

    def put(self, message: T) -> None:
        self._queue.put(message)

    def wait_for(self, fits: Callable[[T], bool], *, limit_s: float = LIMIT_S) -> T:
        """The next message that fits. Raises AssertionError, naming the types seen, when none came in time."""
        until = time.monotonic() + limit_s
        while (left := until - time.monotonic()) > 0:
            try:
                message = self._queue.get(timeout=left)
            except queue.Empty:
                break
            self.seen.append(message)
            if fits(message):
                return message
        raise AssertionError(f"not told within {limit_s} s; told: {self.seen!r}")
