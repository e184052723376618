"""What happens around numbers that the kiosk gives by itself, and what is wanted of its outbox (DESIGN 4.10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# ---- events --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineGiven:
    """The outbox has a number for the press ``key``, on disk. ``issued_at`` None: no clock can be trusted."""

    key: str
    number: str
    issued_at: datetime | None
    track: str = ""
    """The code on its slip; it leads to the number once that is handed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineFailed:
    """The disk would not take a number for the press ``key``: none was given."""

    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperMissing:
    """After a start: the newest number of the last run, of whose slip nothing is known. ``now_s`` as in a tick."""

    key: str
    number: str
    issued_at: datetime | None
    now_s: float
    matter: str = ""
    track: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxChanged:
    """``count``: numbers that wait to be handed in, or that are listed for staff (``join_conflicts``)."""

    state: Literal["ok", "degraded", "down"]
    code: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKnown:
    """The letter of this kiosk's own numbers, given out by the server."""

    letter: str


# ---- effects -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOffline:
    """A number of the kiosk's own for the press ``key``: on disk first, then OfflineGiven or OfflineFailed."""

    key: str
    kind: Literal["general", "booked", "collection"]
    matters: tuple[str, ...]
    language: Literal["zh", "en"]
    grant: str | None
    letter: str
    clock_doubt: bool
    """The hall's clock cannot be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePaper:
    """What became of the slip of the number that the press ``press`` got; ``key`` is that of the report."""

    key: str
    press: str
    result: Literal["printed", "not_printed", "unknown"]
    copy: int
