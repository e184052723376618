"""Ways to a number, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow import events as ev
from kiosk.flow import offline_events as own
from kiosk.flow.screens import Done, Modes, WaitRange
from tests.kiosk.hall import GROUNDS, hall
from tests.kiosk.steps import (
    NUMBER,
    RULES,
    Step,
    card,
    disk_fails,
    given,
    happens,
    kiosk,
    press,
    printed,
    refused,
    reprint_given,
    run,
    silent,
    ticket,
    wait,
)

TO_CARD = (press("matter"), press("matter:SB-004"), press("take").shows("card"))
"""The page that invites the card."""

STRAIGHT = [
    press("take").shows("printing").does(ev.AskTicket).ask(ev.AskTicket, kind="general", matters=(), person=None),
    given("A044").shows("printing").does(ev.PrintSlip).ask(ev.PrintSlip, layout="ticket"),
    printed().shows("done").does(ev.ReportPrinted).ask(ev.ReportPrinted, ticket="t-A044", result="printed", copy=0),
    wait(14).shows("done"),
    wait(1.5).shows("home"),
]
FLOWS: dict[str, list[Step]] = {
    "straight": STRAIGHT,
    "not sure": [press("matter").shows("choose"), press("unsure").shows("printing"), *NUMBER],
    "by department, at once": [
        press("matter"),
        press("department:MZ").shows("matters"),
        press("number:MZ-001").does(ev.AskTicket).ask(ev.AskTicket, matters=("MZ-001",)),
        *NUMBER,
    ],
    "by department and guide": [
        press("matter"),
        press("department:MZ").shows("matters"),
        press("matter:MZ-001").shows("guide"),
        press("take").shows("card").with_(label="高龄津贴"),
        press("skip").ask(ev.AskTicket, matters=("MZ-001",), person=None, grant=None),
        *NUMBER,
    ],
    "popular": [
        press("matter"),
        press("matter:SB-004").shows("guide"),
        press("take").shows("card"),
        press("skip").ask(ev.AskTicket, matters=("SB-004",)),
        *NUMBER,
    ],
    "by pinyin": [
        press("matter"),
        press("letter:S").shows("search"),
        press("letter:B"),
        press("letter:K").with_(typed="SBK", found=3),
        press("matter:SB-002").shows("guide"),
        press("take").shows("card"),
        press("skip").ask(ev.AskTicket, matters=("SB-002",)),
        *NUMBER,
    ],
    "guide, then card": [
        press("matter"),
        press("matter:SB-004"),
        press("take").shows("card"),
        happens(ev.CardFelt()).shows("card").with_(reading=True),
        card().does(ev.AskTicket).shows("printing").ask(ev.AskTicket, matters=("SB-004",), person="person-1"),
        given().does(ev.ForgetPerson, ev.PrintSlip),
        printed().shows("done").with_(card_left=True),
        happens(ev.CardLifted()).with_(card_left=False),
    ],
    "card on home": [
        card().does(ev.AskTicket).shows("printing").ask(ev.AskTicket, person="person-1", matters=()),
        given().does(ev.ForgetPerson, ev.PrintSlip),
        printed().shows("done"),
    ],
    "card laid while choosing goes with the number": [
        press("matter"),
        card().does().shows("choose"),
        press("matter:SB-004"),
        press("take").shows("printing").ask(ev.AskTicket, person="person-1", matters=("SB-004",)),
    ],
    "a second card takes the first one's place": [
        press("matter"),
        card("person-1").does(),
        card("person-2").does(ev.ForgetPerson),
        press("unsure").ask(ev.AskTicket, person="person-2"),
    ],
    "card trouble, then without": [
        *TO_CARD,
        happens(ev.CardFelt()).with_(reading=True),
        happens(ev.CardTrouble(code="half")).with_(reading=False, trouble_key="state.card_again"),
        press("skip").shows("printing"),
        *NUMBER,
    ],
    "reader down": [
        *TO_CARD,
        happens(ev.ReaderHealth(state="down", code="unplugged"))
        .does(ev.ReportHealth)
        .with_(trouble_key="state.card_down"),
        press("skip").shows("printing"),
    ],
    "priority": [*TO_CARD, press("priority").ask(ev.AskTicket, grant="claimed")],
    "privacy and back": [*TO_CARD, press("privacy").shows("privacy"), press("back").shows("card")],
    "collection": [press("collect").ask(ev.AskTicket, kind="collection"), *NUMBER],
    "server silent, again with the same press": [
        press("take"),
        silent(),
        disk_fails().shows("server").with_(kind="silent"),
        press("retry").shows("printing").does(ev.AskTicket).ask(ev.AskTicket, key="press-0001"),
        *NUMBER,
    ],
    "server silent, its answer after all": [press("take"), silent(), disk_fails().shows("server"), *NUMBER],
    "server silent, home": [press("take"), silent(), disk_fails(), press("home").shows("home")],
    "server silent leaves by itself": [
        press("take"),
        silent(),
        disk_fails(),
        wait(59).shows("server"),
        wait(1.5).shows("home"),
    ],
    "an answer lost on the way never hangs": [
        press("take"),
        wait(3.5).shows("printing"),
        wait(1).shows("printing").does(own.TakeOffline),
        wait(4.5).shows("server"),
    ],
    "answer to a resident who left": [
        press("take"),
        silent(),
        disk_fails(),
        press("home"),
        given().shows("home").does(ev.CancelTicket).ask(ev.CancelTicket, ticket="t-A044", track="KA044"),
    ],
    "refused": [
        press("take"),
        refused().shows("server").with_(kind="refused", say="今天的号发完了，请明天来"),
        press("home").shows("home"),
    ],
    "reprint": [
        *STRAIGHT[:3],
        press("again").shows("printing").does(ev.AskReprint).ask(ev.AskReprint, ticket="t-A044", track="KA044"),
        reprint_given(copy=1).does(ev.PrintSlip).ask(ev.PrintSlip, layout="reprint"),
        printed().shows("done").ask(ev.ReportPrinted, copy=1),
        press("finish").shows("home"),
    ],
    "reprint without the server": [
        *STRAIGHT[:3],
        press("again"),
        wait(4.5).shows("printing").does(ev.PrintSlip).ask(ev.PrintSlip, layout="reprint"),
        printed().shows("done").ask(ev.ReportPrinted, copy=1),
    ],
    "already: print the one held": [
        card(),
        given("A044", already=ticket("A031")).shows("already").does(ev.ForgetPerson).with_(number="A031"),
        press("reprint").does(ev.AskReprint, ev.CancelTicket).ask(ev.AskReprint, ticket="t-A031"),
        reprint_given(number="A031").does(ev.PrintSlip),
        printed().shows("done").ask(ev.CancelTicket, ticket="t-A044"),
    ],
    "already: another number": [
        card(),
        given("A044", already=ticket("A031", state="missed")).shows("already").with_(called=True),
        press("another").shows("printing").does(ev.PrintSlip),
        printed().shows("done").ask(ev.ReportPrinted, ticket="t-A044"),
    ],
    "already, nothing new was made: another": [
        card(),
        given("A031", already=ticket("A031")).shows("already"),
        press("another").shows("printing").does(ev.AskTicket).ask(ev.AskTicket, person=None),
        *NUMBER,
    ],
    "already, left": [
        card(),
        given("A044", already=ticket("A031")),
        press("back").shows("home").does(ev.CancelTicket).ask(ev.CancelTicket, ticket="t-A044"),
    ],
    "already, walked away": [
        card(),
        given("A044", already=ticket("A031")),
        wait(61).shows("still"),
        wait(16).shows("home").does(ev.CancelTicket),
    ],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


def test_done_shows_what_the_slip_says() -> None:
    made = run(STRAIGHT[:3])
    shown = made.screen.screen
    assert isinstance(shown, Done)
    values = dict(made.last(ev.PrintSlip).values)
    assert (shown.issued.number, shown.issued.ahead, shown.issued.track) == ("A044", 11, "KA044")
    assert shown.issued.wait == WaitRange(low_min=20, high_min=30, text="20–30")
    assert values == {
        "hall": "安和镇政务服务大厅",
        "centre": "便民服务中心",
        "number": "A044",
        "matter": None,
        "ahead": 11,
        "wait": "20–30",
        "windows": "1–4、6",
        "taken": "2026-01-14 10:36",
        "bring": None,
        "missed_after": 3,
        "missed_times": 2,
        "qr": None,
        "track": "KA044",
        "phone": "010-00000000",
        "kiosk": 1,
        "serial": 1,
        "language": "zh",
        "copy": None,
        "training": False,
        "notice": True,
    }
    assert shown.issued.windows == values["windows"]


def test_the_slip_of_a_sensitive_matter_shows_only_its_public_label() -> None:
    made = run([press("matter"), press("department:MZ"), press("number:MZ-002"), given()])
    values = dict(made.last(ev.PrintSlip).values)
    assert (values["matter"], values["bring"]) == ("民政事项", None)
    open_one = run([press("matter"), press("department:MZ"), press("number:MZ-001"), given()])
    assert dict(open_one.last(ev.PrintSlip).values)["bring"] == "户口簿、居民身份证"


def test_a_public_address_gives_the_slip_its_code() -> None:
    made = run([press("take"), given()], kiosk(state=hall(public_url="https://hall.example/")))
    assert dict(made.last(ev.PrintSlip).values)["qr"] == "https://hall.example/t/KA044"


def test_a_doubtful_clock_prints_no_time() -> None:
    made = run([press("take"), happens(ev.HallChanged(hall=hall(why_not="clock_doubt"))), given()])
    assert dict(made.last(ev.PrintSlip).values)["taken"] is None
    assert made.screen.header.time == ""


def test_one_press_asks_once_however_often_the_finger_falls() -> None:
    made = kiosk()
    made.press("take")
    for _ in range(5):
        made.wait(0.1)
        made.touch("take")
    assert [type(e) for e in made.log if not isinstance(e, ev.PlaySound)] == [ev.AskTicket]


def test_a_double_touch_does_not_reach_the_next_screen() -> None:
    made = kiosk()
    made.press("matter")
    made.wait(0.2)
    made.touch("unsure")
    assert made.screen.name == "choose"
    made.press("unsure")
    assert made.screen.name == "printing"


def test_hammering_does_not_close_the_number() -> None:
    made = run([press("take"), given()])
    made.touch("take")
    run([printed().shows("done")], made)
    for _ in range(4):
        made.wait(0.25)
        made.touch("finish")
    assert made.screen.name == "done"


def test_letters_may_follow_each_other_fast() -> None:
    made = run([press("matter")])
    made.wait(1)
    for letter in "SBK":
        made.wait(0.1)
        made.touch(f"letter:{letter}")
    assert getattr(made.screen.screen, "typed", None) == "SBK"


def test_three_seconds_between_numbers() -> None:
    made = run([*STRAIGHT[:3], press("finish", after_s=0.5).shows("home")])
    assert "take" in made.screen.flat
    assert "collect" in made.screen.flat
    run([card().does(ev.ForgetPerson).shows("home"), wait(3), press("take").shows("printing")], made)


def numbers(count: int) -> list[Step]:
    return [each for _ in range(count) for each in (press("take", after_s=4), *NUMBER, press("finish"))]


def test_after_six_numbers_in_a_minute_the_kiosk_asks() -> None:
    made = run(
        [
            *numbers(6),
            press("take", after_s=3).shows("brake").does(ev.ReportHealth).ask(ev.ReportHealth, part="brake", count=6),
            press("yes").shows("printing").does(ev.AskTicket),
            *NUMBER,
            press("finish"),
            press("take", after_s=3).shows("brake"),
            press("no").shows("home").does(),
        ]
    )
    run(
        [
            wait(61).does(ev.ReportHealth).ask(ev.ReportHealth, part="brake", state="ok"),
            press("take").shows("printing"),
        ],
        made,
    )
    assert made.screen.name == "printing"


def test_a_kiosk_without_reader_invites_no_card() -> None:
    made = kiosk(rules=replace(RULES, has_reader=False))
    run([press("booked").shows("booked"), press("skip").shows("printing"), *NUMBER, press("finish")], made)
    run([press("matter", after_s=3), press("matter:SB-004"), press("take").shows("printing")], made)
    assert made.screen.name == "printing"


def test_reprints_end_with_staff() -> None:
    made = run(STRAIGHT[:3])
    for copy in (1, 2, 3):
        run([press("again"), reprint_given(copy=copy), printed().shows("done")], made)
    assert "again" in made.screen.flat


def test_language_of_the_screen_is_the_tickets() -> None:
    made = run([press("english"), press("take").ask(ev.AskTicket, language="en"), *NUMBER])
    assert dict(made.last(ev.PrintSlip).values)["language"] == "en"
    run([press("finish").shows("home")], made)
    assert made.screen.modes == Modes()


def test_priority_is_claimed_on_a_ground_of_the_halls_list() -> None:
    made = kiosk(state=hall(grounds=GROUNDS))
    run([*TO_CARD, press("priority").shows("grounds")], made)
    assert "ground:hardship" not in made.screen.keys, "staff alone give it"
    run([press("page:next").shows("grounds"), press("page:previous")], made)
    run([press("ground:elder").shows("printing").ask(ev.AskTicket, grant="elder")], made)


def test_whoever_looked_at_the_list_may_take_an_ordinary_number_or_go_back() -> None:
    made = kiosk(state=hall(grounds=GROUNDS))
    run([*TO_CARD, press("priority"), press("back").shows("card")], made)
    run([press("priority"), press("take").ask(ev.AskTicket, grant=None)], made)
    assert made.screen.name == "printing"
