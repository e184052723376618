"""Which font draws which characters, so that a rare name never shows as a box.

Neither Kivy nor Pillow falls back from one font to another. `Fonts.runs` splits a text by what each font really
covers, read from the fonts' own `cmap` tables (OpenType 1.9, formats 4 and 12). Nothing here imports Kivy.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from .errors import FontUnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGULAR = "regular"
BOLD = "bold"
MISSING = "missing"

_ASCENT = 1.160
_DESCENT = 0.288
_SILENT = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x200B, 0x2010))


class Run(NamedTuple):
    """Characters one font draws: `face` is REGULAR or BOLD, or MISSING with `text` as U+XXXX, drawn small."""

    face: str
    text: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The characters of one font as ascending, separate ranges of code points, both ends included."""

    firsts: tuple[int, ...]
    lasts: tuple[int, ...]

    def __contains__(self, char: str) -> bool:
        point = ord(char)
        at = bisect_right(self.firsts, point) - 1
        return at >= 0 and point <= self.lasts[at]

    @classmethod
    def of(cls, ranges: Iterator[tuple[int, int]]) -> Coverage:
        """Join touching or overlapping ranges."""
        joined: list[list[int]] = []
        for first, last in sorted(ranges):
            if joined and first <= joined[-1][1] + 1:
                joined[-1][1] = max(joined[-1][1], last)
            else:
                joined.append([first, last])
        return cls(tuple(pair[0] for pair in joined), tuple(pair[1] for pair in joined))

    @classmethod
    def read(cls, path: Path) -> Coverage:
        """Read the `cmap` of the font file at `path`; raises FontUnreadableError. Reads some 100 kB, not the glyphs."""
        table = _table(path, b"cmap")
        best: tuple[int, int] | None = None
        for at in range(struct.unpack_from(">H", table, 2)[0]):
            offset = struct.unpack_from(">I", table, 8 + 8 * at)[0]
            form = struct.unpack_from(">H", table, offset)[0]
            if form in (4, 12):
                best = max(best or (0, 0), (form, offset))
        if best is None:
            raise FontUnreadableError(path, "no cmap of format 4 or 12")
        form, offset = best
        return cls.of(_groups(table, offset) if form == 12 else _segments(table, offset))


def _table(path: Path, tag: bytes) -> bytes:
    with path.open("rb") as file:
        head = file.read(12)
        if len(head) < 12 or head[:4] not in (b"OTTO", b"\0\1\0\0", b"true"):
            raise FontUnreadableError(path, "not a single OpenType font")
        for _ in range(struct.unpack_from(">H", head, 4)[0]):
            name, _sum, offset, length = struct.unpack(">4sIII", file.read(16))
            if name == tag:
                file.seek(offset)
                return file.read(length)
    raise FontUnreadableError(path, "no cmap table")


def _groups(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 12: groups of (first, last, first glyph)."""
    for at in range(struct.unpack_from(">I", table, offset + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", table, offset + 16 + 12 * at)
        yield first, last


def _segments(table: bytes, offset: int) -> Iterator[tuple[int, int]]:
    """Format 4: segments; one with a glyph array may have holes (glyph 0), which are left out."""
    count = struct.unpack_from(">H", table, offset + 6)[0] // 2
    ends = offset + 14
    starts, ranges = ends + 2 * count + 2, ends + 6 * count + 2
    for at in range(count):
        first = struct.unpack_from(">H", table, starts + 2 * at)[0]
        last = struct.unpack_from(">H", table, ends + 2 * at)[0]
        shift = struct.unpack_from(">H", table, ranges + 2 * at)[0]
        if first == 0xFFFF:
            continue
        if not shift:
            yield first, last
            continue
        for point in range(first, last + 1):
            if struct.unpack_from(">H", table, ranges + 2 * at + shift + 2 * (point - first))[0]:
                yield point, point


@dataclass(frozen=True, slots=True)
class Fonts:
    """The two committed faces with what they cover. Both have the same ascent and descent."""

    regular: Path
    bold: Path
    covers_regular: Coverage
    covers_bold: Coverage

    @classmethod
    def load(cls, folder: Path) -> Fonts:
        """Read both fonts' coverage from `assets/fonts`; raises FontUnreadableError."""
        regular, bold = folder / "NotoSansSC-Regular.otf", folder / "NotoSansSC-Bold-GB2312.ttf"
        return cls(regular, bold, Coverage.read(regular), Coverage.read(bold))

    def path(self, face: str) -> Path:
        """The file of a run's face; U+XXXX of a missing character is written in Regular."""
        return self.bold if face == BOLD else self.regular

    def face_of(self, char: str, *, bold: bool = False) -> str:
        """The first face that has `char`: Bold when asked and covered, then Regular, else MISSING."""
        if bold and char in self.covers_bold:
            return BOLD
        return REGULAR if char in self.covers_regular else MISSING

    def runs(self, text: str, *, bold: bool = False) -> list[Run]:
        """Split `text` into runs; joined they are `text`, without invisible signs and with U+XXXX for the unknown."""
        found: list[Run] = []
        for char in text:
            if char < " " or any(ord(char) in block for block in _SILENT):
                continue
            face = self.face_of(char, bold=bold)
            if face == MISSING:
                found.append(Run(MISSING, f"U+{ord(char):04X}"))
            elif found and found[-1].face == face:
                found[-1] = Run(face, found[-1].text + char)
            else:
                found.append(Run(face, char))
        return found


def ascent(px: float) -> float:
    """Height of the baseline below the top of a line of glyphs of this size, px."""
    return px * _ASCENT


def glyph_height(px: float) -> float:
    """Height of a line of glyphs (ascent and descent) of this size, px."""
    return px * (_ASCENT + _DESCENT)
