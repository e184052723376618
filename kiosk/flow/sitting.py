"""The sitting: a state machine over events. ``step`` is the only way a sitting changes.

Pure: the same sitting and event always give the same new sitting and effects. What a key does at a place stands in
``presses.TABLE``; a key that the place does not list (``keys.keys_of``) does nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import state as at
from kiosk.flow.already import matter_added
from kiosk.flow.bookings import scanned
from kiosk.flow.closings import closing_remembered, closing_told, print_closing
from kiosk.flow.helping import help_changed
from kiosk.flow.moves import Handled, enter
from kiosk.flow.notices import notice_told
from kiosk.flow.numbers import card_read, reprint_given, server_silent, ticket_given, ticket_refused
from kiosk.flow.offline import outbox_told
from kiosk.flow.passing import time_passed
from kiosk.flow.presses import pressed
from kiosk.flow.rules import FlowRules
from kiosk.flow.scans import rejoin_given, scan_failed, track_given
from kiosk.flow.search import MatterIndex, index_catalogue
from kiosk.flow.slips import printer_changed, slip_told
from kiosk.flow.speaking import follow_page, reading_ended
from kiosk.flow.state import Place, Sitting


def first_sitting(rules: FlowRules) -> Sitting:
    """Home, nothing known yet."""
    return Sitting(rules=rules)


def step(sitting: Sitting, event: ev.Event) -> Handled:
    """The sitting after ``event`` and what is to be done."""
    stepped, effects = _step(sitting, event)
    followed, spoken = follow_page(sitting, stepped)
    return followed, (*effects, *spoken)


def _step(sitting: Sitting, event: ev.Event) -> Handled:  # noqa: C901, PLR0912 - one line an event
    world = sitting.world
    match event:
        case ev.Pressed():
            return pressed(sitting, event)
        case ev.Tick():
            return time_passed(sitting, event)
        case ev.CardFelt() | ev.CardLifted() | ev.CardTrouble():
            return _card_moved(sitting, event), ()
        case ev.CardRead():
            felt = replace(sitting, world=replace(world, card_on=True), touched_s=world.now_s)
            read, effects = card_read(felt, event)
            return read, (ev.PlaySound(sound="card"), *effects)
        case ev.TicketGiven():
            return ticket_given(sitting, event)
        case ev.ReprintGiven():
            return reprint_given(sitting, event)
        case ev.TicketRefused():
            return ticket_refused(sitting, event)
        case ev.ServerSilent():
            return server_silent(sitting, event)
        case ev.SlipPrinted() | ev.SlipNotPrinted() | ev.SlipUnknown():
            return _paper_told(sitting, event)
        case ev.CodeScanned():
            return scanned(sitting, event)
        case ev.ScanFailed():
            return scan_failed(sitting, event)
        case kept.TrackGiven():
            return track_given(sitting, event)
        case kept.TicketActed():
            asked_back = isinstance(sitting.place, at.AskingRejoin)
            return rejoin_given(sitting, event) if asked_back else matter_added(sitting, event)
        case ev.ClosingRemembered():
            return closing_remembered(sitting, event)
        case ev.HelpChanged():
            return help_changed(sitting, event)
        case ev.PrinterHealth():
            changed, effects = printer_changed(sitting, event)
            closing, more = print_closing(changed)
            return closing, (*effects, *more)
        case ev.ReaderHealth(state=state, code=code):
            told = ev.ReportHealth(part="reader", state=state, code=code)
            changed = replace(sitting, world=replace(world, reader=state, reader_code=code))
            return changed, (() if (world.reader, world.reader_code) == (state, code) else (told,))
        case ev.ScannerHealth(state=state, code=code):
            told = ev.ReportHealth(part="scanner", state=state, code=code)
            changed = replace(sitting, world=replace(world, scanner=state, scanner_code=code))
            return changed, (() if (world.scanner, world.scanner_code) == (state, code) else (told,))
        case ev.HallChanged(hall=hall):
            return print_closing(replace(sitting, world=replace(world, hall=hall)))
        case ev.CatalogueChanged(catalogue=catalogue):
            return _catalogue_changed(sitting, index_catalogue(catalogue)), ()
        case ev.VoiceChanged(clips=clips):
            return replace(sitting, world=replace(world, voice=frozenset(at.Spoken(*clip) for clip in clips))), ()
        case ev.ReadAloudEnded():
            return reading_ended(sitting, event), ()
        case ev.LinkChanged(online=online):
            return replace(sitting, world=replace(world, link="online" if online else "offline")), ()
        case _:
            return outbox_told(sitting, event)


def _paper_told(sitting: Sitting, event: ev.SlipPrinted | ev.SlipNotPrinted | ev.SlipUnknown) -> Handled:
    """The printer's word, to whom it belongs: the closing slip, a number's slip, a notice."""
    if event.key == sitting.closing.key:
        return closing_told(sitting, event)
    if event.key in dict(sitting.under_way):
        return slip_told(sitting, event)
    return notice_told(sitting, event)


def _catalogue_changed(sitting: Sitting, index: MatterIndex) -> Sitting:
    """A page about a matter or department that is gone becomes the choice; under another page it is left out."""

    def gone(page: Place) -> bool:
        match page:
            case at.AtGuide(code) | at.AtNotice(matter=code):
                return code not in index.matters
            case at.AtMatters(code):
                return index.department(code) is None
            case _:
                return False

    changed = replace(sitting, world=replace(sitting.world, index=index))
    if gone(sitting.place):
        return enter(replace(changed, trail=(at.AtHome(),)), at.AtChoose())
    return replace(changed, trail=tuple(page for page in sitting.trail if not gone(page)))


def _card_moved(sitting: Sitting, event: ev.CardFelt | ev.CardLifted | ev.CardTrouble) -> Sitting:
    """The card's page says what the reader feels."""
    world = replace(sitting.world, card_on=not isinstance(event, ev.CardLifted))
    moved = replace(sitting, world=world)
    if not isinstance(sitting.place, at.AtCard | at.AtBooked):
        return moved
    match event:
        case ev.CardFelt():
            place = replace(sitting.place, reading=True, trouble_key="")
        case ev.CardTrouble():
            place = replace(sitting.place, reading=False, trouble_key="state.card_again")
        case ev.CardLifted():
            place = replace(sitting.place, reading=False)
        case _:
            assert_never(event)
    return replace(moved, place=place, touched_s=world.now_s)
