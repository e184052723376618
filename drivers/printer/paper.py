"""A decoded slip drawn as it lies in the hand: 203 dpi, black on white, with the shipped fonts.

The characters are not the printer's own bitmap font, so the picture is prettier than paper; places and sizes are right.
"""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw

from drivers.printer import glyphs
from drivers.printer.decoder import CutMark, Decoded, Item, Paper, Picture, PrintedLine, PrintedQr

TOP_DOTS = 24
CUT_DOTS = 40
"""Paper between the last line and the knife."""
HEIGHT_LIMIT = 20_000
"""2.5 m of paper; what is below is not drawn."""
CELL_ROWS = 24


def draw(decoded: Decoded, width: int) -> Image.Image:
    """All items from top to bottom, ``width`` dots wide."""
    heights = [_height(item) for item in decoded.items]
    total = min(TOP_DOTS + sum(heights) + CUT_DOTS, HEIGHT_LIMIT)
    picture = Image.new("1", (width, total), glyphs.WHITE)
    top = TOP_DOTS
    for item, height in zip(decoded.items, heights, strict=True):
        if top >= HEIGHT_LIMIT:
            break
        _draw_item(picture, top, item)
        top += height
    return picture


def _height(item: Item) -> int:
    match item:
        case PrintedLine(feed=feed):
            return feed
        case PrintedQr(payload, module_dots):
            return qr_picture(payload, module_dots).height
        case Picture(rows=rows):
            return rows
        case Paper(dots):
            return dots
        case CutMark():
            return CUT_DOTS


def _draw_item(picture: Image.Image, top: int, item: Item) -> None:
    match item:
        case PrintedLine():
            _draw_line(picture, top, item)
        case PrintedQr(payload, module_dots, align):
            _place(picture, top, qr_picture(payload, module_dots), align)
        case Picture(row_bytes, rows, data, align):
            if row_bytes and rows:
                ink = Image.frombytes("1", (row_bytes * 8, rows), data)
                _place(picture, top, ImageChops.invert(ink), align)
        case Paper():
            return
        case CutMark():
            pen = ImageDraw.Draw(picture)
            for left in range(0, picture.width, 12):
                pen.line((left, top + CUT_DOTS - 1, left + 3, top + CUT_DOTS - 1), fill=0)


def _place(picture: Image.Image, top: int, part: Image.Image, align: int) -> None:
    picture.paste(part, (_left(picture.width, part.width, align), top))


def _left(paper: int, part: int, align: int) -> int:
    return {1: max((paper - part) // 2, 0), 2: max(paper - part, 0)}.get(align, 0)


def _draw_line(picture: Image.Image, top: int, line: PrintedLine) -> None:
    base = max(span.high for span in line.spans) * CELL_ROWS
    left = _left(picture.width, line.dots, line.align)
    for span in line.spans:
        for character in span.text:
            tile = glyphs.cell(character, min(span.wide, span.high), bold=span.bold)
            wanted = (glyphs.cell_dots(character) * span.wide, CELL_ROWS * span.high)
            if tile.size != wanted:
                tile = tile.resize(wanted, Image.Resampling.NEAREST)
            picture.paste(ImageChops.invert(tile) if span.inverted else tile, (left, top + base - wanted[1]))
            left += wanted[0]


def qr_picture(payload: str, module_dots: int) -> Image.Image:
    """The code as a printer makes it: model 2, level M, no quiet zone."""
    import qrcode  # noqa: PLC0415 - comes with python-escpos

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0, box_size=1)
    code.add_data(payload)
    code.make(fit=True)
    rows = code.get_matrix()
    picture = Image.new("1", (len(rows), len(rows)), glyphs.WHITE)
    for y, row in enumerate(rows):
        for x, module in enumerate(row):
            picture.putpixel((x, y), 0 if module else glyphs.WHITE)
    side = len(rows) * max(module_dots, 1)
    return picture.resize((side, side), Image.Resampling.NEAREST)
