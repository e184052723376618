"""Every screen × every key: it leads somewhere, nothing is a dead end, home is near."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from kiosk.flow import events as ev
from kiosk.flow import offline_events as own
from kiosk.flow import state as at
from kiosk.flow.keys import keys_of
from kiosk.flow.moves import enter
from kiosk.flow.offline import own_slip
from kiosk.flow.presses import BAR_TABLE, TABLE
from kiosk.flow.screens import BAR, Language, Modes
from kiosk.flow.state import HelpCall, Place, Slip, Wish
from tests.kiosk.hall import GROUNDS, hall
from tests.kiosk.steps import (
    Kiosk,
    Step,
    card,
    disk_fails,
    given,
    happens,
    kiosk,
    own_given,
    press,
    printed,
    refused,
    run,
    silent,
    ticket,
    unknown,
)

SLIP = Slip(ticket=ticket(), ahead=3, wait=None)
OWN = own_slip(own.OfflineGiven(key="press-0000", number="L001", issued_at=None), "")
ASKING = at.Asking("press-0000", Wish(), None)
MISSED = at.AtMyNumber(Slip(ticket=ticket(state="missed"), ahead=None, wait=None), None, 1)
ADDABLE = at.AtAlready(ticket("A031"), Wish(matter="SB-001"), SLIP)
PLACES: tuple[Place, ...] = (
    at.AtHome(),
    at.AtChoose(),
    at.AtSearch("SB"),
    at.AtSearch("ZZ"),
    at.AtDepartments(),
    at.AtMatters("SB"),
    at.AtMatters("SB", 1),
    at.AtGuide("SB-001", 12),
    at.AtGuide("SF-001", 12, 1),
    at.AtCard(Wish(matter="SB-001")),
    at.AtGrounds(Wish(matter="SB-001")),
    at.AtBooked(),
    at.AtBooked(typed="481"),
    at.AtBooked(typed="4815162342"),
    at.AtBookingTrouble("没有找到这个预约"),
    at.AtPrivacy(),
    at.AtBrake(Wish(), None),
    ASKING,
    at.Asking("press-0000", Wish(), None, offline=True),
    at.AskingReprint("press-0000", SLIP),
    at.AtDone(OWN),
    at.AtPrinterTrouble(OWN, "no_word", "unknown"),
    at.AtPrinting("press-0000", SLIP),
    at.AtDone(SLIP),
    at.AtNoPaper(SLIP),
    at.AtNoPaper(SLIP, asked=True),
    at.AtPrinterTrouble(SLIP, "cover_open"),
    at.AtPrinterTrouble(SLIP, "port_lost", pending="press-0000"),
    at.AskingTrack("press-0000", "KA044"),
    at.AtMyNumber(SLIP, None, 2),
    MISSED,
    at.AskingRejoin("press-0000", MISSED),
    at.AtScanTrouble("scan.unknown"),
    at.AtNotice("press-0000", "SB-001"),
    at.AtNotice("press-0000", "SB-001", "printed"),
    at.AtServerTrouble(ASKING),
    at.AtServerTrouble(None, "不行"),
    at.AtAlready(ticket("A031"), Wish(), SLIP),
    at.AtAlready(ticket("A031"), Wish(), None),
    ADDABLE,
    at.AtAlready(ticket("A031"), Wish(matter="SB-001"), SLIP, "full"),
    at.AskingAdd("press-0000", ADDABLE),
    at.AtDone(SLIP, added="SB-001"),
    at.AtHelp(),
    at.AtStill(),
)
LANGUAGES: tuple[Language, ...] = ("zh", "en")
MODES = [
    Modes(language=language, elder=elder, lowered=lowered)
    for language, elder, lowered in product(LANGUAGES, (False, True), (False, True))
]
WORKING = at.Asking | at.AskingReprint | at.AskingTrack | at.AskingRejoin | at.AskingAdd
STATES = {
    "open": hall(grounds=GROUNDS),
    "closed": hall(day_open=False, issuing=False, why_not="closed"),
}


def standing(place: Place, modes: Modes, state: str = "open") -> Kiosk:
    """A kiosk at this place, choose under it."""
    made = kiosk(state=STATES[state])
    made.wait(10)
    call = HelpCall(key="press-0000", urgent=False, since_s=made.now_s, asked_s=made.now_s)
    trail: tuple[Place, ...] = () if isinstance(place, at.AtHome | at.AtChoose) else (at.AtChoose(),)
    sitting = replace(made.sitting, modes=modes, trail=trail, touched_s=made.now_s)
    sitting = replace(sitting, help=call if isinstance(place, at.AtHelp) else None)
    made.sitting = replace(enter(sitting, place), moved=False)
    return made


ALL = [(place, modes, state) for place in PLACES for modes in MODES for state in STATES]


@pytest.mark.parametrize("place", PLACES, ids=repr)
def test_every_key_does_something_and_every_screen_has_a_way_on(place: Place) -> None:
    for modes, state in product(MODES, STATES):
        made = standing(place, modes, state)
        keys, flat = keys_of(made.sitting)
        assert not set(keys) & set(flat)
        assert len(set(keys)) == len(keys)
        assert set(BAR) <= {*keys, *flat}
        if isinstance(place, WORKING):
            continue
        for key in keys:
            again = standing(place, modes, state)
            before = again.screen
            done = again.press(key, after_s=0)
            assert again.screen != before or [e for e in done if not isinstance(e, ev.PlaySound)], (place, key)


@pytest.mark.parametrize("place", [p for p in PLACES if not isinstance(p, WORKING)], ids=repr)
def test_home_is_at_most_three_presses_of_back_away(place: Place) -> None:
    for modes, state in product(MODES, STATES):
        made = standing(place, modes, state)
        presses = 0
        while not isinstance(made.sitting.place, at.AtHome):
            made.press("back")
            presses += 1
            assert presses <= 3, made.screen.name


def test_every_row_of_the_table_is_a_key_of_its_place() -> None:
    seen: set[tuple[type[Place], str]] = set()
    for place, modes, state in ALL:
        keys, _ = keys_of(standing(place, modes, state).sitting)
        seen |= {(type(place), key.partition(":")[0]) for key in keys}
    bar = {(kind, verb) for kind, verb in seen if verb in BAR_TABLE}
    assert seen - bar <= set(TABLE)
    assert {(kind, verb) for kind, verb in TABLE if verb not in BAR_TABLE} <= seen


def presses_to(made: Kiosk, matter: str | None) -> int:
    """Fewest touches until a number (for this matter) is asked for."""
    queue = deque([(made.sitting, 0)])
    seen = {made.sitting.place}
    while queue:
        sitting, count = queue.popleft()
        for key in keys_of(sitting)[0]:
            if key.partition(":")[0] in {"page", "letter", "help", "lower", "english", "elder", "read", "back"}:
                continue
            each = Kiosk(sitting, now_s=sitting.world.now_s)
            each.wait(1)
            done = each.touch(key)
            asked = [e for e in done if isinstance(e, ev.AskTicket)]
            if asked and (matter is None or asked[0].matters == (matter,)):
                return count + 1
            if each.sitting.place not in seen:
                seen.add(each.sitting.place)
                queue.append((each.sitting, count + 1))
    raise AssertionError(matter)


def test_a_number_takes_one_touch_and_with_its_matter_at_most_three() -> None:
    assert presses_to(kiosk(), None) == 1
    for code in ("SB-004", "MZ-001", "SF-001", "SB-001"):
        assert presses_to(kiosk(), code) <= 3
    for place in (at.AtChoose(), at.AtSearch("SB"), at.AtDepartments(), at.AtMatters("SB"), at.AtGuide("SB-001", 12)):
        for modes in MODES:
            assert presses_to(standing(place, modes), None) <= 3


def press_any(made: Kiosk, n: int) -> list[ev.Effect]:
    """A second later, one of the keys that the screen has then: it may have left by itself meanwhile."""
    made.wait(1)
    keys = made.screen.keys
    return made.touch(keys[n % len(keys)]) if keys else []


def when_taken(step: Step) -> Callable[[Kiosk], list[ev.Effect]]:
    """The outbox speaks only when it was asked."""
    return lambda made: step.act(made) if any(isinstance(e, own.TakeOffline) for e in made.log) else []


ANYTHING = st.one_of(
    st.sampled_from([given(), silent(), refused(), printed(), unknown()]).map(lambda each: each.act),
    st.sampled_from([own_given(), disk_fails()]).map(when_taken),
    st.sampled_from(
        [
            card(),
            happens(ev.CardLifted()),
            happens(ev.CardTrouble(code="half")),
            happens(ev.PrinterHealth(state="down", code="paper_end")),
            happens(ev.PrinterHealth(state="ok")),
            happens(ev.HallChanged(hall=STATES["closed"])),
            happens(ev.HallChanged(hall=STATES["open"])),
            happens(ev.LinkChanged(online=False)),
            happens(ev.LinkChanged(online=True)),
        ]
    ).map(lambda each: each.act),
    st.floats(0.1, 80).map(lambda seconds: lambda made: made.wait(seconds)),
    st.integers(0, 200).map(lambda n: lambda made: press_any(made, n)),
)


@settings(max_examples=60, deadline=None)
@drawn(st.lists(ANYTHING, max_size=40))
def test_whatever_happens_the_kiosk_comes_home_and_forgets(acts: list[object]) -> None:
    made = kiosk()
    held: set[str] = set()
    for act in acts:
        wanted = {ev.AskTicket: made.last} if any(isinstance(e, ev.AskTicket) for e in made.log) else {}
        try:
            assert callable(act)
            act(made)
        except StopIteration:
            assert not wanted or not any(isinstance(e, ev.PrintSlip) for e in made.log)
    made.wait(900)
    assert isinstance(made.sitting.place, at.AtHome)
    assert made.sitting.modes == Modes()
    assert made.sitting.person is None
    assert made.sitting.help is None
    assert len(made.sitting.under_way) <= 8
    given_back = {e.person for e in made.log if isinstance(e, ev.ForgetPerson)}
    held |= {e.person for e in made.log if isinstance(e, ev.AskTicket) and e.person}
    assert held <= given_back
    assert run([press("lower")], made).screen.modes.lowered
