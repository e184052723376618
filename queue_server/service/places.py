"""Where an exception came from, without what it says: its text may quote values that belong in no log."""

from __future__ import annotations

import traceback

FRAMES = 6


def places(error: BaseException) -> str:
    """Name the exception and the last places of its traceback, innermost first."""
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    return f"{type(error).__name__}: " + " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
