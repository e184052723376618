"""Numbers without the server: the switch to and fro, the slip, what comes too late, a start after a power cut."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.screens import Done, Home
from kiosk.flow.sitting import first_sitting
from tests.kiosk.hall import AT, hall
from tests.kiosk.steps import (
    NUMBER,
    RULES,
    Kiosk,
    Step,
    card,
    disk_fails,
    given,
    happens,
    kiosk,
    not_printed,
    own_given,
    press,
    printed,
    reprint_given,
    run,
    silent,
    tracked,
    unknown,
    wait,
)

AWAY = happens(ev.LinkChanged(online=False))
BACK = happens(ev.LinkChanged(online=True))
OWN_NUMBER = (own_given(), printed().shows("done"))
MISSING = own.PaperMissing(key="press-0000", number="L007", issued_at=AT, now_s=1000.0)
FLOWS: dict[str, list[Step]] = {
    "the server is silent: the same press takes the kiosk's own number": [
        press("take").does(ev.AskTicket),
        silent().shows("printing").does(own.TakeOffline).ask(own.TakeOffline, key="press-0001", letter="L"),
        own_given("L003").does(ev.PrintSlip).ask(ev.PrintSlip, key="press-0001", layout="offline"),
        printed().shows("done").does(own.NotePaper).ask(own.NotePaper, press="press-0001", result="printed", copy=0),
        wait(15.5).shows("home"),
    ],
    "known to be away: nobody is asked": [
        AWAY,
        press("take").shows("printing").does(own.TakeOffline),
        *OWN_NUMBER,
    ],
    "back on line: the server again": [
        AWAY,
        press("take"),
        *OWN_NUMBER,
        BACK,
        press("finish"),
        press("take", after_s=3),
        *NUMBER,
    ],
    "an unsteady network": [
        AWAY,
        BACK,
        press("take").does(ev.AskTicket),
        AWAY,
        silent().does(own.TakeOffline),
        BACK,
        *OWN_NUMBER,
        press("finish"),
        press("collect", after_s=3).does(ev.AskTicket).ask(ev.AskTicket, key="press-0003"),
        *NUMBER,
    ],
    "the server's answer comes too late: the paper wins": [
        press("take"),
        silent(),
        given("A044").shows("printing").does(),
        own_given("L001").ask(ev.PrintSlip, layout="offline"),
        given("A044").does(),
        printed().shows("done"),
        given("A044").shows("done").does(),
    ],
    "an answer that never came is given up by the glass itself": [
        press("take"),
        wait(4.5).does(own.TakeOffline),
        *OWN_NUMBER,
    ],
    "matter, kind, language and grant go along": [
        AWAY,
        press("english"),
        press("matter"),
        press("matter:SB-004"),
        press("take").shows("card"),
        press("priority").ask(own.TakeOffline, matters=("SB-004",), language="en", grant="claimed", kind="general"),
        *OWN_NUMBER,
    ],
    "collection": [AWAY, press("collect").ask(own.TakeOffline, kind="collection"), *OWN_NUMBER],
    "a card is let go: nobody can be looked up": [
        AWAY,
        card().does(ev.ForgetPerson, own.TakeOffline),
        *OWN_NUMBER,
    ],
    "neither server nor disk: the same press again": [
        AWAY,
        press("take"),
        disk_fails().shows("server").with_(kind="silent"),
        press("retry").does(own.TakeOffline).ask(own.TakeOffline, key="press-0001"),
        *OWN_NUMBER,
    ],
    "a disk that says nothing": [AWAY, press("take"), wait(4.5).shows("server"), own_given().does(ev.PrintSlip)],
    "printed again without asking anybody": [
        AWAY,
        press("take"),
        *OWN_NUMBER,
        BACK,
        press("again").does(ev.PrintSlip).ask(ev.PrintSlip, layout="offline"),
        printed().shows("done").does(own.NotePaper).ask(own.NotePaper, press="press-0001", copy=1),
    ],
    "no paper": [
        AWAY,
        press("take"),
        own_given(),
        not_printed("paper_end").shows("nopaper").ask(own.NotePaper, result="not_printed"),
    ],
    "killed between disk and paper": [
        happens(MISSING).shows("printer").with_(fate="unknown"),
        press("again").does(ev.PrintSlip).ask(ev.PrintSlip, layout="offline"),
        printed().shows("done").ask(own.NotePaper, press="press-0000", result="printed", copy=1),
    ],
    "killed between disk and paper, nobody there any more": [
        happens(MISSING).shows("printer"),
        wait(61).shows("home"),
    ],
    "a resident who was quicker than the start is not disturbed": [
        press("matter"),
        happens(MISSING).shows("choose"),
    ],
    "a slip scanned off line": [
        AWAY,
        Step("scan", lambda made: made.send(ev.CodeScanned(text="KA044", key="scan-1"))).does(kept.AskTrack),
        tracked(),
    ],
    "the brake holds off line, too": [
        AWAY,
        *(step for _ in range(6) for step in (press("take", after_s=4), *OWN_NUMBER, press("finish", after_s=0.5))),
        press("take", after_s=4).shows("brake"),
        press("yes").does(own.TakeOffline),
    ],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


@pytest.mark.parametrize("why", ["closed", "stopped"])
def test_off_line_a_number_is_never_refused(why: str) -> None:
    """The hall's last word may be old: what it says counts only while it can be heard."""
    made = kiosk(state=hall(day_open=False, issuing=False, why_not=why))
    assert made.screen.name == "night"
    run([AWAY.shows("home"), press("take").does(own.TakeOffline), *OWN_NUMBER, press("finish"), BACK], made)
    assert made.screen.name == "night"


def test_a_kiosk_that_never_met_its_hall_gives_numbers() -> None:
    made = Kiosk(first_sitting(RULES))
    made.send(ev.LinkChanged(online=False), ev.PrinterHealth(state="ok"))
    run([press("take").ask(own.TakeOffline, letter="L"), *OWN_NUMBER], made)
    assert dict(made.last(ev.PrintSlip).values)["hall"] == "政务服务大厅"


def test_the_letter_is_the_one_that_the_server_gave_out() -> None:
    made = run([happens(own.LetterKnown(letter="N")), AWAY])
    home = made.screen.screen
    assert isinstance(home, Home)
    assert (home.link, home.letter) == ("offline", "N")
    run([press("take").ask(own.TakeOffline, letter="N")], made)


def test_a_number_without_paper_stays_a_minute_from_the_very_start() -> None:
    """The program tells of it before its first tick."""
    made = Kiosk(first_sitting(RULES))
    run([happens(MISSING).shows("printer"), wait(59).shows("printer"), wait(2).shows("home")], made)
    assert made.sitting.trail == ()


def test_slip_and_screen_say_nothing_of_the_wait() -> None:
    """The code is on the slip only: it leads nowhere while the server is away."""
    away = kiosk(state=hall(public_url="https://hall.example"))
    made = run([AWAY, press("take"), own_given("L003"), printed().shows("done")], away)
    values = dict(made.last(ev.PrintSlip).values)
    told = {name: values[name] for name in ("number", "ahead", "wait", "track", "qr", "taken", "copy")}
    assert told == {
        "number": "L003",
        "ahead": None,
        "wait": None,
        "track": "KL003",
        "qr": "https://hall.example/t/KL003",
        "taken": "2026-01-14 10:36",
        "copy": None,
    }
    shown = made.screen.screen
    assert isinstance(shown, Done)
    assert shown.issued.offline
    assert (shown.issued.ahead, shown.issued.wait, shown.issued.windows) == (None, None, "")
    assert (shown.issued.track, shown.issued.qr) == ("", "")


def test_without_a_clock_no_time_is_printed() -> None:
    made = run([AWAY, press("take"), own_given(known=False)])
    assert dict(made.last(ev.PrintSlip).values)["taken"] is None
    doubt = kiosk(state=hall(why_not="clock_doubt"), online=False)
    run([press("take").ask(own.TakeOffline, clock_doubt=True)], doubt)


def test_staff_hear_once_of_each_change_of_the_backlog() -> None:
    made = kiosk()
    waiting = own.OutboxChanged(state="degraded", code="handing_in", count=3)
    assert made.send(waiting) == [ev.ReportHealth(part="outbox", state="degraded", code="handing_in", count=3)]
    assert made.send(waiting) == []
    assert made.send(own.OutboxChanged(state="ok")) == [ev.ReportHealth(part="outbox", state="ok", count=0)]


def test_the_fate_of_an_own_slip_is_noted_after_its_resident_left() -> None:
    made = run([AWAY, press("take"), own_given(), press("back").shows("done"), press("finish").shows("home")])
    run([unknown().does(own.NotePaper).shows("home")], made)
    assert made.last(own.NotePaper).result == "unknown"


def test_reprints_of_the_servers_numbers_go_on_off_line() -> None:
    steps = [press("take"), *NUMBER, AWAY, press("again").does(ev.AskReprint), reprint_given(), printed().shows("done")]
    assert run(steps).last(ev.PrintSlip).layout == "reprint"


ANSWERS = ("at once", "too late", "silent")


@settings(max_examples=60, deadline=None)
@drawn(st.lists(st.tuples(st.booleans(), st.sampled_from(ANSWERS), st.booleans()), min_size=1, max_size=8))
def test_however_the_network_flaps_each_press_is_one_number(presses: list[tuple[bool, str, bool]]) -> None:
    """Each press: is the link up, how does the server answer if it is asked, does the link change meanwhile."""
    made = kiosk(rules=replace(RULES, between_numbers_s=0, many_numbers=1000))
    own_numbers = 0
    for online, answer, flaps in presses:
        before = len(made.log)
        made.send(ev.LinkChanged(online=online))
        made.press("take")
        if flaps:
            made.send(ev.LinkChanged(online=not online))
        asked = isinstance(made.log[-1], ev.AskTicket)
        if asked and answer == "at once":
            given().act(made)
        elif asked:
            silent().act(made)
        if any(isinstance(effect, own.TakeOffline) for effect in made.log[before:]):
            own_numbers += 1
            own_given(f"L{own_numbers:03d}").act(made)
        if asked and answer == "too late":
            given().act(made)
        printed().act(made)
        made.press("finish")
        done = made.log[before:]
        assert sum(isinstance(effect, ev.PrintSlip) for effect in done) == 1
        assert not any(isinstance(effect, ev.CancelTicket | ev.GiveUpTicket) for effect in done)
        assert made.screen.name == "home"
    keys = [effect.key for effect in made.log if isinstance(effect, ev.PrintSlip)]
    assert len(set(keys)) == len(presses)
