"""Finding frames in a stream of bytes that may be noisy, cut, split or glued.

One kind so far: preamble, big-endian 16-bit length of what follows it, body, XOR of length and body (SAM modules).
Worked example: in ``00 FF AA AA AA 96 69 00 04 00 00 80 84`` the body is ``00 00 80``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.checksums import xor8

LENGTH_BYTES = 2


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame with a right check byte; ``body`` is what lies between length and check byte."""

    body: bytes

    def __repr__(self) -> str:
        return f"Frame({len(self.body)} bytes)"


@dataclass(frozen=True, slots=True)
class Broken:
    """A preamble that led to no frame. ``got`` of ``expected`` bytes were there."""

    reason: Literal["checksum", "length", "timeout"]
    expected: int = 0
    got: int = 0


Found = Frame | Broken


class FrameFinder:
    """Finds frames. A broken one costs only its first byte, so a good frame behind or inside it is still found.

    While a frame is incomplete the length wins: a preamble inside its data is data.
    """

    def __init__(self, preamble: bytes, *, smallest: int, largest: int, gap_s: float) -> None:
        """``smallest`` and ``largest`` bound the length field; a pause of ``gap_s`` inside a frame breaks it."""
        self._preamble = preamble
        self._head = len(preamble) + LENGTH_BYTES
        self._smallest = smallest
        self._largest = largest
        self._gap_s = gap_s
        self._buffer = bytearray()
        self._heard_at = 0.0
        self.skipped = 0
        """Bytes dropped so far as noise."""

    @property
    def inside(self) -> bool:
        """Whether a preamble was seen and its frame is not complete."""
        return self._buffer.startswith(self._preamble)

    def clear(self) -> None:
        """Forget what is incomplete."""
        self._buffer.clear()

    def receive(self, data: bytes, now: float) -> list[Found]:
        """What ``data`` completes."""
        if data:
            self._buffer += data
            self._heard_at = now
        return self._scan(final=False)

    def deadline(self) -> float | None:
        """When the rest of what is incomplete must have come; None when nothing is."""
        return self._heard_at + self._gap_s if self._buffer else None

    def wake(self, now: float) -> list[Found]:
        """At the deadline: nothing more will come, so look once more at what is there and empty the buffer."""
        deadline = self.deadline()
        if deadline is None or now < deadline:
            return []
        found = self._scan(final=True)
        self.clear()
        return found

    def _scan(self, *, final: bool) -> list[Found]:
        found: list[Found] = []
        while self._align():
            one = self._take_one(final=final)
            if one is None:
                break
            found.append(one)
        return found

    def _align(self) -> bool:
        """Drop what cannot begin a frame; whether the buffer now begins with a preamble."""
        at = self._buffer.find(self._preamble)
        if at < 0:
            tail = next(
                (n for n in range(len(self._preamble) - 1, 0, -1) if self._buffer.endswith(self._preamble[:n])), 0
            )
            at = len(self._buffer) - tail
        self.skipped += at
        del self._buffer[:at]
        return self.inside

    def _take_one(self, *, final: bool) -> Found | None:
        """The frame at the front, or why there is none; None while more bytes are wanted."""
        buffer = self._buffer
        if len(buffer) < self._head:
            return self._break(Broken("timeout", self._head, len(buffer))) if final else None
        length = int.from_bytes(buffer[len(self._preamble) : self._head], "big")
        if not self._smallest <= length <= self._largest:
            return self._break(Broken("length", self._head + length, self._head))
        total = self._head + length
        if len(buffer) < total:
            return self._break(Broken("timeout", total, len(buffer))) if final else None
        if xor8(buffer[len(self._preamble) : total]):
            return self._break(Broken("checksum", total, total))
        body = bytes(buffer[self._head : total - 1])
        del buffer[:total]
        return Frame(body)

    def _break(self, broken: Broken) -> Broken:
        del self._buffer[:1]
        self.skipped += 1
        return broken


def encode_frame(preamble: bytes, body: bytes) -> bytes:
    """``body`` in a frame. Raises ValueError when its length does not fit 16 bits."""
    if len(body) >= 0xFFFF:
        raise ValueError("body too long")
    checked = (len(body) + 1).to_bytes(LENGTH_BYTES, "big") + body
    return preamble + checked + bytes([xor8(checked)])
