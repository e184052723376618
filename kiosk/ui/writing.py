"""Sets text: how wide it is, where its lines break, which size fits a box. No Kivy here; a `Pen` measures.

Chinese breaks between any two characters except where a mark must not begin or end a line; Latin words and figures
stay whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from .fonts import MISSING, Fonts

if TYPE_CHECKING:
    from .theme import Size, Theme

_NOT_FIRST = "，。；：、！？）〕》」』”’…％℃,.;:!?)]}%·—～"
_NOT_LAST = "（〔《「『“‘([{￥#"
_CACHE_CEILING = 20_000
_ORPHAN_EM = 2.5
"""A last line shorter than this looks lost; the lines before give it some of theirs."""
_ORPHAN_LINES = 3
"""Longer texts may end as they like."""
_SURE = 0.9
"""Up to this share of the width the sum of the pieces is trusted; beyond it the whole line is measured, because a line
may come out wider than its pieces (kerning, and advances rounded by hinting piece by piece)."""
_NARROWER = (0.9, 0.8, 0.7, 0.65, 0.6, 0.55)


class Pen(Protocol):
    """Measures with the very font the glyphs are drawn with."""

    def width(self, face: str, px: float, text: str) -> float:
        """Width of `text` in one face, px on the plan."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A text set in a width: its lines, how wide each came out, and at which size."""

    lines: tuple[str, ...]
    widths: tuple[float, ...]
    size: Size
    px: int
    line_px: float
    cut: bool = False

    @property
    def height(self) -> float:
        return self.line_px * len(self.lines)

    @property
    def width(self) -> float:
        return max(self.widths, default=0.0)


@dataclass(slots=True)
class Typesetter:
    """Breaks and fits texts; remembers widths up to a ceiling."""

    fonts: Fonts
    pen: Pen
    theme: Theme
    _widths: dict[tuple[str, int, bool], float] = field(default_factory=dict)

    def width(self, text: str, px: int, *, bold: bool) -> float:
        """Width of one line of `text`, px."""
        key = (text, px, bold)
        known = self._widths.get(key)
        if known is None:
            if len(self._widths) >= _CACHE_CEILING:
                self._widths.clear()
            known = sum(
                self.pen.width(run.face, self.run_px(run.face, px), run.text)
                for run in self.fonts.runs(text, bold=bold)
            )
            self._widths[key] = known
        return known

    def run_px(self, face: str, px: int) -> int:
        """The size a run is drawn at: U+XXXX of a missing character is small."""
        return min(px, self.theme.px("k1")) if face == MISSING else px

    def wrap(self, text: str, px: int, width: float, *, bold: bool) -> list[str]:
        """Lines of at most `width` px; a word wider than that is broken inside."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            lines += self._evened(paragraph, px, width, bold=bold)
        return lines

    def _evened(self, paragraph: str, px: int, width: float, *, bold: bool) -> list[str]:
        """The paragraph's lines; where the last of a few would be a lone character, they are set narrower.

        The first break stands behind a mark where it can.
        """
        lines = self._wrapped(paragraph, px, width, bold=bold)
        lost = 1 < len(lines) <= _ORPHAN_LINES and self.width(lines[-1], px, bold=bold) < _ORPHAN_EM * px
        if not lost:
            return lines
        narrower = [self._wrapped(paragraph, px, width * share, bold=bold) for share in _NARROWER]
        better = [
            each
            for each in narrower
            if len(each) == len(lines) and self.width(each[-1], px, bold=bold) >= _ORPHAN_EM * px
        ]
        at_mark = (each for each in better if each[0][-1] in _NOT_FIRST)
        return next(at_mark, better[0] if better else lines)

    def _wrapped(self, paragraph: str, px: int, width: float, *, bold: bool) -> list[str]:
        lines: list[str] = []
        line, used = "", 0.0
        for atom in atoms(paragraph):
            wide = self.width(atom, px, bold=bold)
            fits = used + self.width(atom.rstrip(), px, bold=bold) <= width
            if fits and (used + wide < _SURE * width or self.width((line + atom).rstrip(), px, bold=bold) <= width):
                line, used = line + atom, used + wide
                continue
            if line:
                lines.append(line.rstrip())
            *full, line = self._break(atom, px, width, bold=bold)
            lines += full
            used = self.width(line, px, bold=bold)
        lines.append(line.rstrip())
        return lines

    def _break(self, atom: str, px: int, width: float, *, bold: bool) -> list[str]:
        parts = [""]
        for char in atom:
            if parts[-1] and self.width(parts[-1] + char, px, bold=bold) > width:
                parts.append("")
            parts[-1] += char
        return parts

    def fit(
        self,
        text: str,
        size: Size,
        *,
        bold: bool,
        width: float,
        height: float | None = None,
        most_lines: int | None = None,
        floor: Size,
        leading: float,
    ) -> Lines:
        """The largest of the type sizes down to `floor` at which `text` fits; else the smallest, cut to `height`."""
        last: Lines | None = None
        for candidate in self.theme.smaller(size, floor=floor):
            last = self._set(text, candidate, width, bold=bold, leading=leading)
            few = most_lines is None or len(last.lines) <= most_lines
            narrow = last.width <= width + 0.5
            if few and narrow and (height is None or last.height <= height + 1):
                return last
        if last is None:
            raise ValueError(size)
        if height is None or last.height <= height + 1:
            return last
        return self._cut(last, height, width, bold=bold)

    def _set(self, text: str, size: Size, width: float, *, bold: bool, leading: float) -> Lines:
        px = self.theme.px(size)
        lines = tuple(self.wrap(text, px, width, bold=bold))
        return Lines(lines, tuple(self.width(line, px, bold=bold) for line in lines), size, px, px * leading)

    def _cut(self, whole: Lines, height: float, width: float, *, bold: bool) -> Lines:
        keep = max(1, int((height + 1) // whole.line_px))
        lines = list(whole.lines[:keep])
        while lines[-1] and self.width(lines[-1] + "…", whole.px, bold=bold) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] += "…"
        widths = tuple(self.width(line, whole.px, bold=bold) for line in lines)
        return Lines(tuple(lines), widths, whole.size, whole.px, whole.line_px, cut=True)


def atoms(paragraph: str) -> list[str]:
    """The pieces between which a line may break; joined they are `paragraph`."""
    found: list[str] = []
    for char in paragraph:
        if found and _joined(found[-1], char):
            found[-1] += char
        else:
            found.append(char)
    return found


def _joined(before: str, char: str) -> bool:
    last = before[-1]
    if char in _NOT_FIRST or last in _NOT_LAST or char == " ":
        return True
    if last == " ":
        return False
    return _wordlike(last) and _wordlike(char)


def _wordlike(char: str) -> bool:
    """Latin letters, digits and the marks inside times, ranges and codes."""
    return char < "\u2e80" and char != "→"
