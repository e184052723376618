"""What is pushed on the stream: hall, board, queue. State, never replay."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from queue_server.wire.devices import DeviceState
from queue_server.wire.forms import Key, Kind, Reply, Struct
from queue_server.wire.tickets import Forecast
from queue_server.wire.windows import ReasonView, WindowView


class GroundView(Reply, frozen=True, kw_only=True):
    """A ground of the hall's list for priority."""

    code: str
    name: str
    name_en: str
    proof: str
    """What staff ask to see."""
    kiosk: bool = True
    """Residents may claim it at the kiosk; else staff alone give it."""


class ClosedDay(Reply, frozen=True, kw_only=True):
    """What the closing slip says of the day that was closed last, until the next one opens."""

    business_day: str
    opened_at: datetime | None
    closed_at: datetime
    rows: int
    """The journal's row that ``anchor`` is the digest of: a line of an anchors file is ``rows anchor``."""
    anchor: str
    forced: bool
    issued: int
    served: int
    missed: int
    """Called, missed and not back when the day closed."""
    left: int
    """Still waiting when the day closed."""
    copies: int
    """Slips printed again."""
    first_number: str | None = None
    last_number: str | None = None


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
    """Code of why no numbers are given: ``closed``, ``stopped``, ``clock_doubt``; the last also while they are."""
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
    closed: ClosedDay | None = None
    """While no day is open: how the last one ended. None while one is open or none ever was."""
    sessions: tuple[str, ...] = ()
    """Times of service today, ``9:00-12:00``; none: the hall does not work today."""
    opens_at: datetime | None = None
    """While service has not begun or is over for today: when it begins next."""
    last_number_at: datetime | None = None
    """When the calendar stops giving numbers today; None where a person does."""
    places_left: int | None = None
    """So many more can still be served today; None while the end is far or nobody can tell. Numbers are still given."""
    grounds: tuple[GroundView, ...] = ()
    """The hall's list for priority."""


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
    """``transferred``, ``rejoined``, ``bound:3``, ``offline``, ``booked:9:30`` (came before its slot)."""


class SuspensionView(Reply, frozen=True, kw_only=True):
    """What cannot be handled now, in the words that residents read."""

    code: str
    text: str
    until: datetime | None


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
    next_reason: dict[str, str] = msgspec.field(default_factory=dict)
    """Window number → one sentence why that one is next."""
    places_left: int | None = None
    """As in ``HallState``."""
    suspensions: tuple[SuspensionView, ...] = ()
    """In force now, the longest first."""
    devices: tuple[DeviceState, ...] = ()
    """How the hall's devices are: paired ones, then lines of pads and strips."""


ROWS_MAX = 200


class ForecastsState(Reply, frozen=True, kw_only=True):
    """What is left for those who wait, on consoles. Topic ``forecasts``: apart from the queue, for it changes with each
    answer of the worker and not with each press.
    """

    waiting: dict[str, tuple[int, int]]
    """Ticket → minutes from … to. Who is not in here has no forecast; who does not wait any more may still be."""


class ForecastGrade(Reply, frozen=True, kw_only=True):
    """How the ranges printed on one day's slips were kept."""

    business_day: str
    count: int
    """Numbers with a printed range that were called."""
    inside: float
    """Share of their waits that lay inside it, 0 to 1."""
    width_min: float


class ForecastGrades(Reply, frozen=True, kw_only=True):
    """The newest day first; empty until a day's slips had ranges."""

    days: tuple[ForecastGrade, ...]


class Alarm(Reply, frozen=True, kw_only=True):
    """Something that a person of the staff has to do."""

    id: str
    code: str
    """``help``, ``no_calendar``, ``day_left_open``, ``held_alone``, ``nobody_able``, ``desk_alone``,
    ``no_paper``,
    ``cover``, ``printer_down``,
    ``paper_low``, ``printer_note``, ``reader_down``, ``display_lost``, ``not_shown``, ``two_speakers``, ``muted``,
    ``many_numbers``, ``kiosk_lost``, ``held``, ``four_digits``, ``clock_doubt``, ``disk``,
    ``join_expired``, ``join_twice``, ``join_refused``,
    ``outbox_disk``, ``pads_down``,
    ``strips_down``."""
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
    forecasts: ForecastsState | None = None
    speaker: bool = False
    """True for the one display that speaks in its zone (DESIGN 4.9); all others only show."""
    zone: str | None = None
    """Zone of the listening device; None: it has none."""


class Heartbeat(Reply, frozen=True, kw_only=True):
    at: datetime
    seq: int
    speaker: bool = False
    """As in the snapshot: it changes when the speaking display is silent for 10 s."""


Topic = Literal["board", "queue", "hall", "forecasts"]
STREAM_EVENTS = ("snapshot", "board", "queue", "hall", "forecasts", "heartbeat", "bye")
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
    other: WhyNot | None = None
    """For the ticket that was asked about: why that one was not called then."""


class WhyNot(Reply, frozen=True, kw_only=True):
    """Why a ticket was not called by a certain call: code, figures, and one sentence for people."""

    number: str
    code: str
    """``the_one``, ``not_there``, ``state``, ``bound``, ``cannot_serve``, ``by_hand``, ``overtaken``,
    ``ordinary_turn``, ``bound_first``, ``credit``, ``tie``."""
    credit_min: float | None
    """Its credit at that moment."""
    say: str


class TimeReply(Reply, frozen=True, kw_only=True):
    at: datetime
    zone: str
    business_day: str | None
