"""What happens to a sitting, and what it wants done: values only.

Events carry everything the decision needs: random ids (``key``) and moments are made outside. ``now_s`` is monotonic
seconds of the kiosk; ``at`` is the server's time, aware UTC. Effects are orders to the ports in ``presenter.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.screens import Language
from queue_server.wire import BookedSlot, Catalogue, Forecast, HallState

HealthState = Literal["ok", "degraded", "down", "unknown"]
Asked = Literal["ticket", "reprint", "help", "help_end", "cancel", "track", "rejoin", "add"]


# ---- events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A key of the screen was pressed. ``key`` is the random id of this press, ``now_s`` its moment."""

    id: str
    key: str
    now_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFelt:
    """A card lies on the reader and is being read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """A card was read. ``person`` is a random token; what it stands for stays with ``devices.py``.

    None: the card is good for nothing but to ask for a number with it. ``note``: what the resident is told about it,
    ``expired`` or nothing.
    """

    person: str | None
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLifted:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTrouble:
    """A card was felt but could not be read; ``code`` from the driver."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """What the sitting needs of a ticket."""

    id: str
    number: str
    track: str
    issued_at: datetime | None
    """None: given by the kiosk itself without a clock that can be trusted."""
    state: str = "waiting"
    copies: int = 0
    matters: tuple[str, ...] = ()
    """Codes; of a number that was only looked up by its code they are not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketGiven:
    """The server's answer to the press ``key``. ``already``: a live ticket of the same person today."""

    key: str
    ticket: Ticket
    ahead: int | None
    forecast: Forecast | None
    already: Ticket | None = None
    booking: BookedSlot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReprintGiven:
    """``copy`` is the running number printed beside 补打; ``forecast`` what is left to wait."""

    key: str
    ticket: Ticket
    copy: int
    ahead: int | None
    forecast: Forecast | None = None
    booking: BookedSlot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRefused:
    """The server answered no. ``say`` is its sentence for people, perhaps empty."""

    key: str
    code: str
    say: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSilent:
    """No answer to ``key`` within the deadline; ``asked`` says to what."""

    key: str
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScanned:
    """A scanner read something; ``text`` may be anything people carry, so it is in no ``repr``."""

    text: str = field(repr=False)
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanFailed:
    """A scanner read what cannot be used; ``code`` from the driver."""

    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRemembered:
    """The anchor of the last closing slip that this kiosk printed; empty: it never printed one."""

    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipPrinted:
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipNotPrinted:
    """``code`` from the driver: ``paper_end``, ``cover_open`` …"""

    key: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipUnknown:
    key: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HallChanged:
    hall: HallState


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueChanged:
    catalogue: Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChanged:
    """Three missed heartbeats: off line; ten steady seconds: on line (DESIGN 4.10)."""

    online: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpChanged:
    key: str
    help: str
    state: Literal["asked", "taken", "done"]
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterHealth:
    state: HealthState
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderHealth:
    state: HealthState
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerHealth:
    """A scanner that has not scanned yet is ``unknown``: it cannot be asked."""

    state: HealthState
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceChanged:
    """What can be read aloud from now on: pairs of screen and language; none without loudspeaker."""

    clips: frozenset[tuple[str, Language]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAloudEnded:
    """The clip of this screen was spoken to its end."""

    screen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """Time passes: about four a second. ``at`` is the server's time; None while not known."""

    now_s: float
    at: datetime | None = None


Event = (
    Pressed | CardFelt | CardRead | CardLifted | CardTrouble | TicketGiven | ReprintGiven | TicketRefused
    | ServerSilent | SlipPrinted | SlipNotPrinted | SlipUnknown | HallChanged | CatalogueChanged | LinkChanged
    | HelpChanged | PrinterHealth | ReaderHealth | VoiceChanged | ReadAloudEnded | Tick | CodeScanned | ScanFailed
    | ClosingRemembered | ScannerHealth | kept.TrackGiven | kept.TicketActed
    | own.OfflineGiven | own.OfflineFailed | own.PaperMissing | own.OutboxChanged | own.LetterKnown
)  # fmt: skip


# ---- effects -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTicket:
    """Ask for a number. The same ``key`` again is the same press: the server answers with the same number."""

    key: str
    kind: Literal["general", "booked", "collection"] = "general"
    matters: tuple[str, ...] = ()
    language: Language = "zh"
    grant: str | None = None
    person: str | None = None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskReprint:
    key: str
    ticket: str
    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTicket:
    """A number that this resident does not want after all (the one they hold already is printed instead)."""

    key: str
    ticket: str
    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUpTicket:
    """A press whose answer never came and that nobody waits for any longer: the number it may still become is given
    back. The same fields as in its ``AskTicket``, without the person.
    """

    key: str
    kind: Literal["general", "booked", "collection"]
    matters: tuple[str, ...]
    language: Language
    grant: str | None
    booking: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberClosing:
    """The closing slip with this anchor is on paper: never by itself again."""

    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSlip:
    """``values`` fill the slip layout of this name; pairs in a fixed order, lists as tuples of pairs of words."""

    key: str
    layout: str
    values: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPrinted:
    key: str
    ticket: str
    result: Literal["printed", "not_printed", "unknown"]
    copy: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHelp:
    """Call somebody. Repeated with the same ``key`` the answer is the call's present state."""

    key: str
    urgent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHelp:
    key: str
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetPerson:
    """The sitting is over or the person was used: nothing of the card stays in memory."""

    person: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHealth:
    """A part's state changed: staff see it at once."""

    part: Literal["printer", "reader", "scanner", "brake", "outbox"]
    state: HealthState
    code: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaySound:
    """``press``, ``number``, ``card``, ``trouble``."""

    sound: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAloud:
    """朗读: speak the screen of this name."""

    screen: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class StopReading:
    """Fall silent."""


Effect = (
    AskTicket | AskReprint | CancelTicket | PrintSlip | ReportPrinted | AskHelp | EndHelp | ForgetPerson
    | ReportHealth | PlaySound | ReadAloud | StopReading | GiveUpTicket | RememberClosing
    | kept.AskTrack | kept.AskRejoin | kept.AddMatter | own.TakeOffline | own.NotePaper
)  # fmt: skip
