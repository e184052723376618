"""预约签到: card, typed code, scanned code; what is printed; and every way out when it does not work."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.bookings import CODE
from kiosk.flow.screens import Done
from queue_server.wire import BookedSlot
from tests.kiosk.steps import (
    RULES,
    Kiosk,
    Step,
    card,
    given,
    happens,
    kiosk,
    press,
    printed,
    refused,
    run,
    scan,
    silent,
    ticket,
    wait,
)

CODE_TYPED = "4815162342"
TYPED = tuple(press(f"digit:{each}") for each in CODE_TYPED)
EARLY = BookedSlot(day="2026-01-14", begins="9:30", ends="10:00", early=True, ahead=2, matter="SB-004")
LATE = BookedSlot(day="2026-01-14", begins="9:30", ends="10:00", late=True)


def booked(slot: BookedSlot, number: str = "Y003") -> Step:
    """The server answers with a number for a booking."""

    def act(made: Kiosk) -> list[ev.Effect]:
        key = made.last(ev.AskTicket).key
        made_ticket = ticket(number, matters=(slot.matter,) if slot.matter else ())
        answer = ev.TicketGiven(key=key, ticket=made_ticket, ahead=3, forecast=None, booking=slot)
        return made.send(answer)

    return Step("booked number", act)


def test_a_typed_code_checks_in_and_prints_the_slip_with_its_slot() -> None:
    made = run(
        [
            press("booked").shows("booked").with_(typed=""),
            *TYPED,
            press("send").shows("printing").ask(ev.AskTicket, kind="booked", booking=CODE_TYPED),
            booked(EARLY).does(ev.PrintSlip).ask(ev.PrintSlip, layout="booking"),
            printed().shows("done").with_(card_key="state.booking_early"),
        ]
    )
    values = dict(made.last(ev.PrintSlip).values)
    assert (values["slot"], values["slot_start"], values["slot_wait"]) == ("9:30–10:00", "9:30", None)
    assert (values["slot_ahead"], values["matter"]) == (2, "居民医保参保")
    run([press("again").does(ev.AskReprint)], made)


def test_only_a_whole_code_can_be_sent_and_it_can_be_corrected() -> None:
    made = run([press("booked")])
    assert {"send", "erase"} <= set(made.screen.flat)
    run([press("digit:4"), press("digit:9"), press("erase").with_(typed="4"), *TYPED[1:]], made)
    assert "send" in made.screen.keys
    assert "digit:1" in made.screen.flat
    run([press("send").ask(ev.AskTicket, booking=CODE_TYPED)], made)


@pytest.mark.parametrize("where", ["home", "booked"])
def test_a_scanned_code_checks_in_at_once(where: str) -> None:
    made = run([press("booked")]) if where == "booked" else kiosk()
    run([scan(f"YY-{CODE_TYPED}").shows("printing").ask(ev.AskTicket, kind="booked")], made)
    assert made.last(ev.AskTicket).booking == CODE_TYPED


def test_a_slips_code_is_still_a_slips_code() -> None:
    run([press("booked"), scan("KA044").does(kept.AskTrack)])
    assert CODE.search("https://hall.example/b/yy-4815162342")
    assert not CODE.search("4815162342")


def test_a_card_finds_its_booking() -> None:
    made = run(
        [
            press("booked"),
            happens(ev.CardFelt()).with_(reading=True),
            card().shows("printing").ask(ev.AskTicket, kind="booked", booking=None, person="person-1"),
            booked(EARLY).does(ev.ForgetPerson, ev.PrintSlip),
        ]
    )
    assert made.sitting.person is None


def test_late_is_an_ordinary_slip_that_says_so() -> None:
    made = run([press("booked"), *TYPED, press("send"), booked(LATE, "A044"), printed().shows("done")])
    assert made.last(ev.PrintSlip).layout == "ticket"
    assert isinstance(made.screen.screen, Done)
    assert made.screen.screen.card_key == "state.booking_late"


def test_a_refusal_is_said_in_the_servers_words_with_three_ways_out() -> None:
    say = "没有找到这个预约，请核对预约码；也可以直接取号。"
    no = refused(say, "booking_unknown").shows("booking_trouble").with_(say=say)
    way = [press("booked"), *TYPED, press("send"), no]
    run([*way, press("take").shows("printing").ask(ev.AskTicket, kind="general", booking=None), given()])
    run([*way, press("retype").shows("booked").with_(typed=""), press("back").shows("home")])
    run([*way, press("home").shows("home")])
    run([*way, wait(RULES.trouble_s + 1).shows("home")])
    made = run([press("booked"), card(), refused(say).does(ev.ForgetPerson).shows("booking_trouble")])
    assert made.sitting.person is None


def test_who_checked_in_before_is_offered_the_slip_or_an_ordinary_number() -> None:
    held = ticket("Y003")
    already = given("Y003", already=held).shows("already").with_(number="Y003")
    run([press("booked"), *TYPED, press("send"), already, press("reprint").does(ev.AskReprint)])
    another = press("another").ask(ev.AskTicket, kind="general", booking=None, person=None)
    made = run([press("booked"), *TYPED, press("send"), already, another])
    assert made.screen.name == "printing"


def test_without_server_it_is_an_ordinary_number_and_the_window_looks_it_up() -> None:
    away = kiosk(online=False)
    run([press("booked").does(own.TakeOffline)], away)
    made = run([press("booked"), *TYPED, press("send"), silent().ask(own.TakeOffline, kind="general")])
    assert made.screen.name == "printing"


def test_a_reader_that_is_down_leaves_the_code() -> None:
    made = run(
        [press("booked"), happens(ev.ReaderHealth(state="down", code="unplugged")).with_(trouble_key="state.card_down")]
    )
    run([press("skip").shows("printing").ask(ev.AskTicket, kind="general")], made)
    bare = kiosk(rules=replace(RULES, has_reader=False))
    run([press("booked").with_(has_reader=False, trouble_key="")], bare)
    assert bare.screen.name == "booked"
