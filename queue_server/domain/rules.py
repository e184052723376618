"""The hall's settings that rules need, each with its default (DESIGN 4.5 to 4.7). Values only; no file is read here.

Intervals given to people end in ``_s`` or ``_min``; inside the rules everything is whole microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from queue_server.domain.booking import BookingRules
from queue_server.domain.quota import Quota
from queue_server.domain.ticket import TicketKind

if TYPE_CHECKING:
    from collections.abc import Iterable

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US

INTEGRATED = "integrated"
"""The skill of an integrated window (综合窗口), which every matter asks for unless the hall's table names another."""


@dataclass(frozen=True, slots=True)
class WindowConfig:
    """A desk as the hall set it up. No skills given means an integrated window."""

    number: int
    skills: tuple[str, ...] = ()
    zone: str = "hall"

    @property
    def able(self) -> frozenset[str]:
        return frozenset(self.skills) or frozenset({INTEGRATED})


def _letters() -> dict[str, str]:
    return {TicketKind.GENERAL.value: "A", TicketKind.BOOKED.value: "Y", TicketKind.COLLECTION.value: "C"}


def _kind_weights() -> dict[str, int]:
    return {TicketKind.GENERAL.value: 1000, TicketKind.BOOKED.value: 2000, TicketKind.COLLECTION.value: 1000}


def department(code: str) -> str:
    """Whose a letter is: the department of this code, or of the matter with this code."""
    return f"department:{code.partition('-')[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All settings of one hall. Weights are thousandths, head starts thousandths of a minute."""

    undo_s: int = 10
    too_soon_s: int = 10
    """A second call-next within this time of a call is taken for a double press."""
    recall_gap_s: int = 20
    recalls_before_miss: int = 2
    rejoin_after: int = 3
    """A missed ticket goes behind so many of its line."""
    rejoins_a_day: int = 2
    hold_bind_min: int = 10
    """A released ticket stays with the window that held it for so long."""
    reopen_min: int = 10
    please_wait_s: int = 15
    """How long displays say 请继续等候 after a call was taken back."""
    pause_bind_min: int = 10
    """What is bound to a window that has been paused for so long is free for the others."""
    auto_recall_s: int = 0
    """Who was called and did not come is called again by itself this long after the last call; 0: by hand only."""
    auto_miss_s: int = 0
    """After all recalls, this long after the last one, a number is missed by itself; 0: by hand only."""
    auto_call_s: int = 0
    """An open window free for so long gets the next number by itself; 0: by hand only."""
    max_granted_in_row: int = 2
    max_overtaken: int = 8
    max_days_ahead: int = 7
    """A day further after the last one opens only by a manager's confirmation."""
    utc_offset_min: int = 480
    """The hall's zone as minutes east of UTC: only to tell which day an offline number belongs to."""

    letters: Mapping[str, str] = field(default_factory=_letters)
    """Letter of each kind; kiosks' own letters come with ``OpenDay``."""
    department_letters: Mapping[str, str] = field(default_factory=dict)
    """Letter of ordinary numbers for a department's matters, by the part of their codes before the dash: ``SB-001``."""
    kind_weights: Mapping[str, int] = field(default_factory=_kind_weights)
    kind_head_starts: Mapping[str, int] = field(default_factory=dict)
    grant_weight: int = 2000
    """Weight of a grant whose ground has no own weight."""
    grant_head_start: int = 18_000
    grant_weights: Mapping[str, int] = field(default_factory=dict)
    grant_head_starts: Mapping[str, int] = field(default_factory=dict)
    matter_skills: Mapping[str, str] = field(default_factory=dict)
    """Skill that a matter's code asks for; a matter not named asks for ``INTEGRATED``."""

    grant_grounds: tuple[str, ...] = ()
    """Codes of the hall's list of grounds for priority; empty: any code."""
    call_grounds: tuple[str, ...] = ()
    """Codes for a call out of order; empty: any code."""
    quotas: tuple[Quota, ...] = ()
    booking: BookingRules = field(default_factory=BookingRules)

    @property
    def own_letters(self) -> dict[str, str]:
        """All but kiosks', by whose they are."""
        return {**self.letters, **{department(code): letter for code, letter in self.department_letters.items()}}

    def grants(self, ground: str) -> bool:
        return not self.grant_grounds or ground in self.grant_grounds

    def calls_for(self, ground: str) -> bool:
        return not self.call_grounds or ground in self.call_grounds

    def weight(self, kind: str, ground: str | None) -> int:
        """Thousandths. A grant never makes a ticket lighter than its kind."""
        own = self.kind_weights.get(kind, 1000)
        return own if ground is None else max(own, self.grant_weights.get(ground, self.grant_weight))

    def head_start(self, kind: str, ground: str | None) -> int:
        """Thousandths of a minute."""
        own = self.kind_head_starts.get(kind, 0)
        return own if ground is None else max(own, self.grant_head_starts.get(ground, self.grant_head_start))

    def credit(self, clock_us: int, now_us: int, kind: str, ground: str | None) -> int:
        """Thousandths of a minute; negative before the clock (an early booking)."""
        return (now_us - clock_us) * self.weight(kind, ground) // MINUTE_US + self.head_start(kind, ground)

    def needs(self, matters: Iterable[str]) -> tuple[str, ...]:
        """Skills the matters ask for, first asked first, without repeats; never empty."""
        asked = dict.fromkeys(self.matter_skills.get(matter, INTEGRATED) for matter in matters)
        return tuple(asked) or (INTEGRATED,)
