"""A hall's present, folded from its journal: the day and the journal's end. The writer's thread alone holds one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from queue_server.domain import events as e
from queue_server.domain.hall_day import HallDay, RowHeader
from queue_server.domain.rules import WindowConfig
from queue_server.errors import UnknownRecord
from queue_server.store.journal import GENESIS, JournalRow, parse_events, seal
from queue_server.store.projecting import Changes, Place, collect

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.domain.events import Event
    from queue_server.domain.rules import Rules


JOIN = "join:"
"""Before the key of a join's row: an issue that came through before it may have taken the bare key."""


def request_key(row_key: str | None) -> str | None:
    """Return the key that the client sent, from the one the row keeps."""
    return row_key.removeprefix(JOIN) if row_key is not None else None


class Fold:
    """``HallDay`` beside ``seq``, ``digest`` and ``at_us`` of the last row, kept in step."""

    def __init__(self, hall: str, rules: Rules, windows: Iterable[WindowConfig]) -> None:
        self.hall = hall
        self.day = HallDay(rules, tuple(windows))
        self.seq = 0
        self.digest = GENESIS
        self.at_us = 0
        self._torn = False
        """A row of this day is blanked: events that build on it cannot be applied and are left out."""

    def load(self, rows: Iterable[JournalRow], changes: Changes | None = None) -> None:
        """Fold stored rows. Raises ``UnknownRecord`` naming the row when an event is of a newer program."""
        opened = changes is not None
        for row in rows:
            self._torn = self._torn or row.events is None
            events = self._parsed(row)
            if not opened:  # a day's first row may first close the day before it, whose rows are not folded here
                starts = [n for n, event in enumerate(events) if isinstance(event, e.DayOpened)]
                events, opened = events[starts[0] :] if starts else events, bool(starts)
            self._know_windows(events)
            self._apply(RowHeader(row.seq, row.at_us, request_key(row.key), row.actor), events, changes)
            self.seq, self.digest, self.at_us = row.seq, row.digest, row.at_us

    def accept(
        self, command: Command, events: Sequence[Event], *, at_us: int, key: str | None, actor: str, epoch: str,
        changes: Changes,
    ) -> JournalRow:  # fmt: skip
        """Apply freshly decided events and return the journal row that says so, chained to the one before."""
        seq = self.seq + 1
        day_before = self.day.business_day if self.day.open else None
        self._apply(RowHeader(seq, at_us, request_key(key), actor), events, changes)
        row = seal(
            self.digest,
            hall=self.hall,
            seq=seq,
            epoch=epoch,
            business_day=(self.day.business_day if self.day.open else None) or day_before,
            at_us=at_us,
            key=key,
            actor=actor,
            command=command,
            events=events,
        )
        self.seq, self.digest, self.at_us = seq, row.digest, at_us
        return row

    def ahead_of(self, ticket: str | None) -> int | None:
        """People before a waiting ticket; None when it does not wait."""
        slot = self.day.lines.slots.get(ticket) if ticket is not None else None
        return None if slot is None else self.day.lines.ahead_of(slot.entry)

    def _apply(self, header: RowHeader, events: Sequence[Event], changes: Changes | None) -> None:
        day = self.day
        if not events:
            day.remember(header)
        for event in events:
            before = self._overtaken_before(event)
            if isinstance(event, e.DayOpened):
                self._torn = False
            try:
                day.apply(header, event)
            except KeyError:
                if not self._torn:
                    raise
                continue
            if changes is not None:
                place = Place(self.hall, header.seq, header.at_us, day.business_day or "", day.tickets)
                collect(changes, event, place)
                for ticket in before:
                    changes.tickets[ticket] = (place.day, day.tickets[ticket])

    def _know_windows(self, events: Sequence[Event]) -> None:
        """A window may have left the hall's settings since: what happened there is true all the same."""
        for event in events:
            number = getattr(event, "window", None)
            if number is not None and number not in self.day.windows:
                self.day.know_window(WindowConfig(number))

    def _overtaken_before(self, event: Event) -> tuple[str, ...]:
        """Tickets whose count an undone call gives back: the event does not name them, the window's last act does."""
        if not isinstance(event, e.ActUndone):
            return ()
        last_act = self.day.windows[event.window].last_act
        return last_act.overtaken if last_act is not None else ()

    def _parsed(self, row: JournalRow) -> list[Event]:
        if row.events is None:
            return []
        try:
            return parse_events(row.events)
        except UnknownRecord as error:
            raise UnknownRecord(type_=error.type, version=error.version, hall=self.hall, seq=row.seq) from None
