"""Lines as they really are, for protocol cores on a hand-moved clock.

``carry(data)`` says what arrives at the far end: pieces with the pause before each; ``None`` is the moment the cable
comes out. All wires are deterministic: the same seed loses the same bytes.
"""

from __future__ import annotations

import random
from typing import Protocol

Piece = tuple[float, bytes | None]


class Wire(Protocol):
    def carry(self, data: bytes) -> list[Piece]: ...


class Honest:
    """Everything, at once."""

    def carry(self, data: bytes) -> list[Piece]:
        return [(0.0, data)]


class ByteByByte:
    """Everything, one byte at a time at the pace of ``baud``."""

    def __init__(self, baud: int = 115200) -> None:
        self._pause = 10 / baud

    def carry(self, data: bytes) -> list[Piece]:
        return [(self._pause, data[at : at + 1]) for at in range(len(data))]


class Lossy:
    """Each byte is lost with probability ``rate``."""

    def __init__(self, rate: float = 0.0005, seed: int = 7) -> None:
        self._rate = rate
        self._random = random.Random(seed)

    def carry(self, data: bytes) -> list[Piece]:
        kept = bytes(byte for byte in data if self._random.random() >= self._rate)
        return [(0.0, kept)] if kept else []


class Noisy:
    """Bursts of noise before and after each message, often with pieces of ``bait`` (a preamble) in it."""

    def __init__(self, bait: bytes = b"", seed: int = 7) -> None:
        self._bait = bait
        self._random = random.Random(seed)

    def _burst(self) -> bytes:
        parts = [self._random.randbytes(self._random.randrange(6)) for _ in range(2)]
        return self._bait[: self._random.randrange(len(self._bait) + 1)].join(parts)

    def carry(self, data: bytes) -> list[Piece]:
        return [(0.0, self._burst()), (0.001, data), (0.0, self._burst())]


class Slow:
    """Pieces of ``size`` bytes, ``pause_s`` apart: a bridge that dozes, yet never as long as a broken frame."""

    def __init__(self, size: int = 64, pause_s: float = 0.05) -> None:
        self._size = size
        self._pause_s = pause_s

    def carry(self, data: bytes) -> list[Piece]:
        return [(self._pause_s, data[at : at + self._size]) for at in range(0, len(data), self._size)]


class Cut:
    """The cable comes out in the middle of the ``at``-th message (from 1) of at least ``least`` bytes, once."""

    def __init__(self, at: int = 1, *, least: int = 0) -> None:
        self._left = at
        self._least = least

    def carry(self, data: bytes) -> list[Piece]:
        if len(data) >= self._least:
            self._left -= 1
            if self._left == 0:
                return [(0.0, data[: len(data) // 2]), (0.01, None)]
        return [(0.0, data)]
