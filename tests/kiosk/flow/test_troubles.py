"""Paper, cover, silence; help; the warning; modes; closed hall."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.flow import events as ev
from kiosk.flow.screens import Guide, Home, Modes, Night
from tests.kiosk.hall import catalogue, hall
from tests.kiosk.steps import (
    NUMBER,
    Step,
    card,
    given,
    happens,
    help_is,
    kiosk,
    not_printed,
    press,
    printed,
    reprint_given,
    run,
    unknown,
    wait,
)

FLOWS: dict[str, list[Step]] = {
    "no paper: photo": [
        press("take"),
        given(),
        not_printed("paper_end").shows("nopaper").does(ev.ReportPrinted).ask(ev.ReportPrinted, result="not_printed"),
        press("remembered").shows("home"),
    ],
    "no paper stays a minute": [
        press("take"),
        given(),
        not_printed("paper_end").shows("nopaper").with_(countdown_s=60),
        wait(59).shows("nopaper"),
        wait(1.5).shows("home"),
    ],
    "no paper: staff bring it": [
        press("take"),
        given(),
        not_printed("paper_end"),
        press("ask").shows("nopaper").does(ev.AskHelp).with_(asked=True),
        help_is("taken", "小王").shows("nopaper"),
    ],
    "paper changed while the resident stands there": [
        press("take"),
        given(),
        happens(ev.PrinterHealth(state="down", code="paper_end")).does(ev.ReportHealth),
        not_printed("paper_end").shows("nopaper"),
        happens(ev.PrinterHealth(state="ok")).shows("printer").with_(fate="ready"),
        press("again").does(ev.AskReprint),
        reprint_given(),
        printed().shows("done"),
    ],
    "cover": [
        press("take"),
        given(),
        happens(ev.PrinterHealth(state="down", code="cover_open")),
        not_printed("cover_open").shows("printer").with_(code="cover_open", fate="not_printed"),
        press("remembered").shows("home"),
    ],
    "printer dead": [
        press("take"),
        given(),
        not_printed("port_busy").shows("printer").with_(code="port_busy", fate="not_printed"),
    ],
    "unknown, looked, nothing there": [
        press("take"),
        given(),
        unknown().shows("printer").with_(fate="unknown").ask(ev.ReportPrinted, result="unknown"),
        press("again").does(ev.AskReprint),
        reprint_given(),
        printed().shows("done"),
    ],
    "a printer that never says anything": [
        press("take"),
        given(),
        wait(5).shows("printing").with_(slow=False),
        wait(1).with_(slow=True),
        wait(15).shows("printer").with_(fate="unknown"),
    ],
    "back while it prints, then no paper": [
        press("take"),
        given(),
        press("back").shows("done"),
        not_printed("paper_end").shows("nopaper"),
    ],
    "the fate of a slip whose resident left is reported all the same": [
        press("take"),
        given(),
        press("back").shows("done"),
        press("finish").shows("home"),
        not_printed("paper_end").shows("home").does(ev.ReportPrinted),
    ],
    "help while it prints": [
        press("take"),
        given(),
        press("help").shows("help").does(ev.AskHelp),
        printed().shows("help").does(ev.ReportPrinted),
        press("back").shows("done").with_(countdown_s=15),
    ],
    "help asked, taken, ended here": [
        press("matter"),
        press("help").shows("help").does(ev.AskHelp).with_(state="asking", waited="0:00"),
        help_is("asked").with_(state="asked"),
        wait(2).does(ev.AskHelp).ask(ev.AskHelp, key="press-0002", urgent=False),
        help_is("taken", "小王").with_(state="taken", who="小王", waited="0:02"),
        press("arrived").shows("choose").does(ev.EndHelp).ask(ev.EndHelp, help="h-1"),
        wait(5).does(),
    ],
    "help ended by staff": [press("matter"), press("help"), help_is("taken", "小王"), help_is("done").shows("choose")],
    "help no longer needed before it was heard": [
        press("help"),
        press("cancel").shows("home").does(),
        help_is("asked").does(ev.EndHelp).ask(ev.EndHelp, help="h-1"),
    ],
    "urgent": [
        press("help"),
        help_is("asked"),
        press("urgent").does(ev.EndHelp, ev.AskHelp).ask(ev.AskHelp, urgent=True).with_(urgent=True),
    ],
    "help not sent is tried again": [
        press("help"),
        Step(
            "silent",
            lambda made: made.send(ev.ServerSilent(key=made.last(ev.AskHelp).key, asked="help")),
        ).with_(state="silent"),
        wait(2).does(ev.AskHelp),
        help_is("asked").with_(state="asked"),
    ],
    "help is one call": [press("help").does(ev.AskHelp), press("back").shows("home"), press("help").does()],
    "warning, stay": [
        press("matter"),
        wait(59).shows("choose"),
        wait(1).shows("still").with_(countdown_s=15),
        press("stay").shows("choose"),
        wait(59).shows("choose"),
    ],
    "warning, leave": [press("matter"), wait(60), press("leave").shows("home")],
    "warning, nobody": [press("matter"), wait(60).shows("still"), wait(15).shows("home")],
    "the person of an idle sitting is let go": [
        press("matter"),
        card(),
        wait(60).shows("still"),
        wait(15).shows("home").does(ev.ForgetPerson),
    ],
    "elder has twice the time": [
        press("elder"),
        press("matter"),
        wait(119).shows("choose"),
        wait(1).shows("still"),
    ],
    "elder: by department, six a page": [
        press("elder"),
        press("matter").shows("choose").with_(letters=False, departments=()),
        press("by_department").shows("departments"),
        press("department:SB").shows("matters").with_(pages=2),
        press("page:next").with_(page=1),
        press("page:previous").with_(page=0),
        press("matter:SB-001").shows("guide").with_(pages=2, page=0),
        press("page:next").with_(page=1, materials=()),
        press("take").shows("card"),
    ],
    "search finds nothing, erase": [
        press("matter"),
        press("letter:G"),
        press("letter:L").with_(found=1),
        press("erase").with_(typed="G"),
        press("clear").shows("choose"),
        press("letter:G"),
        press("erase").shows("choose"),
    ],
    "back goes page by page": [
        press("matter"),
        press("department:SB"),
        press("matter:SB-001"),
        press("back").shows("matters"),
        press("back").shows("choose"),
        press("back").shows("home"),
    ],
    "a number while the hall stops giving any": [
        press("matter"),
        press("matter:SB-004"),
        happens(ev.HallChanged(hall=hall(issuing=False, why_not="stopped"))).shows("guide"),
    ],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


def test_number_keys_go_flat_when_issuing_stops() -> None:
    made = run(FLOWS["a number while the hall stops giving any"])
    assert "take" in made.screen.flat
    made.press("back")
    assert "unsure" in made.screen.flat


def test_closed_hall_is_night_with_guides() -> None:
    made = kiosk(state=hall(day_open=False, issuing=False, why_not="closed"))
    assert made.screen.screen == Night(why="closed", hours="9:00–17:00")
    run([press("guide").shows("choose"), press("matter:SB-004").shows("guide"), press("back"), press("back")], made)
    assert made.screen.name == "night"
    run([card().does(ev.ForgetPerson).shows("night")], made)
    run([happens(ev.HallChanged(hall=hall())).shows("home")], made)


def test_no_more_numbers_today_and_doubtful_clock_say_so() -> None:
    assert kiosk(state=hall(issuing=False, why_not="stopped")).screen.screen == Night(why="stopped", hours="9:00–17:00")
    assert getattr(kiosk(state=hall(issuing=False, why_not="clock_doubt")).screen.screen, "why", "") == "clock_doubt"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, ""),
        ({"waiting": 0}, "state.queue_empty"),
        ({"open_windows": ()}, "state.no_window"),
        ({"forecast": None}, "state.no_estimate"),
    ],
)
def test_live_line(changes: dict[str, object], line: str) -> None:
    shown = kiosk(state=hall(**changes)).screen.screen
    assert isinstance(shown, Home)
    assert shown.line_key == line


def test_off_line_home_keeps_the_keys_and_shows_no_old_figures() -> None:
    made = kiosk(online=False)
    shown = made.screen.screen
    assert isinstance(shown, Home)
    assert (shown.link, shown.waiting, shown.wait, shown.open_windows) == ("offline", None, None, None)
    assert "take" in made.screen.keys
    run([happens(ev.LinkChanged(online=True))], made)
    assert getattr(made.screen.screen, "waiting", None) == 11


def test_modes_go_back_with_the_sitting_and_by_themselves() -> None:
    made = run([press("english"), press("lower"), press("matter"), press("back").shows("home")])
    assert made.screen.modes == Modes(language="en", lowered=True)
    assert "back" in made.screen.keys
    run([press("back").shows("home")], made)
    assert made.screen.modes == Modes()
    assert "back" in made.screen.flat
    run([press("elder"), wait(121)], made)
    assert made.screen.modes == Modes()
    run([press("english"), press("take"), *NUMBER, wait(16).shows("home")], made)
    assert made.screen.modes == Modes()


def test_a_guide_that_changes_under_the_reader_says_so() -> None:
    made = run([press("matter"), press("matter:SB-004")])
    run([happens(ev.CatalogueChanged(catalogue=catalogue(version=13)))], made)
    shown = made.screen.screen
    assert isinstance(shown, Guide)
    assert (shown.changed, shown.version) == (True, 13)


def test_a_matter_that_leaves_the_catalogue_leaves_the_screen() -> None:
    old = catalogue()
    new = msgspec.structs.replace(old, version=13, matters=tuple(m for m in old.matters if m.department != "MZ"))
    made = run([press("matter"), press("department:MZ"), press("matter:MZ-001").shows("guide")])
    run([happens(ev.CatalogueChanged(catalogue=new)).shows("choose"), press("back").shows("home")], made)
    assert made.sitting.trail == ()


def test_health_is_reported_once_per_change() -> None:
    made = kiosk()
    assert made.send(ev.PrinterHealth(state="ok")) == []
    down = ev.PrinterHealth(state="down", code="paper_end")
    assert made.send(down) == [ev.ReportHealth(part="printer", state="down", code="paper_end")]
    assert made.send(down) == []
    reader = ev.ReaderHealth(state="down", code="silent")
    assert made.send(reader) == [ev.ReportHealth(part="reader", state="down", code="silent")]
    assert made.send(reader) == []


def test_header_shows_the_halls_time_in_both_languages() -> None:
    made = kiosk()
    assert (made.screen.header.time, made.screen.header.date) == ("10:36", "1月14日 星期三")
    made.press("english")
    assert made.screen.header.date == "Wed 14 Jan"
