r"""ESC/POS bytes into operations: the reading half, for the simulator and the decoder. Shares nothing with ``encode``.

``next_operation`` takes one operation off the front of a buffer or says that it is not complete yet. Lengths come from
the manuals' tables; an unknown command is one ``Unknown`` of its introducer and letter, as printers skip it. Worked
example: ``1B 61 01 41 0A`` is ``Command(b"\x1ba", b"\x01")``, ``Typed(b"A")``, ``LineFeed()``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

DLE, ESC, FS, GS, LF = 0x10, 0x1B, 0x1C, 0x1D, 0x0A
FIRST_TEXT = 0x20
FIRST_GB = 0x81


@dataclass(frozen=True, slots=True)
class Typed:
    """Bytes of text, Latin or GB, whole characters."""

    data: bytes


@dataclass(frozen=True, slots=True)
class LineFeed:
    pass


@dataclass(frozen=True, slots=True)
class Command:
    """``head`` names the command (its first bytes), ``data`` is what followed."""

    head: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Raster:
    """GS v 0: rows of ``row_bytes`` bytes, 1 is ink."""

    mode: int
    row_bytes: int
    rows: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Symbol:
    """One function of GS ( k for QR codes."""

    function: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Unknown:
    data: bytes


Operation: TypeAlias = Typed | LineFeed | Command | Raster | Symbol | Unknown

_FIXED = {
    b"\x1b@": 0,
    b"\x1ba": 1,
    b"\x1bE": 1,
    b"\x1b3": 1,
    b"\x1b2": 0,
    b"\x1bJ": 1,
    b"\x1bd": 1,
    b"\x1b!": 1,
    b"\x1b-": 1,
    b"\x1bM": 1,
    b"\x1bt": 1,
    b"\x1bR": 1,
    b"\x1bB": 2,
    b"\x1b$": 2,
    b"\x1c&": 0,
    b"\x1c.": 0,
    b"\x1c!": 1,
    b"\x1cW": 1,
    b"\x1cS": 2,
    b"\x1c-": 1,
    b"\x1d!": 1,
    b"\x1dB": 1,
    b"\x1dL": 2,
    b"\x1dW": 2,
    b"\x1da": 1,
    b"\x1dr": 1,
    b"\x10\x04": 1,
    b"\x10\x05": 1,
}
_CLEAR_HEAD, _CLEAR_LENGTH = b"\x10\x14\x08", 7
_BLOCK_HEADS = (b"\x1d(", b"\x1b(")


def next_operation(buffer: bytes, *, final: bool = False) -> tuple[Operation, int] | None:
    """The operation at the front and how many bytes it takes; None when more are needed (``final``: none will come)."""
    if not buffer:
        return None
    found = _read_one(buffer)
    if found is None and final:
        return Unknown(bytes(buffer)), len(buffer)
    return found


def _read_one(buffer: bytes) -> tuple[Operation, int] | None:
    first = buffer[0]
    if first in {DLE, ESC, FS, GS}:
        return _read_command(buffer)
    if first == LF:
        return LineFeed(), 1
    if first < FIRST_TEXT:
        return Unknown(buffer[:1]), 1
    end = _text_end(buffer)
    return (Typed(buffer[:end]), end) if end else None


def _text_end(buffer: bytes) -> int:
    """Where the text at the front ends; half of a two-byte character is not text yet."""
    index = 0
    while index < len(buffer) and buffer[index] >= FIRST_TEXT:
        step = 2 if buffer[index] >= FIRST_GB else 1
        if index + step > len(buffer):
            break
        index += step
    return index


def _read_command(buffer: bytes) -> tuple[Operation, int] | None:
    head = bytes(buffer[:2])
    if len(head) < 2:
        return None
    if head in _FIXED:
        return _take(buffer, head, _FIXED[head])
    if head == b"\x1dV":
        return _read_cut(buffer)
    if head == b"\x1dv":
        return _read_raster(buffer)
    if head in _BLOCK_HEADS:
        return _read_block(buffer)
    if head == b"\x10\x14":
        if len(buffer) < 3:
            return None
        return _take(buffer, head, _CLEAR_LENGTH + 1 if buffer.startswith(_CLEAR_HEAD) else 3)
    return Unknown(head), 2


def _take(buffer: bytes, head: bytes, length: int) -> tuple[Operation, int] | None:
    end = len(head) + length
    return (Command(head, bytes(buffer[len(head) : end])), end) if len(buffer) >= end else None


def _read_cut(buffer: bytes) -> tuple[Operation, int] | None:
    if len(buffer) < 3:
        return None
    return _take(buffer, b"\x1dV", 2 if buffer[2] in b"ABab" else 1)


def _read_raster(buffer: bytes) -> tuple[Operation, int] | None:
    if len(buffer) < 8:
        return None
    row_bytes = buffer[4] + 256 * buffer[5]
    rows = buffer[6] + 256 * buffer[7]
    end = 8 + row_bytes * rows
    return (Raster(buffer[3], row_bytes, rows, bytes(buffer[8:end])), end) if len(buffer) >= end else None


def _read_block(buffer: bytes) -> tuple[Operation, int] | None:
    """GS ( X pL pH … and ESC ( X pL pH …: the length is in the command."""
    if len(buffer) < 5:
        return None
    end = 5 + buffer[3] + 256 * buffer[4]
    if len(buffer) < end:
        return None
    data = bytes(buffer[5:end])
    if buffer[:3] == b"\x1d(k" and len(data) > 1 and data[0] == ord("1"):
        return Symbol(data[1], data[2:]), end
    return Command(bytes(buffer[:3]), data), end
