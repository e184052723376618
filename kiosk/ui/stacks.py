"""Rows, columns and grids: how nodes share a box. No Kivy here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from .nodes import Line, Node, Setting, Space, Text
from .pieces import Box, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def column(*children: Node | None, **fields: object) -> Column:
    """A column of those that are there."""
    return Column(children=tuple(child for child in children if child is not None), **fields)  # type: ignore[arg-type]


def row(*children: Node | None, **fields: object) -> Row:
    """A row of those that are there."""
    return Row(children=tuple(child for child in children if child is not None), **fields)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Node):
    """Children one under another, each as wide as the column."""

    children: tuple[Node, ...]
    gap: float = 0
    justify: Literal["start", "center"] = "start"

    def wide(self, cx: Setting) -> float:
        return self.w or max((child.wide(cx) for child in self.children), default=0.0)

    def tall(self, cx: Setting, width: float) -> float:
        inner = self.w or width
        return self.h or sum(child.tall(cx, inner) for child in self.children) + self._gaps()

    def _gaps(self) -> float:
        return self.gap * max(0, len(self.children) - 1)

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        if self.h:
            return self.h
        inner = self.w or width
        return sum(child.low(cx, inner, deep=deep) for child in self.children) + self._gaps()

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        heights = self._heights(cx, box)
        spare = box.h - self._gaps() - sum(heights)
        if spare < -1:
            cx.faults.append(f"column is {-spare:.0f} px too low")
        y = box.y + (max(0.0, spare) / 2 if self.justify == "center" else 0.0)
        for child, height in zip(self.children, heights, strict=True):
            yield from child.place(cx, Box(box.x, y, box.w, height))
            y += height + self.gap

    def _heights(self, cx: Setting, box: Box) -> list[float]:
        """What each wants; the rest goes to those that grow. When short, keys and springs give way, then texts."""
        heights = [child.tall(cx, box.w) for child in self.children]
        room = box.h - self._gaps() - sum(heights)
        growing = sum(child.grow for child in self.children)
        if room >= 0:
            part = room / growing if growing else 0.0
            return [height + part * child.grow for child, height in zip(self.children, heights, strict=True)]
        for deep in (False, True):
            lows = [child.low(cx, box.w, deep=deep) for child in self.children]
            slack = sum(heights) - sum(lows)
            short = sum(heights) + self._gaps() - box.h
            part = min(1.0, short / slack) if slack > 0 and short > 0 else 0.0
            heights = [height - (height - low) * part for height, low in zip(heights, lows, strict=True)]
        return heights


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Node):
    """Children side by side, each as high as the row; those that grow share the width, texts give way."""

    children: tuple[Node, ...]
    gap: float = 0
    justify: Literal["start", "center"] = "start"

    def wide(self, cx: Setting) -> float:
        return self.w or sum(child.wide(cx) for child in self.children) + self._gaps()

    def tall(self, cx: Setting, width: float) -> float:
        if self.h:
            return self.h
        widths = self._widths(cx, self.w or width)
        return max((child.tall(cx, w) for child, w in zip(self.children, widths, strict=True)), default=0.0)

    def low(self, cx: Setting, width: float, *, deep: bool) -> float:
        if self.h and self.least is None:
            return self.h
        widths = self._widths(cx, self.w or width)
        lows = [child.low(cx, w, deep=deep) for child, w in zip(self.children, widths, strict=True)]
        return max(self.least or 0.0, *lows)

    def _gaps(self) -> float:
        return self.gap * max(0, len(self.children) - 1)

    def _widths(self, cx: Setting, width: float) -> list[float]:
        """Growing children share what fixed and natural ones leave; when short, the unfixed shrink in proportion."""
        room = width - self._gaps()
        natural = [0.0 if child.grow and child.w is None else child.wide(cx) for child in self.children]
        left = room - sum(natural)
        growing = sum(child.grow for child in self.children if child.w is None)
        if left >= 0 and growing:
            return [
                w + (left * child.grow / growing if child.w is None else 0.0)
                for child, w in zip(self.children, natural, strict=True)
            ]
        if left >= 0:
            return natural
        soft = [
            0.0 if child.w is not None or not _gives(child) else w
            for child, w in zip(self.children, natural, strict=True)
        ]
        part = min(1.0, -left / sum(soft)) if sum(soft) else 0.0
        return [w - give * part for w, give in zip(natural, soft, strict=True)]

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        widths = self._widths(cx, box.w)
        spare = box.w - self._gaps() - sum(widths)
        if spare < -1:
            cx.faults.append(f"row is {-spare:.0f} px too narrow")
        x = box.x + (max(0.0, spare) / 2 if self.justify == "center" else 0.0)
        for child, width in zip(self.children, widths, strict=True):
            yield from child.place(cx, Box(x, box.y, width, box.h))
            x += width + self.gap


def _gives(child: Node) -> bool:
    """Texts and stacks of texts may be narrower than they would like; pictures may not."""
    return isinstance(child, (Text, Line, Column, Row))


def grid(children: Sequence[Node], across: int, *, gap: tuple[float, float] = (24, 24), **fields: object) -> Column:
    """`across` equal columns; the last row keeps its empty places, so that keys stay where they were."""
    rows: list[Node] = []
    for start in range(0, len(children), across):
        part = list(children[start : start + across])
        part += [Space(grow=1) for _ in range(across - len(part))]
        grow = max(child.grow for child in part if not isinstance(child, Space))
        rows.append(Row(children=tuple(_even(child) for child in part), gap=gap[0], grow=grow))
    return Column(children=tuple(rows), gap=gap[1], **fields)  # type: ignore[arg-type]


def _even(child: Node) -> Node:
    return replace(child, grow=1, w=None)
