"""A scanned slip opens 我的号; what is not ours gets a plain sentence; a press given up is given back."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow.scans import TrackCode, read_code
from kiosk.flow.screens import MyNumber
from queue_server.wire import BookedSlot, Forecast
from tests.kiosk.steps import (
    NUMBER,
    Step,
    card,
    disk_fails,
    given,
    happens,
    help_is,
    press,
    printed,
    refused,
    reprint_given,
    run,
    scan,
    silent,
    ticket,
    tracked,
    wait,
)


def track_refused(code: str = "not_found") -> Step:
    return Step(
        f"track {code}",
        lambda made: made.send(ev.TicketRefused(key=made.last(kept.AskTrack).key, code=code, say="没有这个号")),
    )


def rejoined() -> Step:
    def act(made: object) -> list[ev.Effect]:
        key = made.last(kept.AskRejoin).key  # type: ignore[attr-defined]
        sent: list[ev.Effect] = made.send(kept.TicketActed(key=key, ticket=ticket(), ahead=3))  # type: ignore[attr-defined]
        return sent

    return Step("rejoined", act)


def not_rejoined(say: str) -> Step:
    return Step(
        "rejoin refused",
        lambda made: made.send(ev.TicketRefused(key=made.last(kept.AskRejoin).key, code="limit_reached", say=say)),
    )


def unanswered(asked: ev.Asked, effect: type[ev.Effect]) -> Step:
    return Step("silence", lambda made: made.send(ev.ServerSilent(key=made.last(effect).key, asked=asked)))


FLOWS: dict[str, list[Step]] = {
    "a waiting number, printed again": [
        scan().shows("printing").does(kept.AskTrack).ask(kept.AskTrack, code="KA044"),
        tracked().shows("mine").with_(state="waiting"),
        press("reprint").does(ev.AskReprint).ask(ev.AskReprint, ticket="t-A044", track="KA044"),
        reprint_given().ask(ev.PrintSlip, layout="reprint"),
        printed().shows("done"),
    ],
    "a missed number rejoins": [
        scan("ka044"),
        tracked("missed", ahead=None).shows("mine").with_(state="missed", rejoins_left=2),
        press("rejoin").shows("printing").does(kept.AskRejoin).ask(kept.AskRejoin, ticket="t-A044", track="KA044"),
        rejoined().shows("mine").with_(state="waiting", rejoins_left=1),
        press("finish").shows("home"),
    ],
    "rejoined too often": [
        scan(),
        tracked("missed", rejoins_left=1),
        press("rejoin"),
        not_rejoined("今天报到次数用完了，请到导办台").shows("mine").with_(say="今天报到次数用完了，请到导办台"),
    ],
    "called": [scan(), tracked("called", window=3, ahead=None).shows("mine").with_(window=3)],
    "not of today": [scan(), track_refused().shows("scan").with_(say_key="scan.unknown"), wait(60).shows("home")],
    "the server is busy": [scan(), track_refused("too_often").shows("scan").with_(say_key="scan.silent")],
    "the server is silent": [
        scan(),
        unanswered("track", kept.AskTrack).shows("scan").with_(say_key="scan.silent"),
        press("home").shows("home"),
    ],
    "silent while rejoining": [
        scan(),
        tracked("missed"),
        press("rejoin"),
        unanswered("rejoin", kept.AskRejoin).shows("scan").with_(say_key="scan.silent"),
    ],
    "no word at all": [scan(), wait(4.5).shows("scan").with_(say_key="scan.silent")],
    "somebody else's code": [scan("6217001234567890 something else").shows("scan").does()],
    "held badly": [happens(ev.ScanFailed(code="unreadable")).shows("scan").with_(say_key="scan.again")],
    "a health code": [happens(ev.ScanFailed(code="too_long")).shows("scan").with_(say_key="scan.unknown")],
    "another slip right after": [scan(), tracked(), scan("KB001").shows("printing").ask(kept.AskTrack, code="KB001")],
    "over a guide, and back to it": [
        press("matter"),
        press("matter:SB-001"),
        scan(),
        tracked().shows("mine"),
        press("back").shows("guide"),
    ],
    "nothing while a number is asked for": [press("take"), scan().shows("printing").does(), *NUMBER],
    "a late answer": [scan(), unanswered("track", kept.AskTrack), tracked().shows("scan").does()],
    "a resident who went away": [scan(), tracked(), wait(60).shows("still"), wait(15).shows("home")],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("K7F3QD22", "K7F3QD22"),
        (" k7f3qd22 ", "K7F3QD22"),
        ("https://hall.example/t/K7F3QD22", "K7F3QD22"),
        ("HTTPS://HALL.EXAMPLE/T/K7F3QD22/", "K7F3QD22"),
        ("YY-0042", None),
        ("https://hall.example/guide/SB-001", None),
        ("", None),
        ("K7F3QD22\nK7F3QD23", None),
    ],
)
def test_what_a_code_is(text: str, code: str | None) -> None:
    assert read_code(text) == (TrackCode(code) if code else None)


@drawn(st.text(max_size=80))
def test_any_content_is_a_code_or_nothing(text: str) -> None:
    found = read_code(text)
    assert found is None or (found.code.isascii() and found.code.isalnum() and len(found.code) <= 16)


def test_my_number_tells_what_is_left_to_wait_and_a_booked_ones_second_slip_its_slot() -> None:
    slot = BookedSlot(day="2026-01-14", begins="10:30", ends="11:00", ahead=1)
    made = run([scan(), tracked(forecast=Forecast(low_min=5, high_min=10), booking=slot)])
    shown = made.screen.screen
    assert isinstance(shown, MyNumber)
    assert (shown.issued.ahead, shown.issued.wait and shown.issued.wait.text) == (4, "5–10")
    run([press("reprint"), wait(4.5).ask(ev.PrintSlip, layout="booking")], made)
    values = dict(made.last(ev.PrintSlip).values)
    assert [values[name] for name in ("slot", "slot_start", "slot_wait", "copy")] == ["10:30–11:00", None, "5–10", 1]


def test_what_people_scan_is_in_no_repr() -> None:
    assert "700000" not in repr(ev.CodeScanned(text="700000199001010013", key="scan-1"))


# ---- a press given up ------------------------------------------------------------------------------------------------

AWAY = (silent(), disk_fails().shows("server"))
"""Neither server nor disk."""
GIVEN_UP: dict[str, list[Step]] = {
    "by the key": [press("take"), *AWAY, press("home").does(ev.GiveUpTicket)],
    "by time": [press("take"), *AWAY, wait(60).shows("home").does(ev.GiveUpTicket)],
    "from under the help page": [
        press("take"),
        *AWAY,
        press("help"),
        help_is("asked"),
        Step("ten minutes", lambda made: [e for e in made.wait(600.5) if isinstance(e, ev.GiveUpTicket)]).does(
            ev.GiveUpTicket
        ),
    ],
    "the card's person is let go": [
        card(),
        *AWAY,
        press("home").does(ev.GiveUpTicket).ask(ev.ForgetPerson, person="person-1"),
    ],
    "not after another try that worked": [
        press("take"),
        *AWAY,
        press("retry"),
        given(),
        printed().shows("done"),
        press("finish").does(),
    ],
    "not after a refusal": [press("take"), refused().shows("server"), press("home").does()],
}


@pytest.mark.parametrize("name", GIVEN_UP)
def test_a_press_without_answer_is_given_up(name: str) -> None:
    made = run(GIVEN_UP[name])
    assert made.screen.name == "home"


def test_what_is_given_up_is_what_was_asked() -> None:
    made = run([press("english"), press("matter"), press("department:SB"), press("number:SB-002"), *AWAY])
    run([press("home")], made)
    asked, given_up = made.last(ev.AskTicket), made.last(ev.GiveUpTicket)
    for name in ("key", "kind", "matters", "language", "grant"):
        assert getattr(asked, name) == getattr(given_up, name)
