"""What server and worker say to each other: one JSON line each, small. Internal to this package."""

from __future__ import annotations

from typing import Self

import msgspec

from queue_server.domain.rules import Rules, WindowConfig
from queue_server.domain.ticket import TicketKind
from queue_server.forecast.line_up import ANY_GROUND
from queue_server.forecast.ranges import Grade

LINE_MAX = 1 << 20
"""Bytes of one line; an answer for 400 tickets has some 20,000."""


class Begin(msgspec.Struct, frozen=True, kw_only=True):
    """First line to the worker. ``database`` may hold a password: it goes through the pipe, never the command line."""

    database: str
    hall: str
    rules: Rules
    windows: tuple[WindowConfig, ...]
    days: int
    """How many past days teach."""
    after_days: int
    """With fewer there is no forecast."""

    def __repr__(self) -> str:
        return f"Begin(hall={self.hall!r})"


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """Something changed: forecast anew. The worker reads the journal itself."""

    at_us: int


class NewRange(msgspec.Struct, frozen=True, array_like=True):
    """For a number of this sort taken now."""

    kind: str
    ground: str | None
    needs: tuple[str, ...]
    low_min: int
    high_min: int


class DayGrade(msgspec.Struct, frozen=True, kw_only=True):
    """How a day's printed ranges were kept; see ``ranges.Grade``."""

    business_day: str
    count: int
    inside: float
    width_min: float
    score_min: float

    @classmethod
    def of(cls, business_day: str, grade: Grade) -> Self:
        return cls(
            business_day=business_day,
            count=grade.count,
            inside=grade.inside,
            width_min=grade.width_min,
            score_min=grade.score_min,
        )


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The newest forecasts as of journal row ``seq`` and moment ``at_us``."""

    seq: int
    at_us: int
    business_day: str | None
    waiting: dict[str, tuple[int, int]] = {}
    """By ticket."""
    new: tuple[NewRange, ...] = ()
    grades: tuple[DayGrade, ...] = ()
    """The newest day first; today's as far as it has come."""

    def for_new(self, kind: str, needs: frozenset[str], ground: str | None) -> tuple[int, int] | None:
        """The range for such a number taken now; ``ANY_GROUND`` stands for grounds that are like the others.

        With a grant it weighs as one of any kind does.
        """
        if ground is not None:
            kind = TicketKind.GENERAL.value
        found = {each.ground: each for each in self.new if each.kind == kind and frozenset(each.needs) == needs}
        each = found.get(ground) or (found.get(ANY_GROUND) if ground is not None else None)
        return None if each is None else (each.low_min, each.high_min)
