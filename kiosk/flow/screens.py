"""What the kiosk shows: one frozen value per screen, nothing about how it is drawn.

A :class:`ScreenState` is the whole of the picture. ``keys`` are the ids that can be pressed now (drawn with a lip);
``flat`` are ids that are drawn in their place without a lip because they do nothing now. An id in neither is not
drawn. Texts that people read are either data of the hall (names, numbers) or keys of ``assets/locale/<lang>.toml``;
fields that hold such a key end in ``_key``. Words that are on no mock-up are listed in ``kiosk/README.md``.

Ids: the bar has ``back``, ``read``, ``lower``, ``help`` on every screen. Ids with data are ``letter:A``,
``department:SB``, ``matter:SB-001`` (opens the guide), ``number:SB-001`` (a number for it at once),
``page:next``, ``page:previous``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from kiosk.flow.hours import Opening, Service
from kiosk.flow.shown import (
    AddTrouble,
    DepartmentRow,
    GroundRow,
    GuideItem,
    Header,
    Issued,
    Language,
    MaterialRow,
    MatterRow,
    Modes,
    WaitRange,
)

__all__ = [
    "BAR",
    "LETTERS",
    "AddTrouble",
    "Already",
    "Brake",
    "Card",
    "Choose",
    "DepartmentList",
    "DepartmentRow",
    "Done",
    "GroundRow",
    "Grounds",
    "Guide",
    "GuideItem",
    "Header",
    "Help",
    "Home",
    "Issued",
    "Language",
    "MaterialRow",
    "MatterList",
    "MatterRow",
    "Modes",
    "MyNumber",
    "Night",
    "NoPaper",
    "Notice",
    "PrinterTrouble",
    "Printing",
    "Privacy",
    "ScanTrouble",
    "Screen",
    "ScreenState",
    "Search",
    "ServerTrouble",
    "StillThere",
    "WaitRange",
]

BAR = ("back", "read", "lower", "help")
CODE_DIGITS = 10
"""Of a booking's code."""
LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


# ---- the screens ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Live line and all services. ``line_key`` replaces the figures' caption when there is something to say."""

    hours: str = ""
    """Of today, ``9:00–12:00　13:30–17:00``."""
    service: Service = "open"
    """``home.<service>`` is the line, while ``line_key`` is empty."""
    resumes: str = ""
    """``13:30``: when service begins or goes on."""
    waiting: int | None = None
    wait: WaitRange | None = None
    open_windows: int | None = None
    link: Literal["starting", "online", "offline"] = "starting"
    """``offline``: the band ``offline.title``, ``offline.sub`` stands instead of the live line."""
    letter: str = "L"
    """Of the numbers that the kiosk gives by itself meanwhile."""
    line_key: str = ""
    """``state.loading``, ``state.queue_empty``, ``state.no_window``, ``state.no_estimate`` or empty."""
    notice: str = ""
    """Notice of the day, data."""
    sub_keys: tuple[tuple[str, str], ...] = ()
    """Pairs (key id, words' key): these stand under the named key instead of ``home.<id>_sub``."""
    name: Literal["home"] = "home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """What do you need? Season's matters, departments, letter keys (none in elder mode)."""

    season: tuple[MatterRow, ...] = ()
    departments: tuple[DepartmentRow, ...] = ()
    """In elder mode empty: ``by_department`` leads to them."""
    letters: bool = True
    """Draw the letter keys: those in ``keys`` find something, the others are flat."""
    loading: bool = False
    """No catalogue yet: ``state.loading`` in the list."""
    name: Literal["choose"] = "choose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Letters typed and what they find. ``erase`` takes back one letter, ``clear`` all."""

    typed: str
    results: tuple[MatterRow, ...] = ()
    """This page's; empty with ``found`` 0: ``state.none_found``."""
    found: int = 0
    page: int = 0
    pages: int = 1
    name: Literal["search"] = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentList:
    """All departments, paged, never scrolled."""

    rows: tuple[DepartmentRow, ...] = ()
    page: int = 0
    pages: int = 1
    name: Literal["departments"] = "departments"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterList:
    """Matters of one department. Each row has ``matter:<code>`` (guide) and, while issuing, ``number:<code>``."""

    department: DepartmentRow
    rows: tuple[MatterRow, ...] = ()
    page: int = 0
    pages: int = 1
    name: Literal["matters"] = "matters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A matter's guide. ``materials`` and ``items`` are those of this page; facts stand on every page."""

    matter: MatterRow
    fee: str
    online: bool
    materials: tuple[MaterialRow, ...] = ()
    materials_all: int = 0
    """How many in all, for 就这 {n} 样."""
    first_material: int = 1
    """The number before the first material of this page."""
    items: tuple[GuideItem, ...] = ()
    version: int = 0
    date: str = ""
    changed: bool = False
    """A new version came while it was being read: ``state.guide_changed``."""
    page: int = 0
    pages: int = 1
    name: Literal["guide"] = "guide"


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Lay the card or go on without: both halves equal."""

    trouble_key: str = ""
    """``state.card_again``, ``state.card_down`` or empty."""
    reading: bool = False
    """A card is felt: ``state.loading``."""
    label: str = ""
    """Matter the number will be for; may be empty."""
    name: Literal["card"] = "card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """On which ground one goes first; ``take`` is an ordinary number after all."""

    rows: tuple[GroundRow, ...] = ()
    page: int = 0
    pages: int = 1
    name: Literal["grounds"] = "grounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """预约签到: lay the card, show the code to the scanner, or type it."""

    typed: str = ""
    """Digits so far, ten at most."""
    trouble_key: str = ""
    reading: bool = False
    has_reader: bool = True
    name: Literal["booked"] = "booked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingTrouble:
    """Why the booking cannot be used now, in the server's words."""

    say: str = ""
    countdown_s: int = 60
    name: Literal["booking_trouble"] = "booking_trouble"


@dataclass(frozen=True, slots=True, kw_only=True)
class Privacy:
    """What is kept and what not (个人信息说明): ``privacy.title``, ``privacy.text``."""

    name: Literal["privacy"] = "privacy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """Working. ``asking``: the number is being asked for, no number yet; ``printing``: the number is kept."""

    stage: Literal["asking", "printing"] = "asking"
    issued: Issued | None = None
    slow: bool = False
    """More than 5 s: ``state.loading_slow``."""
    name: Literal["printing"] = "printing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """The number, huge. Leaves by itself after ``countdown_s``."""

    issued: Issued
    countdown_s: int = 15
    card_left: bool = False
    """A card still lies on the reader: ``done.card``."""
    card_key: str = ""
    """What is to be said about the card (``card.expired``), once it was lifted; empty: nothing."""
    added: str = ""
    """This matter was added to a number held before: it stays, and no slip is on its way."""
    name: Literal["done"] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPaper:
    """No slip, number valid; three ways to keep it."""

    issued: Issued
    countdown_s: int = 60
    asked: bool = False
    """Staff were asked for a slip and come."""
    name: Literal["nopaper"] = "nopaper"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterTrouble:
    """The slip's fate is not good or not known; the number is valid."""

    issued: Issued
    code: str
    """Of the outcome or the printer's health: ``drivers.printer.words`` has its sentence. Not said when ``ready``."""
    fate: Literal["not_printed", "unknown", "ready"] = "not_printed"
    """``unknown``: the slip may have come; ``ready``: the printer works again (``printer.ready``)."""
    countdown_s: int = 60
    name: Literal["printer"] = "printer"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerTrouble:
    """No number was given and what to do now. ``refused``: the server said why in ``say``."""

    kind: Literal["silent", "refused"] = "silent"
    say: str = ""
    """One sentence from the server in the asked language; empty: ``server.sub``."""
    countdown_s: int = 60
    name: Literal["server"] = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Already:
    """This person holds a live number today (``state.already``): ``add`` the matter, ``reprint``, take ``another``."""

    number: str
    called: bool = False
    """It was called or missed already: ``already.called``."""
    matter: str = ""
    """What ``add`` would add; empty: nothing."""
    trouble: AddTrouble | None = None
    """Why it was not added: ``already.add_<trouble>``."""
    name: Literal["already"] = "already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Somebody comes."""

    state: Literal["asking", "asked", "taken", "done", "silent"] = "asking"
    """``silent``: the call could not be sent (``helping.silent``); it is tried again by itself."""
    who: str = ""
    """Who comes; empty: nobody has answered yet (–)."""
    waited: str = "0:00"
    urgent: bool = False
    name: Literal["help"] = "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class StillThere:
    countdown_s: int = 15
    name: Literal["still"] = "still"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """Many numbers in a minute from this kiosk: 还要取号吗 (``brake.title``, ``brake.sub``; ``yes``, ``no``)."""

    name: Literal["brake"] = "brake"


@dataclass(frozen=True, slots=True, kw_only=True)
class MyNumber:
    """A scanned slip: how its number stands, and what its holder may do. ``state`` as on the wire."""

    issued: Issued
    state: str
    window: int | None = None
    rejoins_left: int = 0
    missed_after: int = 3
    say: str = ""
    """The server's sentence why rejoining was refused; empty: ``mine.<state>``."""
    name: Literal["mine"] = "mine"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanTrouble:
    """A code was scanned and nothing came of it: ``scan.unknown``, ``scan.again``, ``scan.silent``."""

    say_key: str
    countdown_s: int = 60
    name: Literal["scan"] = "scan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The one-time notice (一次告知单) of a matter on its way to paper."""

    label: str
    """The matter as its guide names it."""
    stage: Literal["printing", "printed", "failed", "unknown"] = "printing"
    countdown_s: int = 15
    name: Literal["notice"] = "notice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """No numbers now. ``why``: hall closed, issuing stopped for today, or the hall's clock is in doubt."""

    why: Literal["closed", "stopped", "clock_doubt"] = "closed"
    hours: str = ""
    """Shown while ``opens`` is not known."""
    opens: Opening | None = None
    """``night.<day>`` with its date and time."""
    name: Literal["night"] = "night"


Screen = (
    Home | Choose | Search | DepartmentList | MatterList | Guide | Card | Booked | BookingTrouble | Grounds
    | Privacy | Printing | Done | NoPaper | PrinterTrouble | ServerTrouble | Already | Help | StillThere | Brake
    | Night | MyNumber | ScanTrouble | Notice
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenState:
    """The whole picture. Two equal values look the same: the UI redraws only on a difference."""

    screen: Screen
    modes: Modes = field(default_factory=Modes)
    header: Header = field(default_factory=Header)
    keys: tuple[str, ...] = ()
    flat: tuple[str, ...] = ()
    reading: bool = False
    """The screen is being read aloud: ``read`` stops it."""

    @property
    def name(self) -> str:
        return self.screen.name
