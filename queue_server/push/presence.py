"""Which devices are on line, when they were last heard, how they feel. In memory only: it never enters the gate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from queue_server.push.moments import moment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from queue_server.service.records import Device
    from queue_server.wire import DevicePart, HealthRequest

SECOND_US = 1_000_000
SILENT_AFTER_US = 30 * SECOND_US
"""A device that reports its health and then stops is off line after so long, even if its stream looks open."""
LOST_AFTER_US = 10 * SECOND_US
FIRST_CHANCE_US = 60 * SECOND_US
"""After a start, devices get so long to come back before they are missed."""


@dataclass(slots=True)
class Seen:
    """What is known of one device since the server started."""

    online: bool = False
    since_us: int = 0
    """Since when it is on line or off line."""
    heard_us: int | None = None
    reported_us: int | None = None
    parts: tuple[DevicePart, ...] = ()
    version: str = ""
    clock_offset_ms: int | None = None
    last_shown: str | None = None

    def part(self, name: str) -> DevicePart | None:
        return next((each for each in self.parts if each.part == name), None)


@dataclass(slots=True)
class Presence:
    """Presence of all paired devices by actor (``display:3``). Event loop only."""

    started_us: int
    _seen: dict[str, Seen] = field(default_factory=dict)

    def seen(self, actor: str) -> Seen:
        return self._seen.setdefault(actor, Seen(since_us=self.started_us))

    def heard(self, actor: str, now_us: int) -> None:
        self.seen(actor).heard_us = now_us

    def reported(self, actor: str, health: HealthRequest, now_us: int) -> None:
        seen = self.seen(actor)
        seen.heard_us = seen.reported_us = now_us
        seen.parts = tuple(_since(seen.part(part.part), part, now_us) for part in health.parts)
        seen.version = health.version
        seen.clock_offset_ms = health.clock_offset_ms
        if health.last_shown is not None:
            seen.last_shown = health.last_shown

    def update(self, devices: Mapping[int, Device], streams_of: Callable[[str], int], now_us: int) -> bool:
        """Looks who is on line now; True when somebody came or went."""
        changed = False
        actors = {each.actor for each in devices.values()}
        for actor in actors:
            seen = self.seen(actor)
            online = streams_of(actor) > 0 and not _silent(seen, now_us)
            if online != seen.online:
                seen.online, seen.since_us, changed = online, now_us, True
        for gone in self._seen.keys() - actors:
            del self._seen[gone]
        return changed

    def online_by_zone(self, devices: Iterable[Device]) -> dict[str, frozenset[str]]:
        """Displays on line in each zone."""
        zones: dict[str, set[str]] = {}
        for device in devices:
            if device.kind == "display" and device.revoked_at_us is None and self.seen(device.actor).online:
                zones.setdefault(device.zone, set()).add(device.actor)
        return {zone: frozenset(actors) for zone, actors in zones.items()}

    def lost_since_us(self, device: Device, now_us: int) -> int | None:
        """Since when a device that should be here is away; None while it is here or may still come."""
        seen = self.seen(device.actor)
        if seen.online or device.revoked_at_us is not None:
            return None
        patience = LOST_AFTER_US if seen.heard_us is not None else FIRST_CHANCE_US
        return seen.since_us if now_us - seen.since_us >= patience else None


def _since(before: DevicePart | None, part: DevicePart, now_us: int) -> DevicePart:
    """``part`` with the moment since which it feels so: what the device says, else when it first said so."""
    if part.since:
        return part
    same = before is not None and (before.state, before.code) == (part.state, part.code)
    since = before.since if before is not None and same else moment(now_us)
    return msgspec.structs.replace(part, since=since)


def _silent(seen: Seen, now_us: int) -> bool:
    return seen.reported_us is not None and now_us - (seen.heard_us or seen.reported_us) >= SILENT_AFTER_US
