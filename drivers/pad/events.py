"""What a line of pads tells the program that uses it, and what a pad can be told."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from drivers.bus import MemberHealth
from drivers.core import State


class Key(StrEnum):
    """What a pad's keys mean; the word is what goes over the line."""

    NEXT = "NEXT"
    RECALL = "RECALL"
    MISS = "MISS"
    START = "START"
    FINISH = "FINISH"
    OPEN = "OPEN"
    PAUSE = "PAUSE"
    HOLD = "HOLD"
    RESUME = "RESUME"
    UNDO = "UNDO"
    HELP = "HELP"


class Beep(StrEnum):
    """Sounds of a pad."""

    TAKEN = "1"
    """One short: done."""
    REFUSED = "3"
    """Three short: not done; press again if it is still wanted."""


@dataclass(frozen=True, slots=True)
class PadPressed:
    """A key was pressed, ``age_s`` seconds before this was told. ``press`` is the pad's own counter (0 to 999).

    Told once per press. Whoever acts on it late has to look at the age again.
    """

    address: int
    key: Key
    press: int
    age_s: float


@dataclass(frozen=True, slots=True)
class PadDropped:
    """A press that was not taken: too old, or a key this program does not know. The pad has been told to beep."""

    address: int
    key: str
    press: int
    code: Literal["too_old", "unknown_key"]


@dataclass(frozen=True, slots=True)
class PadDisplay:
    """What a pad shows: the number that would be called next (empty: nobody) and how many wait (None: not known)."""

    next_number: str = ""
    waiting: int | None = None


@dataclass(frozen=True, slots=True)
class PadLineHealth:
    """How the line with all its pads is."""

    state: State
    code: str


PadHealth = MemberHealth
PadKeyEvent = PadPressed | PadDropped
PadEvent = PadKeyEvent | PadHealth | PadLineHealth
