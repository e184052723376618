"""The newest answer of the worker, and whether it may still be shown. Event loop only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.forecast.line_up import common_needs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from queue_server.domain.day_view import DayView
    from queue_server.forecast.messages import Answer, DayGrade

FRESH_US = 90_000_000
"""An older answer is not shown: its minutes are gone."""
Minutes = tuple[int, int]
NOBODY: Mapping[str, Minutes] = {}


class Shown:
    """Holds one answer. ``day`` gives the hall's day as it is now."""

    def __init__(self, day: Callable[[], DayView | None], wall_clock_us: Callable[[], int]) -> None:
        self._day = day
        self._wall_clock_us = wall_clock_us
        self._answer: Answer | None = None
        self.grades: tuple[DayGrade, ...] = ()
        """The newest day first; kept while no worker lives."""

    def take(self, answer: Answer | None) -> None:
        """None: there is no forecast any more."""
        self._answer = answer
        if answer is not None:
            self.grades = answer.grades

    def new(self, kind: str = "general", ground: str | None = None, matters: Sequence[str] = ()) -> Minutes | None:
        """For such a number taken now."""
        day, answer = self._day(), self._fresh()
        if day is None or answer is None:
            return None
        return answer.for_new(kind, common_needs(day, *matters), ground)

    @property
    def waiting(self) -> Mapping[str, Minutes]:
        """What is left for all who wait: the same object until the next answer."""
        answer = self._fresh()
        return NOBODY if answer is None else answer.waiting

    def of(self, ticket: str) -> Minutes | None:
        """What is left for one that waits."""
        answer = self._fresh()
        return None if answer is None else answer.waiting.get(ticket)

    @property
    def age_s(self) -> float | None:
        """Of what is shown; None while nothing is."""
        answer = self._fresh()
        return None if answer is None else max(self._wall_clock_us() - answer.at_us, 0) / 1_000_000

    def _fresh(self) -> Answer | None:
        day, answer = self._day(), self._answer
        if day is None or answer is None or not day.open or not day.open_windows:
            return None
        fresh = abs(self._wall_clock_us() - answer.at_us) <= FRESH_US
        return answer if fresh and answer.business_day == day.business_day else None
