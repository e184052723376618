"""A code was scanned: what it is, how its number stands (我的号), rejoining."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.events import CodeScanned, PlaySound, ScanFailed
from kiosk.flow.kept_events import AskRejoin, AskTrack, TicketActed, TrackGiven
from kiosk.flow.moves import Handled, enter, open_page
from kiosk.flow.state import Slip
from kiosk.flow.texts import wait_range

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting

_TRACK = re.compile(r"(?:^|/t/)([0-9A-Z]{4,16})/?$", re.IGNORECASE)
"""A slip's code alone, or the address in its QR (``view.track_address``). Some scanners type small letters."""
OPEN_TO_SCANS = (
    at.AtHome, at.AtChoose, at.AtSearch, at.AtDepartments, at.AtMatters, at.AtGuide, at.AtCard, at.AtPrivacy,
    at.AtMyNumber, at.AtScanTrouble, at.AtDone, at.AtBooked, at.AtBookingTrouble,
)  # fmt: skip
"""Elsewhere something is under way or asks for an answer."""


@dataclass(frozen=True, slots=True)
class TrackCode:
    """The code of a slip of this hall, perhaps of another day."""

    code: str


def read_code(text: str) -> TrackCode | None:
    """What was scanned; None for anything that is not ours. A booking's code is told apart before, by its ``YY-``."""
    found = _TRACK.search(text.strip())
    return TrackCode(found[1].upper()) if found else None


def code_scanned(sitting: Sitting, event: CodeScanned) -> Handled:
    """The slip's number, unless the screen is busy with something else."""
    if not isinstance(sitting.place, OPEN_TO_SCANS):
        return sitting, ()
    heard = _sat_down(sitting)
    match read_code(event.text):
        case TrackCode(code):
            return _ask(heard, event.key, code)
        case None:
            return _trouble(heard, "scan.unknown")


def scan_failed(sitting: Sitting, event: ScanFailed) -> Handled:
    """Too long is a code of somebody else's (health, payment); the rest was held badly."""
    if not isinstance(sitting.place, OPEN_TO_SCANS):
        return sitting, ()
    return _trouble(_sat_down(sitting), "scan.unknown" if event.code == "too_long" else "scan.again")


def _sat_down(sitting: Sitting) -> Sitting:
    """A scan is something that a person did, as a touch is."""
    return replace(sitting, touched_s=sitting.world.now_s)


def _ask(sitting: Sitting, key: str, code: str) -> Handled:
    asking = at.AskingTrack(key, code)
    return _over(sitting, asking), (AskTrack(key=key, code=code),)


def _trouble(sitting: Sitting, say_key: str) -> Handled:
    return _over(sitting, at.AtScanTrouble(say_key)), (PlaySound(sound="trouble"),)


def _over(sitting: Sitting, place: at.Place) -> Sitting:
    """Over the page that stands there; what an earlier scan brought is replaced."""
    if isinstance(sitting.place, at.AtMyNumber | at.AtScanTrouble | at.AtDone):
        return enter(sitting, place)
    return open_page(sitting, place)


def track_given(sitting: Sitting, event: TrackGiven) -> Handled:
    match sitting.place:
        case at.AskingTrack(key) if key == event.key:
            wait = wait_range(event.forecast)
            slip = Slip(
                ticket=event.ticket, ahead=event.ahead, wait=wait, copy=event.ticket.copies, booking=event.booking
            )
            mine = at.AtMyNumber(slip, event.window, event.rejoins_left)
            return enter(sitting, mine), ()
        case _:
            return sitting, ()


def track_refused(sitting: Sitting, key: str, *, silent: bool) -> Handled:
    """No such number today, or nobody answered."""
    match sitting.place:
        case at.AskingTrack(asked) if asked == key:
            say_key = "scan.silent" if silent else "scan.unknown"
            return enter(sitting, at.AtScanTrouble(say_key)), (PlaySound(sound="trouble"),)
        case _:
            return sitting, ()


def ask_rejoin(sitting: Sitting, key: str, place: at.AtMyNumber) -> Handled:
    """重新排队: behind the next few, as the hall's rule is."""
    ticket = place.slip.ticket
    effect = AskRejoin(key=key, ticket=ticket.id, track=ticket.track)
    return enter(sitting, at.AskingRejoin(key, place)), (effect,)


def rejoin_given(sitting: Sitting, event: TicketActed) -> Handled:
    match sitting.place:
        case at.AskingRejoin(key, mine) if key == event.key:
            wait = wait_range(event.forecast)
            slip = replace(mine.slip, ticket=event.ticket, ahead=event.ahead, wait=wait)
            back = at.AtMyNumber(slip, None, max(0, mine.rejoins_left - 1))
            return enter(sitting, back), (PlaySound(sound="number"),)
        case _:
            return sitting, ()


def rejoin_refused(sitting: Sitting, key: str, say: str) -> Handled:
    """The server's own sentence; it stays missed."""
    match sitting.place:
        case at.AskingRejoin(asked, mine) if asked == key:
            return enter(sitting, replace(mine, say=say)), (PlaySound(sound="trouble"),)
        case _:
            return sitting, ()


def rejoin_silent(sitting: Sitting, key: str) -> Handled:
    match sitting.place:
        case at.AskingRejoin(asked) if asked == key:
            return enter(sitting, at.AtScanTrouble("scan.silent")), (PlaySound(sound="trouble"),)
        case _:
            return sitting, ()
