"""One picture being made: the state, its words and sizes, and the frame every screen stands in. No Kivy here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .nodes import Ground, Node, Setting, Space
from .pieces import Box, Fill, Piece
from .stacks import column, row
from .theme import NIGHT, VARIANTS, Size, Theme, Variant, elder_size

if TYPE_CHECKING:
    from kiosk.flow.screens import ScreenState
    from kiosk.flow.texts import Texts

    from .writing import Typesetter

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
MIDDLE = 960
"""Lowered keys lie below this line of an upright panel."""
MARGIN = 56
GAP = 24


class Say(NamedTuple):
    """Words in the language asked for, and the Chinese that stands beside other languages."""

    main: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What a screen's drawing may ask for."""

    state: ScreenState
    texts: Texts
    theme: Theme
    landscape: bool

    @property
    def english(self) -> bool:
        return self.state.modes.language == "en"

    @property
    def elder(self) -> bool:
        return self.state.modes.elder

    @property
    def lowered(self) -> bool:
        return self.state.modes.lowered and not self.landscape

    @property
    def night(self) -> bool:
        return self.state.name == "night"

    @property
    def floor(self) -> Size:
        return "k3" if self.elder else "k1"

    @property
    def target(self) -> int:
        """The smallest side of a key on this page, px."""
        return self.theme.touch.elder_target if self.elder else self.theme.touch.target

    def say(self, key: str, /, **values: object) -> Say:
        """The words of `key`; beside English the Chinese. Raises KeyError for a key nobody wrote."""
        main = self.texts.say(key, self.state.modes.language, **values)
        beside = self.texts.say(key, "zh", **values) if self.english else ""
        return Say(main, "" if beside == main else beside)

    def say_device(self, code: str) -> Say:
        """What the resident reads about the printer's `code`; for one that nobody foresaw, that it is not known."""
        return self.say(f"device.{code}" if self.texts.has(f"device.{code}") else "device.unknown")

    def k(self, size: Size) -> Size:
        """The type size of this page: one up in elder mode; with two languages at least the elder mode's smallest."""
        if not self.elder:
            return size
        return max(size, "k3") if self.english else elder_size(size)

    def tall(self, px: float) -> float:
        """A key's height: at least the elder target in elder mode."""
        return max(px, self.target + 8) if self.elder else px

    def looks(self, variant: str) -> Variant:
        return (NIGHT if self.night else VARIANTS)[variant]

    def drawn(self, key: str) -> bool:
        """True when the state has this key, pressable or flat."""
        return key in self.state.keys or key in self.state.flat

    @property
    def ink(self) -> str:
        return "night_ink" if self.night else "ink"

    @property
    def soft(self) -> str:
        return "night_soft" if self.night else "soft"

    @property
    def ground(self) -> str:
        return "night" if self.night else "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a screen hands to the frame: what is read, what is pressed, and where they stand."""

    info: Node
    keys: Node | None = None
    tray: Node | None = None
    """The letter keys on their own ground, directly above the bar."""
    keys_at_end: bool = True
    """Keys stand at the page's end; False: directly under what is read."""
    split: bool = False
    """Lowered mode needs the lower half for these keys; other pages have all their keys there anyway."""
    info_w: float = 816
    """Width of the left half on a landscape panel."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page laid out: its pieces in drawing order, and what did not fit (empty on every declared state)."""

    pieces: tuple[Piece, ...]
    width: int
    height: int
    ground: str
    faults: tuple[str, ...]


def draw(page: Page, typesetter: Typesetter, header: Node, parts: Parts, bar: Node) -> Drawing:
    """Lay a page out on its plan."""
    width, height = LANDSCAPE if page.landscape else PORTRAIT
    cx = Setting(typesetter=typesetter, floor=page.floor, faults=[], bg=page.ground, night=page.night)
    if page.landscape:
        root = _wide(header, parts, bar)
    elif page.lowered and parts.split:
        root = _lowered(header, parts, bar)
    else:
        root = _upright(header, parts, bar)
    box = Box(0, 0, width, height)
    pieces = (Fill(box, page.ground), *root.place(cx, box))
    return Drawing(pieces, width, height, page.ground, tuple(cx.faults))


def _sides(child: Node, *, top: float = 0, bottom: float = 0, grow: float = 0) -> Ground:
    return Ground(child=child, pad=(MARGIN, top, MARGIN, bottom), grow=grow)


def _upright(header: Node, parts: Parts, bar: Node) -> Node:
    spring = Space(grow=1) if parts.keys_at_end and parts.keys is not None and not parts.info.grow else None
    body = column(parts.info, spring, parts.keys, gap=GAP if spring is None else 12)
    return column(header, _sides(body, bottom=GAP, grow=1), parts.tray, bar)


def _lowered(header: Node, parts: Parts, bar: Node) -> Node:
    upper = column(header, _sides(column(parts.info), grow=1), h=MIDDLE - GAP)
    spring = Space(grow=1) if parts.keys_at_end else None
    keys = None if parts.keys is None else column(spring, parts.keys)
    lower = Space(grow=1) if keys is None else _sides(keys, top=GAP, bottom=GAP, grow=1)
    return column(upper, lower, parts.tray, bar)


def _wide(header: Node, parts: Parts, bar: Node) -> Node:
    keys = parts.keys
    if parts.tray is not None:
        keys = column(keys, Space(grow=1), parts.tray, gap=12, grow=1)
    elif keys is not None and parts.keys_at_end:
        keys = column(Space(grow=1), keys, grow=1)
    elif keys is not None:
        keys = column(keys, grow=1)
    if keys is None:
        return column(header, _sides(parts.info, bottom=GAP, grow=1), bar)
    left = column(parts.info, w=parts.info_w)
    return column(header, _sides(row(left, keys, gap=32), bottom=GAP, grow=1), bar)
