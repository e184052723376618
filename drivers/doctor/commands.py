"""``hall-devices doctor``: every device of a settings file proved on its port."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from drivers.doctor.wanted import KINDS, Wanted, from_file, from_text
from drivers.doctor.words import LANGUAGES, DoctorWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from drivers.doctor.examine import Report

FAULTS_FOUND = 1


@click.command("doctor")
@click.argument("what", nargs=-1, required=True, metavar="SETTINGS.toml | PORT=KIND[@BAUD] …")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per device.")
@click.option("--language", type=click.Choice(LANGUAGES), default=None, help="zh or en; by default the terminal's.")
def doctor(*, what: tuple[str, ...], as_json: bool, language: str | None) -> None:
    """Ask each device of a settings file, of kiosk or server, on its port, and say what is wrong and what to do.

    Stop the hall's own programs first: a port serves one. Prints and changes nothing; needs no server; up to half a
    minute. Exit code 0 all well, 1 a fault was found, 2 could not look. KIND is one of idcard, printer, scanner, pad,
    strip.
    """
    from drivers.doctor.examine import examine  # noqa: PLC0415 - each command loads only what it needs
    from drivers.registry import ports  # noqa: PLC0415

    wanted = [each for text in what for each in _wanted(text)]
    reports = examine(wanted, ports())
    chosen = language or _terminal_language()
    words = DoctorWords.load(chosen)
    for report in reports:
        texts = [words.sentence(report, finding, chosen) for finding in report.findings]
        click.echo(_json_line(report, texts) if as_json else _lines(report, texts, words))
    if not as_json:
        click.echo(_summary(reports, words))
    sys.exit(FAULTS_FOUND if any(report.level == "fault" for report in reports) else 0)


def _wanted(text: str) -> list[Wanted]:
    typed = from_text(text)
    if typed is not None:
        return [typed]
    if "=" in text and not Path(text).exists():
        raise click.UsageError(f"{text!r}: write PORT=KIND or PORT=KIND@BAUD; kinds: {', '.join(KINDS)}")
    return from_file(Path(text))


def _terminal_language() -> str:
    said = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "zh" if said.startswith("zh") else "en"


def _lines(report: Report, texts: Sequence[str], words: DoctorWords) -> str:
    head = f"[{words.level[report.level]}] {report.wanted.role}  {report.wanted.port}"
    return "\n".join([head, *(f"    {text}" for text in texts)])


def _json_line(report: Report, texts: Sequence[str]) -> str:
    wanted, found = report.wanted, report.met.found
    line = {
        "role": wanted.role,
        "kind": wanted.kind,
        "port": wanted.port,
        "level": report.level,
        "found": found.kind if found else None,
        "baud": found.baud if found else None,
        "state": found.condition.state if found else None,
        "findings": [
            {"level": finding.level, "code": finding.code, "say": text}
            for finding, text in zip(report.findings, texts, strict=True)
        ],
    }
    return msgspec.json.encode(line).decode()


def _summary(reports: Sequence[Report], words: DoctorWords) -> str:
    faults = sum(report.level == "fault" for report in reports)
    notes = sum(finding.level == "note" for report in reports for finding in report.findings)
    key = "faults" if faults else "notes" if notes else "well"
    return words.summary[key].format(count=len(reports), faults=faults, notes=notes)
