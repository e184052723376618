"""The closing slip: when the day is closed, the kiosk that the settings name prints its counts and its anchor, once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.events import ClosingRemembered, PrintSlip, RememberClosing, SlipNotPrinted, SlipPrinted, SlipUnknown
from kiosk.flow.slips import NO_STATUS
from kiosk.flow.texts import format_taken

if TYPE_CHECKING:
    from kiosk.flow.moves import Handled
    from kiosk.flow.slips import SlipFate
    from kiosk.flow.state import Sitting
    from queue_server.wire import ClosedDay, HallState

TRIES_MAX = 3
"""The same slip twice does no harm, but not all night."""


def closing_remembered(sitting: Sitting, event: ClosingRemembered) -> Handled:
    return print_closing(replace(sitting, closing=replace(sitting.closing, printed=event.anchor)))


def print_closing(sitting: Sitting) -> Handled:
    """Print it if it is wanted, not on paper yet, and the printer can; else nothing. Asked on each change."""
    hall, closing = sitting.world.hall, sitting.closing
    day = hall.closed if hall is not None else None
    if hall is None or day is None or not day.anchor:
        return (replace(sitting, closing=replace(closing, tries=0)) if closing.tries else sitting), ()
    done = closing.printed == day.anchor or closing.tries >= TRIES_MAX
    if not sitting.rules.closing_slip or done or closing.key or not _can_print(sitting):
        return sitting, ()
    key = f"closing-{day.anchor[:16]}-{closing.tries}"
    serial = sitting.slips + 1
    under_way = replace(sitting, slips=serial, closing=replace(closing, key=key, tries=closing.tries + 1))
    return under_way, (PrintSlip(key=key, layout="closing", values=closing_values(sitting, hall, day, serial)),)


def _can_print(sitting: Sitting) -> bool:
    """``unknown`` is a printer that was not heard yet, unless it is one that cannot be asked at all."""
    world = sitting.world
    return world.printer in {"ok", "degraded"} or (world.printer == "unknown" and world.printer_code == NO_STATUS)


def closing_told(sitting: Sitting, event: SlipFate) -> Handled:
    """On paper: remembered. Not: tried again at the printer's next change for the better."""
    closing, hall = sitting.closing, sitting.world.hall
    told = replace(sitting, closing=replace(closing, key=""))
    anchor = hall.closed.anchor if hall is not None and hall.closed is not None else ""
    match event:
        case SlipPrinted():
            pass
        case SlipUnknown(code=code) if code == NO_STATUS:
            pass
        case SlipUnknown() | SlipNotPrinted():
            return told, ()
    if not anchor:
        return told, ()
    return replace(told, closing=replace(told.closing, printed=anchor)), (RememberClosing(anchor=anchor),)


def closing_values(sitting: Sitting, hall: HallState, day: ClosedDay, serial: int) -> tuple[tuple[str, object], ...]:
    """What the layout ``closing`` is filled with."""
    zone = sitting.rules.zone
    values: dict[str, object] = {
        "hall": hall.hall,
        "day": day.business_day,
        "opened": format_taken(day.opened_at, zone) if day.opened_at else None,
        "closed": format_taken(day.closed_at, zone),
        "rows": day.rows,
        "anchor": day.anchor,
        "issued": day.issued,
        "served": day.served,
        "missed": day.missed,
        "left": day.left,
        "copies": day.copies,
        "first_number": day.first_number,
        "last_number": day.last_number,
        "training": hall.training,
        "kiosk": sitting.rules.kiosk,
        "serial": serial,
    }
    return tuple(values.items())
