"""An append-only file of lines with a checksum each: what was appended is on disk, whatever happens next.

A line is ``<CRC-32 of the JSON, 8 hex digits> <JSON>`` and its end; worked example::

    0134730d {"type":"done","key":"press-0001"}

Any cut of such a file reads as a prefix of its whole lines. A last line that a power cut tore was told to nobody and is
cut off. One that is damaged in the middle is left out, and the whole file is kept aside for the technician.
"""

from __future__ import annotations

import contextlib
import logging
import os
import zlib
from typing import TYPE_CHECKING, NamedTuple

from kiosk.errors import OutboxError

if TYPE_CHECKING:
    from pathlib import Path

LOG = logging.getLogger(__name__)
HEX = 8
FILE_BYTES_MAX = 16 * 1024 * 1024


class Lines(NamedTuple):
    """What a file holds: the whole lines, how long the part is that ends with the last of them, and what is bad."""

    bodies: list[bytes]
    good: int
    damaged: int
    """Lines that have an end and are not as they were written."""


def encode_line(body: bytes) -> bytes:
    """``body`` is one JSON value without line ends."""
    return b"%08x " % zlib.crc32(body) + body + b"\n"


def parse_lines(content: bytes) -> Lines:
    bodies: list[bytes] = []
    good = at = damaged = 0
    while (end := content.find(b"\n", at)) >= 0:
        body = content[at + HEX + 1 : end]
        whole = content[at : at + HEX + 1] == b"%08x " % zlib.crc32(body)
        at = end + 1
        if whole:
            bodies.append(body)
            good = at
        else:
            damaged += 1
    return Lines(bodies, good, damaged)


class LineFile:
    """Used by one thread at a time. Every method raises OutboxError; then nothing was appended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = 0
        """Length of the part that counts."""

    def read(self) -> Lines:
        """All whole lines; what was torn off is cut off."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            content = self._content()
            lines = parse_lines(content)
            if lines.damaged:
                LOG.warning("%s has damaged lines; it is kept aside and the others go on", self._path.name)
                self._path.with_suffix(".damaged").write_bytes(content)
            if lines.good < len(content):
                os.truncate(self._path, lines.good)
        except OSError as error:
            raise OutboxError("disk", error.strerror or type(error).__name__) from error
        self._size = lines.good
        return lines

    def append(self, body: bytes) -> None:
        """On disk when this returns."""
        text = encode_line(body)
        try:
            new = not self._path.exists()
            with self._path.open("ab") as file:
                if file.tell() > self._size:  # an append before failed half way
                    os.ftruncate(file.fileno(), self._size)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            if new:
                sync_folder(self._path.parent)
        except OSError as error:
            raise OutboxError("disk", error.strerror or type(error).__name__) from error
        self._size += len(text)

    def begin_anew(self, *bodies: bytes) -> None:
        """These lines alone, in a new file renamed over the old one; a fault leaves the old one in force."""
        text = b"".join(encode_line(body) for body in bodies)
        new = self._path.with_suffix(".new")
        try:
            with new.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self._path)
        except OSError as error:
            raise OutboxError("disk", error.strerror or type(error).__name__) from error
        sync_folder(self._path.parent)
        self._size = len(text)

    def _content(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                content = file.read(FILE_BYTES_MAX + 1)
        except FileNotFoundError:
            return b""
        if len(content) > FILE_BYTES_MAX:
            raise OutboxError("full", self._path.name)
        return content


def sync_folder(folder: Path) -> None:
    """A new name is on disk only when its folder is. Where folders cannot be opened (Windows) the rename is enough."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
