"""A strip's 128 × 16 dots: text drawn as a controller with a built-in font would. Loads Pillow, so import it late."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

import assets
from drivers.strip.events import cells

WIDTH, HEIGHT = 128, 16
HALF = 8
BASELINE = 14
SCALE = 6
_FONT = ("fonts", "NotoSansSC-Regular.otf")
_LIT, _DARK, _GROUND = "#FFB733", "#2B2416", "#120F0A"


def draw(text: str) -> Image.Image:
    """Mode ``1``, lit dots white; in the middle, as a strip of the house does it."""
    picture = Image.new("1", (WIDTH, HEIGHT), 0)
    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"
    left = (WIDTH - cells(text) * HALF) // 2
    for character in text:
        cell = cells(character) * HALF
        pen.text((left + cell / 2, BASELINE), character, font=_font(), fill=1, anchor="ms")
        left += cell
    return picture


def rows(text: str) -> list[str]:
    """The dots as 16 lines of ``#`` and ``.``."""
    picture = draw(text)
    return ["".join("#" if picture.getpixel((x, y)) else "." for x in range(WIDTH)) for y in range(HEIGHT)]


def png(text: str) -> bytes:
    """The strip as people see it: amber dots on black, as a PNG."""
    dots = draw(text)
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), _GROUND)
    pen = ImageDraw.Draw(picture)
    for x in range(WIDTH):
        for y in range(HEIGHT):
            box = (x * SCALE, y * SCALE, (x + 1) * SCALE - 2, (y + 1) * SCALE - 2)
            pen.ellipse(box, fill=_LIT if dots.getpixel((x, y)) else _DARK)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(assets.path(*_FONT)), HEIGHT)
