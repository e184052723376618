"""The README's table names every rule that can be set, with the default that the program has."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import msgspec

from queue_server.domain.booking import BookingRules
from queue_server.domain.rules import Rules
from queue_server.grounds import shipped_grounds
from queue_server.settings import CalendarSetting

README = Path(__file__).parents[3] / "queue_server" / "README.md"
ELSEWHERE = {"utc_offset_min", "booking"}
"""Made from the time zone; a table of its own."""


def rows() -> dict[str, str]:
    """Each setting of the table with its row's default."""
    table = README.read_text(encoding="utf-8").partition("## Rules and their settings")[2].partition("\n## ")[0]
    found: dict[str, str] = {}
    for line in table.splitlines():
        cells = line.strip().strip("|").split(" | ")
        if len(cells) == 3:
            names = re.findall(r"\b[a-z]+(?:_[a-z]+)*\b", " ".join(re.findall(r"`([^`]+)`", cells[1])))
            found |= dict.fromkeys(names, cells[2].strip())
    return found


def test_every_rule_is_in_the_table() -> None:
    wanted = {field.name for field in dataclasses.fields(Rules)} - ELSEWHERE
    wanted |= {field.name for field in dataclasses.fields(BookingRules)}
    wanted |= {field.name for field in msgspec.structs.fields(CalendarSetting)}
    assert wanted - rows().keys() == set()


def test_plain_figures_are_the_program_s_own() -> None:
    table, rules, week = rows(), Rules(), CalendarSetting()
    for owner in (rules, rules.booking, week):
        for name, default in table.items():
            value = getattr(owner, name, None)
            if isinstance(value, int) and not isinstance(value, bool):
                assert re.search(rf"\b{value}\b", default), (name, value, default)
    assert table["grounds"].endswith(f": {len(shipped_grounds())}")
