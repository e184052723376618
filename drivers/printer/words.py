"""What people read for a printer's codes: ``assets/devices/words/printer.<language>.toml``, two sentences each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

import assets
from drivers import toml_file
from drivers.printer.status import Condition

if TYPE_CHECKING:
    from pathlib import Path

OUTCOMES = frozenset(
    {"unplugged", "unreachable", "expired", "busy", "no_confirmation", "no_status", "confirmed", "stopped"}
)
"""Codes of a ``PrintOutcome`` that are not the printer's own condition."""
CODES = frozenset(condition.value for condition in Condition) | OUTCOMES
"""Every code of an outcome; a printer's health adds the link's (``drivers.errors``)."""


class Sentence(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """For the resident at the kiosk, and for staff; each with a next step."""

    resident: str
    staff: str


class Words(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A language's sentences by code."""

    code: dict[str, Sentence]

    @classmethod
    def load(cls, language: str = "zh", *, directory: Path | None = None) -> Words:
        """Read the shipped file, or ``<directory>/printer.<language>.toml``. Raises ConfigurationError."""
        folder = directory or assets.path("devices", "words")
        return toml_file.load(folder / f"printer.{language}.toml", cls, what="printer's words")

    def of(self, code: str) -> Sentence:
        """The sentences for ``code``; those of ``unknown`` for one that nobody foresaw."""
        return self.code.get(code) or self.code[Condition.UNKNOWN.value]
