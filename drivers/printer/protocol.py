"""The talk with a printer, without I/O: one slip at a time, status before and after, an honest outcome.

``not_printed`` means that not one byte of the slip went out; ``printed`` that the printer confirmed its end;
everything between is ``unknown``. Nothing is ever sent twice. What a broken slip left behind (half a picture,
half a line, a confirmation still owed) is cleared away before the next slip, so that neither prints as garbage
nor vouches for the wrong one.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from drivers.errors import DeviceSilent
from drivers.link import UNPROVED
from drivers.link import Condition as LinkCondition
from drivers.printer import pace
from drivers.printer.cleaning import BY_HAND, CLEAR_BYTES, GO_ON_ALONE, SCRAP_CUT, Debris, torn_bytes
from drivers.printer.encode import INITIALISE, marker
from drivers.printer.jobs import Job, JobDone, Phase, PrinterEvent, PrintOutcome, Purpose, Result, StatusSeen
from drivers.printer.profile import MarkerKind, Profile, StatusKind
from drivers.printer.status import (
    SILENT,
    UNASKED,
    Condition,
    Marker,
    ReplyParser,
    Status,
    StatusByte,
    StatusRound,
)
from drivers.transport import BITS_PER_BYTE

if TYPE_CHECKING:
    from collections.abc import Sequence


class PrinterCore:
    """A ``drivers.link.Core``; ``add`` takes jobs, events are JobDone and StatusSeen."""

    def __init__(self, profile: Profile, *, baud: int, check: bytes = SCRAP_CUT, turn_s: float | None = None) -> None:
        """``baud`` is the serial line's speed; for a network pass what the printer's own line would have.

        ``check`` are the bytes of the line that is printed and cut off where half a slip may hang. ``turn_s``: others
        use this printer, too, and this is how long to wait for one's turn.
        """
        self._profile = profile
        self._check = check
        self._turn_s = turn_s
        self._unserved = 0  # looks in a row at a shared printer that nobody answered
        self.refused = False  # by a shared printer, at the last attempt
        self.one_way(yes=False)
        self._byte_s = BITS_PER_BYTE / baud
        self._jobs: deque[Job] = deque()
        self._parser = ReplyParser()
        self._phase = Phase.AWAY
        self._purpose = Purpose.LOOK
        self._round: StatusRound | None = None
        self._out = b""
        self._wake_at: float | None = None
        self._look_at: float | None = 0.0
        """When a shared printer is looked at again."""
        self._sent = 0
        self._handed_over = False
        self._left = Debris()
        self._heard = False
        """The printer has answered the clean-up."""
        self._status: Status | None = None
        self._events: list[PrinterEvent] = []

    @property
    def condition(self) -> LinkCondition:
        if self._unserved:
            return LinkCondition("degraded", "busy") if self._unserved < pace.UNSERVED_LIMIT else SILENT.link_condition
        return UNPROVED if self._status is None else self._status.link_condition

    @property
    def resting(self) -> bool:
        """Nothing is under way and nothing is left to say: a shared printer may be given free."""
        return self._phase is Phase.IDLE and not self._jobs and not self._out

    def wants_line(self, now: float) -> bool:
        """Away from a shared printer: whether there is something to do there."""
        return bool(self._jobs) or (self._look_at is not None and now >= self._look_at)

    def one_way(self, *, yes: bool) -> None:
        """Told before ``connected``: this line carries no answers, so the printer cannot be asked."""
        self._asks = self._profile.status is StatusKind.DLE_EOT and not yes
        self._marker = MarkerKind.NONE if yes else self._profile.marker

    def released(self, now: float) -> None:
        """A shared printer was given free; what is known of it stays known, and it is looked at again in time."""
        self._look_at = (self._wake_at or now + pace.TROUBLE_POLL_S) if self._asks else None
        self._phase, self._wake_at = Phase.AWAY, None

    def add(self, job: Job, now: float) -> Sequence[PrinterEvent]:
        """Queue a slip; it starts at once when nothing else is under way."""
        if len(self._jobs) >= pace.JOBS_LIMIT:
            return [JobDone(job.number, PrintOutcome("not_printed", "busy"))]
        self._jobs.append(job)
        if self._phase is Phase.IDLE:
            self._start(now)
        return self._told()

    def connected(self, now: float) -> None:
        self._parser.reset()
        self._out = b"\0" * self._left.torn
        self._handed_over = False
        self._status = self._status if self._turn_s is not None else None
        if not self._asks:
            self._seen(UNASKED)
            self._idle(now)
        else:
            self._ask(Purpose.LOOK, now, after_bytes=self._left.torn)

    def disconnected(self, now: float) -> Sequence[PrinterEvent]:
        self._status, self._look_at = None, now
        if self._under_way:
            self._left.torn = torn_bytes(self._jobs[0].chunks[self._sent - 1 : self._sent])
            self._break_off("unplugged")
        self._phase, self._round, self._wake_at, self._out = Phase.AWAY, None, None, b""
        self._expire(now)
        return self._told()

    def receive(self, data: bytes, now: float) -> Sequence[PrinterEvent]:
        for reply in self._parser.receive(data):
            match reply:
                case StatusByte():
                    self._answered(reply, now)
                case Marker():
                    self._marked(reply, now)
        return self._told()

    def outgoing(self) -> bytes:
        data, self._out = self._out, b""
        if not data and self._phase is Phase.SENDING:
            self._handed_over = True  # the link asks again only when all before was taken
        return data

    def deadline(self) -> float | None:
        if self._phase is Phase.SENDING:
            return 0.0  # at once, to learn when the last byte was taken; the link waits in its write meanwhile
        times = [job.expires for job in self._jobs if not self._is_current(job)]
        times += [job.deadline for job in self._jobs]
        if self._wake_at is not None:
            times.append(self._wake_at)
        if self._round is not None and self._round.deadline is not None:
            times.append(self._round.deadline)
        return min(times, default=None)

    def wake(self, now: float) -> Sequence[PrinterEvent]:
        self._expire(now)
        if self._handed_over:
            self._handed_over = False
            self._sent_chunk(now)
        elif self._round is not None and self._round.deadline is not None and now >= self._round.deadline:
            self._round_ended(SILENT, now)
        elif self._wake_at is not None and now >= self._wake_at:
            self._wake_at = None
            self._time_passed(now)
        return self._told()

    @property
    def _under_way(self) -> bool:
        """Bytes of the first job have gone out."""
        return self._sent > 0

    def _is_current(self, job: Job) -> bool:
        return self._under_way and job is self._jobs[0]

    def _told(self) -> list[PrinterEvent]:
        events, self._events = self._events, []
        return events

    def _seen(self, status: Status) -> None:
        self._status = status
        self._unserved = 0 if status != SILENT else self._unserved
        self._left.touched = self._left.touched or bool(status.conditions & BY_HAND)
        self._events.append(StatusSeen(status))

    def _expire(self, now: float) -> None:
        """End what has waited too long; what has begun ends as unknown, never as not printed."""
        for job in list(self._jobs):
            if self._is_current(job):
                if now >= job.deadline:
                    self._give_up(self._status.worst if self._status and not self._status.can_print else None, now)
            elif now >= min(job.expires, job.deadline):
                self._jobs.remove(job)
                reason = self._why_not_started() if now < job.expires or self._turn_s else "expired"
                self._events.append(JobDone(job.number, PrintOutcome("not_printed", reason)))

    def _why_not_started(self) -> str:
        if self._phase is Phase.AWAY:
            return "busy" if self.refused else "unreachable"
        if self.waits_for_turn:
            return "busy"
        if self._phase in {Phase.ASKING, Phase.SYNCING} and not self._under_way:
            return Condition.SILENT.value
        return "busy"

    def _idle(self, now: float) -> None:
        """Nothing is under way: take the next job, or look again after a while."""
        self._phase, self._round = Phase.IDLE, None
        if self._jobs:
            self._start(now)
        elif self._left.scrap and self._turn_s is not None and self._status is not None and self._status.can_print:
            self._clean_or_send(now)  # the next slip may be another's
        elif self._asks:
            well = self._status is not None and self._status.worst is Condition.PAPER_OK
            self._wake_at = now + (pace.IDLE_POLL_S if well else pace.TROUBLE_POLL_S)

    def _start(self, now: float) -> None:
        self._wake_at = None
        if self._asks:
            self._ask(Purpose.BEFORE, now)
        else:
            self._clean_or_send(now)

    def _ask(self, purpose: Purpose, now: float, *, after_bytes: int = 0) -> None:
        self._phase, self._purpose, self._wake_at = Phase.ASKING, purpose, None
        questions = (4,) if purpose is Purpose.BETWEEN else (1, 2, 3, 4)
        if purpose is Purpose.LOOK and len(self._out) - self._left.torn > pace.STUCK_BYTES:
            raise DeviceSilent("DLE EOT", pace.TROUBLE_POLL_S)
        answer_s = self._turn_s if self._turn_s is not None and purpose is Purpose.LOOK else pace.ANSWER_S
        self._round = StatusRound(answer_s + after_bytes * self._byte_s, questions)
        self._out += self._round.ask(now)

    def _answered(self, answer: StatusByte, now: float) -> None:
        if self._round is None:
            return  # late: its question was given up
        if self._round.take(answer):
            self._round_ended(self._round.status, now)
        else:
            self._out += self._round.ask(now)

    @property
    def waits_for_turn(self) -> bool:
        """Asked a shared printer, which may be printing for another and has said nothing yet."""
        return self._turn_s is not None and self._phase is Phase.ASKING and self._purpose is Purpose.LOOK

    def _turn_missed(self, now: float) -> None:
        """Not asked again, or the answers would be taken for others; slips that still wait have their own limits."""
        if self._jobs and self._round is not None:
            self._round.deadline = now + (self._turn_s or 0.0)
            return
        self._unserved += 1
        self._phase, self._round, self._wake_at = Phase.IDLE, None, None

    def _round_ended(self, status: Status, now: float) -> None:
        if status == SILENT and self.waits_for_turn:
            self._turn_missed(now)
            return
        self._round = None
        purpose = self._purpose
        if purpose is not Purpose.BETWEEN or not status.can_print:
            self._seen(status)
        match purpose:
            case Purpose.LOOK:
                self._idle(now)
            case Purpose.BEFORE if not self._jobs:
                self._idle(now)
            case Purpose.BEFORE if not status.can_print:
                self._finish("not_printed", status.worst.value)
                self._idle(now)
            case Purpose.BEFORE:
                self._clean_or_send(now)
            case Purpose.BETWEEN if status.can_print:
                self._send_chunk()
            case Purpose.AFTER:
                self._confirm(status, now)
            case Purpose.BETWEEN | Purpose.WATCH:
                self._judge(status, now)

    def _judge(self, status: Status, now: float) -> None:
        """A look while the slip is printing: a fault that needs a hand ends it; others are waited for."""
        if self._marker is MarkerKind.NONE and self._all_sent and status.can_print:
            self._finish("printed", status.worst.value)
            self._idle(now)
        elif status.can_print or (status.worst in GO_ON_ALONE and self._all_sent):
            self._wait(now, pace.WATCH_S)
        else:
            self._give_up(status.worst, now)

    def _confirm(self, status: Status, now: float) -> None:
        """The end marker came. One without a number can be noise, so with a silent printer it proves nothing."""
        if status == SILENT and self._marker is MarkerKind.GS_R:
            self._give_up(Condition.SILENT, now)
            return
        self._finish("printed", status.worst.value)
        self._idle(now)

    def _clean_or_send(self, now: float) -> None:
        if self._left.nothing:
            self._send_chunk()
            return
        self._phase = Phase.SYNCING
        kind = self._marker
        # The scrap of a broken slip is marked and cut off, so that nobody finds two numbers on one paper.
        if self._left.padding:
            self._out += CLEAR_BYTES[self._profile.clear] + b"\0" * self._left.lossy
        self._out += INITIALISE + self._check * (self._left.scrap or self._left.touched)
        self._out += marker(kind, pace.SYNC_PROCESS)
        wire_s = len(self._out) * self._byte_s
        self._heard = False
        self._wake_at = now + wire_s + (pace.SYNC_S if kind is not MarkerKind.NONE else 0.0)

    def _send_chunk(self) -> None:
        self._phase = Phase.SENDING
        job = self._jobs[0]
        self._out += job.chunks[self._sent]
        self._sent += 1
        if self._sent == len(job.chunks):
            self._left.owed = self._marker is not MarkerKind.NONE

    @property
    def _all_sent(self) -> bool:
        return bool(self._jobs) and self._sent == len(self._jobs[0].chunks)

    def _sent_chunk(self, now: float) -> None:
        """The system has taken the chunk: pace by asking for paper, or wait for the end."""
        if self._phase is not Phase.SENDING:
            return
        size = len(self._jobs[0].chunks[self._sent - 1])
        if self._all_sent:
            self._phase = Phase.WAITING
            self._wait(now, size * self._byte_s + pace.WATCH_S)
        elif self._asks:
            self._ask(Purpose.BETWEEN, now, after_bytes=size)
        else:
            self._send_chunk()

    def _wait(self, now: float, wait_s: float) -> None:
        self._phase, self._round, self._wake_at = Phase.WAITING, None, now + wait_s

    def _time_passed(self, now: float) -> None:
        match self._phase:
            case Phase.IDLE:
                self._ask(Purpose.LOOK, now)
            case Phase.WAITING if self._asks:
                self._ask(Purpose.WATCH, now)
            case Phase.WAITING if self._marker is MarkerKind.NONE:
                self._finish("unknown", "no_status")
                self._idle(now)
            case Phase.SYNCING:
                self._synced(now)
            case _:
                return

    def _synced(self, now: float) -> None:
        """The time to clean up is over: with its answer in hand the slip may go, without it nothing more is sent."""
        if self._heard or self._marker is MarkerKind.NONE:
            self._left = Debris()
            if self._jobs:
                self._send_chunk()
                return
        elif self._left.lossy and not self._left.padding:
            self._left.padding = True
            self._clean_or_send(now)
            return
        elif self._jobs:
            self._finish("not_printed", Condition.SILENT.value)
        self._idle(now)

    def _marked(self, mark: Marker, now: float) -> None:
        if self._phase is Phase.SYNCING:
            if mark.process in {None, pace.SYNC_PROCESS}:
                self._heard = True
                self._wake_at = now + pace.QUIET_S
            return
        watching = self._phase is Phase.ASKING and self._purpose is Purpose.WATCH
        awaited = watching or self._phase in {Phase.WAITING, Phase.SENDING}
        if not awaited or not self._all_sent:
            return
        if mark.process is not None and mark.process != self._jobs[0].process:
            return
        self._left.owed = False
        if self._round is not None:
            self._purpose = Purpose.AFTER  # the answers still to come are from after the end
        elif self._asks:
            self._ask(Purpose.AFTER, now)
        else:
            self._finish("printed", "confirmed")
            self._idle(now)

    def _give_up(self, because: Condition | None, now: float) -> None:
        """Stop the slip under way: nothing more of it is sent, and what the printer still holds is thrown away."""
        self._out += CLEAR_BYTES[self._profile.clear]
        self._break_off(because.value if because else "no_confirmation")
        self._idle(now)

    def _break_off(self, code: str) -> None:
        self._left.scrap = True
        self._left.lossy = torn_bytes(self._jobs[0].chunks[: self._sent])
        self._finish("unknown", code)

    def _finish(self, result: Result, code: str) -> None:
        job = self._jobs.popleft()
        self._sent = 0
        self._events.append(JobDone(job.number, PrintOutcome(result, code)))
