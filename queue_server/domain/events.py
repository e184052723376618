"""Journal events, version 1: the one list that can never be renamed (DESIGN 4.2).

Fields may be added with a default, never renamed or re-used. ``HallDay.apply`` reads nothing but the event. Values are
ids, codes, numbers and moments (``_us``: whole microseconds UTC); nothing personal, no secret, no free text.
Text form: ``{"type": "TicketCalled", "v": 1, …fields}``; made and read only in ``store/journal.py``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayOpened:
    business_day: str
    """ISO date in the hall's zone."""
    letters: dict[str, str]
    """Letter of each kind (``general``, ``booked``, ``collection``) and each kiosk (``kiosk:2``)."""
    digest: str = "sha256"


@dataclass(frozen=True, slots=True)
class IssuingStopped:
    business_day: str


@dataclass(frozen=True, slots=True)
class IssuingResumed:
    business_day: str


@dataclass(frozen=True, slots=True)
class DayClosed:
    business_day: str
    forced: bool
    anchor: str
    """Digest of the journal row before this one, hex: what the closing slip prints."""


@dataclass(frozen=True, slots=True)
class TicketIssued:
    ticket: str
    number: str
    kind: str
    clock_us: int
    issued_at_us: int
    source: str
    track: str
    matters: tuple[str, ...] = ()
    language: str = "zh"
    person_ref: str | None = None
    booking: str | None = None
    forecast_min: tuple[int, int] | None = None
    copy: int = 0
    """0 for the first paper of a number; 1 and more where the same number lives twice (join case 4)."""


@dataclass(frozen=True, slots=True)
class TicketJoined:
    """``track``: the code on the paper, where the ticket had another one."""

    ticket: str
    case: int
    time_unsure: bool = False
    track: str | None = None


@dataclass(frozen=True, slots=True)
class NumberReplaced:
    ticket: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class PriorityGranted:
    ticket: str
    ground: str
    proof: str
    by: str


@dataclass(frozen=True, slots=True)
class PriorityWithdrawn:
    ticket: str
    by: str


@dataclass(frozen=True, slots=True)
class MattersChanged:
    ticket: str
    matters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why this ticket was called, kept with the call. Credits are thousandths of a minute."""

    promise: str | None
    """``overtaken`` or ``ordinary_turn`` when a promise decided, ``bound``, ``by_hand``; None: greatest credit."""
    credit: int
    runner_up: str | None = None
    runner_credit: int | None = None
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class TicketCalled:
    ticket: str
    window: int
    shift: str
    reason: Reason
    overtaken: tuple[str, ...]
    announcement: str


@dataclass(frozen=True, slots=True)
class TicketRecalled:
    ticket: str
    window: int
    announcement: str


@dataclass(frozen=True, slots=True)
class AnnouncementWithdrawn:
    announcement: str


@dataclass(frozen=True, slots=True)
class AnnouncementUnconfirmed:
    announcement: str


@dataclass(frozen=True, slots=True)
class ServiceStarted:
    ticket: str
    window: int


@dataclass(frozen=True, slots=True)
class ServiceFinished:
    ticket: str
    window: int
    outcome: str
    start_implied: bool = False


@dataclass(frozen=True, slots=True)
class TicketMissed:
    ticket: str
    window: int
    ground: str | None = None


@dataclass(frozen=True, slots=True)
class TicketRejoined:
    ticket: str
    clock_us: int
    times: int


@dataclass(frozen=True, slots=True)
class TicketCancelled:
    ticket: str
    by: str


@dataclass(frozen=True, slots=True)
class TicketExpired:
    ticket: str


@dataclass(frozen=True, slots=True)
class TicketReinstated:
    ticket: str
    by: str


@dataclass(frozen=True, slots=True)
class TicketReopened:
    ticket: str
    window: int
    by: str


@dataclass(frozen=True, slots=True)
class TicketHeld:
    ticket: str
    window: int
    remind_at_us: int | None = None


@dataclass(frozen=True, slots=True)
class TicketReleased:
    """Back to waiting at its own clock, bound to a window for a while."""

    ticket: str
    clock_us: int
    bound_window: int | None = None
    bound_until_us: int | None = None


@dataclass(frozen=True, slots=True)
class TicketResumed:
    ticket: str
    window: int


@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """``to`` is ``window:5``, ``skill:law`` or ``collection``; ``return_to`` the window it comes back to."""

    ticket: str
    to: str
    return_to: int | None = None


@dataclass(frozen=True, slots=True)
class ActUndone:
    """The window's last act taken back: ``act`` is the undone event's type, ``undone_seq`` its row."""

    act: str
    undone_seq: int
    ticket: str
    window: int


@dataclass(frozen=True, slots=True)
class ShiftOpened:
    shift: str
    window: int
    clerk: int


@dataclass(frozen=True, slots=True)
class ShiftTakenOver:
    shift: str
    window: int
    clerk: int
    new_shift: str


@dataclass(frozen=True, slots=True)
class ShiftClosed:
    shift: str
    window: int


@dataclass(frozen=True, slots=True)
class WindowOpened:
    window: int


@dataclass(frozen=True, slots=True)
class WindowPaused:
    window: int
    ground: str


@dataclass(frozen=True, slots=True)
class WindowClosed:
    window: int


@dataclass(frozen=True, slots=True)
class SuspensionSet:
    """A matter or the whole hall cannot be handled for a while; numbers are still given. The text is a record."""

    code: str
    until_us: int | None


@dataclass(frozen=True, slots=True)
class SlipReported:
    ticket: str
    result: str
    copy: int


@dataclass(frozen=True, slots=True)
class HelpRequested:
    help: str
    place: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class HelpTaken:
    help: str
    by: str


@dataclass(frozen=True, slots=True)
class HelpDone:
    help: str
    by: str


@dataclass(frozen=True, slots=True)
class RecordChanged:
    """A record (account, device, catalogue, setting …) has a new version; the content itself is in its table."""

    table: str
    id: str
    version: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class PersonalDataErased:
    table: str
    count: int
    rule: str


@dataclass(frozen=True, slots=True)
class RowRedacted:
    seq: int
    by: str
    second: str


Event = (
    DayOpened | IssuingStopped | IssuingResumed | DayClosed | TicketIssued | TicketJoined | NumberReplaced
    | PriorityGranted | PriorityWithdrawn | MattersChanged | TicketCalled | TicketRecalled | AnnouncementWithdrawn
    | AnnouncementUnconfirmed | ServiceStarted | ServiceFinished | TicketMissed | TicketRejoined | TicketCancelled
    | TicketExpired | TicketReinstated | TicketReopened | TicketHeld | TicketReleased | TicketResumed
    | TicketTransferred | ActUndone | ShiftOpened | ShiftTakenOver | ShiftClosed | WindowOpened | WindowPaused
    | WindowClosed | SuspensionSet | SlipReported | HelpRequested | HelpTaken | HelpDone | RecordChanged
    | PersonalDataErased | RowRedacted
)  # fmt: skip
