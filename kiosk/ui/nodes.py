# ruff: noqa: ARG002  every node answers the same questions, also where an argument does not matter
"""Lays a page out: rows, columns, texts and grounds that share a box. No Kivy here.

A node says how high it wants to be in a given width (`tall`) and how wide it wants to be (`wide`), and is then placed
in the box it really gets. When a column is too small, nodes with `least` give way first, then texts step down a type
size; what still does not fit is recorded, never drawn over its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from .fonts import ascent, glyph_height
from .pieces import Box, Fill, Glyphs, Icon, KeyFace, Outline, Piece, Qr, Writing
from .theme import NIGHT, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .theme import Size
    from .writing import Lines, Typesetter

Align = Literal["left", "center", "right"]


@dataclass(slots=True)
class Setting:
    """What nodes need to lay themselves out, and the faults they found."""

    typesetter: Typesetter
    floor: Size
    faults: list[str]
    bg: str
    night: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """`w`, `h`: fixed; `grow`: share of what is left over; `least`: how low it may be pressed."""

    w: float | None = None
    h: float | None = None
    least: float | None = None
    grow: float = 0

    def wide(self, cx: Setting) -> float:
        return self.w or 0.0

    def tall(self, cx: Setting, width: float) -> float:
        return self.h or 0.0

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        """How low it may be pressed; `deep`: with its texts at their smallest size."""
        high = self.tall(cx, width)
        return high if self.least is None else min(high, self.least)

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Space(Node):
    """Nothing: a spring (`grow`) or a fixed gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Node):
    """A text that wraps, steps down to the floor when it must, and is centred in its height."""

    text: str
    size: Size
    bold: bool = False
    colour: str = "ink"
    align: Align = "left"
    lines: int | None = None
    leading: float = 1.35
    floor: Size | None = None

    def _fit(self, cx: Setting, width: float, height: float | None) -> Lines:
        return cx.typesetter.fit(
            self.text,
            self.size,
            bold=self.bold,
            width=width,
            height=height,
            most_lines=self.lines,
            floor=self.floor or cx.floor,
            leading=self.leading,
        )

    def wide(self, cx: Setting) -> float:
        px = cx.typesetter.theme.px(self.size)
        lines = self.text.split("\n")
        return self.w or max(cx.typesetter.width(line, px, bold=self.bold) for line in lines) + 1

    def tall(self, cx: Setting, width: float) -> float:
        return self.h or self._fit(cx, self.w or width, None).height

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        if not deep:
            return self.tall(cx, width)
        smallest = replace(self, size=self.floor or cx.floor, h=None)
        return min(self.tall(cx, width), smallest.tall(cx, width))

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        if not self.text:
            return
        lines = self._fit(cx, box.w, box.h)
        if lines.cut or lines.width > box.w + 1:
            cx.faults.append(f"text does not fit: {self.text!r}")
        top = box.y + (box.h - lines.height) / 2
        parts: list[Glyphs] = []
        left = box.right
        for at, (line, width) in enumerate(zip(lines.lines, lines.widths, strict=True)):
            x = box.x + {"left": 0.0, "center": (box.w - width) / 2, "right": box.w - width}[self.align]
            left = min(left, x)
            y = top + at * lines.line_px + (lines.line_px - glyph_height(lines.px)) / 2
            parts += _glyphs(cx, line, x, y, lines.px, bold=self.bold, colour=self.colour)
        ink = Box(left, top, lines.width, lines.height)
        yield Writing(box, self.text, tuple(parts), ink, cx.bg, self.colour, lines.cut)


def _glyphs(cx: Setting, line: str, x: float, y: float, px: int, *, bold: bool, colour: str) -> Iterator[Glyphs]:
    for run in cx.typesetter.fonts.runs(line, bold=bold):
        run_px = cx.typesetter.run_px(run.face, px)
        yield Glyphs(x, y + ascent(px) - ascent(run_px), run_px, run.face, run.text, colour)
        x += cx.typesetter.pen.width(run.face, run_px, run.text)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a `Line`."""

    text: str
    size: Size
    bold: bool = False
    colour: str = "ink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Node):
    """Parts of several sizes on one baseline (`11 人`); all step down together when the width asks for it."""

    spans: tuple[Span, ...]
    align: Align = "left"
    leading: float = 1.2

    def _scaled(self, cx: Setting, width: float) -> tuple[list[tuple[Span, int]], float]:
        theme = cx.typesetter.theme
        chains = [theme.smaller(span.size, floor=cx.floor) for span in self.spans]
        for step in range(max(len(chain) for chain in chains)):
            sized = [
                (span, theme.px(chain[min(step, len(chain) - 1)]))
                for span, chain in zip(self.spans, chains, strict=True)
            ]
            total = sum(cx.typesetter.width(span.text, px, bold=span.bold) for span, px in sized)
            if total <= width + 0.5:
                break
        return sized, total

    def wide(self, cx: Setting) -> float:
        px = cx.typesetter.theme.px
        return self.w or 1 + sum(cx.typesetter.width(s.text, px(s.size), bold=s.bold) for s in self.spans)

    def tall(self, cx: Setting, width: float) -> float:
        sized, _total = self._scaled(cx, self.w or width)
        return self.h or max(px for _span, px in sized) * self.leading

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        sized, total = self._scaled(cx, box.w)
        if total > box.w + 1:
            cx.faults.append(f"line does not fit: {''.join(span.text for span in self.spans)!r}")
        largest = max(px for _span, px in sized)
        top = box.y + (box.h - glyph_height(largest)) / 2
        x = box.x + {"left": 0.0, "center": (box.w - total) / 2, "right": box.w - total}[self.align]
        left, parts = x, []
        for span, px in sized:
            y = top + ascent(largest) - ascent(px)
            parts += list(_glyphs(cx, span.text, x, y, px, bold=span.bold, colour=span.colour))
            x += cx.typesetter.width(span.text, px, bold=span.bold)
        text = "".join(span.text for span in self.spans)
        ink = Box(left, box.y + max(0.0, (box.h - largest * 1.2) / 2), total, min(box.h, largest * 1.2))
        yield Writing(box, text, tuple(parts), ink, cx.bg, self.spans[0].colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Node):
    """An icon, `side` px, in the middle of its box."""

    name: str
    side: float
    colour: str = "blue"

    def wide(self, cx: Setting) -> float:
        return self.w or self.side

    def tall(self, cx: Setting, width: float) -> float:
        return self.h or self.side

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        side = min(self.side, box.w, box.h)
        yield Icon(Box(box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side), self.name, self.colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(Node):
    """A QR code, `side` px with its quiet zone."""

    address: str
    side: float

    def wide(self, cx: Setting) -> float:
        return self.w or self.side

    def tall(self, cx: Setting, width: float) -> float:
        return self.h or self.side

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        side = min(self.side, box.w, box.h)
        yield Qr(Box(box.x + (box.w - side) / 2, box.y + (box.h - side) / 2, side, side), self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Node):
    """A thin line: as wide (in a column) or as high (in a row) as what it lies in."""

    thick: float = 2
    colour: str = "line"
    upright: bool = False

    def wide(self, cx: Setting) -> float:
        return self.thick

    def tall(self, cx: Setting, width: float) -> float:
        return 0.0 if self.upright else self.thick

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        yield Fill(box, self.colour)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground(Node):
    """A child on a ground of its own: colour, corners, a border, a wider left edge."""

    child: Node
    colour: str = ""
    radius: float = 0
    pad: tuple[float, float, float, float] = (0, 0, 0, 0)
    """left, top, right, bottom"""
    border: str = ""
    border_px: float = 2
    style: str = "solid"
    edge: str = ""
    """Colour of a 16 px bar along the left side."""

    def wide(self, cx: Setting) -> float:
        return self.w or self.child.wide(cx) + self.pad[0] + self.pad[2]

    def tall(self, cx: Setting, width: float) -> float:
        inner = (self.w or width) - self.pad[0] - self.pad[2]
        return self.h or self.child.tall(cx, inner) + self.pad[1] + self.pad[3]

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        if self.h and self.least is None:
            return self.h
        inner = (self.w or width) - self.pad[0] - self.pad[2]
        return max(self.least or 0.0, self.child.low(cx, inner, deep=deep) + self.pad[1] + self.pad[3])

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        corners = (self.radius,) * 4
        if self.border and self.style == "solid":
            yield Fill(box, self.border, corners)
            inner = (max(0.0, self.radius - self.border_px),) * 4
            yield Fill(box.inset(*(self.border_px,) * 4), self.colour, inner)
        elif self.edge:
            yield Fill(box, self.edge, corners)
            yield Fill(box.inset(16, 0, 0, 0), self.colour, (0, self.radius, self.radius, 0))
        elif self.colour:
            yield Fill(box, self.colour, corners)
        if self.border and self.style != "solid":
            yield Outline(box, self.border, self.border_px, self.radius, self.style)
        outer, cx.bg = cx.bg, self.colour or cx.bg
        yield from self.child.place(cx, box.inset(*self.pad))
        cx.bg = outer


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Node):
    """What can be pressed. The child stands on the face, above the lip."""

    key: str
    child: Node
    variant: str = "normal"
    pad: tuple[float, float] = (32, 4)
    """left and right, top and bottom"""

    def wide(self, cx: Setting) -> float:
        return self.w or self.child.wide(cx) + 2 * self.pad[0] + 4

    def tall(self, cx: Setting, width: float) -> float:
        inner = (self.w or width) - 2 * self.pad[0] - 4
        return max(self.h or 0.0, self.child.tall(cx, inner) + 2 * self.pad[1] + 10)

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        if self.least is None:
            return self.tall(cx, width)
        inner = (self.w or width) - 2 * self.pad[0] - 4
        return max(self.least, self.child.low(cx, inner, deep=deep) + 2 * self.pad[1] + 10)

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        looks = (NIGHT if cx.night else VARIANTS)[self.variant]
        outer, cx.bg = cx.bg, looks.face or cx.bg
        across, down = self.pad
        inside = tuple(self.child.place(cx, box.inset(2 + across, 2 + down, 2 + across, 8 + down)))
        cx.bg = outer
        pressable = self.variant not in {"off", "flat"}
        yield KeyFace(box, self.key, self.variant, cx.night, pressable, inside)
