"""The sitting: a state machine over events. ``step`` is the only way a sitting changes.

Pure: the same sitting and event always give the same new sitting and effects. What a key does at a place stands in
``presses.TABLE``; a key that the place does not list (``keys.keys_of``) does nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from kiosk.flow import events as ev
from kiosk.flow import state as at
from kiosk.flow.helping import help_changed
from kiosk.flow.moves import Handled, enter
from kiosk.flow.numbers import card_read, reprint_given, server_silent, ticket_given, ticket_refused
from kiosk.flow.passing import time_passed
from kiosk.flow.presses import pressed
from kiosk.flow.search import MatterIndex, index_catalogue
from kiosk.flow.slips import printer_changed, slip_told
from kiosk.flow.speaking import follow_page, reading_ended
from kiosk.flow.state import FlowRules, Place, Sitting


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
        case ev.CardRead(person=person, key=key):
            felt = replace(sitting, world=replace(world, card_on=True), touched_s=world.now_s)
            read, effects = card_read(felt, person, key)
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
            return slip_told(sitting, event)
        case ev.HelpChanged():
            return help_changed(sitting, event)
        case ev.PrinterHealth():
            return printer_changed(sitting, event)
        case ev.ReaderHealth(state=state, code=code):
            told = ev.ReportHealth(part="reader", state=state, code=code)
            changed = replace(sitting, world=replace(world, reader=state, reader_code=code))
            return changed, (() if (world.reader, world.reader_code) == (state, code) else (told,))
        case ev.HallChanged(hall=hall):
            return replace(sitting, world=replace(world, hall=hall)), ()
        case ev.CatalogueChanged(catalogue=catalogue):
            return _catalogue_changed(sitting, index_catalogue(catalogue)), ()
        case ev.VoiceChanged(clips=clips):
            return replace(sitting, world=replace(world, voice=frozenset(at.Spoken(*clip) for clip in clips))), ()
        case ev.ReadAloudEnded():
            return reading_ended(sitting, event), ()
        case ev.LinkChanged(online=online):
            return replace(sitting, world=replace(world, link="online" if online else "offline")), ()
        case _:
            assert_never(event)


def _catalogue_changed(sitting: Sitting, index: MatterIndex) -> Sitting:
    """A page about a matter or department that is gone becomes the choice; under another page it is left out."""

    def gone(page: Place) -> bool:
        match page:
            case at.AtGuide(code):
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
    if not isinstance(sitting.place, at.AtCard):
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
