"""Slip and paper width in, lines out: measured, wrapped, never wider than the paper.

Widths are the printer's own: 12 dots a Latin character, 24 a Chinese one, times the size. Chinese breaks anywhere
except before closing and after opening punctuation; Latin words and numbers stay whole while a line can hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, assert_never

from drivers.printer.gb_text import FULL_DOTS, HALF_DOTS, normalise, width_dots
from drivers.printer.slip import Align, Block, Cut, Feed, Item, Logo, Qr, Row, Rule, Slip, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CELL_ROWS = 24
PITCH, PITCH_ITEM, PITCH_LARGE = 36, 44, 60
"""Paper per line in dots, as the design has it: single size, to be ticked, larger. Never less than a line's height."""
NO_START = frozenset("，。、；：？！）》」』】〕〉…—％℃·,.;:?!)]}%")
NO_END = frozenset("（《「『【〔〈([{￥$№")
COLUMN_GAP_DOTS = 24
STACK_SHARE = 0.6
"""When labels take more of the paper than this, values go below them."""
BOX = "□ "
NAME_SHARE = 0.42
"""Things to tick off have their notes in one column from here on; those with longer names have theirs below."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of a line in one size and weight."""

    text: str
    size: int = 1
    bold: bool = False

    @property
    def dots(self) -> int:
        return width_dots(self.text) * self.size


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``pitch`` is the paper it takes, in dots."""

    pieces: tuple[Piece, ...]
    align: Align = Align.LEFT
    inverted: bool = False
    pitch: int = PITCH

    @property
    def dots(self) -> int:
        return sum(piece.dots for piece in self.pieces)


Set: TypeAlias = Line | Rule | Logo | Qr | Feed | Cut
"""What is set: a line, or a block that needs no setting."""


def typeset(slip: Slip, paper_dots: int, *, visible: Callable[[str], str] = normalise) -> Iterator[Set]:
    """The slip's lines for paper of this width. ``visible`` turns a text into what can really be put on paper."""
    for is_row, group in groupby(slip.blocks, key=lambda block: isinstance(block, Row)):
        if is_row:
            yield from _set_rows([block for block in group if isinstance(block, Row)], paper_dots, visible)
        else:
            for block in group:
                yield from _set_block(block, paper_dots, visible)


def _set_block(block: Block, paper_dots: int, visible: Callable[[str], str]) -> Iterator[Set]:
    match block:
        case Text():
            text = visible(block.text)
            size = _largest(text, block.size, paper_dots) if block.shrink else block.size
            limit = paper_dots // size
            for part in balanced(text, limit) if block.align is Align.CENTRE else wrap(text, limit):
                line = _bar(part, size, paper_dots) if block.inverted else part
                align = Align.LEFT if block.inverted else block.align
                yield Line((Piece(line, size, block.bold),), align, block.inverted, pitch_of(size))
        case Rule() | Logo() | Qr() | Feed() | Cut():
            yield block
        case Item():
            yield from _set_item(visible(block.name), visible(block.note), paper_dots)
        case Row():
            yield from _set_rows([block], paper_dots, visible)
        case _:
            assert_never(block)


def pitch_of(size: int) -> int:
    """Paper for a line of this size, in dots."""
    return PITCH if size == 1 else PITCH_LARGE


def _largest(text: str, size: int, paper_dots: int) -> int:
    return max((each for each in range(1, size + 1) if width_dots(text) * each <= paper_dots), default=1)


def _bar(text: str, size: int, paper_dots: int) -> str:
    """``text`` between spaces that fill the line: printed inverted they are a black bar."""
    spaces = max((paper_dots // size - width_dots(text)) // HALF_DOTS, 0)
    return " " * (spaces // 2) + text + " " * (spaces - spaces // 2)


def _set_rows(rows: list[Row], paper_dots: int, visible: Callable[[str], str]) -> Iterator[Set]:
    labels = [visible(row.label).replace("\n", " ") for row in rows]
    column = max(width_dots(label) for label in labels) + COLUMN_GAP_DOTS
    for label, row in zip(labels, rows, strict=True):
        value = visible(row.value)
        if column > paper_dots * STACK_SHARE:
            yield from (Line((Piece(part),), pitch=pitch_of(1)) for part in wrap(label, paper_dots))
            yield from _hang("", 0, value, row.size, paper_dots)
        else:
            yield from _hang(label, column, value, row.size, paper_dots)


def _hang(label: str, column: int, value: str, size: int, paper_dots: int) -> Iterator[Line]:
    """The label, then the value at its column; further lines of the value start at the same column."""
    free = paper_dots - column
    fitting = _largest(value, size, free)
    for part in wrap(value, free // fitting):
        gap = (column - width_dots(label)) // HALF_DOTS
        lead = (Piece(label + " " * gap),) if column else ()
        yield Line((*lead, Piece(part, fitting, bold=True)), pitch=pitch_of(fitting))
        label = ""


def _set_item(name: str, note: str, paper_dots: int) -> Iterator[Line]:
    """The name hangs behind its box; the note stands in a column, or below what is too long for that."""
    box = width_dots(BOX)
    free = paper_dots - box
    column = int(paper_dots * NAME_SHARE) // HALF_DOTS * HALF_DOTS
    names = list(wrap(name.replace("\n", " "), free))
    beside = len(names) == 1 and width_dots(names[0]) + FULL_DOTS <= column
    notes = list(wrap(note, free - column if beside else free)) if note else []
    lead = BOX
    for index, part in enumerate(names):
        gap = " " * ((column - width_dots(part)) // HALF_DOTS) if beside and notes else ""
        tail = (Piece(gap + notes.pop(0)),) if gap and index == 0 else ()
        yield Line((Piece(lead), Piece(part, bold=True), *tail), pitch=PITCH_ITEM)
        lead = " " * (box // HALF_DOTS)
    indent = " " * ((box + column if beside else box) // HALF_DOTS)
    for part in notes:
        yield Line((Piece(indent + part),), pitch=PITCH)


def balanced(text: str, limit_dots: int) -> list[str]:
    """As ``wrap``, with as few lines but about equally long: no title ends in a single character."""
    lines = list(wrap(text, limit_dots))
    if len(lines) == text.count("\n") + 1:
        return lines
    widest = max(width_dots(atom.rstrip(" ")) for paragraph in text.split("\n") for atom in _atoms(paragraph))
    for narrower in range(limit_dots - HALF_DOTS, max(widest, FULL_DOTS) - 1, -HALF_DOTS):
        closer = list(wrap(text, narrower))
        if len(closer) > len(lines):
            break
        lines = closer
    return lines


def wrap(text: str, limit_dots: int) -> Iterator[str]:
    """``text`` in lines of at most ``limit_dots`` (≥ 24) at single size. Only spaces at line ends are lost."""
    for paragraph in text.split("\n"):
        line = ""
        for atom in _atoms(paragraph):
            for piece in _chopped(atom, limit_dots):
                if line and width_dots((line + piece).rstrip(" ")) > limit_dots:
                    yield line.rstrip(" ")
                    line = piece.lstrip(" ")
                else:
                    line += piece
        yield line.rstrip(" ")


def _atoms(paragraph: str) -> Iterator[str]:
    """The pieces between allowed breaks, spaces kept at their ends."""
    atom = ""
    for character in paragraph:
        if atom and _may_break(atom[-1], character):
            yield atom
            atom = ""
        atom += character
    if atom:
        yield atom


def _may_break(before: str, after: str) -> bool:
    if after == " " or after in NO_START or before in NO_END:
        return False
    return before == " " or not (before.isascii() and after.isascii())


def _chopped(atom: str, limit_dots: int) -> Iterable[str]:
    """An atom that no line can hold is cut between characters."""
    if width_dots(atom.rstrip(" ")) <= limit_dots:
        return [atom]
    pieces = [""]
    for character in atom:
        if width_dots(pieces[-1] + character) > max(limit_dots, FULL_DOTS):
            pieces.append("")
        pieces[-1] += character
    return pieces
