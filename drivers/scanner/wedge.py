"""Telling a scanner that types like a keyboard from a person who types, without I/O.

Characters come in with the time of their key event; what comes out is a scan, or what a person typed. A scanner sends
a key every few milliseconds and ends with Enter; nobody types ``LEAST`` characters and Enter like that. What may be a
scan is held back until that is clear, at most ``gap_s``, which nobody who types notices.

Keep contents to upper-case ASCII, digits and ``|-:.``: a wedge sends keys, so other characters depend on the layout.
"""

from __future__ import annotations

from dataclasses import dataclass

from drivers.scanner.events import TEXT_BYTES, ScanCode, ScanRead, ScanTrouble
from drivers.scanner.protocol import SAME_S, clean

GAP_S = 0.05
LEAST = 4
ENTERS = frozenset("\r\n")


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys that a person pressed; Enter is a line feed."""

    text: str


WedgeEvent = ScanRead | ScanTrouble | Typed


class WedgeAssembler:
    """Times are monotonic seconds; they may be equal, as a screen hands over all keys of a picture at once."""

    def __init__(self, *, prefix: str = "", gap_s: float = GAP_S, least: int = LEAST) -> None:
        """``prefix``: as set up in the scanner; then only bursts that begin with it are scans."""
        self._prefix = prefix
        self._gap_s = gap_s
        self._least = least
        self._held = ""
        self._overlong = False
        self._at = 0.0
        self._last: tuple[str, float] | None = None

    def deadline(self) -> float | None:
        """When ``wake`` is wanted."""
        return self._at + self._gap_s if self._held or self._overlong else None

    def key(self, character: str, at: float) -> list[WedgeEvent]:
        """A key event with its character; Enter is CR or LF."""
        events = self.wake(at)
        self._at = at
        if character in ENTERS:
            return events + self._enter(at)
        self._held += character
        if len(self._held) > TEXT_BYTES:
            self._held, self._overlong = "", True
        return events

    def wake(self, now: float) -> list[WedgeEvent]:
        """At the deadline: what is held was typed."""
        due = self.deadline()
        if due is None or now < due:
            return []
        return self._give_back("")

    def _enter(self, now: float) -> list[WedgeEvent]:
        burst = self._held
        if self._overlong:
            self._held, self._overlong = "", False
            return [ScanTrouble(ScanCode.TOO_LONG)]
        if len(burst) < self._least or not burst.startswith(self._prefix):
            return self._give_back("\n")
        self._held = ""
        text = clean(burst.removeprefix(self._prefix))
        if not text:
            return [ScanTrouble(ScanCode.UNREADABLE)]
        last, self._last = self._last, (text, now)
        if last is not None and last[0] == text and now - last[1] < SAME_S:
            return []
        return [ScanRead(text)]

    def _give_back(self, more: str) -> list[WedgeEvent]:
        held, overlong = self._held + more, self._overlong
        self._held, self._overlong = "", False
        if overlong:
            return [ScanTrouble(ScanCode.TOO_LONG)]
        return [Typed(held)] if held else []
