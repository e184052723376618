"""Who would wait all day: their matters need a skill that no window on duty has, while others are served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.window import WindowState
from queue_server.push.alarms_of_joins import NAMED_MAX
from queue_server.push.moments import moment
from queue_server.wire import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from queue_server.api.words import Words
    from queue_server.domain.day_view import DayView

PATIENCE_US = 10 * 60 * 1_000_000
"""A window that opens a little later than the others is no alarm."""


def alarms_of_waiting(day: DayView, now_us: int, words: Words) -> Iterator[Alarm]:
    """One alarm for all of them once the first has waited for some minutes; a paused window is on duty."""
    if not day.open_windows:
        return
    on_duty = [day.configs[each.number].able for each in day.windows.values() if each.state is not WindowState.CLOSED]
    lines = [line for key, line in day.lines.lines.items() if not any(key.needs <= able for able in on_duty)]
    entries = sorted(entry for line in lines for entry in line.entries)
    if entries and entries[0].clock_us + PATIENCE_US <= now_us:
        numbers = "、".join(day.tickets[entry.ticket].number for entry in entries[:NAMED_MAX])
        yield Alarm(
            id="nobody_able",
            code="nobody_able",
            place="hall",
            since=moment(entries[0].clock_us),
            say=words.say_alarm("nobody_able", {"numbers": numbers}),
            count=len(entries),
        )
