"""What a serial scanner sends, without I/O: prefix, content, suffix, line end.

A scan ends with the suffix if one is set, else with CR, LF or both, else when nothing follows for ``gap_s``. Worked
example: ``41 30 31 32 0D 0A`` is the scan ``A012``. Content is UTF-8 or GB18030. Some GB18030 words are also valid
UTF-8 (``D4 A4 D4 BC`` is 预约, and two Armenian letters), so the reading that a Chinese reader expects is taken.
"""

from __future__ import annotations

import unicodedata

from drivers.core import Condition
from drivers.scanner.events import TEXT_BYTES, ScanCode, ScanEvent, ScanRead, ScanTrouble

GAP_S = 0.1
SAME_S = 3.0
"""The same content within this is one scan: people hold a code longer than they think."""
JUNK_LIMIT = 3
"""Troubles in a row after which the scanner counts as degraded."""
NOT_ASKED = Condition("unknown", "not_asked")
_LINE_ENDS = b"\r\n"
_EXPECTED = (
    (" ", "~"),
    ("\u2010", "\u2027"),
    ("\u3000", "\u301f"),
    ("\u3400", "\u4dbf"),
    ("\u4e00", "\u9fff"),
    ("\uff01", "\uffe6"),
    ("\U00020000", "\U0003ffff"),
)
"""Latin, Chinese and their punctuation."""


class ScannerCore:
    """A ``link.Core`` that gives ScanRead and ScanTrouble. It never sends anything.

    Promise: any bytes give events and nothing else, and ``gap_s`` after the last byte the core is idle.
    """

    def __init__(self, *, prefix: bytes = b"", suffix: bytes = b"", gap_s: float = GAP_S) -> None:
        """``prefix`` and ``suffix`` as set up in the scanner, without CR and LF."""
        self._prefix = prefix
        self._suffix = suffix
        self._gap_s = gap_s
        self._buffer = bytearray()
        self._overlong = False
        self._heard_at = 0.0
        self._last: tuple[str, float] | None = None
        self._junk = 0
        self._condition = NOT_ASKED

    @property
    def condition(self) -> Condition:
        return self._condition

    def connected(self, now: float) -> None:  # noqa: ARG002 - the port's signature
        self._clear()
        self._junk = 0
        self._condition = NOT_ASKED

    def disconnected(self, now: float) -> list[ScanEvent]:  # noqa: ARG002
        """Half a scan is no scan."""
        self._clear()
        return []

    def outgoing(self) -> bytes:
        return b""

    def deadline(self) -> float | None:
        return self._heard_at + self._gap_s if self._buffer or self._overlong else None

    def receive(self, data: bytes, now: float) -> list[ScanEvent]:
        events = self.wake(now)
        if data:
            self._heard_at = now
        for byte in data:
            events += self._take(byte, now)
        return events

    def wake(self, now: float) -> list[ScanEvent]:
        due = self.deadline()
        if due is None or now < due:
            return []
        if self._suffix and self._buffer.strip(_LINE_ENDS):
            self._clear()
            return self._trouble(ScanCode.UNFRAMED)
        return self._end(bytes(self._buffer), now)

    def _take(self, byte: int, now: float) -> list[ScanEvent]:
        self._buffer.append(byte)
        if self._suffix:
            if self._buffer.endswith(self._suffix):
                return self._end(bytes(self._buffer[: -len(self._suffix)]), now)
        elif byte in _LINE_ENDS:
            return self._end(bytes(self._buffer[:-1]), now)
        if len(self._buffer) > TEXT_BYTES + len(self._prefix) + len(self._suffix):
            # Go on listening for the end only, so that the rest is not taken for a scan of its own.
            keep = max(len(self._suffix), 1)
            del self._buffer[:-keep]
            self._overlong = True
        return []

    def _end(self, content: bytes, now: float) -> list[ScanEvent]:
        overlong = self._overlong
        self._clear()
        if overlong:
            return self._trouble(ScanCode.TOO_LONG)
        content = content.strip(_LINE_ENDS)
        if not content:
            return []
        if self._prefix:
            # A control character never stands in a content, so the last prefix is the true one; else the first.
            cut = content.rpartition if self._prefix[0] < ord(" ") else content.partition
            _, found, content = cut(self._prefix)
            if not found:
                return self._trouble(ScanCode.UNFRAMED)
        text = decode(content)
        if text is None:
            return self._trouble(ScanCode.UNREADABLE)
        return self._read(text, now) if text else []

    def _read(self, text: str, now: float) -> list[ScanEvent]:
        self._junk = 0
        self._condition = Condition("ok")
        last, self._last = self._last, (text, now)
        if last is not None and last[0] == text and now - last[1] < SAME_S:
            return []
        return [ScanRead(text)]

    def _trouble(self, code: ScanCode) -> list[ScanEvent]:
        self._junk += 1
        if self._junk >= JUNK_LIMIT:
            self._condition = Condition("degraded", "unreadable_scans")
        return [ScanTrouble(code)]

    def _clear(self) -> None:
        self._buffer.clear()
        self._overlong = False


def decode(content: bytes) -> str | None:
    """The text without control characters; None when it is neither UTF-8 nor GB18030, or not meant for people."""
    readings = []
    for encoding in ("utf-8", "gb18030"):
        try:
            text = clean(content.decode(encoding))
        except UnicodeDecodeError:
            continue
        if text is not None:
            readings.append(text)
    return next((text for text in readings if all(map(_expected, text))), readings[0] if readings else None)


def _expected(character: str) -> bool:
    return any(low <= character <= high for low, high in _EXPECTED)


def clean(text: str) -> str | None:
    """Without control characters; None when a character of no meaning is among them, as noise gives."""
    kept = "".join(character for character in text if unicodedata.category(character) != "Cc")
    meant = all(unicodedata.category(character) not in {"Cn", "Co", "Cs"} for character in kept)
    return kept.strip() if meant else None
