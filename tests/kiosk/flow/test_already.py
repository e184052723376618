"""Somebody holds a number already: the matter just chosen can go onto it, and what stands in the way of that."""

from __future__ import annotations

import pytest

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.screens import Already
from tests.kiosk.hall import AT
from tests.kiosk.steps import (
    Step,
    add_silent,
    added,
    card,
    given,
    happens,
    kiosk,
    not_added,
    press,
    printed,
    reprint_given,
    run,
    ticket,
    wait,
)

HELD = ticket("A031", matters=("SB-001",))
CHOSEN = (press("matter"), press("matter:SB-004"), card(), press("take"))
"""A number for 居民医保参保 with a card."""
ASKED = (*CHOSEN, given(already=HELD).shows("already").with_(number="A031", matter="居民医保参保", trouble=None))
FLOWS: dict[str, list[Step]] = {
    "added, the new number is given back": [
        *ASKED,
        press("add")
        .shows("printing")
        .does(kept.AddMatter)
        .ask(kept.AddMatter, ticket="t-A031", track="KA031", matter="SB-004"),
        added("A031", "SB-001").shows("done").does(ev.CancelTicket).with_(added="居民医保参保"),
        wait(14).shows("done").does(),
        wait(1.5).shows("home"),
    ],
    "and printed again with both": [
        *ASKED,
        press("add"),
        added("A031", "SB-001").ask(ev.CancelTicket, ticket="t-A044"),
        press("again").does(ev.AskReprint).ask(ev.AskReprint, ticket="t-A031"),
        reprint_given(number="A031", matters=("SB-001", "SB-004")).ask(ev.PrintSlip, layout="reprint"),
        printed().shows("done").with_(added=""),
    ],
    "no new number was made": [
        *CHOSEN,
        given("A031", already=HELD, matters=("SB-001",)).shows("already"),
        press("add"),
        added("A031", "SB-001").shows("done").does(),
    ],
    "over meanwhile: another": [
        *ASKED,
        press("add"),
        not_added("wrong_state").shows("already").with_(trouble="over", matter=""),
        press("another").shows("printing").does(ev.PrintSlip),
        printed().shows("done").ask(ev.ReportPrinted, ticket="t-A044"),
    ],
    "too many matters on it": [
        *ASKED,
        press("add"),
        not_added("limit_reached").shows("already").with_(trouble="full", matter=""),
        press("back").shows("home").does(ev.CancelTicket),
    ],
    "refused for anything else": [
        *ASKED,
        press("add"),
        not_added("too_often").with_(trouble="refused"),
        press("reprint").does(ev.AskReprint, ev.CancelTicket),
    ],
    "silent, and once more with the same press": [
        *ASKED,
        press("add").ask(kept.AddMatter, key="press-0004"),
        add_silent().shows("already").with_(trouble="silent", matter="居民医保参保"),
        press("add").does(kept.AddMatter).ask(kept.AddMatter, key="press-0004"),
        added("A031", "SB-001").shows("done"),
    ],
    "the answer after all": [*ASKED, press("add"), add_silent(), added("A031", "SB-001").shows("done")],
    "no word at all": [*ASKED, press("add"), wait(4.5).shows("already").with_(trouble="silent"), press("another")],
    "walked away after a silence": [
        *ASKED,
        press("add"),
        add_silent(),
        wait(61).shows("still"),
        wait(16).shows("home").does(ev.CancelTicket),
        added("A031", "SB-001").shows("home").does(),
    ],
}
NOT_OFFERED = {
    "no matter was chosen": [card(), given(already=HELD)],
    "it carries that one": [*CHOSEN, given(already=ticket("A031", matters=("SB-004",)))],
    "it was called": [*CHOSEN, given(already=ticket("A031", state="called"))],
    "it was missed": [*CHOSEN, given(already=ticket("A031", state="missed"))],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


@pytest.mark.parametrize("why", NOT_OFFERED)
def test_adding_is_not_offered_when(why: str) -> None:
    made = run(NOT_OFFERED[why])
    assert isinstance(made.screen.screen, Already)
    assert (made.screen.screen.matter, "add" in (*made.screen.keys, *made.screen.flat)) == ("", False)


def test_the_second_slip_names_both_matters_and_what_to_bring() -> None:
    made = run(FLOWS["and printed again with both"])
    values = dict(made.last(ev.PrintSlip).values)
    assert (values["matter"], values["bring"]) == ("社保卡申领、居民医保参保", "户口簿、居民身份证")


def test_without_the_server_adding_waits_and_a_number_does_not() -> None:
    made = run([*CHOSEN, given("A031", already=HELD), happens(ev.LinkChanged(online=False))], kiosk())
    assert "add" in made.screen.flat
    taken = own.OfflineGiven(key="press-0004", number="L001", issued_at=AT)
    run([press("another").does(own.TakeOffline), happens(taken).does(ev.PrintSlip)], made)
    assert made.last(ev.PrintSlip).layout == "offline"
