# ruff: noqa: ARG002  every node answers the same questions, also where an argument does not matter
"""The drawings: where to lay the card, where the slip comes out. Shapes in the drawing's own px, scaled to its box."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .nodes import Node, Setting, Text
from .pieces import Box, Fill, Piece, Stroke

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .theme import Size

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plate:
    """A rounded rectangle, perhaps with a border."""

    box: Box
    fill: str
    corners: tuple[float, float, float, float] = (0, 0, 0, 0)
    border: str = ""
    border_px: float = 0


@dataclass(frozen=True, slots=True)
class Pencil:
    """A line; closed and filled when `fill` is named."""

    points: tuple[Point, ...]
    colour: str
    width: float
    fill: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A word of the drawing, centred in its box; its size is one of the seven."""

    box: Box
    text: str
    size: Size
    colour: str
    bg: str
    bold: bool = False


Shapes = tuple[Plate | Pencil | Caption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Art(Node):
    """A drawing of `across` by `down` px, shown as large as its box lets it."""

    across: float
    down: float
    shapes: Shapes

    def wide(self, cx: Setting) -> float:
        return self.w or self.across

    def tall(self, cx: Setting, width: float) -> float:
        return self.h or self.down * min(1.0, width / self.across)

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        scale = min(box.w / self.across, box.h / self.down)
        left, top = box.x + (box.w - self.across * scale) / 2, box.y + (box.h - self.down * scale) / 2

        def to(inner: Box) -> Box:
            return Box(left + inner.x * scale, top + inner.y * scale, inner.w * scale, inner.h * scale)

        for shape in self.shapes:
            match shape:
                case Plate():
                    yield from _plate(shape, to(shape.box), scale)
                case Pencil():
                    points = tuple((left + x * scale, top + y * scale) for x, y in shape.points)
                    yield Stroke(_around(points), points, shape.colour, shape.width * scale, shape.fill)
                case Caption():
                    outer, cx.bg = cx.bg, shape.bg
                    text = Text(
                        text=shape.text,
                        size=shape.size,
                        bold=shape.bold,
                        colour=shape.colour,
                        align="center",
                        lines=1,
                        leading=1.1,
                    )
                    yield from text.place(cx, to(shape.box))
                    cx.bg = outer


def _plate(shape: Plate, box: Box, scale: float) -> Iterator[Piece]:
    corners = _scaled(shape.corners, scale)
    if shape.border:
        yield Fill(box, shape.border, corners)
        thick = shape.border_px * scale
        inner = _scaled(tuple(max(0.0, corner - shape.border_px) for corner in shape.corners), scale)
        yield Fill(box.inset(thick, thick, thick, thick), shape.fill, inner)
    else:
        yield Fill(box, shape.fill, corners)


def _scaled(corners: tuple[float, ...], scale: float) -> tuple[float, float, float, float]:
    one, two, three, four = corners
    return one * scale, two * scale, three * scale, four * scale


def _around(points: tuple[Point, ...]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


def _even(r: float) -> tuple[float, float, float, float]:
    return (r, r, r, r)


def _lower(r: float) -> tuple[float, float, float, float]:
    return (0, 0, r, r)


def _arch(x: float, y: float, w: float, h: float, steps: int = 12) -> tuple[Point, ...]:
    """The shoulders of a person: half an ellipse."""
    half = [(at / steps) for at in range(steps + 1)]
    return tuple((x + w * t, y + h * (1 - (1 - (2 * t - 1) ** 2) ** 0.5)) for t in half)


def cabinet(screen: str, slot: str, reader: str, *, size: Size) -> Art:
    """The kiosk's front below the screen: slot on the left, reader with a card on the right."""
    card: Shapes = (
        Plate(Box(506, 20, 216, 137), "blue_tint", _even(12), "blue", 4),
        *(
            Pencil(((527.6, y), (x, y)), "blue", 6.3)
            for y, x in ((52.4, 596), (75.8, 621.2), (99.2, 610.4), (129.8, 650))
        ),
        Plate(Box(653.6, 48.8, 36, 36), "blue_tint", _even(18), "blue", 4.5),
        Pencil(_arch(641, 88.4, 61.2, 25.2), "blue", 4.5),
    )
    shapes: Shapes = (
        Plate(Box(24, 0, 792, 328), "sand", _lower(28), "line", 4),
        Plate(Box(72, 0, 696, 100), "ink", _lower(12)),
        Caption(Box(84, 20, 304, 60), screen, size, "surface", "ink"),
        Plate(Box(108, 188, 256, 24), "edge", _even(12)),
        Caption(Box(84, 228, 304, 60), slot, size, "soft", "sand"),
        Plate(Box(476, 136, 276, 160), "surface", _even(16), "blue", 6),
        Caption(Box(484, 236, 260, 56), reader, "k3" if size == "k3" else "k2", "blue", "surface", bold=True),
        *card,
        Pencil(((614, 172), (614, 228)), "blue", 10),
        Pencil(((588, 204), (614, 230), (640, 204)), "blue", 10),
    )
    return Art(across=840, down=340, shapes=shapes, h=340, least=230)


def _teeth(left: float, right: float, y: float, step: float, deep: float) -> tuple[Point, ...]:
    """The torn edge from right to left."""
    count = round((right - left) / step)
    return tuple((right - step * at, y + (deep if at % 2 else 0)) for at in range(1, count))


def slip_coming(number: str) -> Art:
    """The slip on its way out, with its number."""
    paper = ((200, 100), (520, 100), (520, 488), *_teeth(200, 520, 488, 20, 16), (200, 488))
    marks = tuple(
        Pencil(((x1, y), (x2, y)), "line", 12)
        for x1, y, x2 in ((256, 156, 464), (288, 348, 432), (256, 384, 464), (256, 420, 424))
    )
    shapes: Shapes = (
        Plate(Box(40, 0, 640, 172), "sand", _lower(24), "line", 4),
        Plate(Box(160, 84, 400, 32), "ink", _even(16)),
        Pencil(paper, "line", 4, "surface"),
        Plate(Box(160, 84, 400, 20), "ink", (10, 10, 0, 0)),
        *marks,
        Caption(Box(216, 180, 288, 140), number, "k5", "ink", "surface", bold=True),
    )
    return Art(across=720, down=510, shapes=shapes, h=510, least=260)


def slip_here() -> Art:
    """A small slip under its slot, with an arrow."""
    paper = ((36, 20), (132, 20), (132, 80), *_teeth(36, 132, 80, 8, 8), (36, 80))
    shapes: Shapes = (
        Plate(Box(4, 4, 160, 24), "ink", _even(12)),
        Pencil(paper, "edge", 3, "surface"),
        Plate(Box(4, 4, 160, 16), "ink", (8, 8, 0, 0)),
        Pencil(((56, 42), (112, 42)), "edge", 6),
        Pencil(((64, 58), (104, 58)), "edge", 6),
        Pencil(((84, 96), (84, 110)), "blue", 6),
        Pencil(((74, 104), (84, 114), (94, 104)), "blue", 6),
    )
    return Art(across=168, down=120, shapes=shapes, h=160, least=80)
