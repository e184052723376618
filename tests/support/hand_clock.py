"""Clocks that stand still until a test moves them."""

from __future__ import annotations

from datetime import UTC, datetime

MORNING_US = int(datetime(2026, 1, 14, 1, 0, tzinfo=UTC).timestamp()) * 1_000_000
"""Nine o'clock on a Wednesday in the hall's zone."""
SECOND_US = 1_000_000


class HandClock:
    """``wall_us()`` and ``steady_s()`` move together by ``forward``."""

    def __init__(self, at_us: int = MORNING_US) -> None:
        self.at_us = at_us
        self.at_s = 1000.0

    def wall_us(self) -> int:
        return self.at_us

    def steady_s(self) -> float:
        return self.at_s

    def forward(self, seconds: float) -> None:
        self.at_us += int(seconds * SECOND_US)
        self.at_s += seconds
