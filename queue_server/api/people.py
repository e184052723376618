"""Persons read from a card: into the erasable table, found again the same day, never anywhere else (DESIGN 4.3)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queue_server.domain.ticket import Ticket
    from queue_server.push.pictures import Pictures
    from queue_server.service.ports import Chance, WallClock
    from queue_server.service.records import PersonDesk
    from queue_server.store.rows import RowWrite
    from queue_server.wire import CardPerson

DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Present:
    """A person at the kiosk now: ``rows`` travel beside the command that carries ``ref``."""

    ref: str
    rows: tuple[RowWrite, ...]
    already: Ticket | None
    """A live ticket that the same card took today."""


@dataclass(frozen=True, slots=True)
class People:
    desk: PersonDesk
    pictures: Pictures
    chance: Chance
    wall_clock_us: WallClock
    retention_days: int

    async def present(self, person: CardPerson | None) -> Present | None:
        """The person of a request; None when no card was read or no day is open."""
        day = self.pictures.day
        if person is None or day is None or not day.open or day.business_day is None:
            return None
        return await asyncio.to_thread(self._present, person, day.business_day)

    def _present(self, person: CardPerson, business_day: str) -> Present | None:
        ref = self.chance.id("p")
        erase_after_us = self.wall_clock_us() + self.retention_days * DAY_US
        row = self.desk.row(person, ref=ref, business_day=business_day, erase_after_us=erase_after_us)
        if row is None:
            return None
        known = self.desk.duplicate_of(person, business_day)
        return Present(ref, (row,), self.pictures.live_ticket_of(known))
