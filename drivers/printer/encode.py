"""A slip as the bytes one profile's printer understands.

Everything is typed that can be typed; a line with a character the printer lacks is drawn whole. Worked example:
a centred double-size ``A001`` is ``1B 61 01 1D 21 11 41 30 30 31 0A``. Source: Epson's ESC/POS reference and
the manuals of printers sold in China; only commands on which these agree are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, assert_never

from drivers.printer import escpos_bytes
from drivers.printer.gb_text import FULL_DOTS, code_of, encode_text, name_undrawable, normalise
from drivers.printer.profile import BuzzerKind, CutKind, MarkerKind, Profile, QrKind
from drivers.printer.slip import Align, Cut, Feed, Logo, Qr, Rule, Slip
from drivers.printer.typeset import CELL_ROWS, Line, Piece, pitch_of, typeset

if TYPE_CHECKING:
    from PIL import Image

    from drivers.printer.gb_text import Repertoire
    from drivers.printer.logo import LogoRows

INITIALISE = b"\x1b@"
KANJI_ON = b"\x1c&"
LINE_FEED = b"\n"
FULL_CUT = b"\x1dVA\x00"
TEAR_FEED = b"\x1bd\x05"
ALIGNS = {Align.LEFT: 0, Align.CENTRE: 1, Align.RIGHT: 2}
QR_ROOM_DOTS = (24, 32)
"""White above and below a QR code, so that with the line before it four modules stay quiet."""
RULE_WIDE = 4
BUZZ_MS = 150
LOGO_ROOM_DOTS = 12
BYTE_DOTS = 8
DLE = 0x10
REAL_TIME = frozenset({0x04, 0x05, 0x14})
"""After DLE these begin commands that some printers carry out even inside a picture."""
QR_BYTES_BY_MODULES = ((21, 14), (25, 26), (29, 42), (33, 62), (37, 84), (41, 106), (45, 122), (49, 152), (53, 180))
"""Modules a side and the bytes it holds at error correction M (ISO/IEC 18004, versions 1 to 9)."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A slip's bytes in chunks; between two chunks the printer is at a command's end, never inside a picture."""

    chunks: tuple[bytes, ...]

    @property
    def data(self) -> bytes:
        return b"".join(self.chunks)


def encode(slip: Slip, profile: Profile, *, process: int = 1, logo: LogoRows | None = None) -> Encoded:
    """``slip`` for this printer, with its end marker. ``process`` (0–9999) names the job where the profile can.

    ``logo`` is drawn where the slip has a place for one; see ``logo.load``.

    Loads Pillow only if something must be drawn, python-escpos for QR, pictures and cut. Raises SlipWrong never: a
    Slip is right by its making.
    """
    pen = _Pen(profile)
    pen.write(INITIALISE + KANJI_ON)
    visible = partial(_visible, repertoire=profile.repertoire)
    for part in typeset(slip, profile.dots, visible=visible):
        match part:
            case Line():
                pen.line(part)
            case Rule(heavy):
                pen.rule(heavy=heavy)
            case Qr(payload):
                pen.qr(payload)
            case Logo():
                pen.logo(logo)
            case Feed(dots):
                pen.feed(dots)
            case Cut():
                pen.write(_cut(profile.cut))
            case _:
                assert_never(part)
    if any(isinstance(block, Cut) for block in slip.blocks):
        pen.write(_buzz(profile))
    pen.write(marker(profile.marker, process))
    return Encoded(pen.chunks())


def _visible(text: str, repertoire: Repertoire) -> str:
    clean = normalise(text)
    if all(each == "\n" or code_of(each, repertoire) for each in clean):
        return clean
    from drivers.printer import glyphs  # noqa: PLC0415 - Pillow only when something may have to be drawn

    return name_undrawable(clean, glyphs.can_draw, repertoire)


def marker(kind: MarkerKind, process: int) -> bytes:
    """What asks the printer to answer when it has come this far. ``process`` goes out as four ASCII digits."""
    match kind:
        case MarkerKind.GS_R:
            return b"\x1dr\x01"
        case MarkerKind.GS_H:
            return b"\x1d(H\x06\x0000" + f"{process % 10000:04d}".encode("ascii")
        case MarkerKind.NONE:
            return b""
        case _:
            assert_never(kind)


def _buzz(profile: Profile) -> bytes:
    """``ESC B n t`` of most makers (t in 50 ms), ``ESC ( A`` function 48 of Epson (t in 10 ms)."""
    match profile.buzzer:
        case BuzzerKind.ESC_B:
            return b"\x1bB" + bytes((profile.buzzer_times, BUZZ_MS // 50))
        case BuzzerKind.EPSON:
            return b"\x1b(A\x04\x00\x30\x33" + bytes((profile.buzzer_times, BUZZ_MS // 10))
        case BuzzerKind.NONE:
            return b""
        case _:
            assert_never(profile.buzzer)


def _cut(kind: CutKind) -> bytes:
    match kind:
        case CutKind.PARTIAL:
            return escpos_bytes.cut()
        case CutKind.FULL:
            return FULL_CUT
        case CutKind.NONE:
            return TEAR_FEED
        case _:
            assert_never(kind)


def defuse(raster: bytes) -> bytes:
    """Picture data without real-time commands: the DLE before 04, 05 or 14 gets one more dot of ink."""
    if not any(bytes((DLE, each)) in raster for each in REAL_TIME):
        return raster
    safe = bytearray(raster)
    for index in range(len(safe) - 1):
        if safe[index] == DLE and safe[index + 1] in REAL_TIME:
            safe[index] |= 0x01
    return bytes(safe)


def qr_module_dots(payload: str, profile: Profile) -> int:
    """The largest module up to the profile's at which code and quiet zone fit the paper; at least 3."""
    modules = next(side for side, holds in QR_BYTES_BY_MODULES if len(payload) <= holds)
    return max(3, min(profile.qr_module_dots, profile.dots // (modules + 8)))


class _Pen:
    """Writes commands and remembers the printer's modes, so that only changes are sent."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._done: list[bytes] = []
        self._text = bytearray()
        # The modes after ESC @; line spacing differs by maker, so it is always set.
        self._align, self._size_code, self._bold, self._inverted, self._pitch = Align.LEFT, 0, False, False, 0

    def write(self, data: bytes) -> None:
        self._text += data

    def chunks(self) -> tuple[bytes, ...]:
        self._close_chunk()
        return tuple(self._done)

    def _close_chunk(self) -> None:
        if self._text:
            self._done.append(bytes(self._text))
            self._text.clear()

    def line(self, line: Line) -> None:
        pieces = [piece for piece in line.pieces if piece.text]
        typed = all(code_of(each, self._profile.repertoire) for piece in pieces for each in piece.text)
        if not typed or (line.inverted and not self._profile.invert):
            self._drawn(line, pieces)
            return
        self._set_align(line.align)
        self._set_pitch(line.pitch)
        self._set_inverted(on=line.inverted)
        for piece in pieces:
            self._set_bold(on=piece.bold)
            self._set_size(piece.size, piece.size)
            self.write(encode_text(piece.text, self._profile.repertoire))
        self.write(LINE_FEED)

    def rule(self, *, heavy: bool) -> None:
        """Box-drawing signs four times as wide: twelve bytes instead of a picture's hundred and fifty."""
        self._set_inverted(on=False)
        self._set_bold(on=False)
        self._set_pitch(pitch_of(1))
        self._set_size(RULE_WIDE, 1)
        signs = ("━" if heavy else "┄") * (self._profile.dots // (RULE_WIDE * FULL_DOTS))
        self.write(encode_text(signs, self._profile.repertoire) + LINE_FEED)

    def feed(self, dots: int) -> None:
        while dots > 0:
            self.write(b"\x1bJ" + bytes((min(dots, 255),)))
            dots -= 255

    def qr(self, payload: str) -> None:
        self._set_align(Align.CENTRE)
        above, below = QR_ROOM_DOTS
        self.feed(above)
        module = qr_module_dots(payload, self._profile)
        match self._profile.qr:
            case QrKind.NATIVE:
                self.write(escpos_bytes.native_qr(payload, module))
            case QrKind.RASTER:
                self._raster(escpos_bytes.qr_picture(payload, module))
            case _:
                assert_never(self._profile.qr)
        self.feed(below)

    def _drawn(self, line: Line, pieces: list[Piece]) -> None:
        self._set_align(line.align)
        picture = _draw(pieces, inverted=line.inverted)
        self._raster(picture)
        self.feed(max(line.pitch - picture.height, 0))

    def logo(self, rows: LogoRows | None) -> None:
        if rows is not None:
            self._set_align(Align.CENTRE)
            self._bands(rows.data, rows.row_bytes)
            self.feed(LOGO_ROOM_DOTS)

    def _raster(self, picture: Image.Image) -> None:
        self._bands(escpos_bytes.raster_rows(picture), (picture.width + BYTE_DOTS - 1) // BYTE_DOTS)

    def _bands(self, data: bytes, row: int) -> None:
        """GS v 0 in bands; each band is a chunk of its own, so that the talk can pause between them."""
        band = row * self._profile.band_rows
        for start in range(0, len(data), band):
            part = data[start : start + band]
            head = b"\x1dv0\x00" + row.to_bytes(2, "little") + (len(part) // row).to_bytes(2, "little")
            self._close_chunk()
            self.write(head + defuse(part))
            self._close_chunk()

    def _set_align(self, align: Align) -> None:
        if align is not self._align:
            self._align = align
            self.write(b"\x1ba" + bytes((ALIGNS[align],)))

    def _set_pitch(self, dots: int) -> None:
        if dots != self._pitch:
            self._pitch = dots
            self.write(b"\x1b3" + bytes((dots,)))

    def _set_size(self, wide: int, high: int) -> None:
        code = (wide - 1) * 16 + high - 1
        if code != self._size_code:
            self._size_code = code
            self.write(b"\x1d!" + bytes((code,)))

    def _set_bold(self, *, on: bool) -> None:
        if on is not self._bold:
            self._bold = on
            self.write(b"\x1bE" + bytes((on,)))

    def _set_inverted(self, *, on: bool) -> None:
        if on is not self._inverted:
            self._inverted = on
            self.write(b"\x1dB" + bytes((on,)))


def _draw(pieces: list[Piece], *, inverted: bool) -> Image.Image:
    """The line in the same cells the printer would use, pieces standing on one base line."""
    from PIL import Image, ImageChops  # noqa: PLC0415

    from drivers.printer import glyphs  # noqa: PLC0415

    height = CELL_ROWS * max(piece.size for piece in pieces)
    picture = Image.new("1", (max(sum(piece.dots for piece in pieces), BYTE_DOTS), height), glyphs.WHITE)
    left = 0
    for piece in pieces:
        top = height - CELL_ROWS * piece.size
        left = glyphs.draw_text(picture, left, top, piece.text, piece.size, bold=piece.bold)
    return ImageChops.invert(picture) if inverted else picture
