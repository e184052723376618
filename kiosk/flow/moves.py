"""Going from place to place: enter, open over another, back, home; and letting go of a card's person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.events import Effect, ForgetPerson, GiveUpTicket
from kiosk.flow.screens import Modes
from kiosk.flow.state import TRAIL_MAX, AtChoose, AtHome, AtSearch, AtServerTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.flow.state import Place, Sitting

Handled = tuple["Sitting", tuple[Effect, ...]]


def enter(sitting: Sitting, place: Place) -> Sitting:
    """Stand at ``place``; its countdown begins. Typing a letter does not count as another screen."""
    same = type(place) is type(sitting.place) or (
        isinstance(place, AtChoose | AtSearch) and isinstance(sitting.place, AtChoose | AtSearch)
    )
    return replace(sitting, place=place, entered_s=sitting.world.now_s, moved=sitting.moved or not same)


def open_page(sitting: Sitting, place: Place) -> Sitting:
    """Stand at ``place`` with the present one under it, where 返回 leads."""
    trail = (*sitting.trail, sitting.place)[-TRAIL_MAX:]
    return enter(replace(sitting, trail=trail), place)


def go_back(sitting: Sitting) -> Sitting:
    """To the page under this one; home when there is none."""
    if not sitting.trail:
        return enter(sitting, AtHome())
    return enter(replace(sitting, trail=sitting.trail[:-1]), sitting.trail[-1])


def go_home(sitting: Sitting) -> Handled:
    """Home in the same sitting: language and type size stay, what was entered is cleared.

    A press that the server left without answer is given up here: nobody will come with its number.
    """
    given_up = tuple(_given_up(sitting))
    sitting, effects = forget_person(sitting)
    return enter(replace(sitting, trail=(), card_note=""), AtHome()), (*effects, *given_up)


def _given_up(sitting: Sitting) -> Iterator[GiveUpTicket]:
    for page in (*sitting.trail, sitting.place):
        if isinstance(page, AtServerTrouble) and page.retry is not None:
            asked, wish = page.retry, page.retry.wish
            matters = (wish.matter,) if wish.matter else ()
            yield GiveUpTicket(
                key=asked.key, kind=wish.kind, matters=matters, language=asked.language, grant=wish.grant,
                booking=wish.booking or None,
            )  # fmt: skip


def end_sitting(sitting: Sitting) -> Handled:
    """Home for the next resident: nothing of this one is left. A call for help stays with the staff."""
    sitting, effects = go_home(replace(sitting, modes=Modes()))
    call = sitting.help if sitting.help and sitting.help.ending else None
    return replace(sitting, help=call), effects


def remember_person(sitting: Sitting, person: str | None) -> Handled:
    """Keep the card's token for this sitting; an older one is let go. None: a card that is nobody's."""
    effects = (ForgetPerson(person=sitting.person),) if sitting.person else ()
    return replace(sitting, person=person), effects


def forget_person(sitting: Sitting) -> Handled:
    if sitting.person is None:
        return sitting, ()
    return replace(sitting, person=None), (ForgetPerson(person=sitting.person),)
