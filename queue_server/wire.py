"""The wire: every message between the queue server and kiosks, consoles, displays, pads (DESIGN 5).

JSON over HTTP under ``/api/v1``. Imports only msgspec, so that the kiosk can share it. Moments are aware UTC datetimes,
durations end in their unit. Every POST body carries ``key``: a random id made per press; a repeat answers 200 with
the first outcome as it is now, the same key with another body is 422 ``key_reused``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

API_PREFIX = "/api/v1"
HEARTBEAT_S = 1.0
"""The stream says at least this often that the server lives; three missed mean offline."""

Key = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_:.-]+$")]
Number = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{3,4}$")]
WindowNumber = Annotated[int, Meta(ge=1, le=99)]
Kind = Literal["general", "booked", "collection"]
Language = Literal["zh", "en"]
Ground = Annotated[str, Meta(min_length=1, max_length=40)]
"""Code of a ground from the hall's list, not free text."""
Matters = Annotated[tuple[Id, ...], Meta(max_length=10)]
PrintResult = Literal["printed", "not_printed", "unknown"]


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """What a client sends: unknown fields are an error that names them."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the server says: clients ignore fields that they do not know."""


# ---- tickets -------------------------------------------------------------------------------------------------------


class CardPerson(Struct, frozen=True, kw_only=True):
    """Person read from a card: used once for the duplicate check and kept only in the erasable table (DESIGN 4.3)."""

    name: Annotated[str, Meta(max_length=120)]
    id_number: Annotated[str, Meta(min_length=8, max_length=24)]
    card_type: Literal["mainland", "fpr_2017", "fpr_2023", "hmt"] = "mainland"

    def __repr__(self) -> str:
        return "CardPerson(masked)"


class IssueRequest(Struct, frozen=True, kw_only=True):
    key: Key
    kind: Kind = "general"
    matters: Matters = ()
    language: Language = "zh"
    grant: Ground | None = None
    person: CardPerson | None = None
    booking: Id | None = None


class JoinRequest(Struct, frozen=True, kw_only=True):
    key: Key
    number: Number
    issued_at: datetime
    time_unsure: bool = False


class TicketAct(Struct, frozen=True, kw_only=True):
    """Body of ``cancel``, ``rejoin``, ``release``, ``reinstate``. ``track`` proves a resident who has no account."""

    key: Key
    track: Id | None = None


class PriorityRequest(Struct, frozen=True, kw_only=True):
    key: Key
    ground: Ground
    proof: Literal["claimed", "seen"] = "seen"


class MattersRequest(Struct, frozen=True, kw_only=True):
    key: Key
    matters: Matters


class ReopenRequest(Struct, frozen=True, kw_only=True):
    key: Key
    window: WindowNumber


class PrintedRequest(Struct, frozen=True, kw_only=True):
    key: Key
    result: PrintResult
    copy: Annotated[int, Meta(ge=0, le=99)] = 0
    """0 the first slip, 1 and more reprints (补打)."""


class ReprintRequest(Struct, frozen=True, kw_only=True):
    key: Key
    track: Id | None = None


class Forecast(Reply, frozen=True, kw_only=True):
    low_min: int
    high_min: int


class TicketView(Reply, frozen=True, kw_only=True):
    """A ticket as staff and its issuing device see it. Holds nothing personal."""

    id: str
    number: str
    kind: Kind
    state: str
    track: str
    issued_at: datetime
    matters: tuple[str, ...] = ()
    copy: int = 0
    window: int | None = None
    called_at: datetime | None = None
    recalls: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    outcome: str | None = None
    remind_at: datetime | None = None
    bound_window: int | None = None
    grant: str | None = None
    grant_proof: str | None = None
    printed: str | None = None
    copies: int = 0
    language: str = "zh"
    time_unsure: bool = False


class IssueReply(Reply, frozen=True, kw_only=True):
    ticket: TicketView
    ahead: int
    forecast: Forecast | None
    seq: int
    already: TicketView | None = None
    """A live ticket of the same person today: the kiosk offers its reprint, it never refuses."""


class TicketReply(Reply, frozen=True, kw_only=True):
    ticket: TicketView
    seq: int
    ahead: int | None = None
    copy: int | None = None
    """On reprint: the running number to print beside 补打."""


class TicketsReply(Reply, frozen=True, kw_only=True):
    """Tickets of one day that carry a number: several only after join case 4."""

    business_day: str | None
    tickets: tuple[TicketView, ...]


class TrackReply(Reply, frozen=True, kw_only=True):
    """What anybody with the slip's code may know."""

    number: str
    state: str
    ahead: int | None
    forecast: Forecast | None
    window: int | None
    updated_at: datetime


# ---- windows -------------------------------------------------------------------------------------------------------


class WindowAct(Struct, frozen=True, kw_only=True):
    """Body of every act at a window. ``ticket``: the id of the ticket believed to be there (acts on it carry it)."""

    key: Key
    ticket: Id | None = None
    ground: Ground | None = None
    outcome: Literal["done", "left", "could_not"] = "done"
    remind_min: Annotated[int, Meta(ge=1, le=240)] | None = None
    to: Annotated[str, Meta(max_length=40, pattern=r"^(window:[0-9]{1,2}|skill:[a-z0-9_-]+|collection)$")] | None = None
    return_to: WindowNumber | None = None


class ShiftRequest(Struct, frozen=True, kw_only=True):
    key: Key
    password: Annotated[str, Meta(max_length=200)] | None = None
    """Only for ``take-over``: the taking clerk's own password."""


class ReasonView(Reply, frozen=True, kw_only=True):
    """Why this ticket: code and data; ``say`` is one sentence for people."""

    promise: str | None
    credit_min: float
    runner_up: str | None
    runner_credit_min: float | None
    ground: str | None
    say: str


class AnnouncementView(Reply, frozen=True, kw_only=True):
    """One spoken and shown call; the console shows 已显示 and 已播放 from it."""

    id: str
    number: str
    window: int
    at: datetime
    repeat: int
    """0 the call, 1 and more recalls."""
    shown: bool
    played: bool
    withdrawn: bool = False
    unconfirmed: bool = False
    confirm_by: datetime | None = None


class WindowView(Reply, frozen=True, kw_only=True):
    number: int
    state: Literal["closed", "open", "paused"]
    ground: str | None = None
    clerk: str | None = None
    """Display name of the account on shift; staff only, None on boards."""
    shift: str | None = None
    ticket: TicketView | None = None
    """Called or serving here now."""
    held: tuple[TicketView, ...] = ()
    reason: ReasonView | None = None
    announcements: tuple[AnnouncementView, ...] = ()
    """Calls of the present ticket, oldest first."""
    undo_until: datetime | None = None
    recall_from: datetime | None = None
    miss_from: datetime | None = None
    """When a clerk may recall or miss; None when not at all now."""
    skills: tuple[str, ...] = ()
    zone: str = "hall"
    done_today: int = 0
    mean_service_s: int | None = None


class WindowReply(Reply, frozen=True, kw_only=True):
    window: WindowView
    ticket: TicketView | None
    seq: int
    acted: str | None = None
    """The ticket that the act changed when it is no longer at the window (missed, finished, transferred, undone)."""


# ---- hall, board, queue: states pushed on the stream -----------------------------------------------------------------


class HallState(Reply, frozen=True, kw_only=True):
    """What a kiosk's home shows. Topic ``hall``."""

    hall: str
    """Name of the hall."""
    centre: str
    phone: str
    open_from: str
    open_to: str
    """Opening hours of today, ``9:00``."""
    business_day: str | None
    day_open: bool
    issuing: bool
    why_not: str | None
    """Code of why no numbers are given: ``closed``, ``stopped``, ``clock_doubt``."""
    waiting: int
    waiting_by_kind: dict[str, int]
    open_windows: tuple[int, ...]
    forecast: Forecast | None
    """For a number taken now."""
    catalogue: str
    """ETag of the catalogue in force."""
    letters: dict[str, str]
    public_url: str
    at: datetime
    seq: int
    training: bool = False
    notice: str = ""
    missed_after: int = 3
    missed_times: int = 2
    """Rule printed on the slip: rejoin after so many numbers, so many times a day."""


class BoardCall(Reply, frozen=True, kw_only=True):
    """The newest call and each announcement to speak."""

    id: str
    number: str
    window: int
    at: datetime
    repeat: int
    zone: str
    audio: str | None
    """Address of the joined sound, under ``/api/v1/announcements/…``; None: chime and text only."""
    speak_until: datetime
    text: str
    """The sentence that is spoken, also for the deaf: 请A零一二号到三号窗口办理."""
    times: int = 2
    chime: bool = True
    languages: tuple[str, ...] = ("zh",)
    """Said in this order; each is the ``language`` parameter of ``audio``."""
    withdrawn: bool = False


class BoardWindow(Reply, frozen=True, kw_only=True):
    number: int
    state: Literal["closed", "open", "paused"]
    ticket: str | None
    calling: bool
    line: str | None = None
    """A line that replaces the number for a while: ``please_wait:A012`` after an undo."""


class BoardState(Reply, frozen=True, kw_only=True):
    """What displays show. Topic ``board``. State, never replay."""

    hall: str
    windows: tuple[BoardWindow, ...]
    newest: BoardCall | None
    speaking: tuple[BoardCall, ...]
    """Announcements not yet confirmed as played and still within their 20 s, oldest first."""
    waiting_by_kind: dict[str, int]
    granted_waiting: int
    forecast: Forecast | None
    missed: tuple[str, ...]
    missed_after: int
    notice: str
    at: datetime
    seq: int
    day_open: bool
    training: bool = False


class QueueRow(Reply, frozen=True, kw_only=True):
    id: str
    number: str
    kind: Kind
    state: str
    matters: tuple[str, ...]
    """Public labels, not codes."""
    waited_s: int
    issued_at: datetime
    grant: str | None = None
    grant_proof: str | None = None
    printed: str | None = None
    tag: str | None = None
    """``transferred``, ``rejoined``, ``bound:3``, ``offline``."""


class QueueState(Reply, frozen=True, kw_only=True):
    """What consoles show. Topic ``queue``. ``rows`` holds at most ``ROWS_MAX``; ``counts`` is always whole."""

    rows: tuple[QueueRow, ...]
    missed: tuple[QueueRow, ...]
    counts: dict[str, int]
    windows: tuple[WindowView, ...]
    alarms: tuple[Alarm, ...]
    next: dict[str, str]
    """Window number → number that would be called now."""
    at: datetime
    seq: int
    next_reason: dict[str, str] = {}
    """Window number → one sentence why that one is next; empty where the server does not say it beforehand."""


ROWS_MAX = 200


class Alarm(Reply, frozen=True, kw_only=True):
    """Something that a person of the staff has to do."""

    id: str
    code: str
    """``help``, ``no_paper``, ``cover``, ``printer_down``, ``reader_down``, ``display_lost``, ``not_shown``,
    ``two_speakers``, ``muted``, ``kiosk_lost``, ``held``, ``clock_doubt``, ``disk``."""
    place: str
    since: datetime
    say: str
    taken_by: str | None = None
    urgent: bool = False
    count: int | None = None


class StreamSnapshot(Reply, frozen=True, kw_only=True):
    """First message of every stream: the whole of each asked topic."""

    seq: int
    at: datetime
    epoch: str
    board: BoardState | None = None
    queue: QueueState | None = None
    hall: HallState | None = None
    speaker: bool = False
    """True for the one display that speaks in its zone (DESIGN 4.9); all others only show."""
    zone: str | None = None
    """Zone of the listening device; None: it has none."""


class Heartbeat(Reply, frozen=True, kw_only=True):
    at: datetime
    seq: int
    speaker: bool = False
    """As in the snapshot: it changes when the speaking display is silent for 10 s."""


Topic = Literal["board", "queue", "hall"]
STREAM_EVENTS = ("snapshot", "board", "queue", "hall", "heartbeat", "bye")
"""Names of server-sent events; data is JSON of the struct above; ``bye`` says reconnect later."""


class AckRequest(Struct, frozen=True, kw_only=True):
    key: Key
    shown: bool = False
    """The screen has painted it."""
    played: bool = False
    """The speaking display has said it to the end for the first of its times."""


class AckReply(Reply, frozen=True, kw_only=True):
    id: str
    shown: bool
    played: bool


class WhyReply(Reply, frozen=True, kw_only=True):
    number: str
    window: int
    at: datetime
    reason: ReasonView
    overtaken: tuple[str, ...]


class TimeReply(Reply, frozen=True, kw_only=True):
    at: datetime
    zone: str
    business_day: str | None


# ---- catalogue -----------------------------------------------------------------------------------------------------


class Material(Reply, frozen=True, kw_only=True):
    name: str
    form: str
    """原件, 复印件, 原件及复印件 or 电子件."""
    copies: int


class Matter(Reply, frozen=True, kw_only=True):
    """One matter with the notice's eight guide items and what the kiosk needs to find and print it."""

    code: str
    department: str
    name: str
    name_en: str
    short_name: str
    public_label: str
    """What others may see: slip, board. Differs from the name for sensitive matters."""
    legal_basis: str
    conditions: str
    level: str
    procedure: str
    scope: str
    time_limit_working_days: int
    legal_time_limit_working_days: int
    fee: str
    materials: tuple[Material, ...]
    online: bool
    popularity: int
    average_service_min: int
    initials: tuple[str, ...]
    """Pinyin initials of names and keywords, lower case."""
    keywords: tuple[str, ...]
    season: str | None = None
    sensitive: bool = False
    item_type: str = ""


class Department(Reply, frozen=True, kw_only=True):
    code: str
    name: str
    full_name: str
    name_en: str
    in_hall: bool
    matters: int


class Catalogue(Reply, frozen=True, kw_only=True):
    version: int
    date: str
    source: str
    sample: bool
    """True for the shipped sample: pages and slips may say so; a hall replaces it by import."""
    departments: tuple[Department, ...]
    matters: tuple[Matter, ...]


# ---- people, devices, day --------------------------------------------------------------------------------------------


class SignIn(Struct, frozen=True, kw_only=True):
    account: Annotated[str, Meta(min_length=1, max_length=40)]
    password: Annotated[str, Meta(max_length=200)]

    def __repr__(self) -> str:
        return f"SignIn(account={self.account!r})"


class SessionReply(Reply, frozen=True, kw_only=True):
    account: str
    name: str
    roles: tuple[str, ...]
    idle_lock_s: int


class PairRequest(Struct, frozen=True, kw_only=True):
    """A browser device exchanges the code shown on it, once a manager approved it, for its cookie."""

    code: Annotated[str, Meta(pattern=r"^[A-Z0-9]{6,12}$")]


class PairStart(Struct, frozen=True, kw_only=True):
    key: Key
    kind: Literal["display", "pad", "kiosk"]
    name: Annotated[str, Meta(min_length=1, max_length=40)]
    zone: Annotated[str, Meta(max_length=20, pattern=r"^[a-z0-9_-]+$")] = "hall"


class PairReply(Reply, frozen=True, kw_only=True):
    code: str
    state: Literal["waiting", "approved", "refused"]
    expires_at: datetime
    device: str | None = None


class DeviceView(Reply, frozen=True, kw_only=True):
    """A paired device as the manager sees it."""

    device: str
    """``display:3``."""
    name: str
    zone: str
    online: bool
    heard_at: datetime | None
    revoked: bool
    window: int | None = None
    last_shown: str | None = None
    version: str = ""
    parts: tuple[DevicePart, ...] = ()


class PairingView(Reply, frozen=True, kw_only=True):
    code: str
    kind: str
    name: str
    zone: str
    state: str
    expires_at: datetime


class DevicesReply(Reply, frozen=True, kw_only=True):
    devices: tuple[DeviceView, ...]
    pairings: tuple[PairingView, ...]


class PairAnswer(Struct, frozen=True, kw_only=True):
    """The manager's word on a pairing code; ``window`` for a pad or a window's display."""

    key: Key
    window: WindowNumber | None = None


class RevokeRequest(Struct, frozen=True, kw_only=True):
    key: Key


class PasswordChange(Struct, frozen=True, kw_only=True):
    key: Key
    old: Annotated[str, Meta(max_length=200)]
    new: Annotated[str, Meta(max_length=200)]

    def __repr__(self) -> str:
        return "PasswordChange()"


class HealthReply(Reply, frozen=True, kw_only=True):
    at: datetime
    online: bool


class Readiness(Reply, frozen=True, kw_only=True):
    """``/readyz``: 200 when ``ready``, else 503; the rest is why."""

    ready: bool
    state: str
    seq: int
    waiting: int
    oldest_s: float
    clock_doubt: bool


class DevicePart(Struct, frozen=True, kw_only=True):
    part: Annotated[str, Meta(max_length=20)]
    """``printer``, ``reader``, ``screen``, ``sound``, ``outbox``."""
    state: Literal["ok", "degraded", "down", "unknown"]
    code: Annotated[str, Meta(max_length=40)] = ""
    since: datetime | UnsetType = UNSET
    count: int | None = None


class HealthRequest(Struct, frozen=True, kw_only=True):
    parts: Annotated[tuple[DevicePart, ...], Meta(max_length=16)]
    version: Annotated[str, Meta(max_length=40)] = ""
    clock_offset_ms: int | None = None
    last_shown: Annotated[str, Meta(max_length=64)] | None = None


class DayRequest(Struct, frozen=True, kw_only=True):
    key: Key
    business_day: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    confirmed: bool = False
    force: bool = False


class DayReply(Reply, frozen=True, kw_only=True):
    business_day: str | None
    open: bool
    issuing: bool
    anchor: str | None
    seq: int


class SuspensionRequest(Struct, frozen=True, kw_only=True):
    key: Key
    code: Id
    text: Annotated[str, Meta(max_length=200)] = ""
    until: datetime | None = None


class HelpRequestBody(Struct, frozen=True, kw_only=True):
    key: Key
    place: Id
    urgent: bool = False


class HelpAct(Struct, frozen=True, kw_only=True):
    key: Key


class HelpReply(Reply, frozen=True, kw_only=True):
    id: str
    state: Literal["asked", "taken", "done"]
    taken_by: str | None
    since: datetime
    seq: int


class Problem(Reply, frozen=True, kw_only=True):
    """Problem JSON (RFC 9457): ``code`` is stable, ``say`` is one sentence for people that names the next step."""

    type: str
    title: str
    status: int
    code: str
    say: str
    detail: str = ""
    field: str | None = None
    window: WindowView | None = None
    """With 409: the present state."""
    retry_after_s: int | None = None
    facts: dict[str, str | int | None] = {}
