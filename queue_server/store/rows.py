"""Rows that travel beside a command and are written in its transaction: records and erasable rows (DESIGN 4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Value = str | int | bool | bytes | None

Mode = Literal["put", "add", "drop", "erase", "redact"]


@dataclass(frozen=True, slots=True)
class RowWrite:
    """One row of a record or erasable table, without its ``hall``.

    ``put`` writes the whole row, new or not; ``add`` fails when it exists; ``drop`` deletes by the primary key;
    ``erase`` (erasable tables) deletes everything whose ``erase_after_us`` is not after the given one; ``redact``
    (table ``journal``) blanks the row ``seq``. Written only if the command beside it is accepted.
    """

    table: str
    values: Mapping[str, Value]
    mode: Mode = "put"

    def __repr__(self) -> str:
        return f"RowWrite({self.mode} {self.table})"


@dataclass(frozen=True, slots=True)
class SecurityEntry:
    """One line of the security log: who did what, with codes and ids only."""

    actor: str
    act: str
    """``sign_in``, ``sign_in_failed``, ``denied``, ``unmask``, ``export``, ``setting``, ``pair`` …"""
    facts: Mapping[str, str | int | None]
