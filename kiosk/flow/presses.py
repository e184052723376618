"""What a key does at a place: ``TABLE``, by place and by the verb of the key's id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from kiosk.flow import events as ev
from kiosk.flow import state as at
from kiosk.flow.already import add_matter, give_back
from kiosk.flow.bookings import check_in, digit, erase_digit, open_booked, type_again
from kiosk.flow.helping import call_help, call_to_page, call_urgently, end_help
from kiosk.flow.keys import grounds_of, keys_of
from kiosk.flow.moves import Handled, end_sitting, enter, go_back, go_home, open_page
from kiosk.flow.notices import again, open_notice
from kiosk.flow.numbers import ask_number, ask_reprint, keep_held, retry_number, take_another
from kiosk.flow.scans import ask_rejoin
from kiosk.flow.screens import Modes
from kiosk.flow.speaking import read_or_stop
from kiosk.flow.state import Place, Sitting, Wish

Press = Callable[[Sitting, str, str], Handled]
"""``(sitting, what follows the colon of the id, random id of the press)``."""
AnyPlace = TypeVar("AnyPlace", bound=Place)


def pressed(sitting: Sitting, event: ev.Pressed) -> Handled:
    """Second touches meant for the screen before, and ids that the screen does not list, do nothing."""
    now_s = max(event.now_s, sitting.world.now_s)
    hasty = sitting.moved and now_s - sitting.pressed_s < sitting.rules.double_touch_s
    world = replace(sitting.world, now_s=now_s)
    touched = replace(sitting, world=world, pressed_s=now_s, touched_s=now_s)
    if hasty or event.id not in keys_of(sitting)[0]:
        return touched, ()
    verb, _, rest = event.id.partition(":")
    press = TABLE.get((type(sitting.place), verb)) or BAR_TABLE[verb]
    handled, effects = press(replace(touched, moved=False), rest, event.key)
    return handled, (ev.PlaySound(sound="press"), *effects)


def _to(place: Place) -> Press:
    return lambda sitting, _rest, _key: (open_page(sitting, place), ())


def _number(wish: Wish) -> Press:
    return lambda sitting, _rest, key: ask_number(sitting, key, wish)


def _leave(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return end_sitting(sitting)


def _back(sitting: Sitting, _rest: str, _key: str) -> Handled:
    back = go_back(sitting)
    return go_home(back) if isinstance(back.place, at.AtHome) else (back, ())


def _home_back(sitting: Sitting, _rest: str, _key: str) -> Handled:
    """On home 返回 puts back language, type size and keys."""
    return end_sitting(sitting)


def _lower(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return replace(sitting, modes=replace(sitting.modes, lowered=not sitting.modes.lowered)), ()


def _read(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return read_or_stop(sitting)


def _elder(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return replace(sitting, modes=replace(sitting.modes, elder=not sitting.modes.elder)), ()


def _english(sitting: Sitting, _rest: str, _key: str) -> Handled:
    other = Modes(
        language="zh" if sitting.modes.language == "en" else "en",
        elder=sitting.modes.elder,
        lowered=sitting.modes.lowered,
    )
    return replace(sitting, modes=other), ()


def _booked(sitting: Sitting, _rest: str, key: str) -> Handled:
    return open_booked(sitting, key)


def _digit(sitting: Sitting, rest: str, _key: str) -> Handled:
    return digit(sitting, rest)


def _erase_digit(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return erase_digit(sitting)


def _send(sitting: Sitting, key: str, place: at.AtBooked) -> Handled:
    return check_in(sitting, key, place.typed)


def _retype(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return type_again(sitting)


def _letter(sitting: Sitting, rest: str, _key: str) -> Handled:
    if isinstance(sitting.place, at.AtSearch):
        return enter(sitting, at.AtSearch(sitting.place.typed + rest)), ()
    return open_page(sitting, at.AtSearch(rest)), ()


def _erase(sitting: Sitting, _rest: str, _key: str) -> Handled:
    typed = sitting.place.typed[:-1] if isinstance(sitting.place, at.AtSearch) else ""
    return (enter(sitting, at.AtSearch(typed)) if typed else go_back(sitting)), ()


def _clear(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return go_back(sitting), ()


def _department(sitting: Sitting, rest: str, _key: str) -> Handled:
    return open_page(sitting, at.AtMatters(rest)), ()


def _matter(sitting: Sitting, rest: str, _key: str) -> Handled:
    index = sitting.world.index
    return open_page(sitting, at.AtGuide(rest, index.version if index else 0)), ()


def _matter_number(sitting: Sitting, rest: str, key: str) -> Handled:
    return ask_number(sitting, key, Wish(matter=rest))


def _turn(sitting: Sitting, rest: str, _key: str) -> Handled:
    place = sitting.place
    if isinstance(place, at.AtSearch | at.AtDepartments | at.AtMatters | at.AtGuide | at.AtGrounds):
        return enter(sitting, replace(place, page=place.page + (1 if rest == "next" else -1))), ()
    return sitting, ()


def _guide_take(sitting: Sitting, _rest: str, key: str) -> Handled:
    """A number for this matter; the card is invited first, unless one was read already or there is no reader."""
    if not isinstance(sitting.place, at.AtGuide):
        return sitting, ()
    wish = Wish(matter=sitting.place.matter)
    if sitting.rules.has_reader and sitting.person is None:
        return open_page(sitting, at.AtCard(wish)), ()
    return ask_number(sitting, key, wish)


def _at(place_type: type[AnyPlace], press: Callable[[Sitting, str, AnyPlace], Handled]) -> Press:
    """A press that needs the place's own fields."""

    def pressed(sitting: Sitting, _rest: str, key: str) -> Handled:
        place = sitting.place
        return press(sitting, key, place) if isinstance(place, place_type) else (sitting, ())

    return pressed


def _skip(sitting: Sitting, key: str, place: at.AtCard) -> Handled:
    return ask_number(sitting, key, place.wish)


def _priority(sitting: Sitting, key: str, place: at.AtCard) -> Handled:
    """On which ground, where the hall's list is known."""
    if grounds_of(sitting):
        return open_page(sitting, at.AtGrounds(place.wish)), ()
    return ask_number(sitting, key, replace(place.wish, grant=sitting.rules.priority_ground))


def _ground(sitting: Sitting, rest: str, key: str) -> Handled:
    place = sitting.place
    if not isinstance(place, at.AtGrounds):
        return sitting, ()
    return ask_number(sitting, key, replace(place.wish, grant=rest))


def _ordinary(sitting: Sitting, key: str, place: at.AtGrounds) -> Handled:
    return ask_number(sitting, key, place.wish)


def _yes(sitting: Sitting, key: str, place: at.AtBrake) -> Handled:
    return ask_number(go_back(sitting), key, place.wish, confirmed=True)


def _retry(sitting: Sitting, _key: str, place: at.AtServerTrouble) -> Handled:
    return retry_number(sitting, place.retry) if place.retry else (sitting, ())


def _ask_staff(sitting: Sitting, key: str, place: at.AtNoPaper) -> Handled:
    return call_to_page(enter(sitting, replace(place, asked=True)), key)


def _already_back(sitting: Sitting, key: str, place: at.AtAlready) -> Handled:
    home, effects = end_sitting(sitting)
    return home, (*give_back(place, key), *effects)


def _printing_back(sitting: Sitting, _key: str, place: at.AtPrinting) -> Handled:
    """The slip comes all the same; the number is shown."""
    return enter(sitting, at.AtDone(place.slip)), ()


def _print_notice(sitting: Sitting, key: str, place: at.AtGuide) -> Handled:
    return open_notice(sitting, key, place.matter)


def _reprint_mine(sitting: Sitting, key: str, place: at.AtMyNumber) -> Handled:
    return ask_reprint(sitting, key, place.slip)


def _again(sitting: Sitting, key: str, place: at.AtDone | at.AtPrinterTrouble) -> Handled:
    return ask_reprint(sitting, key, place.slip)


def _stay(sitting: Sitting, _rest: str, _key: str) -> Handled:
    return go_back(sitting), ()


def _still_leave(sitting: Sitting, _rest: str, key: str) -> Handled:
    under = sitting.trail[-1] if sitting.trail else None
    home, effects = end_sitting(sitting)
    return home, (*(give_back(under, key) if isinstance(under, at.AtAlready) else ()), *effects)


BAR_TABLE: dict[str, Press] = {
    "back": _back,
    "read": _read,
    "lower": _lower,
    "help": lambda sitting, _rest, key: call_help(sitting, key),
}
TABLE: dict[tuple[type[Place], str], Press] = {
    (at.AtHome, "take"): _number(Wish()),
    (at.AtHome, "collect"): _number(Wish(kind="collection")),
    (at.AtHome, "matter"): _to(at.AtChoose()),
    (at.AtHome, "guide"): _to(at.AtChoose()),
    (at.AtHome, "booked"): _booked,
    (at.AtHome, "elder"): _elder,
    (at.AtHome, "english"): _english,
    (at.AtHome, "back"): _home_back,
    (at.AtChoose, "unsure"): _number(Wish()),
    (at.AtChoose, "by_department"): _to(at.AtDepartments()),
    (at.AtChoose, "department"): _department,
    (at.AtChoose, "matter"): _matter,
    (at.AtChoose, "letter"): _letter,
    (at.AtSearch, "letter"): _letter,
    (at.AtSearch, "erase"): _erase,
    (at.AtSearch, "clear"): _clear,
    (at.AtSearch, "matter"): _matter,
    (at.AtSearch, "page"): _turn,
    (at.AtSearch, "by_department"): _to(at.AtDepartments()),
    (at.AtSearch, "take"): _number(Wish()),
    (at.AtDepartments, "department"): _department,
    (at.AtDepartments, "page"): _turn,
    (at.AtDepartments, "take"): _number(Wish()),
    (at.AtMatters, "matter"): _matter,
    (at.AtMatters, "number"): _matter_number,
    (at.AtMatters, "page"): _turn,
    (at.AtMatters, "take"): _number(Wish()),
    (at.AtGuide, "take"): _guide_take,
    (at.AtGuide, "page"): _turn,
    (at.AtGuide, "print"): _at(at.AtGuide, _print_notice),
    (at.AtNotice, "again"): _at(at.AtNotice, again),
    (at.AtNotice, "finish"): _stay,
    (at.AtMyNumber, "reprint"): _at(at.AtMyNumber, _reprint_mine),
    (at.AtMyNumber, "rejoin"): _at(at.AtMyNumber, ask_rejoin),
    (at.AtMyNumber, "finish"): _leave,
    (at.AtScanTrouble, "home"): _leave,
    (at.AtScanTrouble, "back"): _leave,
    (at.AtBooked, "digit"): _digit,
    (at.AtBooked, "erase"): _erase_digit,
    (at.AtBooked, "send"): _at(at.AtBooked, _send),
    (at.AtBooked, "skip"): _number(Wish()),
    (at.AtBookingTrouble, "take"): _number(Wish()),
    (at.AtBookingTrouble, "retype"): _retype,
    (at.AtBookingTrouble, "home"): _leave,
    (at.AtBookingTrouble, "back"): _leave,
    (at.AtCard, "skip"): _at(at.AtCard, _skip),
    (at.AtCard, "priority"): _at(at.AtCard, _priority),
    (at.AtCard, "privacy"): _to(at.AtPrivacy()),
    (at.AtGrounds, "ground"): _ground,
    (at.AtGrounds, "page"): _turn,
    (at.AtGrounds, "take"): _at(at.AtGrounds, _ordinary),
    (at.AtBrake, "yes"): _at(at.AtBrake, _yes),
    (at.AtBrake, "no"): _leave,
    (at.AtPrinting, "back"): _at(at.AtPrinting, _printing_back),
    (at.AtDone, "again"): _at(at.AtDone, _again),
    (at.AtDone, "finish"): _leave,
    (at.AtDone, "back"): _leave,
    (at.AtNoPaper, "ask"): _at(at.AtNoPaper, _ask_staff),
    (at.AtNoPaper, "remembered"): _leave,
    (at.AtNoPaper, "back"): _leave,
    (at.AtPrinterTrouble, "again"): _at(at.AtPrinterTrouble, _again),
    (at.AtPrinterTrouble, "remembered"): _leave,
    (at.AtPrinterTrouble, "back"): _leave,
    (at.AtServerTrouble, "retry"): _at(at.AtServerTrouble, _retry),
    (at.AtServerTrouble, "home"): _leave,
    (at.AtServerTrouble, "back"): _leave,
    (at.AtAlready, "add"): _at(at.AtAlready, add_matter),
    (at.AtAlready, "reprint"): _at(at.AtAlready, keep_held),
    (at.AtAlready, "another"): _at(at.AtAlready, take_another),
    (at.AtAlready, "back"): _at(at.AtAlready, _already_back),
    (at.AtHelp, "urgent"): lambda sitting, _rest, key: call_urgently(sitting, key),
    (at.AtHelp, "arrived"): lambda sitting, _rest, key: end_help(sitting, key),
    (at.AtHelp, "cancel"): lambda sitting, _rest, key: end_help(sitting, key),
    (at.AtStill, "stay"): _stay,
    (at.AtStill, "leave"): _still_leave,
}
