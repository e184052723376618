"""Somebody who holds a number today already: the matter just chosen goes onto it, or the new number is given back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.events import CancelTicket, PlaySound
from kiosk.flow.kept_events import AddMatter
from kiosk.flow.moves import Handled, enter
from kiosk.flow.state import Slip
from kiosk.flow.texts import wait_range

if TYPE_CHECKING:
    from kiosk.flow.kept_events import TicketActed
    from kiosk.flow.screens import AddTrouble
    from kiosk.flow.state import Sitting

TAKES_MATTERS = frozenset({"waiting", "serving"})
"""States of a number that takes a further matter. One that was just called has the window for that."""
REFUSED: dict[str, AddTrouble] = {"wrong_state": "over", "not_found": "over", "limit_reached": "full"}
"""What the server's codes mean here; any other is ``refused``."""


def may_add(place: at.AtAlready) -> bool:
    """The matter just chosen is not on the number held, and nothing is known that stands against it."""
    wanted = place.wish.matter
    if not wanted or wanted in place.held.matters or place.held.state not in TAKES_MATTERS:
        return False
    return place.trouble in {None, "silent"}


def add_matter(sitting: Sitting, key: str, place: at.AtAlready) -> Handled:
    """Ask for it; again after a silence it is the same press."""
    asked = place.adding or key
    effect = AddMatter(key=asked, ticket=place.held.id, track=place.held.track, matter=place.wish.matter)
    return enter(sitting, at.AskingAdd(asked, place)), (effect,)


def matter_added(sitting: Sitting, event: TicketActed) -> Handled:
    """The number stays with its place; the new one beside it is given back."""
    place = _added_to(sitting, event.key)
    if place is None:
        return sitting, ()
    ticket = event.ticket
    slip = Slip(ticket=ticket, ahead=event.ahead, wait=wait_range(event.forecast), copy=ticket.copies)
    done = enter(replace(sitting, trail=()), at.AtDone(slip, added=place.wish.matter))
    return done, (*give_back(place, event.key), PlaySound(sound="number"))


def add_refused(sitting: Sitting, key: str, code: str) -> Handled:
    return _not_added(sitting, key, REFUSED.get(code, "refused"))


def add_silent(sitting: Sitting, key: str) -> Handled:
    """It may have reached the server: the same press may be tried again."""
    return _not_added(sitting, key, "silent")


def give_back(place: at.AtAlready, key: str) -> tuple[CancelTicket, ...]:
    """The number that was made beside the one held is not wanted."""
    if place.new is None:
        return ()
    ticket = place.new.ticket
    return (CancelTicket(key=f"{key}-gone", ticket=ticket.id, track=ticket.track),)


def _added_to(sitting: Sitting, key: str) -> at.AtAlready | None:
    """Whose question this answers, also when the screen gave up waiting a moment ago."""
    match sitting.place:
        case at.AskingAdd(asked, place) if asked == key:
            return place
        case at.AtAlready(adding=asked) as place if asked == key:
            return place
        case _:
            return None


def _not_added(sitting: Sitting, key: str, trouble: AddTrouble) -> Handled:
    match sitting.place:
        case at.AskingAdd(asked, place) if asked == key:
            told = replace(place, trouble=trouble, adding=key)
            return enter(sitting, told), (PlaySound(sound="trouble"),)
        case _:
            return sitting, ()
