"""What a decision may know beside the day: the moment, who asks, and what lives outside the journal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from queue_server.domain.booking import BookingFacts
from queue_server.domain.events import Event
from queue_server.domain.refusals import Refused

Decision = list[Event] | Refused
"""Events to write as one row. An empty list: accepted, and there is nothing to change."""


NOTHING_SPOKEN: Mapping[str, int] = MappingProxyType({})


class Context(NamedTuple):
    """Made for each command: a tuple is made three times as fast as a frozen dataclass."""

    now_us: int
    """Moment of the row: max(moment of the last row, wall clock)."""
    actor: str
    """``clerk:7``, ``kiosk:2``, ``timer``."""
    key: str | None = None
    """The key of the request; ``JoinTicket`` asks the day whether a number was already given for it."""
    clock_doubt: bool = False
    anchor: str = ""
    """Digest of the last row, hex; ``CloseDay`` puts it into its event."""
    spoken_at_us: Mapping[str, int] = NOTHING_SPOKEN
    """Announcement → when a display confirmed that it was heard (never in the journal): gaps count from there."""
    booking: BookingFacts | None = None
    """What stands in the tables about the booking that the command names."""
