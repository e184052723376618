"""The whole of a sitting as one frozen value: what the kiosk knows, where the resident is, what is under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from kiosk.flow.screens import AddTrouble, Language, Modes, WaitRange

if TYPE_CHECKING:
    from datetime import date, datetime

    from kiosk.flow.events import HealthState, Ticket
    from kiosk.flow.rules import FlowRules
    from kiosk.flow.search import MatterIndex
    from queue_server.wire import BookedSlot, HallState


class Spoken(NamedTuple):
    """A clip that reads a screen aloud."""

    screen: str
    language: Language


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What the kiosk knows of hall, devices and time."""

    hall: HallState | None = None
    index: MatterIndex | None = None
    link: Literal["starting", "online", "offline"] = "starting"
    printer: HealthState = "unknown"
    printer_code: str = ""
    reader: HealthState = "unknown"
    reader_code: str = ""
    scanner: HealthState = "unknown"
    scanner_code: str = ""
    card_on: bool = False
    voice: frozenset[Spoken] = frozenset()
    """What can be read aloud; empty without loudspeaker. On other screens 朗读 is flat."""
    letter: str = ""
    """Of this kiosk's own numbers, as the server gave it out; empty: not told yet."""
    outbox: tuple[str, str, int] = ("ok", "", 0)
    """State, code and count as staff were told last."""
    now_s: float = 0.0
    at: datetime | None = None

    @property
    def clock_doubt(self) -> bool:
        """The hall's clock cannot be trusted: no time is printed (DESIGN 4.5)."""
        return self.hall is not None and self.hall.why_not == "clock_doubt"

    @property
    def issuing(self) -> bool:
        """Numbers may be asked for. Off line the last word of the hall may be old: asking tells."""
        return self.hall is None or self.link != "online" or (self.hall.day_open and self.hall.issuing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a number is wanted for."""

    kind: Literal["general", "booked", "collection"] = "general"
    matter: str = ""
    grant: str | None = None
    booking: str = ""  # its code


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """A number in hand: what is shown and printed of it."""

    ticket: Ticket
    ahead: int | None
    wait: WaitRange | None
    copy: int = 0
    booking: BookedSlot | None = None
    """What it was given for."""
    press: str = ""
    """Of a number that the kiosk gave by itself: its press; empty: the server gave it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The closing slip: which one is on paper, which one is under way."""

    printed: str = ""
    """Anchor of the last one."""
    key: str = ""
    """Of the slip that the printer has; empty: none."""
    tries: int = 0
    """How often the present one was given to the printer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpCall:
    """A call for help under way; ``key`` also asks how it stands."""

    key: str
    urgent: bool
    since_s: float
    asked_s: float
    id: str = ""
    state: Literal["asking", "asked", "taken", "done", "silent"] = "asking"
    who: str = ""
    ending: bool = False
    """Called off before the server had given it an id: ended as soon as there is one."""


# ---- places: where the resident is; ``view.py`` makes the screens of them -------------------------------------------


@dataclass(frozen=True, slots=True)
class AtHome:
    pass


@dataclass(frozen=True, slots=True)
class AtChoose:
    pass


@dataclass(frozen=True, slots=True)
class AtSearch:
    typed: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class AtDepartments:
    page: int = 0


@dataclass(frozen=True, slots=True)
class AtMatters:
    department: str
    page: int = 0


@dataclass(frozen=True, slots=True)
class AtGuide:
    matter: str
    version: int
    page: int = 0


@dataclass(frozen=True, slots=True)
class AtCard:
    wish: Wish
    trouble_key: str = ""
    reading: bool = False


@dataclass(frozen=True, slots=True)
class AtGrounds:
    """On which ground of the hall's list this number goes first; staff see the proof at the window."""

    wish: Wish
    page: int = 0


@dataclass(frozen=True, slots=True)
class AtBooked:
    """预约签到: a card, or the code that is being typed."""

    typed: str = ""
    trouble_key: str = ""
    reading: bool = False


@dataclass(frozen=True, slots=True)
class AtBookingTrouble:
    """The server's sentence why a booking cannot be used now."""

    say: str


@dataclass(frozen=True, slots=True)
class AtPrivacy:
    pass


@dataclass(frozen=True, slots=True)
class AtBrake:
    """Many numbers in a minute: the press waits for a yes."""

    wish: Wish
    person: str | None


@dataclass(frozen=True, slots=True)
class Asking:
    """A number is asked for; ``key`` is that of the press, the same on each retry."""

    key: str
    wish: Wish
    person: str | None
    language: Language = "zh"
    offline: bool = False
    """Asked of the kiosk's own outbox."""


@dataclass(frozen=True, slots=True)
class AskingReprint:
    key: str
    slip: Slip


@dataclass(frozen=True, slots=True)
class AtPrinting:
    key: str
    slip: Slip


@dataclass(frozen=True, slots=True)
class AtDone:
    """``added``: the matter that the number carries from now on; empty: the number is new, or its slip is."""

    slip: Slip
    added: str = ""


@dataclass(frozen=True, slots=True)
class AtNoPaper:
    slip: Slip
    asked: bool = False


@dataclass(frozen=True, slots=True)
class AtPrinterTrouble:
    """``pending``: key of the slip while its fate is not told; the link's failure is known sooner than that."""

    slip: Slip
    code: str
    fate: Literal["not_printed", "unknown", "ready"] = "not_printed"
    pending: str = ""


@dataclass(frozen=True, slots=True)
class AtServerTrouble:
    """``retry`` asks the very same again; None after a refusal."""

    retry: Asking | None
    say: str = ""


@dataclass(frozen=True, slots=True)
class AtAlready:
    """``new`` is a number the server gave besides the one held; None: it gave none.

    ``trouble``: why the matter could not be added to the one held. ``adding``: key of that press while it may be
    asked again.
    """

    held: Ticket
    wish: Wish
    new: Slip | None
    trouble: AddTrouble | None = None
    adding: str = ""


@dataclass(frozen=True, slots=True)
class AskingAdd:
    """The matter just chosen is to be added to the number held."""

    key: str
    already: AtAlready


@dataclass(frozen=True, slots=True)
class AtHelp:
    pass


@dataclass(frozen=True, slots=True)
class AskingTrack:
    """A slip's code was scanned."""

    key: str
    code: str


@dataclass(frozen=True, slots=True)
class AtMyNumber:
    """The number of a scanned slip; ``say`` is why it could not rejoin."""

    slip: Slip
    window: int | None
    rejoins_left: int
    say: str = ""


@dataclass(frozen=True, slots=True)
class AskingRejoin:
    key: str
    mine: AtMyNumber


@dataclass(frozen=True, slots=True)
class AtScanTrouble:
    say_key: str


@dataclass(frozen=True, slots=True)
class AtNotice:
    """The one-time notice of a matter; ``key`` is that of the slip."""

    key: str
    matter: str
    stage: Literal["printing", "printed", "failed", "unknown"] = "printing"


@dataclass(frozen=True, slots=True)
class AtStill:
    """The warning before the page is cleared."""


Place = (
    AtHome | AtChoose | AtSearch | AtDepartments | AtMatters | AtGuide | AtCard | AtGrounds | AtPrivacy | AtBrake
    | Asking | AskingReprint | AtPrinting | AtDone | AtNoPaper | AtPrinterTrouble | AtServerTrouble | AtAlready | AtHelp
    | AtStill | AtBooked | AtBookingTrouble | AskingTrack | AtMyNumber | AskingRejoin | AtScanTrouble | AtNotice
    | AskingAdd
)  # fmt: skip

OWN_PRESSES_MAX = 32
TRAIL_MAX = 12
"""Pages that 返回 remembers; the way is never longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One resident's way through the screens. Changed only by ``sitting.step``."""

    rules: FlowRules
    world: World = field(default_factory=World)
    modes: Modes = field(default_factory=Modes)
    place: Place = field(default_factory=AtHome)
    trail: tuple[Place, ...] = ()
    """Pages under this one, the last is where 返回 leads; empty: home."""
    entered_s: float = 0.0
    """When this place was entered or its countdown began again."""
    touched_s: float = 0.0
    """The last touch, or anything else a person did."""
    pressed_s: float = -1e9
    """The last touch, even one that did nothing."""
    moved: bool = False
    """The screen became another one since the last touch."""
    person: str | None = None
    """Token of the card read in this sitting."""
    help: HelpCall | None = None
    reading: Spoken | None = None
    """What is being read aloud."""
    numbers_s: tuple[float, ...] = ()
    """When this kiosk's last numbers were given, whoever took them."""
    braked: bool = False
    """Staff were told of many numbers."""
    own_presses: tuple[str, ...] = ()
    """The last presses that the outbox was asked for: what the server makes of them gives way to the paper."""
    card_note: str = ""
    """What this resident is told about the card, ``expired`` or nothing."""
    noticed_s: float = -1e9
    """When this kiosk's last one-time notice was asked for."""
    closing: Closing = field(default_factory=Closing)
    slips: int = 0
    """Slips since the program started, for the serial on the slip."""
    under_way: tuple[tuple[str, Slip], ...] = ()
    """Slips given to the printer whose fate is not known yet, by key."""

    @property
    def notice_resting(self) -> bool:
        """The last one-time notice is too short a time ago for another one."""
        return self.world.now_s - self.noticed_s < self.rules.between_notices_s

    @property
    def today(self) -> date | None:
        """The hall's date; None while the time is not known."""
        return self.world.at.astimezone(self.rules.zone).date() if self.world.at else None
