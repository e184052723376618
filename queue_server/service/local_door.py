"""The loopback door for our own command-line programs while a server runs (DESIGN 4.1).

A running server leaves a small file beside its database, readable by its own user only, with its address and a random
token. A program that wants to write posts its command there; so every write still goes through the one gate.
"""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from queue_server.store.rows import Mode, RowWrite, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

PATH = "/local/commands"
UPKEEP_PATH = "/local/upkeep"
BODY_MAX = 32_000_000
"""A catalogue of 5,000 matters with long guides."""


class LocalRow(msgspec.Struct, frozen=True, kw_only=True):
    table: str
    values: dict[str, str | int | bool | None]
    binary: tuple[str, ...] = ()
    """Names of values that are bytes, base64 here."""
    mode: Mode = "put"


class LocalCommand(msgspec.Struct, frozen=True, kw_only=True):
    """One command in the journal's own text, with the rows that travel beside it."""

    key: str
    command: str
    rows: tuple[LocalRow, ...] = ()


class LocalReply(msgspec.Struct, frozen=True, kw_only=True):
    """``refused``: a refusal's code, nothing was written."""

    seq: int = 0
    refused: str | None = None
    facts: dict[str, str | int | None] = {}


class LocalUpkeep(msgspec.Struct, frozen=True, kw_only=True):
    """``purge``, or ``redact`` of row ``seq`` by two people whose passwords the asking program has checked."""

    task: Literal["purge", "redact"]
    now_us: int = 0
    seq: int = 0
    actor: str = "local"
    second: str = ""


class UpkeepReply(msgspec.Struct, frozen=True, kw_only=True):
    erased: dict[str, int] = {}
    refused: str | None = None


class DoorNote(msgspec.Struct, frozen=True, kw_only=True):
    """What the file holds."""

    url: str
    token: str


def to_local(rows: Iterable[RowWrite]) -> tuple[LocalRow, ...]:
    return tuple(_to_local(row) for row in rows)


def _to_local(row: RowWrite) -> LocalRow:
    values = {name: base64.b64encode(v).decode() if isinstance(v, bytes) else v for name, v in row.values.items()}
    binary = tuple(name for name, value in row.values.items() if isinstance(value, bytes))
    return LocalRow(table=row.table, values=values, binary=binary, mode=row.mode)


def from_local(rows: Iterable[LocalRow]) -> tuple[RowWrite, ...]:
    return tuple(_from_local(row) for row in rows)


def _from_local(row: LocalRow) -> RowWrite:
    values: dict[str, Value] = dict(row.values)
    for name in row.binary:
        values[name] = base64.b64decode(str(row.values[name]))
    return RowWrite(row.table, values, row.mode)


def note_path(database: Path | None, hall: str) -> Path:
    """Where the running server of this hall leaves its note: beside the database, or in ``var`` on PostgreSQL."""
    return (database.parent if database else Path("var")) / f"{hall}.server.json"


class Door:
    """The server's side: make the token, leave the note, take it away at the end."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.token = secrets.token_urlsafe(32)

    def open(self, url: str) -> None:
        """Write the note for our own user only, whole or not at all."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with contextlib.suppress(FileNotFoundError):
            fresh.unlink()
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.encode(DoorNote(url=url, token=self.token)))
        fresh.replace(self._path)

    def admits(self, bearer: str | None) -> bool:
        return bearer is not None and secrets.compare_digest(bearer.encode(), self.token.encode())

    def close(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


def read_note(path: Path) -> DoorNote | None:
    """The note of a server that runs or died without taking it away; None when there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DoorNote)
    except (OSError, msgspec.DecodeError):
        return None
