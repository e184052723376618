"""Who did not come: noted when a day is over, for all bookings that still wait then (norms N4.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain.booking import DAY_US, BookingState
from queue_server.domain.commands import NoteNoShow
from queue_server.service.booking_facts import had_day
from queue_server.service.records import content_hash
from queue_server.store import booking_queries as queries
from queue_server.store.faults import translated
from queue_server.store.rows import RowWrite

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from queue_server.domain.booking import BookingRules
    from queue_server.store.queries import Reader

AT_ONCE = 500
"""More than a day's; what is left is noted at the next turn of a day."""


def due(
    connection: Reader, hall: str, now_us: int, rules: BookingRules
) -> list[tuple[NoteNoShow, tuple[RowWrite, ...]]]:
    """The commands to hand in when a day was closed or opened, each with its rows."""
    with translated():
        return [_noted(connection, hall, row, rules) for row in queries.ended(connection, hall, now_us, AT_ONCE)]


def _noted(
    connection: Reader, hall: str, row: Mapping[str, Any], rules: BookingRules
) -> tuple[NoteNoShow, tuple[RowWrite, ...]]:
    counted = had_day(connection, hall, row["business_day"])
    state = BookingState.NO_SHOW if counted else BookingState.LAPSED
    values = {**row, "state": str(state), "version": row["version"] + 1}
    command = NoteNoShow(
        booking=row["id"], content_hash=content_hash(values), version=values["version"], counted=counted
    )
    rows = [RowWrite("booking", values)]
    holder = queries.holder(connection, hall, row["holder"]) if counted and row["holder"] else None
    if holder is not None:
        missed = {
            "id": row["id"],
            "digest": holder["digest"],
            "at_us": row["begins_us"],
            "erase_after_us": row["begins_us"] + rules.no_show_days * DAY_US,
        }
        rows.append(RowWrite("no_show", missed))
    return command, tuple(rows)
