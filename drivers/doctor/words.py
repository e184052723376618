"""The doctor's sentences: ``assets/devices/words/doctor.<language>.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

import assets
from drivers import toml_file
from drivers.printer.words import CODES as PRINTER_CODES
from drivers.printer.words import Words as PrinterWords

if TYPE_CHECKING:
    from pathlib import Path

    from drivers.doctor.examine import Finding, Report

LANGUAGES = ("zh", "en")
CODES = frozenset(
    {
        "proved",
        "proved_line",
        "condition",
        "addresses_silent",
        "scanner",
        "strip_mute",
        "silent",
        "silent_shared",
        "wrong_speed",
        "swapped",
        "others_device",
        "other_device",
        "port_twice",
        "port_missing",
        "host_missing",
        "port_busy",
        "port_busy_unseen",
        "port_denied",
        "port_denied_again",
        "port_denied_rule",
        "port_lost",
        "port_name",
        "settings",
        "found_elsewhere",
        "by_id_shared",
        "name_moves",
    }
)
"""Every code of a finding."""


class DoctorWords(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A language's sentences by code."""

    kind: dict[str, str]
    finding: dict[str, str]
    condition: dict[str, str]
    level: dict[str, str]
    summary: dict[str, str]

    @classmethod
    def load(cls, language: str, *, directory: Path | None = None) -> DoctorWords:
        """Raises ConfigurationError."""
        folder = directory or assets.path("devices", "words")
        return toml_file.load(folder / f"doctor.{language}.toml", cls, what="doctor's words")

    def sentence(self, report: Report, finding: Finding, language: str) -> str:
        """What ``finding`` says of its device."""
        wanted, values = report.wanted, finding.values
        baud = values.get("baud", "")
        fields = values | {
            "here": wanted.port,
            "protocol": wanted.protocol,
            "kind": self.kind[wanted.kind],
            "is": self.kind.get(values.get("is", ""), values.get("found", "")),
            "other_role": values.get("role", ""),
            "role": wanted.role,
            "baud": f"({baud})" if baud and baud != "0" else "",
            "found_baud": baud,
            "what": self._what(values.get("code", ""), language),
        }
        return " ".join(self.finding[finding.code].format(**fields).split())

    def _what(self, code: str, language: str) -> str:
        if code in self.condition or code not in PRINTER_CODES:
            return self.condition.get(code, code)
        return PrinterWords.load(language).of(code).staff
