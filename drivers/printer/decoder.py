"""Printed bytes back into what is on the paper: lines with size and weight, QR codes, pictures, cuts.

Written from the manuals' tables, apart from ``encode``, so that each checks the other. ``decode(data).text`` is what a
person would read; ``.to_png(path)`` (in ``paper``) what they would see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

from drivers.printer.stream import Command, LineFeed, Operation, Raster, Symbol, Typed, Unknown, next_operation

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

DEFAULT_PITCH = 30
CELL_ROWS = 24
BYTES_LIMIT = 4_000_000
"""More is not a slip: the rest is not looked at."""


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring characters of one look."""

    text: str
    wide: int = 1
    high: int = 1
    bold: bool = False
    inverted: bool = False
    underlined: bool = False


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """A line of text; ``feed`` is the paper it took, in dots."""

    spans: tuple[Span, ...]
    align: int = 0
    feed: int = DEFAULT_PITCH

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans)

    @property
    def dots(self) -> int:
        """How wide the line is."""
        return sum(span.wide * sum(12 if " " <= each <= "~" else 24 for each in span.text) for span in self.spans)


@dataclass(frozen=True, slots=True)
class PrintedQr:
    """A QR code made by the printer."""

    payload: str
    module_dots: int
    align: int


@dataclass(frozen=True, slots=True)
class Picture:
    """Raster dots; bands that follow each other directly are one picture. ``data`` has whole bytes a row."""

    row_bytes: int
    rows: int
    data: bytes
    align: int


@dataclass(frozen=True, slots=True)
class Paper:
    """Paper moved without printing, in dots."""

    dots: int


@dataclass(frozen=True, slots=True)
class CutMark:
    full: bool


Item: TypeAlias = PrintedLine | PrintedQr | Picture | Paper | CutMark


@dataclass(frozen=True, slots=True)
class Decoded:
    """What is on the paper, from top to bottom. ``unknown`` are bytes no printer table explains."""

    items: tuple[Item, ...]
    unknown: tuple[bytes, ...] = ()

    @property
    def lines(self) -> tuple[PrintedLine, ...]:
        return tuple(item for item in self.items if isinstance(item, PrintedLine))

    @property
    def qr_payloads(self) -> tuple[str, ...]:
        """Payloads of QR codes the printer made; drawn ones have to be read from the picture."""
        return tuple(item.payload for item in self.items if isinstance(item, PrintedQr))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        return tuple(item for item in self.items if isinstance(item, Picture))

    @property
    def cuts(self) -> int:
        return sum(isinstance(item, CutMark) for item in self.items)

    @property
    def text(self) -> str:
        """The paper as plain text, line by line; a QR code as ``[QR …]``, a picture as ``[picture 24x24]``."""
        return "\n".join(line for item in self.items for line in _as_text(item))

    def slips(self) -> tuple[Decoded, ...]:
        """Cut apart at each cut; what hangs uncut is the last one."""
        parts: list[list[Item]] = [[]]
        for item in self.items:
            parts[-1].append(item)
            if isinstance(item, CutMark):
                parts.append([])
        return tuple(Decoded(tuple(part)) for part in parts if part)

    def to_image(self, *, width: int = 576) -> Image.Image:
        """The paper as a picture of mode ``1``, ``width`` dots wide."""
        from drivers.printer import paper  # noqa: PLC0415 - Pillow only when a picture is wanted

        return paper.draw(self, width)

    def to_png(self, path: Path | str, *, width: int = 576) -> None:
        """Write the picture. Raises OSError."""
        self.to_image(width=width).save(path, format="PNG", dpi=(203, 203))


def _as_text(item: Item) -> Iterator[str]:
    match item:
        case PrintedLine():
            yield item.text.rstrip()
        case PrintedQr(payload):
            yield f"[QR {payload}]"
        case Picture(row_bytes, rows):
            yield f"[picture {row_bytes * 8}x{rows}]"
        case _:
            return


def operations(data: bytes) -> Iterator[Operation]:
    """All operations of a finished stream; what is cut off at the end is Unknown."""
    rest = data[:BYTES_LIMIT]
    while rest:
        found = next_operation(rest, final=True)
        if found is None:
            return
        operation, length = found
        yield operation
        rest = rest[length:]


def decode(data: bytes) -> Decoded:
    """What ``data`` puts on paper. Never raises, whatever the bytes."""
    reader = _Reader()
    for operation in operations(data):
        reader.take(operation)
    reader.end_line(feed=0)
    return Decoded(tuple(_merged(reader.items)), tuple(reader.unknown))


def _merged(items: list[Item]) -> Iterator[Item]:
    """Bands of one picture, which touch and are equally wide, become one."""
    pending: Picture | None = None
    for item in items:
        if isinstance(item, Picture) and pending and (item.row_bytes, item.align) == (pending.row_bytes, pending.align):
            pending = replace(pending, rows=pending.rows + item.rows, data=pending.data + item.data)
            continue
        if pending:
            yield pending
        pending = item if isinstance(item, Picture) else None
        if pending is None:
            yield item
    if pending:
        yield pending


@dataclass(slots=True)
class _Reader:
    """The printer's modes while the stream is read."""

    items: list[Item] = field(default_factory=list)
    unknown: list[bytes] = field(default_factory=list)
    look: Span = field(default_factory=lambda: Span(""))
    align: int = 0
    pitch: int = DEFAULT_PITCH
    kanji: bool = True
    qr_module: int = 3
    qr_data: str = ""
    spans: list[Span] = field(default_factory=list)

    def take(self, operation: Operation) -> None:
        match operation:
            case Typed(data):
                self._typed(data)
            case LineFeed():
                self.end_line(feed=self.pitch)
            case Raster(mode, row_bytes, rows, data):
                self.end_line(feed=0)
                self._raster(mode, row_bytes, rows, data)
            case Symbol(function, data):
                self._symbol(function, data)
            case Unknown(data):
                if data.strip(b"\x00"):
                    self.unknown.append(data)
            case Command(head, data):
                _COMMANDS.get(head, _ignore)(self, data)

    def _typed(self, data: bytes) -> None:
        text = data.decode("gb18030", "replace") if self.kanji else data.decode("cp437")
        self.spans.append(replace(self.look, text=text))

    def end_line(self, *, feed: int) -> None:
        """Print what is in the line; an empty line still moves the paper."""
        if self.spans:
            high = max(span.high for span in self.spans) * CELL_ROWS
            self.items.append(PrintedLine(tuple(self.spans), self.align, max(feed, high)))
            self.spans.clear()
        elif feed:
            self.items.append(Paper(feed))

    def _raster(self, mode: int, row_bytes: int, rows: int, data: bytes) -> None:
        wide, high = 1 + (mode & 1), 1 + (mode >> 1 & 1)
        lines = [data[at : at + row_bytes] for at in range(0, len(data), row_bytes)] if row_bytes else []
        if wide > 1:
            lines = [_widened(line) for line in lines]
        dots = b"".join(line for line in lines for _ in range(high))
        self.items.append(Picture(row_bytes * wide, rows * high, dots, self.align))

    def _symbol(self, function: int, data: bytes) -> None:
        match function:
            case 0x43 if data:
                self.qr_module = data[0]
            case 0x50:
                self.qr_data = data[1:].decode("utf-8", "replace")
            case 0x51:
                self.end_line(feed=0)
                self.items.append(PrintedQr(self.qr_data, self.qr_module, self.align))
            case _:
                pass

    def reset(self) -> None:
        """ESC @: modes back, what is in the line is thrown away."""
        self.look, self.align, self.pitch, self.kanji, self.qr_module = Span(""), 0, DEFAULT_PITCH, True, 3
        self.spans.clear()


def _widened(line: bytes) -> bytes:
    bits = "".join(bit * 2 for byte in line for bit in f"{byte:08b}")
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8))


def _ignore(reader: _Reader, data: bytes) -> None:
    """A known command that leaves nothing on paper."""


def _set_align(reader: _Reader, data: bytes) -> None:
    reader.align = data[0] & 0x03


def _set_size(reader: _Reader, data: bytes) -> None:
    reader.look = replace(reader.look, wide=(data[0] >> 4 & 0x07) + 1, high=(data[0] & 0x07) + 1)


def _set_print_mode(reader: _Reader, data: bytes) -> None:
    mode = data[0]
    wide, high = (2 if mode & 0x20 else 1), (2 if mode & 0x10 else 1)
    reader.look = replace(reader.look, bold=bool(mode & 0x08), high=high, wide=wide, underlined=bool(mode & 0x80))


def _feed_dots(reader: _Reader, data: bytes) -> None:
    if reader.spans:
        reader.end_line(feed=data[0])
    else:
        reader.items.append(Paper(data[0]))


def _feed_lines(reader: _Reader, data: bytes) -> None:
    reader.end_line(feed=0)
    reader.items.append(Paper(data[0] * reader.pitch))


def _cut(reader: _Reader, data: bytes) -> None:
    reader.end_line(feed=0)
    reader.items.append(CutMark(full=data[0] in b"\x000Aa"))


def _set_pitch(reader: _Reader, data: bytes) -> None:
    reader.pitch = data[0] if data else DEFAULT_PITCH


def _set_bold(reader: _Reader, data: bytes) -> None:
    reader.look = replace(reader.look, bold=bool(data[0] & 0x01))


def _set_inverted(reader: _Reader, data: bytes) -> None:
    reader.look = replace(reader.look, inverted=bool(data[0] & 0x01))


def _set_underlined(reader: _Reader, data: bytes) -> None:
    reader.look = replace(reader.look, underlined=bool(data[0] & 0x03))


def _kanji(*, on: bool) -> Callable[[_Reader, bytes], None]:
    def setter(reader: _Reader, data: bytes) -> None:  # noqa: ARG001 - the table's signature
        reader.kanji = on

    return setter


_COMMANDS: dict[bytes, Callable[[_Reader, bytes], None]] = {
    b"\x1b@": lambda reader, _data: reader.reset(),
    b"\x1ba": _set_align,
    b"\x1bE": _set_bold,
    b"\x1b-": _set_underlined,
    b"\x1dB": _set_inverted,
    b"\x1b3": _set_pitch,
    b"\x1b2": _set_pitch,
    b"\x1bJ": _feed_dots,
    b"\x1bd": _feed_lines,
    b"\x1b!": _set_print_mode,
    b"\x1d!": _set_size,
    b"\x1dV": _cut,
    b"\x1c&": _kanji(on=True),
    b"\x1c.": _kanji(on=False),
}
