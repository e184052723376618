"""What the server does by itself each second: who is on line, who speaks, what stayed unconfirmed, is the disk full."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from queue_server.domain.commands import ReportUnconfirmed
from queue_server.errors import QueueError
from queue_server.push.moments import moment
from queue_server.wire import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    from queue_server.domain.refusals import Refused
    from queue_server.push.floor import Floor
    from queue_server.push.hub import Hub
    from queue_server.push.pictures import Pictures
    from queue_server.service.gate import Gate
    from queue_server.service.ports import WallClock
    from queue_server.service.view import Accepted

TIMER = "timer"
DISK_EVERY = 30
"""Ticks between two looks at the disk."""


def free_mb(folder: Path) -> int:
    """Free space where ``folder`` lies, MB."""
    return shutil.disk_usage(folder).free // 1_000_000


class Watch:
    """``tick`` is called each second on the event loop; everything it waits for is done elsewhere."""

    def __init__(
        self,
        gate: Gate,
        floor: Floor,
        hub: Hub,
        pictures: Pictures,
        wall_clock_us: WallClock,
        *,
        disk_low_mb: int,
        disk_free_mb: Callable[[], int],
    ) -> None:
        self._gate = gate
        self._floor = floor
        self._hub = hub
        self._pictures = pictures
        self._wall_clock_us = wall_clock_us
        self._disk_low_mb = disk_low_mb
        self._disk_free_mb = disk_free_mb
        self._reporting: dict[str, Future[Accepted | Refused]] = {}
        self._ticks = 0

    def tick(self) -> None:
        """Does nothing but beat while the hall is not served here."""
        try:
            view = self._gate.view
        except QueueError:
            return
        now_us = self._wall_clock_us()
        self._floor.presence.update(view.records.devices, self._hub.streams_of, now_us)
        self._floor.elect()
        self._report_unconfirmed(now_us)
        self._look_for_trouble(now_us)
        self._hub.heartbeat(Heartbeat(at=moment(now_us), seq=view.seq), self._floor.speaking_devices())
        self._hub.changed(urgent=False)
        self._ticks += 1

    def _report_unconfirmed(self, now_us: int) -> None:
        """Each once: what is in flight is not asked again; what came to the disk is marked by its event."""
        self._reporting = {name: future for name, future in self._reporting.items() if not future.done()}
        for name in self._floor.announcements.due(now_us, self._floor.online()):
            if name not in self._reporting:
                try:
                    self._reporting[name] = self._gate.submit(
                        ReportUnconfirmed(announcement=name), key=None, actor=TIMER
                    )
                except QueueError:
                    return  # asked again at the next tick

    def _look_for_trouble(self, now_us: int) -> None:
        trouble = self._pictures.trouble
        if self._ticks % DISK_EVERY == 0:
            low = self._disk_free_mb() < self._disk_low_mb
            since_us = (trouble.disk_since_us or now_us) if low else None
            trouble = replace(trouble, disk_since_us=since_us)
        doubt_since_us = (trouble.clock_since_us or now_us) if self._gate.health().clock_doubt else None
        self._pictures.trouble = replace(trouble, clock_since_us=doubt_since_us)
