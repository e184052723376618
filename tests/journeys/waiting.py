"""Waiting for real processes: look again and again, with a deadline and a name for what did not come."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LOOK_S = 0.03
_PAUSE = threading.Event()


def wait_until(true: Callable[[], object], what: str, *, seconds: float = 20.0) -> float:
    """Seconds until ``true()`` was. Raises AssertionError that names ``what``."""
    begun_s = time.monotonic()
    while not true():
        assert time.monotonic() - begun_s < seconds, f"{what} did not come within {seconds:.0f} s"
        _PAUSE.wait(LOOK_S)
    return time.monotonic() - begun_s
