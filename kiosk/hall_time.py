"""The server's time on the kiosk: its last word plus what a steady clock counted since. The kiosk's own clock is never
asked: it may be years off after a power cut.
"""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def date_of(at: datetime | None, zone: tzinfo) -> date | None:
    """The hall's date at that moment."""
    return at.astimezone(zone).date() if at is not None else None


class HallTime:
    """Safe from any thread."""

    def __init__(self, steady_s: Callable[[], float]) -> None:
        self._steady_s = steady_s
        self._lock = threading.Lock()
        self._heard: tuple[datetime, float] | None = None

    def heard(self, at: datetime) -> None:
        """The server said that it is ``at`` (aware UTC)."""
        with self._lock:
            self._heard = (at, self._steady_s())

    def now(self) -> datetime | None:
        """Aware UTC; None until the server was heard once."""
        with self._lock:
            heard = self._heard
        if heard is None:
            return None
        at, when_s = heard
        return at + timedelta(seconds=self._steady_s() - when_s)
