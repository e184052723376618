"""Which keys each place has: what can be pressed now and what is drawn flat. The only list; UI and tests read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, assert_never

from kiosk.flow import state as at
from kiosk.flow.already import may_add
from kiosk.flow.guide_pages import guide_pages
from kiosk.flow.screens import BAR, CODE_DIGITS, LETTERS, Modes
from kiosk.flow.speaking import page_spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kiosk.flow.search import MatterIndex
    from kiosk.flow.state import Sitting
    from queue_server.wire import GroundView

Row = TypeVar("Row")
Keys = tuple[str, ...]
ROWS = 6
"""Departments and matters on a page of a list."""
GROUNDS = {False: 6, True: 4}
"""Grounds for priority on a page, by elder mode."""
RESULTS = 3
"""Found matters on a page of the search, above its keypad."""
SEASON = {False: 4, True: 5}
"""Matters of the season, by elder mode (there 按部门找 is the sixth choice)."""
PLAIN: dict[type[at.Place], Keys] = {
    at.AtPrivacy: (),
    at.Asking: (),
    at.AskingReprint: (),
    at.AtPrinting: (),
    at.AtBrake: ("yes", "no"),
    at.AtStill: ("stay", "leave"),
    at.AskingTrack: (),
    at.AskingRejoin: (),
    at.AskingAdd: (),
    at.AtScanTrouble: ("home",),
}
"""Places whose keys never change."""
NOT_HERE = ("progress", "feedback")
"""Services that the help desk gives until the kiosk can."""
LIVE = frozenset({"waiting", "called", "serving", "held", "missed"})
"""States of a number that is not over."""
NOT_AT_NIGHT = ("book", "progress", "visit", "feedback", "phone")


def pages_of(count: int, rows: int = ROWS) -> int:
    return max(1, -(-count // rows))


def page_of(sitting: Sitting, rows: Sequence[Row], size: int = ROWS) -> tuple[Row, ...]:
    """The rows of the place's page; the last page when the list became shorter under the reader."""
    number = min(getattr(sitting.place, "page", 0), pages_of(len(rows), size) - 1)
    return tuple(rows[number * size : (number + 1) * size])


def grounds_of(sitting: Sitting) -> tuple[GroundView, ...]:
    """The hall's list for priority without what staff alone give."""
    hall = sitting.world.hall
    return tuple(one for one in hall.grounds if one.kiosk) if hall is not None else ()


def keys_of(sitting: Sitting) -> tuple[Keys, Keys]:
    """``(keys, flat)`` of the present place, bar included, each id once."""
    keys, flat = _own_keys(sitting)
    off = _bar_off(sitting)
    pressable = (*keys, *(key for key in BAR if key not in off))
    return tuple(dict.fromkeys(pressable)), tuple(dict.fromkeys((*flat, *(key for key in BAR if key in off))))


def _bar_off(sitting: Sitting) -> frozenset[str]:
    off = set() if sitting.reading or page_spoken(sitting) else {"read"}
    if not sitting.rules.can_lower:
        off.add("lower")
    match sitting.place:
        case at.AtHome() if sitting.modes == Modes():
            off.add("back")
        case at.Asking() | at.AskingReprint() | at.AskingTrack() | at.AskingRejoin() | at.AskingAdd():
            off |= {"back", "help"}
        case at.AtHelp():
            off.add("help")
        case _:
            pass
    return frozenset(off)


def _own_keys(sitting: Sitting) -> tuple[Keys, Keys]:  # noqa: C901 - one line a place
    match sitting.place:
        case at.AtHome():
            return _home_keys(sitting)
        case at.AtCard() | at.AtGrounds():
            return _card_keys(sitting)
        case at.AtBooked(typed):
            return _booked_keys(sitting, typed)
        case at.AtBookingTrouble():
            return _numbers(sitting, ("take",), ("retype", "home"))
        case at.AtServerTrouble(retry):
            return (("retry", "home"), ()) if retry else (("home",), ())
        case at.AtHelp():
            urgent = sitting.help is None or sitting.help.urgent
            return (("arrived", "cancel"), ("urgent",)) if urgent else (("urgent", "arrived", "cancel"), ())
        case at.AtDone() | at.AtNoPaper() | at.AtPrinterTrouble():
            return _slip_keys(sitting, sitting.place)
        case at.AtChoose() | at.AtSearch() | at.AtDepartments() | at.AtMatters() | at.AtGuide():
            return _finding_keys(sitting)
        case at.AtNotice() as notice:
            return _notice_keys(sitting, notice)
        case at.AtMyNumber() as mine:
            return _mine_keys(sitting, mine)
        case at.AtAlready() as already:
            return _already_keys(sitting, already)
        case place:
            return PLAIN[type(place)], ()


def _booked_keys(sitting: Sitting, typed: str) -> tuple[Keys, Keys]:
    """签到 only with a whole code; the digits are flat then."""
    whole = len(typed) == CODE_DIGITS
    digits = tuple(f"digit:{each}" for each in "1234567890")
    erase: Keys = ("erase",) if typed else ()
    board = ((*erase,), digits) if whole else ((*digits, *erase), ())
    keys, flat = _numbers(sitting, ("send", "skip") if whole else ("skip",), board[0])
    return keys, (*flat, *board[1], *(() if whole else ("send",)), *(() if typed else ("erase",)))


def _card_keys(sitting: Sitting) -> tuple[Keys, Keys]:
    if isinstance(sitting.place, at.AtCard):
        return _numbers(sitting, ("skip", "priority"), ("privacy",))
    grounds, rows = grounds_of(sitting), GROUNDS[sitting.modes.elder]
    codes = _codes("ground", (one.code for one in page_of(sitting, grounds, rows)))
    return _numbers(sitting, (*codes, "take"), _turns(sitting, len(grounds), rows))


def _slip_keys(sitting: Sitting, place: at.AtDone | at.AtNoPaper | at.AtPrinterTrouble) -> tuple[Keys, Keys]:
    """补打 is flat when it cannot help: the printer is down, or this slip was printed often enough."""
    often = place.slip.copy >= sitting.rules.reprints_max
    match place:
        case at.AtDone():
            return (("finish",), ("again",)) if often else (("again", "finish"), ())
        case at.AtNoPaper(asked=asked):
            return (("remembered",), ("ask",)) if asked else (("ask", "remembered"), ())
        case at.AtPrinterTrouble(fate=fate):
            works = fate == "unknown" or sitting.world.printer != "down"
            return (("again", "remembered"), ()) if works and not often else (("remembered",), ("again",))
        case _:
            assert_never(place)


def _notice_keys(sitting: Sitting, place: at.AtNotice) -> tuple[Keys, Keys]:
    """Another one is flat while the last one may still come, and while the printer is down."""
    if place.stage == "printing":
        return (), ()
    if sitting.world.printer == "down" or (place.stage == "printed" and sitting.notice_resting):
        return ("finish",), ("again",)
    return ("again", "finish"), ()


def _mine_keys(sitting: Sitting, place: at.AtMyNumber) -> tuple[Keys, Keys]:
    """A number that is over has no slip and no way back here; 重新排队 is there for a missed one only."""
    state = place.slip.ticket.state
    if state not in LIVE:
        return ("finish",), ()
    often = place.slip.ticket.copies >= sitting.rules.reprints_max
    keys: Keys = ("finish",) if often else ("reprint", "finish")
    flat: Keys = ("reprint",) if often else ()
    if state != "missed":
        return keys, flat
    return (("rejoin", *keys), flat) if place.rejoins_left else (keys, ("rejoin", *flat))


def _already_keys(sitting: Sitting, place: at.AtAlready) -> tuple[Keys, Keys]:
    """Only the server can add a matter: flat while it is away."""
    ends: Keys = ("reprint", "another")
    if not may_add(place):
        return ends, ()
    return (ends, ("add",)) if sitting.world.link == "offline" else (("add", *ends), ())


def _home_keys(sitting: Sitting) -> tuple[Keys, Keys]:
    if sitting.world.hall is not None and not sitting.world.issuing:
        return ("guide", "elder", "english"), NOT_AT_NIGHT
    resting = sitting.world.now_s - max(sitting.numbers_s, default=-1e9) < sitting.rules.between_numbers_s
    numbers: Keys = ("take", "collect")
    others: Keys = ("matter", "booked")
    modes: Keys = () if sitting.modes.elder else ("elder", "english")
    off: Keys = NOT_HERE[:1] if sitting.modes.elder else NOT_HERE
    return ((*others, *modes), (*numbers, *off)) if resting else ((*numbers, *others, *modes), off)


def _numbers(sitting: Sitting, numbers: Keys, others: Keys, flat: Keys = ()) -> tuple[Keys, Keys]:
    """Keys that ask for a number go flat while none are given."""
    return ((*numbers, *others), flat) if sitting.world.issuing else (others, (*numbers, *flat))


def _finding_keys(sitting: Sitting) -> tuple[Keys, Keys]:
    index = sitting.world.index
    if index is None:
        return _numbers(sitting, ("unsure",), ())
    match sitting.place:
        case at.AtSearch(typed):
            return _search_keys(sitting, index, typed)
        case at.AtDepartments():
            rows = page_of(sitting, index.departments)
            opened = (*_codes("department", (row.code for row in rows)), *_turns(sitting, len(index.departments)))
            return _numbers(sitting, ("take",), opened)
        case at.AtMatters(department):
            matters = index.of_department(department)
            codes = [row.code for row in page_of(sitting, matters)]
            asked = () if sitting.modes.elder else _codes("number", codes)
            return _numbers(sitting, (*asked, "take"), (*_codes("matter", codes), *_turns(sitting, len(matters))))
        case at.AtGuide(code) if code in index.matters:
            pages = guide_pages(index.matters[code], index.rows[code].department, elder=sitting.modes.elder)
            turns = _turns(sitting, len(pages), 1)
            if sitting.notice_resting:
                return _numbers(sitting, ("take",), turns, ("print", "phone"))
            return _numbers(sitting, ("take",), (*turns, "print"), ("phone",))
        case _:
            return _choose_keys(sitting, index)


def _choose_keys(sitting: Sitting, index: MatterIndex) -> tuple[Keys, Keys]:
    opened = _codes("matter", (row.code for row in index.most_asked(SEASON[sitting.modes.elder], sitting.today)))
    if sitting.modes.elder:
        return _numbers(sitting, ("unsure",), (*opened, "by_department"))
    live, dead = _letters(index, "")
    departments = _codes("department", (row.code for row in index.departments))
    return _numbers(sitting, ("unsure",), (*opened, *departments, *live), (*dead, "erase", "clear"))


def _search_keys(sitting: Sitting, index: MatterIndex, typed: str) -> tuple[Keys, Keys]:
    found = index.find(typed)
    live, dead = _letters(index, typed)
    results = _codes("matter", (row.code for row in page_of(sitting, found, RESULTS)))
    opened = (*results, *_turns(sitting, len(found), RESULTS), "by_department", *live, "erase", "clear")
    return _numbers(sitting, ("take",), opened, dead)


def _letters(index: MatterIndex, typed: str) -> tuple[Keys, Keys]:
    useful = index.next_letters(typed)
    live = _codes("letter", (letter for letter in LETTERS if letter in useful))
    dead = _codes("letter", (letter for letter in LETTERS if letter not in useful))
    return live, dead


def _codes(verb: str, codes: Iterable[str]) -> Keys:
    return tuple(f"{verb}:{code}" for code in codes)


def _turns(sitting: Sitting, count: int, rows: int = ROWS) -> Keys:
    """``page:…`` where there is such a page."""
    number: int = getattr(sitting.place, "page", 0)
    back = ("page:previous",) if number > 0 else ()
    return (*back, "page:next") if number < pages_of(count, rows) - 1 else back
