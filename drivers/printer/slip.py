"""What goes on paper, as a value, and the layouts (data) it is filled from.

A ``Slip`` knows nothing of printers: its blocks get their width when they are set (``typeset``) and their bytes
when they are encoded. ``SlipLayout.load("ticket").fill({...})`` gives one; layouts lie in ``assets/slips``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from drivers.errors import DriverError

SIZES = range(1, 8)
"""A character may be 1 to 7 times the printer's own; the design uses 1, 2 and 7."""
BLOCKS_LIMIT = 400
"""A slip longer than this is a mistake in its layout, not a slip."""
QR_BYTES_LIMIT = 180
"""More would not fit beside its quiet zone on 58 mm paper with modules a phone can see."""


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class SlipWrong(DriverError):
    """A slip cannot be made: ``fault`` says what is wrong with it or with the values for it."""

    code = "slip"

    def __init__(self, name: str, fault: str) -> None:
        super().__init__(name, fault)
        self.name = name
        self.fault = fault

    def __str__(self) -> str:
        return f"slip {self.name}: {self.fault}"


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. ``inverted``: a black bar across the paper; ``shrink``: the largest size that fits one line."""

    text: str
    size: int = 1
    align: Align = Align.LEFT
    bold: bool = False
    inverted: bool = False
    shrink: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A label and its bold value; neighbouring rows share one value column."""

    label: str
    value: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list to tick off: a box, a bold name, and a note beside it or, where that is too long, below."""

    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Logo:
    """The hall's emblem, centred; nothing where the printer has been given none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper: dashed, or heavy."""

    heavy: bool = False


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code of plain ASCII, centred."""

    payload: str


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty paper, in dots (8 a millimetre)."""

    dots: int


@dataclass(frozen=True, slots=True)
class Cut:
    """Feed to the cutter and cut."""


Block: TypeAlias = Text | Row | Item | Rule | Logo | Qr | Feed | Cut


@dataclass(frozen=True, slots=True)
class Slip:
    """One piece of paper. Raises SlipWrong when it could not be printed by any printer."""

    name: str
    blocks: tuple[Block, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.blocks) <= BLOCKS_LIMIT:
            raise SlipWrong(self.name, f"{len(self.blocks)} blocks; 1 to {BLOCKS_LIMIT} are possible")
        for block in self.blocks:
            fault = _fault(block)
            if fault:
                raise SlipWrong(self.name, fault)


def _fault(block: Block) -> str:
    match block:
        case Text(size=size) | Row(size=size) if size not in SIZES:
            return f"size {size}; 1 to 7 are possible"
        case Qr(payload) if not payload.isascii() or not payload.isprintable():
            return "the QR code's text must be plain ASCII"
        case Qr(payload) if not 0 < len(payload) <= QR_BYTES_LIMIT:
            return f"the QR code's text has {len(payload)} characters; 1 to {QR_BYTES_LIMIT} are possible"
        case Feed(dots) if not 0 < dots <= 1000:
            return f"a feed of {dots} dots; 1 to 1000 are possible"
        case _:
            return ""
