"""The time of journal rows: it never runs backwards, and says when the machine's clock cannot be right (DESIGN 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queue_server.service.ports import SteadyClock, WallClock

DOUBT_US = 120_000_000
"""A wall clock further behind the journal than this is doubted."""


class JournalClock:
    """``now`` is max(last, wall clock). In doubt it goes on from the last moment by the steady clock instead."""

    def __init__(self, wall_us: WallClock, steady_s: SteadyClock) -> None:
        self._wall_us = wall_us
        self._steady_s = steady_s
        self._last_us = 0
        self._last_steady_s = steady_s()
        self.doubt = False

    def start(self, last_at_us: int) -> None:
        """Continue a journal whose last row has this time."""
        self._last_us = max(self._last_us, last_at_us)

    def now(self) -> int:
        """Return the moment in µs UTC, not before any that was returned."""
        wall_us, steady_s = self._wall_us(), self._steady_s()
        self.doubt = wall_us < self._last_us - DOUBT_US
        if self.doubt:
            self._last_us += max(round((steady_s - self._last_steady_s) * 1_000_000), 0)
        else:
            self._last_us = max(self._last_us, wall_us)
        self._last_steady_s = steady_s
        return self._last_us
