"""How many numbers a matter may have in a part of the day. Staff at the desk may always give one more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from queue_server.domain.clock import local_minute
from queue_server.domain.ticket import TicketState

if TYPE_CHECKING:
    from queue_server.domain.hall_day import HallDay

ALL_MATTERS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """``limit`` numbers between two times of the hall's day; without ``matter`` for all numbers together."""

    limit: int
    matter: str = ALL_MATTERS
    begins: str = "0:00"
    ends: str = "24:00"

    def holds(self, minute: int) -> bool:
        """``minute`` of the hall's day lies in this part of it."""
        return minute_of(self.begins) <= minute < minute_of(self.ends)


def minute_of(clock: str) -> int:
    """``minute_of("9:30") == 570``. Raises ValueError for what is no time of a day."""
    hour, colon, minute = clock.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == 2):
        raise ValueError(clock)
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > 24 * 60:
        raise ValueError(clock)
    return total


def clock_text(minute: int) -> str:
    """``clock_text(570) == "9:30"``: what ``minute_of`` reads."""
    return f"{minute // 60}:{minute % 60:02d}"


def full_quota(day: HallDay, matters: tuple[str, ...], now_us: int, *, added: bool = False) -> Quota | None:
    """The first quota that leaves no number for these matters now; None when there is room.

    A cancelled number gives its place back. ``added``: to a number given before, which has its place among all.
    """
    minute = local_minute(now_us, day.rules.utc_offset_min)
    for quota in day.rules.quotas:
        named = quota.matter in matters or (quota.matter == ALL_MATTERS and not added)
        if named and quota.holds(minute) and _given(day, quota) >= quota.limit:
            return quota
    return None


def _given(day: HallDay, quota: Quota) -> int:
    """A number may have been given the matter, lost it and been given it again."""
    offset_min = day.rules.utc_offset_min
    tickets = (day.tickets[each] for each in set(day.by_quota.get(quota.matter, ())))
    return sum(
        ticket.state is not TicketState.CANCELLED
        and (quota.matter == ALL_MATTERS or quota.matter in ticket.matters)
        and quota.holds(local_minute(ticket.issued_at_us, offset_min))
        for ticket in tickets
    )
