"""What the server asks of things that others make or that tests hand in: time, voice, chance."""

from __future__ import annotations

from typing import Protocol


class WallClock(Protocol):
    """Whole microseconds since 1970-01-01 UTC; may jump when somebody sets the machine's clock."""

    def __call__(self) -> int: ...


class SteadyClock(Protocol):
    """Seconds that never go back, for short waits; its zero means nothing."""

    def __call__(self) -> float: ...


class Voice(Protocol):
    """Joins the clips of one announcement into one sound."""

    def saying(self, number: str, window: int, language: str) -> bytes | None:
        """The WAV of 请A零一二号，到三号窗口办理, once; None when a clip is missing (then chime and text)."""


class Chance(Protocol):
    """Makes what must not be guessed: ids and codes."""

    def id(self, prefix: str) -> str:
        """A new id such as ``t_…``: 96 random bits, letters of the wire's ``Id``."""

    def track(self) -> str:
        """A short code for a slip that a person can read out: 8 signs without I, O, 0 and 1."""

    def booking_code(self) -> str:
        """What a booking's holder shows, types or tells by telephone: 10 digits."""

    def pairing_code(self) -> str:
        """The code that a device shows and a manager approves: 6 signs."""

    def secret(self) -> str:
        """A bearer key or cookie: 32 random bytes in URL-safe text."""
