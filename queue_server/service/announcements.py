"""What becomes of each call: shown where, spoken when, by which display (DESIGN 4.9).

Kept in memory beside the journal: acknowledgements never enter the gate. Only "not confirmed in time" does, as the
command ``ReportUnconfirmed`` that the caller of ``due`` submits. Pure: moments come in as ``now_us``, displays as ids.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

SECOND_US = 1_000_000
SPEAK_WITHIN_US = 20 * SECOND_US
"""Older than this an announcement is only shown."""
CONFIRM_WITHIN_US = 8 * SECOND_US
ONCE_ABOVE = 2
"""With more waiting than this, each is said once."""
PLAIN_ABOVE = 4
"""With more waiting than this, without chime and without English."""
REPEAT_US = 5 * SECOND_US
"""After its first saying an announcement is said again: so long the loudspeaker is not free for the next."""
KEPT_MAX = 400
"""Announcements remembered; a hall makes two or three a minute."""


@dataclass(slots=True)
class Announcement:
    """One spoken and shown call. ``over``: its ticket is not called any more, so it is not spoken either."""

    id: str
    ticket: str
    number: str
    window: int
    zone: str
    at_us: int
    repeat: int
    language: str = "zh"
    shown_by: set[str] = field(default_factory=set)
    spoken_at_us: int | None = None
    head_since_us: int | None = None
    """Since when it is its turn to be spoken."""
    since_us: int = -1
    """Since when this server waits for its confirmation: its making, or our start if that was later."""
    withdrawn: bool = False
    over: bool = False
    unconfirmed: bool = False

    def __post_init__(self) -> None:
        self.since_us = max(self.since_us, self.at_us)

    @property
    def speak_until_us(self) -> int:
        return self.at_us + SPEAK_WITHIN_US

    def may_be_spoken(self, now_us: int) -> bool:
        return not (self.withdrawn or self.over or self.spoken_at_us is not None) and now_us < self.speak_until_us

    def shown(self, online: frozenset[str]) -> bool:
        """已显示: every display on line in its zone has painted it, and there is at least one."""
        return bool(self.shown_by) and online <= self.shown_by

    @property
    def played(self) -> bool:
        """已播放: the speaking display said it to the end (the first time of its times)."""
        return self.spoken_at_us is not None


@dataclass(frozen=True, slots=True)
class Manner:
    """How each of the waiting announcements is said."""

    times: int
    chime: bool
    english: bool


def manner(waiting: int) -> Manner:
    """The more wait, the shorter each: twice; once above 2; without chime and English above 4."""
    plain = waiting > PLAIN_ABOVE
    return Manner(times=1 if waiting > ONCE_ABOVE else 2, chime=not plain, english=not plain)


class Announcements:
    """The hall's announcements of now. Not thread-safe: event loop only."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Announcement] = OrderedDict()
        self._busy_until_us: dict[str, int] = {}

    def __contains__(self, announcement_id: str) -> bool:
        return announcement_id in self._kept

    def get(self, announcement_id: str) -> Announcement | None:
        return self._kept.get(announcement_id)

    def made(self, announcement: Announcement) -> None:
        """A call or recall was committed. An earlier one of the same ticket is not spoken any more.

        Told twice (by the answer to the press and by the commit) it is taken in once.
        """
        if announcement.id in self._kept:
            return
        for earlier in self._kept.values():
            if earlier.ticket == announcement.ticket:
                earlier.over = True
        self._kept[announcement.id] = announcement
        while len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)

    def withdraw(self, announcement_id: str) -> None:
        if found := self._kept.get(announcement_id):
            found.withdrawn = True

    def mark_unconfirmed(self, announcement_id: str) -> None:
        if found := self._kept.get(announcement_id):
            found.unconfirmed = True

    def keep_only_called(self, still_called: Callable[[str], bool]) -> None:
        """Ends the speaking of those whose ticket is not called any more."""
        for each in self._kept.values():
            each.over = each.over or not still_called(each.ticket)

    def of_ticket(self, ticket: str) -> tuple[Announcement, ...]:
        return tuple(each for each in self._kept.values() if each.ticket == ticket)

    def newest(self, zone: str | None = None) -> Announcement | None:
        """The newest that was not taken back, for the large block of the board."""
        for each in reversed(self._kept.values()):
            if not each.withdrawn and zone in (None, each.zone):
                return each
        return None

    def speaking(self, zone: str, now_us: int) -> list[Announcement]:
        """Those to be said in ``zone`` now, oldest first; the first of them has its turn from now on."""
        waiting = [each for each in self._kept.values() if each.zone == zone and each.may_be_spoken(now_us)]
        if waiting and waiting[0].head_since_us is None:
            waiting[0].head_since_us = max(now_us, self._busy_until_us.get(zone, 0))
        return waiting

    def acknowledge(self, announcement_id: str, display: str, *, shown: bool, played: bool, now_us: int) -> bool:
        """What ``display`` did with it; True when that is news. ``played`` counts only from the one that speaks."""
        found = self._kept.get(announcement_id)
        if found is None:
            return False
        news = (shown and display not in found.shown_by) or (played and found.spoken_at_us is None)
        if shown or played:
            found.shown_by.add(display)
        if played and found.spoken_at_us is None:
            found.spoken_at_us = now_us
            self._busy_until_us[found.zone] = now_us + REPEAT_US
        return news

    def due(self, now_us: int, online: Mapping[str, frozenset[str]]) -> list[str]:
        """Those found unconfirmed now, each once: not shown in 8 s, not said 8 s after its turn or within 20 s."""
        return [
            each.id
            for each in self._kept.values()
            if not (each.unconfirmed or each.withdrawn)
            and self._is_late(each, now_us, online.get(each.zone, frozenset()))
        ]

    def _is_late(self, each: Announcement, now_us: int, online: frozenset[str]) -> bool:
        if each.over and each.shown(online):
            return False  # the person came before the loudspeaker did: nothing left to confirm
        if now_us - each.since_us < CONFIRM_WITHIN_US:
            return False
        if not each.shown(online):
            return not each.over
        if each.played or each.since_us >= each.speak_until_us:
            return False
        turn_over = each.head_since_us is not None and now_us - each.head_since_us >= CONFIRM_WITHIN_US
        return turn_over or now_us >= each.speak_until_us

    def unconfirmed_now(self) -> tuple[Announcement, ...]:
        """Those that need a person to call by mouth: reported, and the ticket still called."""
        return tuple(each for each in self._kept.values() if each.unconfirmed and not (each.over or each.withdrawn))

    def confirm_by_us(self, each: Announcement) -> int:
        return (each.head_since_us or each.since_us) + CONFIRM_WITHIN_US


@dataclass(frozen=True, slots=True)
class Display:
    """One display as the election sees it."""

    id: str
    online: bool
    sound_ok: bool
    since_us: int


@dataclass(slots=True)
class _Zone:
    speaker: str | None = None
    lost_since_us: int | None = None
    passed_over: dict[str, int] = field(default_factory=dict)


HAND_OVER_US = 10 * SECOND_US
PASSED_OVER_US = 60 * SECOND_US
TWO_SPEAKERS_US = 60 * SECOND_US


class Speakers:
    """Exactly one display speaks in each zone; it is replaced when gone or silent for 10 s, or when it is muted."""

    def __init__(self) -> None:
        self._zones: dict[str, _Zone] = {}
        self._two_until_us: dict[str, int] = {}

    def speaker(self, zone: str) -> str | None:
        found = self._zones.get(zone)
        return found.speaker if found else None

    def elect(self, zone: str, displays: Iterable[Display], head: Announcement | None, now_us: int) -> bool:
        """Chooses ``zone``'s speaker from its displays; True when it is another one than before."""
        state = self._zones.setdefault(zone, _Zone())
        known = {each.id: each for each in displays}
        before = state.speaker
        if before is not None and self._keeps(state, known.get(before), head, now_us):
            return False
        if before is not None:
            state.passed_over[before] = now_us
        state.passed_over = {key: at for key, at in state.passed_over.items() if now_us - at < PASSED_OVER_US}
        state.speaker = _best(known.values(), state.passed_over) or (before if before in known else None)
        state.lost_since_us = None
        if state.speaker != before and head is not None:
            head.head_since_us = now_us
        return state.speaker != before

    def _keeps(self, state: _Zone, present: Display | None, head: Announcement | None, now_us: int) -> bool:
        if present is None or not present.online:
            state.lost_since_us = state.lost_since_us if state.lost_since_us is not None else now_us
            return now_us - state.lost_since_us < HAND_OVER_US
        state.lost_since_us = None
        silent = head is not None and head.head_since_us is not None and now_us - head.head_since_us >= HAND_OVER_US
        return present.sound_ok and not silent

    def heard(self, zone: str, display: str, now_us: int) -> bool:
        """``display`` says it has spoken; False (and a warning) when it neither is nor just was its zone's speaker."""
        state = self._zones.get(zone)
        if state is not None and (state.speaker == display or display in state.passed_over):
            return True
        self._two_until_us[zone] = now_us + TWO_SPEAKERS_US
        return False

    def zones_with_two(self, now_us: int) -> tuple[str, ...]:
        return tuple(sorted(zone for zone, until in self._two_until_us.items() if now_us < until))


def _best(displays: Iterable[Display], passed_over: Mapping[str, int]) -> str | None:
    """On line first, not just passed over, then the longest there; None when nobody can speak."""
    able = [each for each in displays if each.online and each.sound_ok]
    able.sort(key=lambda each: (each.id in passed_over, passed_over.get(each.id, 0), each.since_us, each.id))
    return able[0].id if able else None
