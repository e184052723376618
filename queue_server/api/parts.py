"""What handlers work with: made once in ``bootstrap.py``, handed to the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from queue_server.api.letters import all_letters
from queue_server.push.hub import Listener

if TYPE_CHECKING:
    from queue_server.api.callers import Caller
    from queue_server.api.pairings import Pairings
    from queue_server.api.passwords import Passwords
    from queue_server.api.people import People
    from queue_server.api.replies import Replies
    from queue_server.api.sessions import Sessions
    from queue_server.api.throttle import Guessing, Tracking
    from queue_server.api.words import Lexicon
    from queue_server.forecast.shown import Shown
    from queue_server.push.floor import Floor
    from queue_server.push.hub import Hub
    from queue_server.push.meters import Meters
    from queue_server.push.pictures import Pictures
    from queue_server.service.bookings import Bookings
    from queue_server.service.calendars import Calendars
    from queue_server.service.gate import Gate
    from queue_server.service.hall_time import HallTime
    from queue_server.service.local_door import Door
    from queue_server.service.ports import Chance, SteadyClock, Voice, WallClock
    from queue_server.settings import Settings
    from queue_server.store.engine import Store
    from queue_server.store.rows import SecurityEntry
    from queue_server.wire import IssueRequest


@dataclass(slots=True, kw_only=True)
class Parts:
    """Everything of one running server."""

    settings: Settings
    store: Store
    gate: Gate
    replies: Replies
    wall_clock_us: WallClock
    hall_time_us: HallTime
    """For all that is compared with moments of the journal."""
    steady_clock_s: SteadyClock
    chance: Chance
    lexicon: Lexicon
    floor: Floor
    calendars: Calendars
    shown: Shown
    pictures: Pictures
    hub: Hub
    sessions: Sessions
    passwords: Passwords
    pairings: Pairings
    people: People
    tracking: Tracking
    guessing: Guessing
    bookings: Bookings
    meters: Meters
    door: Door
    voice: Voice | None
    metrics_key: str | None = None

    def log_security(self, entry: SecurityEntry) -> None:
        """Writes a line of the security log without keeping the caller waiting for the disk.

        Raises ``GateBusy`` or ``GateStopped``.
        """
        self.gate.note(security=(entry,))

    def letters(self) -> dict[str, str]:
        """Letters of kinds and of kiosks for a new day: paired kiosks' own, then those of the settings."""
        return all_letters(self.gate.view.records, self.settings)

    def listener(self, caller: Caller, topics: frozenset[str], zone: str) -> Listener:
        """A stream for ``caller`` that ends when its session or pairing does."""
        device = caller.device.actor if caller.device else None
        speaks = device is not None and self.floor.speakers.speaker(zone) == device
        return Listener(topics, zone, device, lambda: self._still(caller), speaks=speaks)

    def _still(self, caller: Caller) -> bool:
        if caller.session is not None:
            return self.sessions.alive(caller.session)
        device = self.gate.view.records.devices.get(caller.device.id) if caller.device else None
        return device is not None and device.revoked_at_us is None

    def forecast_min(self, data: IssueRequest) -> tuple[int, int] | None:
        """What is printed on such a slip taken now."""
        return self.shown.new(data.kind, data.grant, data.matters)
