"""Commands: everything anybody can ask of a hall. Imperative names; one command, one journal row.

Every field is an id, code, number or moment: a command is written to the journal as it is. Whatever the decision needs
that is random (ids, track codes) or measured (the forecast) is a field, so deciding stays pure. ``by_supervisor`` is
set by the API from the actor's roles: minimums bind clerks, not supervisors (DESIGN 4.6).
"""

from __future__ import annotations

from dataclasses import dataclass

from queue_server.domain.ticket import Outcome, TicketKind


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDay:
    business_day: str
    letters: dict[str, str]
    confirmed: bool = False
    """A manager confirmed an unusual date (DESIGN 4.5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopIssuing:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIssuing:
    """Take back a stop of issuing that was a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseDay:
    force: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueTicket:
    ticket: str
    track: str
    kind: TicketKind = TicketKind.GENERAL
    matters: tuple[str, ...] = ()
    language: str = "zh"
    grant_ground: str | None = None
    person_ref: str | None = None
    booking: str | None = None
    """The booking whose holder comes: it decides kind and clock."""
    forecast_min: tuple[int, int] | None = None
    found_booking: str | None = None
    """As ``booking``, but found by the card of somebody who only asked for a number."""
    booking_version: int = 0
    """The version of the booking's row that travels beside the command."""
    booking_hash: str = ""
    booking_matters: tuple[str, ...] = ()
    """Taken where the request names no matters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTicket:
    """A number a kiosk gave out while the server was away (DESIGN 4.10)."""

    ticket: str
    track: str
    number: str
    issued_at_us: int
    time_unsure: bool = False
    kind: TicketKind = TicketKind.GENERAL
    matters: tuple[str, ...] = ()
    language: str = "zh"
    grant_ground: str | None = None
    paper_track: str | None = None
    """The code that is on the paper; it goes before ``track``, which is the server's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTicket:
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidNumbers:
    """Cancel all numbers that one kiosk gave out from ``from_us`` up to ``until_us`` and that still wait."""

    source: str
    from_us: int
    until_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejoinTicket:
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseTicket:
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantPriority:
    ticket: str
    ground: str
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPriority:
    """Take a grant back: claimed without proof, or given to the wrong ticket."""

    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMatters:
    ticket: str
    matters: tuple[str, ...]
    add: bool = False
    """Beside those it has; else in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateTicket:
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTicket:
    ticket: str
    window: int
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSlip:
    ticket: str
    result: str
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenShift:
    window: int
    clerk: int
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverShift:
    window: int
    clerk: int
    shift: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseShift:
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWindow:
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseWindow:
    window: int
    ground: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseWindow:
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNext:
    """Call the next ticket. ``ticket`` is what the caller believes is at the window now (None: nothing)."""

    window: int
    announcement: str
    ticket: str | None = None
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallTicket:
    """Call one ticket by hand: out of order with a ground, or a missed one who stands at the desk."""

    window: int
    ticket: str
    announcement: str
    ground: str | None = None
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallTicket:
    window: int
    ticket: str
    announcement: str
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StartService:
    window: int
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishService:
    window: int
    ticket: str
    outcome: Outcome = Outcome.DONE


@dataclass(frozen=True, slots=True, kw_only=True)
class MissTicket:
    window: int
    ticket: str
    ground: str | None = None
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTicket:
    window: int
    ticket: str
    remind_at_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeTicket:
    window: int
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTicket:
    ticket: str
    to: str
    window: int | None = None
    """The window it is taken from; None when a waiting ticket is moved from the queue."""
    return_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoLastAct:
    window: int
    ticket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportUnconfirmed:
    """Eight seconds passed and some display on line did not paint or speak this announcement (DESIGN 4.9)."""

    announcement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSuspension:
    code: str
    until_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHelp:
    help: str
    place: str
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeHelp:
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishHelp:
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecord:
    """A record got a new version; its row travels beside the command and is written in the same transaction."""

    table: str
    id: str
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeBooking:
    """The row, and the erasable one of the holder, travel beside the command, as with ``ChangeRecord``."""

    booking: str
    begins_us: int
    ends_us: int
    business_day: str
    content_hash: str
    version: int = 1
    matters: tuple[str, ...] = ()
    by_supervisor: bool = False
    """By staff: no-shows do not bar."""
    windows: int | None = None
    """So many windows serve in that slot; None: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBooking:
    booking: str
    begins_us: int
    ends_us: int
    business_day: str
    content_hash: str
    version: int
    by_supervisor: bool = False
    """By staff: until the slot begins."""
    windows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBooking:
    booking: str
    content_hash: str
    version: int
    by_supervisor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteNoShow:
    """The holder did not come on a day that is over; ``counted`` False: the hall had not opened that day."""

    booking: str
    content_hash: str
    version: int
    counted: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasePersonalData:
    table: str
    count: int
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactRow:
    seq: int
    second: str


Command = (
    OpenDay | StopIssuing | ResumeIssuing | CloseDay | IssueTicket | JoinTicket | CancelTicket | VoidNumbers
    | RejoinTicket | ReleaseTicket | GrantPriority | WithdrawPriority | ChangeMatters | ReinstateTicket | ReopenTicket
    | ReportSlip | OpenShift | TakeOverShift | CloseShift | OpenWindow | PauseWindow | CloseWindow | CallNext
    | CallTicket | RecallTicket | StartService | FinishService | MissTicket | HoldTicket | ResumeTicket
    | TransferTicket | UndoLastAct | ReportUnconfirmed | SetSuspension | RequestHelp | TakeHelp | FinishHelp
    | ChangeRecord | MakeBooking | MoveBooking | CancelBooking | NoteNoShow | ErasePersonalData | RedactRow
)  # fmt: skip
