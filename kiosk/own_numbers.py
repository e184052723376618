"""Numbers without the server: taken from the outbox, handed in when the server is there again (DESIGN 4.10).

Two threads: one writes the outbox, so that no disk holds up the glass; one hands in, in order, the oldest first, with
the key of the press. A number counts as handed in only after the server's answer, or once it is listed for staff.
"""

from __future__ import annotations

import logging
import queue
import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from kiosk.answers import decode
from kiosk.deadline import Cord, Line
from kiosk.errors import OutboxError, RefusedError, ServerError
from kiosk.flow import offline_events as own
from kiosk.hall_time import HallTime, date_of
from kiosk.outbox import Given, Listed, Outbox, Paper, Wanted, Why
from kiosk.reports import Report
from queue_server import wire

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime, tzinfo

    from kiosk.flow.events import Event

LOG = logging.getLogger(__name__)
ORDERS_MAX = 64
BACK_OFF_S = (0.5, 1.0, 2.0, 5.0, 15.0)
"""Between two tries of the same number; the last one repeats, and a heartbeat ends the wait."""
NOT_NOW_S = 15.0
TRY_S = 5.0
FAULTS_MAX = 3
"""So often the server may fail over one number before those behind it go first for ``ASIDE_S``."""
ASIDE_S = 60.0
NOT_NOW = frozenset({401, 403, 404, 408})
"""Something between kiosk and hall that people put right: the number waits."""
NO_DAY = "no_day"
FAILS_OVER_IT = "500"
JOINED_MAX = 200
DETAIL_MAX = 80


class OwnNumbers:
    """The presenter's port. ``heard`` is to be called at each heartbeat."""

    def __init__(
        self,
        outbox: Outbox,
        *,
        make_line: Callable[[], Line],
        post: Callable[[Event], None],
        report: Callable[[Report], None],
        hall_time: HallTime,
        zone: tzinfo,
        wall_clock: Callable[[], datetime],
        steady_s: Callable[[], float],
        new_track: Callable[[], str],
        try_s: float = TRY_S,
    ) -> None:
        """``wall_clock`` is asked only before the server was heard: what it says is marked as unsure.

        ``new_track`` makes the codes on the slips; the server takes them over when a number is handed in.
        ``try_s``: so long one try to hand in may take, whatever the server does meanwhile.
        """
        self._outbox = outbox
        self._make_line, self._post, self._report = make_line, post, report
        self._hall_time, self._zone, self._wall_clock, self._steady_s = hall_time, zone, wall_clock, steady_s
        self._new_track, self._try_s = new_track, try_s
        self._orders: queue.Queue[Callable[[], None] | None] = queue.Queue(ORDERS_MAX)
        self._stopping = threading.Event()
        self._beat, self._more = threading.Event(), threading.Event()
        self._cord = Cord()
        self._lock = threading.Lock()
        self._joined: dict[str, str] = {}
        """Tickets of numbers handed in, by press: the printer's word may come later."""
        self._taken_s: dict[str, float] = {}
        """When numbers of unsure time were taken, by the steady clock of this run."""
        self._disk_fault = False
        self._faults: dict[str, int] = {}
        self._aside_s: dict[str, float] = {}
        """Numbers that the server failed over, and until when the others go first."""
        self._threads = (
            threading.Thread(target=self._write, name="outbox", daemon=True),
            threading.Thread(target=self._hand_in_all, name="handing in", daemon=True),
        )

    def start(self) -> None:
        """Read the outbox, say what is in it, begin to hand in."""
        try:
            self._outbox.open()
            self._say_missing()
        except OutboxError as error:
            self._fault(error)
        self._tell()
        for thread in self._threads:
            thread.start()

    def _say_missing(self) -> None:
        """The last run ended between disk and paper: said once. Raises OutboxError."""
        left = self._outbox.without_paper
        if left is not None:
            matter = left.wanted.matters[0] if left.wanted.matters else ""
            at = None if left.time_unsure else left.issued_at
            now_s = self._steady_s()
            missing = own.PaperMissing(
                key=left.key, number=left.number, issued_at=at, now_s=now_s, matter=matter, track=left.track
            )
            self._post(missing)
            self._outbox.note_paper(Paper(key=left.key, result="unknown"))

    def stop(self) -> None:
        """Write what was ordered and end the threads. Safe to repeat."""
        self._stopping.set()
        self._cord.pull()
        self._beat.set()
        self._more.set()
        writer, sender = self._threads
        if writer.is_alive():
            self._orders.put(None, timeout=2)
            writer.join(TRY_S)
        if sender.is_alive():
            sender.join(TRY_S)

    def heard(self) -> None:
        """The server lives: what waits is handed in at once."""
        self._beat.set()

    @property
    def detail(self) -> str:
        """For the technician: how many wait, and which numbers are listed today."""
        waiting = len(self._outbox.waiting)
        parts = [f"{waiting} waiting"] if waiting else []
        parts += [f"{each.number} {each.why}" for each in self._listed_today()]
        return ", ".join(parts)[:DETAIL_MAX]

    # ---- the presenter's port --------------------------------------------------------------------------------------

    def take_offline(self, take: own.TakeOffline) -> None:
        now = None if take.clock_doubt else self._hall_time.now()
        wanted = Wanted(key=take.key, kind=take.kind, matters=take.matters, language=take.language, grant=take.grant)
        at_s = self._steady_s()
        try:
            self._orders.put_nowait(lambda: self._take(wanted, take.letter, now, at_s))
        except queue.Full:
            self._post(own.OfflineFailed(key=take.key))

    def note_paper(self, note: own.NotePaper) -> None:
        """What is lost of this only leaves the ticket without a word about its slip."""
        try:
            self._orders.put_nowait(lambda: self._note(note))
        except queue.Full:
            LOG.warning("a slip's fate was not noted")

    # ---- the outbox's thread ---------------------------------------------------------------------------------------

    def _write(self) -> None:
        while (order := self._orders.get()) is not None:
            order()

    def _take(self, wanted: Wanted, letter: str, now: datetime | None, at_s: float) -> None:
        day = date_of(now, self._zone)
        try:
            given = self._outbox.take(wanted, letter, now or self._wall_clock(), day, self._new_track())
        except OutboxError as error:
            self._fault(error)
            self._post(own.OfflineFailed(key=wanted.key))
            return
        if day is None:
            with self._lock:
                self._taken_s.setdefault(given.key, at_s)
        self._disk_fault = False
        self._post(own.OfflineGiven(key=given.key, number=given.number, issued_at=now, track=given.track))
        self._tell()
        self._more.set()

    def _note(self, note: own.NotePaper) -> None:
        try:
            with self._lock:
                kept = self._outbox.note_paper(Paper(key=note.press, result=note.result, copy=note.copy))
                ticket = None if kept else self._joined.get(note.press)
        except OutboxError as error:
            self._fault(error)
            return
        if ticket is not None:
            self._report_paper(ticket, note.key, note.result, note.copy)

    def _report_paper(self, ticket: str, key: str, result: wire.PrintResult, copy: int) -> None:
        request = wire.PrintedRequest(key=key, result=result, copy=copy)
        self._report(Report(f"/tickets/{ticket}/printed", msgspec.json.encode(request)))

    # ---- the handing thread ----------------------------------------------------------------------------------------

    def _hand_in_all(self) -> None:
        line = self._make_line()
        tries = 0
        while not self._stopping.is_set():
            self._more.clear()
            given = self._next()
            if given is None:
                self._more.wait(ASIDE_S)
                continue
            self._beat.clear()
            try:
                self._hand_in(line, given)
                tries = 0
            except ServerError as error:
                if self._set_aside(given, error):
                    continue
                self._beat.wait(BACK_OFF_S[min(tries, len(BACK_OFF_S) - 1)])
                tries += 1
            except RefusedError as error:
                LOG.info("%s is not handed in yet: %s", given.number, error)
                self._stopping.wait(NOT_NOW_S)
            except OutboxError as error:
                self._fault(error)
                self._stopping.wait(NOT_NOW_S)
        line.close()

    def _next(self) -> Given | None:
        now_s = self._steady_s()
        return next((each for each in self._outbox.waiting if self._aside_s.get(each.key, 0.0) <= now_s), None)

    def _set_aside(self, given: Given, error: ServerError) -> bool:
        """One that the server itself fails over must not hold up those behind it. It is never given up."""
        if error.detail != FAILS_OVER_IT:
            return False
        self._faults[given.key] = self._faults.get(given.key, 0) + 1
        if self._faults[given.key] < FAULTS_MAX:
            return False
        self._aside_s[given.key] = self._steady_s() + ASIDE_S
        LOG.warning("the server fails over %s; it is tried again later", given.number)
        return True

    def _hand_in(self, line: Line, given: Given) -> None:
        """Raises ServerError, RefusedError (not now) and OutboxError; then the number waits."""
        given = self._with_time(given)
        wanted = given.wanted
        request = wire.JoinRequest(
            key=given.key,
            number=given.number,
            issued_at=given.issued_at,
            time_unsure=given.time_unsure,
            kind=wanted.kind,
            matters=wanted.matters,
            language=wanted.language,
            grant=wanted.grant,
            track=given.track or None,
        )
        try:
            ticket = decode(self._exchange(line, msgspec.json.encode(request)), wire.TicketReply).ticket
        except RefusedError as error:
            if error.status in NOT_NOW or error.problem == NO_DAY:
                raise
            self._settle(given, None, "refused", error.problem)
            return
        why: Why | None = "expired" if ticket.state == "expired" else "twice" if ticket.copy else None
        self._settle(given, ticket.id, why, "")

    def _exchange(self, line: Line, body: bytes) -> bytes | None:
        self._cord = cord = Cord()
        if self._stopping.is_set():
            raise ServerError("silent", "stopping")
        ended = threading.Timer(self._try_s, cord.pull)
        ended.daemon = True
        ended.start()
        try:
            return line.exchange("POST", "/tickets/join", cord=cord, timeout_s=self._try_s, body=body)
        finally:
            ended.cancel()

    def _with_time(self, given: Given) -> Given:
        """A number of unsure time gets its true one, counted back from the server's; on disk before it is sent."""
        now = self._hall_time.now()
        with self._lock:
            taken_s = self._taken_s.get(given.key)
        if not given.time_unsure or now is None or taken_s is None:
            return given
        ago = timedelta(seconds=self._steady_s() - taken_s)
        return self._outbox.set_time(given.key, now - ago) or given

    def _settle(self, given: Given, ticket: str | None, why: Why | None, code: str) -> None:
        """Listed if staff have to know, then handed in. Raises OutboxError."""
        if why is not None:
            at = self._hall_time.now() or self._wall_clock()
            LOG.warning("%s is listed: %s %s", given.number, why, code)
            self._outbox.list_number(
                Listed(key=given.key, number=given.number, issued_at=given.issued_at, why=why, at=at, code=code)
            )
        with self._lock:
            paper = self._outbox.paper_of(given.key)
            self._outbox.done(given.key)
            self._taken_s.pop(given.key, None)
            self._aside_s.pop(given.key, None)
            self._faults.pop(given.key, None)
            if ticket is not None:
                self._joined[given.key] = ticket
                while len(self._joined) > JOINED_MAX:
                    del self._joined[next(iter(self._joined))]
        if ticket is not None and paper is not None:
            self._report_paper(ticket, f"{given.key}-slip", paper.result, paper.copy)
        self._disk_fault = False
        self._tell()

    # ---- what staff hear -------------------------------------------------------------------------------------------

    def _fault(self, error: OutboxError) -> None:
        LOG.error("%s", error)
        self._disk_fault = True
        self._tell()

    def _tell(self) -> None:
        waiting, listed = len(self._outbox.waiting), self._listed_today()
        refused = [each for each in listed if each.why == "refused"]
        if self._disk_fault:
            self._post(own.OutboxChanged(state="down", code="outbox_disk", count=waiting))
        elif waiting:
            self._post(own.OutboxChanged(state="degraded", code="handing_in", count=waiting))
        elif refused:
            self._post(own.OutboxChanged(state="degraded", code="join_refused", count=len(refused)))
        elif listed:
            self._post(own.OutboxChanged(state="degraded", code="join_conflicts", count=len(listed)))
        else:
            self._post(own.OutboxChanged(state="ok"))

    def _listed_today(self) -> list[Listed]:
        today: date | None = date_of(self._hall_time.now(), self._zone)
        return [each for each in self._outbox.listed if today is None or date_of(each.at, self._zone) == today]
