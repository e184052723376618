"""Characters drawn into the printer's own grid: 12 × 24 dots for Latin, 24 × 24 for Chinese, times the size.

Used for what a printer cannot type, and for pictures of slips. Pillow is loaded with this module, so it is imported
only where something is drawn.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

import assets
from drivers.printer.gb_text import FULL_DOTS, HALF_DOTS

CELL_ROWS = 24
BASELINE = 0.86
"""Share of the cell above the baseline; Chinese fonts have 0.88 of the em there."""
WHITE = 255
INK = 110
"""Grey level (of 255) from which a dot is printed when a glyph had to be squeezed."""
_NO_GLYPH = "\U0010fffe"
_SYSTEM_FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf", 0),
    ("C:/Windows/Fonts/msyh.ttc", 0),
    ("C:/Windows/Fonts/simsunb.ttf", 0),
)
"""Where rarer characters than the shipped font's are looked for; a machine without them prints ``[U+20BB7]``."""


def _font_files(*, bold: bool) -> list[tuple[str, int]]:
    shipped = sorted(assets.path("fonts").glob("*.[ot]tf"), key=lambda path: ("Bold" in path.name) != bold)
    files = [(str(path), 0) for path in shipped]
    return files + [(name, index) for name, index in _SYSTEM_FONTS if Path(name).is_file()]


@lru_cache(maxsize=64)
def _font(name: str, index: int, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(name, pixels, index=index)


@lru_cache(maxsize=16)
def _nothing(name: str, index: int) -> bytes:
    """The font's drawing for a character it does not have."""
    return bytes(_font(name, index, CELL_ROWS).getmask(_NO_GLYPH, mode="1"))


@lru_cache(maxsize=4096)
def _file_for(character: str, *, bold: bool) -> tuple[str, int] | None:
    for name, index in _font_files(bold=bold):
        try:
            mask = bytes(_font(name, index, CELL_ROWS).getmask(character, mode="1"))
        except (OSError, UnicodeEncodeError):
            continue
        if any(mask) and mask != _nothing(name, index):
            return name, index
    return None


def can_draw(character: str) -> bool:
    """Whether some font on this machine has the character (one that leaves ink, or a space)."""
    return character in {" ", "\u3000"} or _file_for(character, bold=False) is not None


def cell_dots(character: str) -> int:
    """Width of the character's cell at single size."""
    return HALF_DOTS if " " <= character <= "~" else FULL_DOTS


@lru_cache(maxsize=2048)
def cell(character: str, size: int, *, bold: bool) -> Image.Image:
    """The character in its cell, black (0) on white (255) in mode ``1``."""
    width, height = cell_dots(character) * size, CELL_ROWS * size
    file = _file_for(character, bold=bold)
    if file is None:
        return Image.new("1", (width, height), WHITE)
    font = _font(*file, CELL_ROWS * size)
    advance = max(int(font.getlength(character) + 0.5), 1)
    squeezed = advance > width
    picture = Image.new("L" if squeezed else "1", (advance if squeezed else width, height), WHITE)
    pen = ImageDraw.Draw(picture)
    left = 0 if squeezed else (width - advance) // 2
    pen.text((left, int(height * BASELINE)), character, font=font, fill=0, anchor="ls")
    if not squeezed:
        return picture
    narrow = picture.resize((width, height), Image.Resampling.LANCZOS)
    return narrow.point(lambda grey: 255 if grey > 255 - INK else 0, mode="1")


def draw_text(picture: Image.Image, left: int, top: int, text: str, size: int, *, bold: bool) -> int:
    """Put ``text`` on a mode ``1`` picture with its cells' tops at ``top``; the dot where the next cell begins."""
    for character in text:
        tile = cell(character, size, bold=bold)
        picture.paste(tile, (left, top))
        left += tile.width
    return left
