"""What a hall may set at its kiosk: durations, ceilings, what the kiosk has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowRules:
    """Durations and ceilings of the kiosk. Defaults are the design's tokens [timeout] and DESIGN 7."""

    kiosk: int
    zone: tzinfo
    letter: str = "L"
    """Of the kiosk's own numbers until the server has told it one."""
    page_s: float = 60
    page_elder_s: float = 120
    warning_s: float = 15
    done_s: float = 15
    done_elder_s: float = 30
    trouble_s: float = 60
    """NoPaper, printer and server trouble stay so long."""
    asking_max_s: float = 4
    """The client answers within 1.5 s; this only ends a screen whose answer was lost."""
    printing_max_s: float = 20
    slow_s: float = 5
    double_touch_s: float = 0.4
    """A touch so soon after another that had changed the screen was meant for the screen before."""
    between_numbers_s: float = 3
    many_numbers: int = 6
    many_within_s: float = 60
    help_poll_s: float = 2
    help_max_s: float = 600
    priority_ground: str = "claimed"
    """Ground sent with 我需要优先照顾 where the hall's list is not known; staff see the proof at the window."""
    can_lower: bool = True
    """The panel is upright: 按键下移 moves the keys. On a landscape panel all are within reach, its key is flat."""
    has_reader: bool = True
    """Without one the page that invites the card is left out."""
    reprints_max: int = 3
    """So many 补打 of one number; more are for staff."""
    between_notices_s: float = 10
    """Against children: so long after a one-time notice no other one is printed."""
    closing_slip: bool = False
    """This kiosk prints the closing slip with the day's anchor."""
