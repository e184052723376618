"""What a page is made of once it is laid out: frozen values in plan px from the top left. No Kivy here.

Two equal pieces look the same, so the painter keeps the widget of every piece that did not change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle, px on the plan, y downward."""

    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def inset(self, left: float, top: float, right: float, bottom: float) -> Box:
        return Box(self.x + left, self.y + top, max(0.0, self.w - left - right), max(0.0, self.h - top - bottom))

    def holds(self, other: Box) -> bool:
        """True when `other` lies inside, with half a pixel of tolerance."""
        return (
            other.x >= self.x - 0.5
            and other.y >= self.y - 0.5
            and other.right <= self.right + 0.5
            and other.bottom <= self.bottom + 0.5
        )

    def apart(self, other: Box) -> float:
        """Clear distance between the two, px; negative when they overlap."""
        across = max(self.x, other.x) - min(self.right, other.right)
        down = max(self.y, other.y) - min(self.bottom, other.bottom)
        return max(across, down)


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle with rounded corners (top left, top right, bottom right, bottom left)."""

    box: Box
    colour: str
    corners: tuple[float, float, float, float] = (0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Outline:
    """A line along a rounded rectangle: whole, dashed or dotted."""

    box: Box
    colour: str
    width: float
    radius: float
    style: str = "solid"


@dataclass(frozen=True, slots=True)
class Stroke:
    """An open or closed line of the drawings; `fill` colours the inside of a closed one."""

    box: Box
    points: tuple[tuple[float, float], ...]
    colour: str
    width: float
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One run of one line: where its glyph box begins and with what it is drawn."""

    x: float
    y: float
    px: int
    face: str
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Writing:
    """A text where it stands. `box` is the place it was given; `ink` what its lines really take."""

    box: Box
    text: str
    parts: tuple[Glyphs, ...]
    ink: Box
    bg: str
    colour: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Icon:
    """An icon of the atlas, tinted; `mark` keeps its own colours."""

    box: Box
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Qr:
    """A code for the phone, dark modules on the ground it lies on, with its quiet zone inside `box`."""

    box: Box
    address: str


@dataclass(frozen=True, slots=True)
class KeyFace:
    """A key: outline, lip, face and what is written on it. `variant` names its look."""

    box: Box
    key: str
    variant: str
    night: bool
    pressable: bool
    inside: tuple[Piece, ...]


Piece = Fill | Outline | Stroke | Writing | Icon | Qr | KeyFace


def writings(pieces: tuple[Piece, ...]) -> list[Writing]:
    """Every text of a page, those on keys too."""
    found: list[Writing] = []
    for piece in pieces:
        match piece:
            case Writing():
                found.append(piece)
            case KeyFace():
                found += writings(piece.inside)
            case _:
                pass
    return found


def key_faces(pieces: tuple[Piece, ...]) -> list[KeyFace]:
    """Every key of a page."""
    return [piece for piece in pieces if isinstance(piece, KeyFace)]
