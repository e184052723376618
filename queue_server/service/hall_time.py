"""The hall's time for readers: what its journal would say now, also while the machine's clock cannot be right."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from queue_server.errors import QueueError
from queue_server.service.journal_clock import JournalClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.service.ports import SteadyClock, WallClock
    from queue_server.service.view import HallView


class HallTime:
    """Calling it gives the moment in µs UTC. Any thread may; somebody has to every few seconds.

    Whatever is compared with moments of the journal has to be in its time: by a wall clock that jumped ahead no call
    would be spoken and none could be repeated, by one that fell behind no number would have waited.
    """

    def __init__(self, view: Callable[[], HallView], wall_us: WallClock, steady_s: SteadyClock) -> None:
        self._view = view
        self._clock = JournalClock(wall_us, steady_s)
        self._begun = False
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            try:
                row_us = self._view().at_us
            except QueueError:  # the hall is not served here yet
                return self._clock.now()
            if not self._begun:
                self._clock.start(row_us)
                self._begun = True
            return max(self._clock.now(), row_us)
