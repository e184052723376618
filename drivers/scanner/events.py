"""What a scanner tells the program that uses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drivers.core import State

TEXT_BYTES = 512
"""The longest content that is taken; longer ones (long health and payment codes) are none of ours."""


@dataclass(frozen=True, slots=True)
class ScanRead:
    """A code was read. ``text`` may be personal data, as people also show their phones' codes; ``repr`` hides it."""

    text: str

    def __repr__(self) -> str:
        return f"ScanRead({len(self.text)} characters)"


class ScanCode(StrEnum):
    """Why bytes that came are no scan."""

    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    """Neither UTF-8 nor GB18030: wrong speed, noise, or a code with bytes for machines."""
    UNFRAMED = "unframed"
    """The prefix or suffix that the settings promise is not there."""


@dataclass(frozen=True, slots=True)
class ScanTrouble:
    """Something came that cannot be used. The resident scans again; often repeated, the settings are wrong."""

    code: ScanCode


@dataclass(frozen=True, slots=True)
class ScannerHealth:
    """How the scanner is. One that has not scanned yet is ``unknown``/``not_asked``: it cannot be asked."""

    state: State
    code: str


ScanEvent = ScanRead | ScanTrouble
ScannerEvent = ScanEvent | ScannerHealth
