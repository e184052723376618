"""Brakes for those who come without account or device, counted by token, never by address (DESIGN 5)."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from queue_server.api.problems import ProblemError

if TYPE_CHECKING:
    from queue_server.service.ports import SteadyClock

WINDOW_S = 60.0
ASKS_PER_CODE = 60
MISSES = 120
"""Wrong codes of all callers together in a minute: more is somebody guessing."""
WRONG_BOOKINGS = 20
"""Of the ten thousand million codes so many a minute may be tried."""
CODES_MAX = 5000


@dataclass(slots=True)
class Tracking:
    """Looking up slips by code."""

    clock: SteadyClock
    _asks: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _misses: deque[float] = field(default_factory=lambda: deque(maxlen=MISSES))

    def count(self, code: str) -> None:
        """Raises ProblemError ``too_often``: this code above 60 a minute, or too many wrong ones of everybody."""
        now = self.clock()
        asks = self._asks.setdefault(code, deque(maxlen=ASKS_PER_CODE))
        self._asks.move_to_end(code)
        while len(self._asks) > CODES_MAX:
            self._asks.popitem(last=False)
        _refuse_above(asks, ASKS_PER_CODE, now)
        _refuse_above(self._misses, MISSES, now)
        asks.append(now)

    def count_miss(self) -> None:
        self._misses.append(self.clock())


@dataclass(slots=True)
class Guessing:
    """Wrong booking codes of everybody but staff: nobody types so many by mistake."""

    clock: SteadyClock
    _misses: deque[float] = field(default_factory=lambda: deque(maxlen=WRONG_BOOKINGS))

    def check(self) -> None:
        """Raises ProblemError ``too_often``."""
        _refuse_above(self._misses, WRONG_BOOKINGS, self.clock())

    def count(self) -> None:
        self._misses.append(self.clock())


def _refuse_above(times: deque[float], most: int, now: float) -> None:
    while times and now - times[0] >= WINDOW_S:
        times.popleft()
    if len(times) >= most:
        raise ProblemError("too_often", retry_after_s=int(WINDOW_S - (now - times[0])) + 1)
