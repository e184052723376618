"""The time of journal rows: it never runs backwards, and says when the machine's clock cannot be right (DESIGN 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queue_server.service.ports import SteadyClock, WallClock

DOUBT_US = 120_000_000
"""A wall clock further behind the journal than this is doubted; further ahead of the steady clock, for a while."""
SETTLE_S = 180.0
"""A wall clock that jumped ahead is believed when it went on steadily for so long: a date typed wrongly and put right
within that time leaves no row of a future day, which would put the hall in doubt until that day."""


class JournalClock:
    """``now`` is max(last, wall clock). In doubt it goes on from the last moment by the steady clock instead."""

    def __init__(self, wall_us: WallClock, steady_s: SteadyClock) -> None:
        self._wall_us = wall_us
        self._steady_s = steady_s
        self._last_us = 0
        self._last_steady_s = steady_s()
        self._begun = False
        self._ahead_us: int | None = None
        """How far the wall clock stands before the steady one while it is too far ahead to be believed yet."""
        self._ahead_since_s = 0.0
        self.doubt = False

    def start(self, last_at_us: int) -> None:
        """Continue a journal whose last row has this time: however long ago that was, the wall clock may be ahead."""
        self._last_us = max(self._last_us, last_at_us)
        self._begun = False

    def now(self) -> int:
        """Return the moment in µs UTC, not before any that was returned."""
        wall_us, steady_s = self._wall_us(), self._steady_s()
        gone_on_us = self._last_us + max(round((steady_s - self._last_steady_s) * 1_000_000), 0)
        self.doubt = wall_us < self._last_us - DOUBT_US or self._too_far_ahead(wall_us, gone_on_us, steady_s)
        self._last_us = gone_on_us if self.doubt else max(self._last_us, wall_us)
        self._last_steady_s, self._begun = steady_s, True
        return self._last_us

    def _too_far_ahead(self, wall_us: int, gone_on_us: int, steady_s: float) -> bool:
        if not self._begun or wall_us <= gone_on_us + DOUBT_US:
            self._ahead_us = None
            return False
        ahead_us = wall_us - round(steady_s * 1_000_000)
        if self._ahead_us is None or abs(ahead_us - self._ahead_us) > DOUBT_US:
            self._ahead_us, self._ahead_since_s = ahead_us, steady_s
        return steady_s - self._ahead_since_s < SETTLE_S
