"""What time does to a sitting: countdowns, the warning, answers that never came."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.already import give_back
from kiosk.flow.events import Asked, Effect, ReportHealth, ServerSilent, SlipUnknown, Tick
from kiosk.flow.helping import poll_help
from kiosk.flow.moves import Handled, end_sitting, enter, open_page
from kiosk.flow.notices import notice_passed
from kiosk.flow.numbers import many_numbers, server_silent
from kiosk.flow.offline import offline_failed
from kiosk.flow.offline_events import OfflineFailed
from kiosk.flow.screens import Modes
from kiosk.flow.slips import slip_told
from kiosk.flow.view import done_limit_s

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting

ASKED: dict[type[at.Place], Asked] = {
    at.AskingReprint: "reprint",
    at.AskingTrack: "track",
    at.AskingRejoin: "rejoin",
    at.AskingAdd: "add",
}


def time_passed(sitting: Sitting, event: Tick) -> Handled:
    world = replace(sitting.world, now_s=event.now_s, at=event.at)
    ticked = replace(sitting, world=world)
    ticked, asked = poll_help(ticked)
    ticked, freed = _release_brake(ticked)
    ticked, effects = _place_passed(ticked)
    return ticked, (*asked, *freed, *effects)


def _release_brake(sitting: Sitting) -> Handled:
    if not sitting.braked or many_numbers(sitting):
        return sitting, ()
    return replace(sitting, braked=False), (ReportHealth(part="brake", state="ok"),)


def _place_passed(sitting: Sitting) -> Handled:
    rules = sitting.rules
    stood_s = sitting.world.now_s - sitting.entered_s
    match sitting.place:
        case at.AtHome():
            return _home_passed(sitting), ()
        case at.Asking() as asking:
            return _never_answered(sitting, asking) if stood_s > rules.asking_max_s else (sitting, ())
        case at.AskingReprint(key) | at.AskingTrack(key) | at.AskingRejoin(key) | at.AskingAdd(key):
            lost = ServerSilent(key=key, asked=ASKED[type(sitting.place)])
            return server_silent(sitting, lost) if stood_s > rules.asking_max_s else (sitting, ())
        case at.AtNotice() as notice:
            return notice_passed(sitting, notice, stood_s)
        case at.AtPrinting(key):
            unknown = SlipUnknown(key=key, code="no_word")
            return slip_told(sitting, unknown) if stood_s > rules.printing_max_s else (sitting, ())
        case at.AtDone():
            return end_sitting(sitting) if stood_s >= done_limit_s(sitting) else (sitting, ())
        case at.AtNoPaper() | at.AtPrinterTrouble() | at.AtServerTrouble() | at.AtScanTrouble() | at.AtBookingTrouble():
            return end_sitting(sitting) if stood_s >= rules.trouble_s else (sitting, ())
        case at.AtHelp():
            return end_sitting(sitting) if stood_s >= rules.help_max_s else (sitting, ())
        case at.AtStill():
            return _leave(sitting) if stood_s >= rules.warning_s else (sitting, ())
        case _:
            idle_s = sitting.world.now_s - max(sitting.touched_s, sitting.entered_s)
            return (open_page(sitting, at.AtStill()) if idle_s >= page_s(sitting) else sitting), ()


def _never_answered(sitting: Sitting, asking: at.Asking) -> Handled:
    if asking.offline:
        return offline_failed(sitting, OfflineFailed(key=asking.key))
    return server_silent(sitting, ServerSilent(key=asking.key, asked="ticket"))


def page_s(sitting: Sitting) -> float:
    return sitting.rules.page_elder_s if sitting.modes.elder else sitting.rules.page_s


def _leave(sitting: Sitting) -> Handled:
    """Nobody answered the warning; a number that a question still waited on is given back."""
    under = sitting.trail[-1] if sitting.trail else None
    effects: tuple[Effect, ...] = ()
    if isinstance(under, at.AtAlready):
        effects = give_back(under, f"{under.held.id}-idle")
    home, more = end_sitting(sitting)
    return home, (*effects, *more)


def _home_passed(sitting: Sitting) -> Sitting:
    """Language, type size and keys go back by themselves."""
    if sitting.modes == Modes() or sitting.world.now_s - sitting.touched_s < page_s(sitting):
        return sitting
    return enter(replace(sitting, modes=Modes()), at.AtHome())
