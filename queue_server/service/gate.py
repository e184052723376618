"""The gate: the one way to change a hall (DESIGN 4.1).

Callers on any thread ``submit`` commands; one thread takes what waits, decides, writes and commits it as one
transaction, publishes the new ``HallView`` and only then answers. Nobody is told anything that is not on disk.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from types import MappingProxyType
from typing import TYPE_CHECKING

from queue_server.domain.clock import local_day
from queue_server.domain.commands import CloseDay
from queue_server.errors import (
    CommandFailed,
    GateStopped,
    LockHeld,
    LockLost,
    QueueError,
    StoreError,
    StoreUnavailable,
    StoreUnreachable,
)
from queue_server.service import upkeep
from queue_server.service.batch import Answer, Batch, Job, Note, Outcome
from queue_server.service.intake import Intake, fail
from queue_server.service.journal_clock import JournalClock
from queue_server.service.places import places
from queue_server.service.records import RecordsView, load_records
from queue_server.service.view import GateHealth, HallView, WrittenRow

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.domain.refusals import Refused
    from queue_server.domain.rules import Rules, WindowConfig
    from queue_server.service.ports import SteadyClock, WallClock
    from queue_server.service.view import Accepted
    from queue_server.store.engine import Store
    from queue_server.store.folding import Fold
    from queue_server.store.rows import RowWrite, SecurityEntry
    from queue_server.store.writer import Writer

STALE_S = 5.0
"""A command that waited so long makes ``/readyz`` red."""
TICK_S = 1.0
"""How often an idle gate looks at its lock and the clock."""
STANDBY_S = 0.25
"""How often a gate that stands by asks for the lock."""

CommitCallback = Callable[[HallView, tuple[WrittenRow, ...]], None]

_log = logging.getLogger(__name__)


class Gate:
    """Owns the hall's writer and its thread, from ``start`` to ``stop``."""

    def __init__(
        self,
        store: Store,
        rules: Rules,
        windows: Iterable[WindowConfig],
        *,
        hall: str,
        wall_clock_us: WallClock,
        steady_clock_s: SteadyClock,
        program: str = "hall-queue",
        spoken_at_us: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """``spoken_at_us``: announcement → when a display said it to the end; its owner may add to it at any time."""
        self.hall = hall
        self._spoken_at_us = spoken_at_us
        self._store = store
        self._rules = rules
        self._windows = tuple(windows)
        self._clock = JournalClock(wall_clock_us, steady_clock_s)
        self._steady_s = steady_clock_s
        self._program = program
        self._intake = Intake()
        self._ready = threading.Event()
        self._failure: QueueError | None = None
        self._kept_out: QueueError | None = None
        self._fault: str | None = None
        self._callbacks: list[CommitCallback] = []
        self._view: HallView | None = None
        self._thread: threading.Thread | None = None
        self._writer: Writer | None = None
        self._fold: Fold | None = None
        self._records = RecordsView()
        self._checkpoint_due = False

    # ---- for callers on any thread -------------------------------------------------------------------------------

    @property
    def view(self) -> HallView:
        """The newest committed state. Raises ``GateStopped`` before the gate served for the first time."""
        if self._view is None:
            raise GateStopped(self._intake.state)
        return self._view

    def submit(
        self, command: Command, *, key: str | None, actor: str, rows: Sequence[RowWrite] = ()
    ) -> Future[Accepted | Refused]:
        """Hand in a command; the future is done when it is on disk (or refused).

        ``key`` None is for the server's own timers. Raises ``GateBusy`` or ``GateStopped`` at once. The future raises
        ``CommandFailed``, ``StoreUnavailable`` or ``GateStopped``.
        """
        answer: Future[Accepted | Refused] = Future()
        self.hand_in(command, answer, key=key, actor=actor, rows=rows)
        return answer

    def hand_in(
        self, command: Command, answer: Answer, *, key: str | None, actor: str, rows: Sequence[RowWrite] = ()
    ) -> None:
        """As ``submit``, for a caller with something lighter than a future: ``answer`` is set on the gate's thread."""
        self._intake.enter(Job(command, key, actor, tuple(rows), answer, self._steady_s()))

    def note(
        self,
        *,
        rows: Sequence[RowWrite] = (),
        security: Sequence[SecurityEntry] = (),
        checkpoint: bool = False,
    ) -> Future[None]:
        """Write what no journal row speaks of: sessions, pairing codes, the security log. Raises like ``submit``.

        ``checkpoint``: then empty the write-ahead log, so that nothing erased before is left in it.
        """
        answer: Future[None] = Future()
        self._intake.enter(Note(tuple(rows), tuple(security), answer, self._steady_s(), checkpoint))
        return answer

    def on_commit(self, callback: CommitCallback) -> None:
        """Call ``callback(view, rows)`` on the gate's thread after each commit: it must be quick and must not wait.

        ``rows`` is empty when only records or the clock's doubt changed. Register before ``start``.
        """
        self._callbacks.append(callback)

    def health(self) -> GateHealth:
        """Tell whether this gate serves, for ``/readyz`` and ``/metrics``."""
        waiting, since_s = self._intake.oldest_since_s()
        oldest_s = max(self._steady_s() - since_s, 0.0) if since_s is not None else 0.0
        alive = self._thread is not None and self._thread.is_alive()
        state = self._intake.state if alive or self._intake.state != "serving" else "stopped"
        return GateHealth(
            ready=state == "serving" and oldest_s < STALE_S and self._fault is None,
            state=state,
            waiting=waiting,
            oldest_s=oldest_s,
            seq=self._view.seq if self._view else 0,
            clock_doubt=self._clock.doubt,
            fault=self._fault,
        )

    def start(self, *, timeout_s: float | None = 10.0) -> None:
        """Start the thread and wait until it serves. With ``timeout_s`` None return at once and stand by if need be.

        Raises ``LockHeld`` or ``StoreUnreachable`` when that kept us out all the time, else what opening the store
        raised (``SchemaOutOfDate``, ``UnknownRecord``, ``StoreUnavailable``).
        """
        if self._thread is not None:
            raise GateStopped("started already")
        self._thread = threading.Thread(target=self._run, name=f"gate-{self.hall}", daemon=True)
        self._thread.start()
        if timeout_s is None:
            return
        served = self._ready.wait(timeout_s)
        if self._failure is not None:
            raise self._failure
        if not served:
            self.stop()
            raise self._kept_out or LockHeld(self.hall)

    def wait_ready(self, timeout_s: float) -> bool:
        """True as soon as the gate serves or failed for good (see ``health``), False while it still may do either."""
        return self._ready.wait(timeout_s)

    def stop(self, *, timeout_s: float = 10.0) -> None:
        """Take nothing more in, finish what waits, give back lock and connection."""
        self._intake.stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)

    # ---- the gate's thread ---------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._writer = self._stand_by()
            if self._writer is not None:
                self._open_hall(self._writer)
                self._serve(self._writer)
            self._end("stopped")
        except LockLost:
            self._end("lost")
        except QueueError as error:
            self._failure = error
            _log.error("the gate of hall %s stops: %s", self.hall, error)
            self._end("refused")
        except Exception as error:  # noqa: BLE001 - DESIGN 9.5: the gate's loop leaves a known state
            _log.error("the gate of hall %s died at %s", self.hall, places(error))
            self._end("stopped")

    def _stand_by(self) -> Writer | None:
        """Take the lock, asking for it until it is free and the database is up. None when stopped meanwhile."""
        self._intake.state = "standing_by"
        while not self._intake.stopping:
            try:
                return self._store.open_writer(self.hall)
            except (LockHeld, StoreUnreachable) as error:
                if self._kept_out is None:
                    _log.warning("hall %s is not served yet: %s", self.hall, error)
                self._kept_out = error
                self._intake.pause(STANDBY_S)
        return None

    def _open_hall(self, writer: Writer) -> None:
        fold = self._load(writer)
        self._records = load_records(writer.connection, self.hall)
        writer.rollback()
        writer.begin()
        writer.note_program(fold.seq + 1, self._program)
        writer.commit()
        self._clock.start(fold.at_us)
        self._clock.now()
        self._publish(writer, fold)
        self._close_left_open(writer, fold)
        self._intake.open("serving")
        self._ready.set()

    def _close_left_open(self, writer: Writer, fold: Fold) -> None:
        """A day found open under an earlier date is closed under its own date before anybody is let in (DESIGN 4.5)."""
        day = fold.day.business_day
        today = local_day(self._clock.now(), self._rules.utc_offset_min)
        if fold.day.open and day is not None and day < today and not self._clock.doubt:
            _log.warning("%s was left open and is closed now", day)
            closing = Job(CloseDay(force=True), None, "timer", (), Future(), self._steady_s())
            closing.future.set_running_or_notify_cancel()
            self._run_entries(writer, [closing])

    def _load(self, writer: Writer) -> Fold:
        """Fold the last business day anew: at the start and after every roll-back."""
        self._fold = None
        fold = writer.load_fold(self._rules, self._windows)
        self._fold = fold
        return fold

    def _serve(self, writer: Writer) -> None:
        while True:
            entries = self._intake.take(TICK_S)
            if entries:
                self._run_entries(writer, entries)
            elif self._intake.stopping:
                return
            else:
                self._tick(writer)

    def _tick(self, writer: Writer) -> None:
        """Idle: notice a lost lock, a store that is well again, a clock that went wrong or right."""
        doubt = self._clock.doubt
        self._clock.now()
        try:
            writer.check()
            self._checkpoint(writer)
            if self._fold is None:
                self._load(writer)
            self._fault = None
        except LockLost:
            raise
        except StoreUnavailable as error:
            self._fault = error.reason
        if self._clock.doubt != doubt and self._fold is not None:
            self._publish(writer, self._fold)
            self._call_back(())

    def _run_entries(self, writer: Writer, entries: list[Job | Note]) -> None:
        """One transaction for all; if that fails, one for each, so that a bad command harms only itself."""
        try:
            batch, outcomes = self._commit(writer, entries)
        except LockLost:
            raise
        except StoreUnavailable as error:
            self._fault = error.reason
            _log.error("nothing of %d commands was written: %s", len(entries), error)
            self._recover(writer)
            fail(entries, error)
        except Exception as error:  # noqa: BLE001 - DESIGN 9.5: whatever a command makes the program do
            self._recover(writer)
            if len(entries) == 1:
                fail(entries, self._blame(entries[0], error))
                return
            for entry in entries:
                self._run_entries(writer, [entry])
        else:
            self._answer(writer, batch, outcomes)

    def _answer(self, writer: Writer, batch: Batch, outcomes: list[tuple[Job | Note, Outcome]]) -> None:
        """On disk: show it, then say it, then tell listeners."""
        if batch.wrote:
            self._publish(writer, batch.fold)
        if any(isinstance(entry, Note) and entry.checkpoint for entry, _ in outcomes):
            self._checkpoint_due = True
            self._checkpoint(writer)
        for entry, outcome in outcomes:
            entry.future.set_result(outcome)
        if batch.wrote:
            self._call_back(tuple(batch.written))
        if batch.turned_day:
            self._purge(writer)

    def _checkpoint(self, writer: Writer) -> None:
        if self._checkpoint_due:
            try:
                self._checkpoint_due = not writer.checkpoint()
            except LockLost:
                raise
            except StoreUnavailable as error:
                _log.warning("the write-ahead log was not emptied yet: %s", error)

    def _purge(self, writer: Writer) -> None:
        """At each turn of a day: no-shows, then what outlived its time, as commands of their own (DESIGN 4.3)."""
        try:
            work = upkeep.due_at_turn(writer.connection, self.hall, self._clock.now(), self._rules)
            writer.rollback()
        except LockLost:
            raise
        except StoreError as error:
            _log.error("nothing was purged at the turn of a day: %s", error)
            return
        now_s = self._steady_s()
        jobs: list[Job | Note] = [Job(command, None, "timer", rows, Future(), now_s) for command, rows in work]
        if jobs:
            self._intake.enter_own([*jobs, Note((), (), Future(), now_s, checkpoint=True)])

    def _commit(self, writer: Writer, entries: list[Job | Note]) -> tuple[Batch, list[tuple[Job | Note, Outcome]]]:
        """Decide, write and commit. Raises before the commit, or in it: then nobody knows but the keys."""
        fold = self._fold or self._load(writer)
        batch = Batch(writer, fold, self._clock, self._spoken_at_us)
        writer.begin()
        outcomes = batch.run(entries)
        if not batch.wrote:
            writer.rollback()
            return batch, outcomes
        records = self._records.refreshed(writer.connection, self.hall, batch.tables)
        writer.commit()
        self._fault = None
        self._records = records
        return batch, outcomes

    def _publish(self, writer: Writer, fold: Fold) -> None:
        self._view = HallView(
            seq=fold.seq,
            at_us=fold.at_us,
            epoch=writer.epoch,
            hall=self.hall,
            day=fold.day.snapshot(),
            clock_doubt=self._clock.doubt,
            records=self._records,
        )

    def _call_back(self, rows: tuple[WrittenRow, ...]) -> None:
        view = self.view
        for callback in self._callbacks:
            try:
                callback(view, rows)
            except Exception as error:  # noqa: BLE001 - a push that fails must not stop the hall
                _log.error("a listener failed after row %d at %s", view.seq, places(error))

    def _recover(self, writer: Writer) -> None:
        """After a roll-back: what was applied in memory is not on disk, so fold anew."""
        try:
            writer.rollback()
            self._load(writer)
        except LockLost:
            raise
        except StoreError as error:
            self._fold = None
            _log.error("the hall cannot be read now: %s", error)

    def _blame(self, entry: Job | Note, error: Exception) -> CommandFailed:
        name = type(entry.command).__name__ if isinstance(entry, Job) else "note"
        failed = CommandFailed(name, secrets.token_hex(4))
        _log.error("%s, %s at %s", failed, type(error).__name__, places(error))
        return failed

    def _end(self, state: str) -> None:
        self._intake.end(state)
        if self._writer is not None:
            try:
                self._writer.close()
            except StoreError as error:
                _log.warning("closing the store: %s", error)
        self._ready.set()
