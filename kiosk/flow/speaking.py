"""朗读: which page can be read aloud, when the voice begins by itself, when it falls silent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from kiosk.flow import state as at
from kiosk.flow.events import Effect, ReadAloud, ReadAloudEnded, StopReading
from kiosk.flow.state import Spoken

if TYPE_CHECKING:
    from kiosk.flow.moves import Handled
    from kiosk.flow.state import Sitting


def page_spoken(sitting: Sitting) -> Spoken | None:
    """The present page's clip; None where there is none or where its words would not be true now."""
    page = _page(sitting)
    spoken = Spoken(page, sitting.modes.language)
    return spoken if page and spoken in sitting.world.voice else None


def read_or_stop(sitting: Sitting) -> Handled:
    """The key 朗读: a second press stops."""
    if sitting.reading is not None:
        return replace(sitting, reading=None), (StopReading(),)
    return _begin(sitting, page_spoken(sitting))


def reading_ended(sitting: Sitting, event: ReadAloudEnded) -> Sitting:
    """The clip came to its end, unless another one has begun since."""
    ended = sitting.reading is not None and sitting.reading.screen == event.screen
    return replace(sitting, reading=None) if ended else sitting


def follow_page(before: Sitting, after: Sitting) -> Handled:
    """A page that was left is no longer read; in elder mode a new one is read by itself, once."""
    page = page_spoken(after)
    effects: tuple[Effect, ...] = ()
    left = after.reading != page or (before.modes.elder and not after.modes.elder)
    if after.reading is not None and left:
        after, effects = replace(after, reading=None), (StopReading(),)
    new = page != page_spoken(before) or not before.modes.elder
    if not (after.modes.elder and new) or isinstance(after.place, at.AtPrinting):  # that one is gone in a second
        return after, effects
    begun, more = _begin(after, page)
    return begun, (*effects, *more)


def _begin(sitting: Sitting, page: Spoken | None) -> Handled:
    if page is None:
        return sitting, ()
    return replace(sitting, reading=page), (ReadAloud(screen=page.screen, language=page.language),)


def _page(sitting: Sitting) -> str:  # noqa: C901, PLR0912 - one line a place
    """A screen's name of ``screens.py``; empty where the clip would say what is not so."""
    world = sitting.world
    match sitting.place:
        case at.AtHome():
            return "home" if world.hall is None or world.issuing else "night"
        case at.AtChoose() | at.AtSearch() | at.AtDepartments() | at.AtMatters() | at.AtGuide():
            return _finding_page(sitting) if world.issuing and world.index is not None else ""
        case at.AtCard():
            return "" if world.reader == "down" else "card"
        case at.AtBooked() | at.AtBookingTrouble():
            return ""
        case at.AtPrivacy():
            return "privacy"
        case at.AtGrounds():
            return ""
        case at.AtBrake():
            return "brake"
        case at.Asking() | at.AskingReprint() | at.AskingTrack() | at.AskingRejoin() | at.AskingAdd():
            return ""
        case at.AtPrinting():
            return "printing"
        case at.AtDone(added=added):
            return "" if added else "done"
        case at.AtNoPaper():
            return "nopaper"
        case at.AtPrinterTrouble():
            return "printer"
        case at.AtServerTrouble(retry):
            return "server" if retry else ""
        case at.AtAlready():
            return "already"
        case at.AtHelp():
            return "help" if sitting.help is not None and sitting.help.state in {"asked", "taken"} else ""
        case at.AtStill():
            return "still"
        case at.AtMyNumber():
            return "mine"
        case at.AtScanTrouble(say_key):
            return "scan" if say_key == "scan.unknown" else ""
        case at.AtNotice(stage=stage):
            return "notice" if stage == "printed" else ""
        case _:
            assert_never(sitting.place)


def _finding_page(sitting: Sitting) -> str:
    match sitting.place:
        case at.AtSearch():
            return "search"
        case at.AtDepartments():
            return "departments"
        case at.AtMatters():
            return "matters"
        case at.AtGuide():
            return "guide"
        case _:
            return "choose"
