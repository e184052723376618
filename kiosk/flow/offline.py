"""Numbers without the server: asked of the kiosk's own outbox, shown and printed as what they are (DESIGN 4.10)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from kiosk.flow import state as at
from kiosk.flow.events import PlaySound, ReportHealth, Ticket
from kiosk.flow.moves import Handled, enter, forget_person
from kiosk.flow.offline_events import (
    LetterKnown,
    OfflineFailed,
    OfflineGiven,
    OutboxChanged,
    PaperMissing,
    TakeOffline,
)
from kiosk.flow.slips import print_slip
from kiosk.flow.state import Slip

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting

WITHOUT_WORD = "no_word"
"""Code of a slip whose fate nobody told."""


OwnEvent = OfflineGiven | OfflineFailed | PaperMissing | OutboxChanged | LetterKnown


def outbox_told(sitting: Sitting, event: OwnEvent) -> Handled:
    """The outbox's word."""
    match event:
        case OfflineGiven():
            return offline_given(sitting, event)
        case OfflineFailed():
            return offline_failed(sitting, event)
        case PaperMissing():
            return paper_missing(sitting, event)
        case OutboxChanged():
            return outbox_changed(sitting, event)
        case LetterKnown(letter=letter):
            return replace(sitting, world=replace(sitting.world, letter=letter)), ()
        case _:
            assert_never(event)


def take_offline(sitting: Sitting, asking: at.Asking) -> Handled:
    """A number of the kiosk's own for the very same press: what the server may have made of it gives way to the paper.

    The card's person is let go: nobody can be looked up, and nothing of a person is kept on this disk.
    """
    wish = asking.wish
    effect = TakeOffline(
        key=asking.key,
        kind="general" if wish.kind == "booked" else wish.kind,  # the window looks the booking up
        matters=(wish.matter,) if wish.matter else (),
        language=asking.language,
        grant=wish.grant,
        letter=sitting.world.letter or sitting.rules.letter,
        clock_doubt=sitting.world.clock_doubt,
    )
    sitting, forgotten = forget_person(sitting)
    presses = (*sitting.own_presses, asking.key)[-at.OWN_PRESSES_MAX :]
    asked = replace(sitting, own_presses=presses)
    return enter(asked, replace(asking, person=None, offline=True)), (*forgotten, effect)


def offline_given(sitting: Sitting, event: OfflineGiven) -> Handled:
    """On disk: on to paper. Nobody waits for it any more only when the disk took longer than a person does."""
    match sitting.place:
        case at.Asking(key=key, wish=wish) if key == event.key:
            pass
        case at.AtServerTrouble(at.Asking(key=key, wish=wish)) if key == event.key:
            pass
        case _:
            return sitting, ()
    slip = own_slip(event, wish.matter)
    since_s = sitting.world.now_s - sitting.rules.many_within_s
    recent = tuple(moment for moment in sitting.numbers_s if moment > since_s)
    return print_slip(replace(sitting, numbers_s=(*recent, sitting.world.now_s), trail=()), slip, event.key)


def offline_failed(sitting: Sitting, event: OfflineFailed) -> Handled:
    """Neither server nor disk: the one time that no number can be given. 再试一次 is the same press."""
    match sitting.place:
        case at.Asking(key=key) as asking if key == event.key:
            presses = tuple(press for press in sitting.own_presses if press != key)
            failed = replace(sitting, own_presses=presses)
            return enter(failed, at.AtServerTrouble(replace(asking, offline=False))), (PlaySound(sound="trouble"),)
        case _:
            return sitting, ()


def paper_missing(sitting: Sitting, event: PaperMissing) -> Handled:
    """The kiosk was stopped between disk and paper: the number exists, says so, and can be printed again."""
    if not isinstance(sitting.place, at.AtHome):
        return sitting, ()
    slip = own_slip(event, event.matter)
    begun = replace(sitting, world=replace(sitting.world, now_s=max(event.now_s, sitting.world.now_s)))
    return enter(begun, at.AtPrinterTrouble(slip, WITHOUT_WORD, "unknown")), ()


def own_slip(given: OfflineGiven | PaperMissing, matter: str) -> Slip:
    matters = (matter,) if matter else ()
    ticket = Ticket(id="", number=given.number, track=given.track, issued_at=given.issued_at, matters=matters)
    return Slip(ticket=ticket, ahead=None, wait=None, press=given.key)


def outbox_changed(sitting: Sitting, event: OutboxChanged) -> Handled:
    told = (event.state, event.code, event.count)
    if sitting.world.outbox == told:
        return sitting, ()
    changed = replace(sitting, world=replace(sitting.world, outbox=told))
    return changed, (ReportHealth(part="outbox", state=event.state, code=event.code, count=event.count),)
