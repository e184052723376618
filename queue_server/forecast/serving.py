"""The forecast as a part of the server: what is worth a worker, and what its answers change."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from queue_server.errors import QueueError
from queue_server.forecast.keeper import Keeper
from queue_server.forecast.messages import Answer, Begin
from queue_server.forecast.reading import past_days

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.domain.day_view import DayView
    from queue_server.forecast.shown import Shown
    from queue_server.service.gate import Gate
    from queue_server.service.ports import SteadyClock, WallClock
    from queue_server.settings import Settings
    from queue_server.store.engine import Store


class Worth:
    """Whether a worker has anything to do: a day is open, and enough days came before it."""

    def __init__(self, day: Callable[[], DayView | None], store: Store, hall: str, after_days: int) -> None:
        self._day = day
        self._store = store
        self._hall = hall
        self._after_days = after_days
        self._asked_for: str | None = None
        self._enough = False

    async def __call__(self) -> bool:
        try:
            day = self._day()
            if day is None or not day.open or day.business_day is None:
                return False
            if day.business_day != self._asked_for:
                self._enough = await asyncio.to_thread(self._has_past, day.business_day)
                self._asked_for = day.business_day
        except QueueError:
            return False
        return self._enough

    def _has_past(self, business_day: str) -> bool:
        with self._store.read() as connection:
            return (
                len(past_days(connection, self._hall, before=business_day, most=self._after_days)) >= self._after_days
            )


def build_keeper(
    settings: Settings,
    store: Store,
    gate: Gate,
    shown: Shown,
    changed: Callable[[], None],
    *,
    wall_clock_us: WallClock,
    steady_clock_s: SteadyClock,
) -> Keeper:
    """``changed``: what is shown may be different now."""
    setting = settings.forecast

    def show(answer: Answer | None) -> None:
        shown.take(answer)
        changed()

    begin = Begin(
        database=store.url.render_as_string(hide_password=False),
        hall=gate.hall,
        rules=settings.rules,
        windows=settings.window_configs,
        days=setting.days,
        after_days=setting.after_days,
    )
    return Keeper(
        begin,
        show,
        Worth(lambda: gate.view.day, store, gate.hall, setting.after_days),
        wall_clock_us,
        steady_clock_s,
        every_s=setting.every_s,
    )
