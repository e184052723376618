"""One transaction of the gate: each command decided in turn, all of them written together (DESIGN 4.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from queue_server.domain import events as e
from queue_server.domain.commands import IssueTicket, JoinTicket, OpenDay
from queue_server.domain.context import Context
from queue_server.domain.deciding import decide
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.service.booking_facts import booking_of, facts_for
from queue_server.service.view import Accepted, WrittenRow
from queue_server.store.folding import JOIN
from queue_server.store.journal import JournalRow, parse_command, parse_events, same_request
from queue_server.store.projecting import Changes

if TYPE_CHECKING:
    from queue_server.domain.booking import BookingFacts
    from queue_server.domain.commands import Command
    from queue_server.domain.events import Event
    from queue_server.service.journal_clock import JournalClock
    from queue_server.store.folding import Fold
    from queue_server.store.rows import RowWrite, SecurityEntry
    from queue_server.store.writer import Writer


class Answer(Protocol):
    """Where the gate's thread puts an outcome: what it uses of ``concurrent.futures.Future``, which is one."""

    __slots__ = ()

    def set_running_or_notify_cancel(self) -> bool:
        """False when nobody wants it any more and it was not begun."""

    def done(self) -> bool: ...

    def set_result(self, result: Any) -> None: ...  # noqa: ANN401 - of a Job ``Accepted | Refused``, of a Note None

    def set_exception(self, exception: BaseException | None) -> None: ...


class Job(NamedTuple):
    """A command that waits for its turn."""

    command: Command
    key: str | None
    actor: str
    rows: tuple[RowWrite, ...]
    future: Answer
    since_s: float


class Note(NamedTuple):
    """Rows that no journal row speaks of, on the same way to the disk.

    ``checkpoint``: afterwards nothing erased may be left in the write-ahead log.
    """

    rows: tuple[RowWrite, ...]
    security: tuple[SecurityEntry, ...]
    future: Answer
    since_s: float
    checkpoint: bool = False


Outcome = Accepted | Refused | None
DAY_TURNS = (e.DayOpened, e.DayClosed)


class Batch:
    """Used once. After ``run`` the caller commits if ``wrote``; until then nothing of it is true."""

    def __init__(self, writer: Writer, fold: Fold, clock: JournalClock, spoken_at_us: Mapping[str, int]) -> None:
        self._writer = writer
        self._spoken_at_us = spoken_at_us
        self.fold = fold
        self._now_us = clock.now()
        self._doubt = clock.doubt
        self._first: dict[str, JournalRow] = {}
        self._journal: list[JournalRow] = []
        self._changes = Changes()
        self._rows: list[RowWrite] = []
        self._rows_written = 0
        self._security: list[SecurityEntry] = []
        self._day_key_of: str | None = None
        self._day_key_touched = False
        self._closed_day = False
        self.written: list[WrittenRow] = []
        self.wrote = False

    @property
    def opened_day(self) -> bool:
        return self._day_key_of is not None

    @property
    def turned_day(self) -> bool:
        """A day was opened or closed."""
        return self.opened_day or self._closed_day

    @property
    def tables(self) -> frozenset[str]:
        """Record tables whose rows were written."""
        return frozenset(row.table for row in self._rows)

    def run(self, entries: Sequence[Job | Note]) -> list[tuple[Job | Note, Outcome]]:
        """Decide all, write what was accepted into the open transaction, return every outcome."""
        keys = [_keys_of(entry) for entry in entries]
        self._first = self._writer.known([*chain.from_iterable(keys)])
        outcomes: list[tuple[Job | Note, Outcome]] = []
        for entry, known_by in zip(entries, keys, strict=True):
            match entry:
                case Job():
                    outcomes.append((entry, self._decided(entry, known_by)))
                case Note():
                    self._rows.extend(entry.rows)
                    self._security.extend(entry.security)
                    outcomes.append((entry, None))
        self._write()
        return outcomes

    def _decided(self, job: Job, keys: tuple[str, ...]) -> Accepted | Refused:
        repeat = self._repeat(job, keys)
        if repeat is not None:
            return repeat
        refusal = self._day_over(job.command)
        if refusal is not None:
            return refusal
        decided = decide(self.fold.day, job.command, self._context(job))
        if isinstance(decided, Refused):
            return decided
        return self._accept(job, decided)

    def _context(self, job: Job) -> Context:
        return Context(
            now_us=self._now_us,
            actor=job.actor,
            key=job.key,
            clock_doubt=self._doubt,
            anchor=self.fold.digest.hex(),
            spoken_at_us=self._spoken_at_us,
            booking=self._booking_facts(job),
        )

    def _booking_facts(self, job: Job) -> BookingFacts | None:
        """The tables as the commands before left them."""
        booking = booking_of(job.command)
        if booking is None:
            return None
        self._write_rows()
        return facts_for(self._writer.connection, self._writer.hall, booking, job.command, job.rows)

    def _write_rows(self) -> None:
        if self._rows_written < len(self._rows):
            self._writer.write(self._rows[self._rows_written :])
            self._rows_written = len(self._rows)

    def _accept(self, job: Job, events: Sequence[Event]) -> Accepted:
        row = self.fold.accept(
            job.command,
            events,
            at_us=self._now_us,
            key=row_key(job.command, job.key),
            actor=job.actor,
            epoch=self._writer.epoch,
            changes=self._changes,
        )
        self._journal.append(row)
        self._rows.extend(job.rows)
        self._note_day(events)
        if row.key is not None:
            self._first[row.key] = row
        happened = tuple(events)
        self.written.append(WrittenRow(row.seq, row.at_us, job.actor, job.command, happened))
        return self._accepted(row, job.command, happened, repeated=False)

    def _repeat(self, job: Job, keys: tuple[str, ...]) -> Accepted | Refused | None:
        """The first outcome of a key, a refusal when it was used for something else, None when it is new."""
        for key in keys:
            if key in self._first:
                return self._again(job, self._first[key])
        return None

    def _again(self, job: Job, first: JournalRow) -> Accepted | Refused:
        if first.actor != job.actor:
            return Refused(RefusalCode.KEY_REUSED)
        command = parse_command(first.command) if first.command is not None else job.command
        late = isinstance(command, JoinTicket) and isinstance(job.command, IssueTicket)
        if not late and not same_request(command, job.command):
            return Refused(RefusalCode.KEY_REUSED)
        events = tuple(parse_events(first.events)) if first.events is not None else ()
        return self._accepted(first, command, events, repeated=True)

    def _accepted(self, row: JournalRow, command: Command, events: tuple[Event, ...], *, repeated: bool) -> Accepted:
        ticket = ticket_of(command, events)
        return Accepted(row.seq, row.at_us, events, ticket, repeated, self.fold.ahead_of(ticket))

    def _day_over(self, command: Command) -> Refused | None:
        """A date that other days followed stays closed: its numbers are out already."""
        if not isinstance(command, OpenDay) or command.business_day == self.fold.day.business_day:
            return None
        if not self._writer.had_day(command.business_day):
            return None
        return Refused(RefusalCode.WRONG_STATE, {"business_day": command.business_day})

    def _note_day(self, events: Sequence[Event]) -> None:
        for event in events:
            if isinstance(event, DAY_TURNS):
                self._day_key_touched = True
                self._day_key_of = event.business_day if isinstance(event, e.DayOpened) else None
                self._closed_day = self._closed_day or isinstance(event, e.DayClosed)

    def _write(self) -> None:
        writer = self._writer
        self.wrote = bool(self._journal or self._rows or self._security)
        if self._journal:
            writer.append(self._journal)
            writer.project(self._changes)
        if self._day_key_touched:
            writer.put_day_key(self._day_key_of)
        self._write_rows()
        if self._security:
            writer.log_security(self._security, self._now_us)


def row_key(command: Command, key: str | None) -> str | None:
    """Return the key as the journal keeps it: a join may carry the key of an issue that came through before it."""
    return JOIN + key if key is not None and isinstance(command, JoinTicket) else key


def _keys_of(entry: Job | Note) -> tuple[str, ...]:
    """Keys under which an earlier row would answer this one."""
    if isinstance(entry, Note) or entry.key is None:
        return ()
    if isinstance(entry.command, JoinTicket):
        return (JOIN + entry.key,)
    if isinstance(entry.command, IssueTicket):
        return (entry.key, JOIN + entry.key)
    return (entry.key,)


def ticket_of(command: Command, events: Sequence[Event]) -> str | None:
    """Return the ticket that an answer is about: the one called or made, else the one the command names."""
    for kinds in ((e.TicketCalled, e.TicketIssued, e.TicketJoined), (object,)):
        for event in reversed(events):
            ticket: str | None = getattr(event, "ticket", None)
            if ticket is not None and isinstance(event, kinds):
                return ticket
    named: str | None = getattr(command, "ticket", None)
    return named
