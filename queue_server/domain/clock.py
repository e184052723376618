"""The moment a ticket counts from when choosing (DESIGN 4.7)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MINUTE_US = 60_000_000


def issue_clock_us(arrived_us: int, slot_start_us: int | None = None) -> int:
    """Arrival; for a booking that came early its slot: its credit is negative until then."""
    return arrived_us if slot_start_us is None else max(arrived_us, slot_start_us)


def join_clock_us(issued_at_us: int, opened_at_us: int, now_us: int) -> int:
    """An offline number counts from its paper's time, clamped into the day: a wrong clock gains or loses no more."""
    return min(max(issued_at_us, opened_at_us), now_us)


def rejoin_clock_us(own_us: int, line_us: Sequence[int], rejoin_after: int) -> int:
    """Just after the ``rejoin_after``-th next of its line (or the last, if fewer wait), never before its own clock."""
    if not line_us:
        return own_us
    behind = line_us[min(rejoin_after, len(line_us)) - 1]
    return max(own_us, behind + 1)


def local_minute(at_us: int, utc_offset_min: int) -> int:
    """Minute of the day in the hall's zone."""
    return (at_us // MINUTE_US + utc_offset_min) % (24 * 60)


def local_day(at_us: int, utc_offset_min: int) -> str:
    """ISO date of a moment in the hall's zone."""
    return (datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at_us, minutes=utc_offset_min)).date().isoformat()
