"""Frames of Onbon's (仰邦) BX-5K and BX-6K controllers, without I/O.

Source: the maker's "BX-5K/6K 通讯协议用户版本", and published frames; nobody has tried it on a controller yet.
A frame is ``A5`` × 8, then header, data and CRC with escapes, then ``5A``:

    destination u16 LE · source u16 LE (host 8000) · 6 × 00 · FE · 02 · data length u16 LE · data · CRC-16/ARC u16 LE

Between start and end A5 becomes A6 02, A6 A6 01, 5A 5B 02, 5B 5B 01; the CRC is made before that. Worked example,
a ping: ``A5`` × 8 ``01 00 00 80 00 00 00 00 00 00 FE 02 05 00 A2 00 01 00 00 68 F8 5A``.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.checksums import crc16_arc
from drivers.errors import ProtocolError
from drivers.framing import Broken

HOST = 0x8000
START = b"\xa5" * 8
STARTS_LEAST = 4
"""So many A5 in a row count as a start: the first ones may be lost while the line turns round."""
END = 0x5A
FIXED = b"\x00" * 6 + b"\xfe\x02"
HEADER_BYTES = 14
LONGEST_DATA = 1024
LONGEST_BYTES = 2 * (HEADER_BYTES + LONGEST_DATA + 2)
GAP_S = 0.1
_ESCAPES = {0xA5: b"\xa6\x02", 0xA6: b"\xa6\x01", 0x5A: b"\x5b\x02", 0x5B: b"\x5b\x01"}
_UNESCAPES = {escaped: plain for plain, escaped in _ESCAPES.items()}


@dataclass(frozen=True, slots=True)
class OnbonFrame:
    """``data`` begins with command group and command."""

    destination: int
    source: int
    data: bytes

    @property
    def address(self) -> int:
        """The controller's: where to, or where from."""
        return self.destination if self.source == HOST else self.source


def encode_frame(frame: OnbonFrame) -> bytes:
    """The frame as it goes over the line. Raises ValueError when ``data`` is too long."""
    if len(frame.data) > LONGEST_DATA:
        raise ValueError("data too long")
    head = frame.destination.to_bytes(2, "little") + frame.source.to_bytes(2, "little") + FIXED
    plain = head + len(frame.data).to_bytes(2, "little") + frame.data
    plain += crc16_arc(plain).to_bytes(2, "little")
    return START + b"".join(_ESCAPES.get(byte, bytes((byte,))) for byte in plain) + bytes((END,))


def parse_frame(escaped: bytes) -> OnbonFrame:
    """What stands between the last A5 of the start and the 5A. Raises ProtocolError."""
    plain = _unescape(escaped)
    if len(plain) < HEADER_BYTES + 2 or int.from_bytes(plain[12:14], "little") != len(plain) - HEADER_BYTES - 2:
        raise ProtocolError("length")
    if crc16_arc(plain[:-2]) != int.from_bytes(plain[-2:], "little"):
        raise ProtocolError("checksum")
    destination, source = (int.from_bytes(plain[at : at + 2], "little") for at in (0, 2))
    return OnbonFrame(destination, source, plain[HEADER_BYTES:-2])


def _unescape(escaped: bytes) -> bytes:
    plain = bytearray()
    at = 0
    while at < len(escaped):
        if escaped[at] in (0xA6, 0x5B):
            byte = _UNESCAPES.get(escaped[at : at + 2])
            if byte is None:
                raise ProtocolError("escape")
            plain.append(byte)
            at += 2
        else:
            plain.append(escaped[at])
            at += 1
    return bytes(plain)


class OnbonFinder:
    """Finds frames; has the methods of ``framing.FrameFinder``. A5 never stands inside a frame, so it begins anew."""

    def __init__(self) -> None:
        self._starts = 0
        self._body: bytearray | None = None
        self._heard_at = 0.0

    @property
    def inside(self) -> bool:
        return self._starts > 0 or self._body is not None

    def clear(self) -> None:
        """Forget what is incomplete."""
        self._starts, self._body = 0, None

    def receive(self, data: bytes, now: float) -> list[OnbonFrame | Broken]:
        """What ``data`` completes, and what it breaks."""
        if data:
            self._heard_at = now
        return [found for byte in data if (found := self._take(byte)) is not None]

    def deadline(self) -> float | None:
        return self._heard_at + GAP_S if self.inside else None

    def wake(self, now: float) -> list[OnbonFrame | Broken]:
        """At the deadline: what is incomplete stays so."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        broken = [] if self._body is None else [Broken("timeout", LONGEST_BYTES, len(self._body))]
        self.clear()
        return [*broken]

    def _take(self, byte: int) -> OnbonFrame | Broken | None:
        if byte == START[0]:
            broken = None if self._body is None else Broken("length", LONGEST_BYTES, len(self._body))
            self._body = None
            self._starts += 1
            return broken
        if self._body is None:
            began = self._starts >= STARTS_LEAST
            self._starts = 0
            if began:
                self._body = bytearray((byte,))
            return None
        if byte != END:
            self._body.append(byte)
            return self._too_long()
        body, self._body = bytes(self._body), None
        try:
            return parse_frame(body)
        except ProtocolError:
            return Broken("checksum", len(body), len(body))

    def _too_long(self) -> Broken | None:
        if self._body is None or len(self._body) <= LONGEST_BYTES:
            return None
        self._body = None
        return Broken("length", LONGEST_BYTES, LONGEST_BYTES)
