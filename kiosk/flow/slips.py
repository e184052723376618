"""The slip: its values, its fate, and the page that follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from kiosk.flow import state as at
from kiosk.flow.events import (
    PlaySound,
    PrinterHealth,
    PrintSlip,
    ReportHealth,
    ReportPrinted,
    SlipNotPrinted,
    SlipPrinted,
    SlipUnknown,
)
from kiosk.flow.moves import Handled, enter
from kiosk.flow.offline_events import NotePaper
from kiosk.flow.texts import format_taken, format_windows
from kiosk.flow.view import labels_of, matters_of, track_address

if TYPE_CHECKING:
    from kiosk.flow.state import Place, Sitting, Slip, World
    from queue_server.wire import BookedSlot

HALL = "政务服务大厅"
"""Head of the slip until the kiosk knows its hall's name."""
MISSED = (3, 2)
"""The rule for missed numbers until the hall's own is known: its default (norms)."""
UNDER_WAY_MAX = 8
"""Slips whose fate is awaited; the printer has one in flight, so more would be an error elsewhere."""
PAPER = "paper_end"
NO_STATUS = "no_status"
"""The printer cannot be asked: the slip is as good as printed, and the page of the number offers 补打 anyhow."""
ANSWERS_AT_ONCE = frozenset({PAPER, "cover_open", "cutter_error", "head_hot", "offline", "broken"})
"""The printer itself says these, also to the next slip, within a moment. Other codes of a printer that is down mean
that nobody answers: waiting for a slip would only keep the resident waiting."""

Result = Literal["printed", "not_printed", "unknown"]
SlipFate = SlipPrinted | SlipNotPrinted | SlipUnknown


def slip_values(sitting: Sitting, slip: Slip, serial: int) -> tuple[tuple[str, object], ...]:
    """What the layout is filled with; None leaves its line out. No name, no document number is ever among them."""
    hall, index, codes = sitting.world.hall, sitting.world.index, slip.ticket.matters
    open_matters = [matter for matter in matters_of(sitting, codes) if not matter.sensitive]
    bring = "、".join(dict.fromkeys(each.name for matter in open_matters for each in matter.materials))
    values: dict[str, object] = {
        "hall": hall.hall if hall else HALL,
        "centre": hall.centre if hall else "",
        "number": slip.ticket.number,
        "matter": "、".join(labels_of(sitting, codes)) or None,
        "ahead": slip.ahead,
        "wait": slip.wait.text if slip.wait else None,
        "windows": (format_windows(hall.open_windows) if hall else "") or None,
        "taken": _taken(sitting, slip),
        "bring": bring or None,
        "missed_after": hall.missed_after if hall else MISSED[0],
        "missed_times": hall.missed_times if hall else MISSED[1],
        "qr": track_address(hall.public_url if hall else "", slip.ticket.track) or None,
        "track": slip.ticket.track or None,
        "phone": (hall.phone if hall else "") or None,
        "kiosk": sitting.rules.kiosk,
        "serial": serial,
        "language": sitting.modes.language,
        "copy": slip.copy or None,
        "training": bool(hall and hall.training),
        "notice": index is not None and not bring,
    }
    if slip.booking is not None and _layout(slip) == "booking":
        values |= _slot_values(slip, slip.booking)
    return tuple(values.items())


def _slot_values(slip: Slip, booking: BookedSlot) -> dict[str, object]:
    """For who is early the slot is the promise, no wait is told."""
    wait = None if booking.early or slip.wait is None else slip.wait.text
    start = booking.begins if booking.early else None
    return {
        "slot": f"{booking.begins}–{booking.ends}",
        "slot_start": start,
        "slot_ahead": booking.ahead,
        "slot_wait": wait,
    }


def _taken(sitting: Sitting, slip: Slip) -> str | None:
    """Time of taking; none on paper while the hall's clock is in doubt (DESIGN 4.5)."""
    if sitting.world.clock_doubt or slip.ticket.issued_at is None:
        return None
    return format_taken(slip.ticket.issued_at, sitting.rules.zone)


def link_down(world: World) -> bool:
    """The printer is known to be away."""
    return world.printer == "down" and world.printer_code not in ANSWERS_AT_ONCE


def _layout(slip: Slip) -> str:
    if slip.press:
        return "offline"
    if slip.booking is not None and not slip.booking.late:
        return "booking"
    return "reprint" if slip.copy else "ticket"


def print_slip(sitting: Sitting, slip: Slip, key: str) -> Handled:
    """The number is kept and shown; the slip goes to the printer under the key of the press.

    Where the printer is known to be away the page says so at once; should the slip come all the same, it says that.
    """
    serial = sitting.slips + 1
    layout = _layout(slip)
    effect = PrintSlip(key=key, layout=layout, values=slip_values(sitting, slip, serial))
    under_way = (*sitting.under_way, (key, slip))[-UNDER_WAY_MAX:]
    printing = replace(sitting, slips=serial, under_way=under_way, trail=())
    if link_down(sitting.world):
        away = at.AtPrinterTrouble(slip, sitting.world.printer_code, pending=key)
        return enter(printing, away), (effect, PlaySound(sound="trouble"))
    return enter(printing, at.AtPrinting(key, slip)), (effect, PlaySound(sound="number"))


def slip_told(sitting: Sitting, event: SlipFate) -> Handled:
    """The printer's word: reported to the server, and the page of the resident who waits for it."""
    slip = dict(sitting.under_way).get(event.key)
    if slip is None:
        return sitting, ()
    rest = tuple(pair for pair in sitting.under_way if pair[0] != event.key)
    result, place = _outcome(event, slip)
    report = _fate_of(slip, f"{event.key}-slip", result)
    moved = _show_outcome(replace(sitting, under_way=rest), slip, place, result)
    return moved, (report,) if isinstance(place, at.AtDone) else (report, PlaySound(sound="trouble"))


def _fate_of(slip: Slip, key: str, result: Result) -> ReportPrinted | NotePaper:
    """For the server; of a number that it does not know yet, for the outbox, which tells it when it is handed in."""
    if slip.press:
        return NotePaper(key=key, press=slip.press, result=result, copy=slip.copy)
    return ReportPrinted(key=key, ticket=slip.ticket.id, result=result, copy=slip.copy)


def _outcome(event: SlipFate, slip: Slip) -> tuple[Result, Place]:
    match event:
        case SlipPrinted():
            return "printed", at.AtDone(slip)
        case SlipNotPrinted(code=code) if code == PAPER:
            return "not_printed", at.AtNoPaper(slip)
        case SlipNotPrinted(code=code):
            return "not_printed", at.AtPrinterTrouble(slip, code)
        case SlipUnknown(code=code) if code == NO_STATUS:
            return "unknown", at.AtDone(slip)
        case SlipUnknown(code=code):
            return "unknown", at.AtPrinterTrouble(slip, code, "unknown")


def _show_outcome(sitting: Sitting, slip: Slip, place: Place, result: Result) -> Sitting:
    """Where this slip is waited for: the present page, or the one under 找人帮忙. Elsewhere nothing changes."""

    def waits(page: Place) -> bool:
        match page:
            case at.AtPrinting():
                return page.slip is slip
            case at.AtDone():
                return page.slip is slip and not isinstance(place, at.AtDone)
            case at.AtPrinterTrouble(pending=pending):
                return page.slip is slip and bool(pending)
            case _:
                return False

    def told(page: Place) -> Place:
        """That it did not come was said already when the link was lost."""
        if isinstance(page, at.AtPrinterTrouble) and result == "not_printed":
            return replace(page, pending="")
        return place

    if waits(sitting.place):
        after = told(sitting.place)
        same = type(after) is type(sitting.place)
        return replace(sitting, place=after) if same else enter(sitting, after)
    return replace(sitting, trail=tuple(told(page) if waits(page) else page for page in sitting.trail))


def printer_changed(sitting: Sitting, event: PrinterHealth) -> Handled:
    """Staff see it; a resident who still stands before a slip that failed is offered 补打.

    One whose slip the printer has no longer waits in vain when the printer went away.
    """
    before = (sitting.world.printer, sitting.world.printer_code)
    world = replace(sitting.world, printer=event.state, printer_code=event.code)
    changed = replace(sitting, world=world)
    told = () if before == (event.state, event.code) else (_report(event),)
    place = _page_now(sitting.place, changed, was_down=before[0] == "down")
    trail = tuple(_page_now(page, changed, was_down=before[0] == "down") for page in sitting.trail)
    changed = replace(changed, trail=trail)
    if place is sitting.place:
        return changed, told
    sound = (PlaySound(sound="trouble"),) if isinstance(sitting.place, at.AtPrinting) else ()
    return enter(changed, place), (*told, *sound)


def _page_now(page: Place, sitting: Sitting, *, was_down: bool) -> Place:
    """What a page about a slip becomes with the printer's new state."""
    world = sitting.world
    works = was_down and world.printer in {"ok", "degraded"}
    match page:
        case at.AtPrinting(key, slip) if link_down(world):
            return at.AtPrinterTrouble(slip, world.printer_code, pending=key)
        case at.AtPrinterTrouble(slip, pending=pending) if works and pending:
            return at.AtPrinting(pending, slip)
        case at.AtNoPaper(slip) | at.AtPrinterTrouble(slip) if works:
            return at.AtPrinterTrouble(slip, "", "ready")
        case _:
            return page


def _report(event: PrinterHealth) -> ReportHealth:
    return ReportHealth(part="printer", state=event.state, code=event.code)
