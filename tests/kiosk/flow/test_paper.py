"""Slips beyond the ordinary one: the one-time notice, the closing slip; a printer that is known to be away."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kiosk.flow import events as ev
from kiosk.flow.screens import Notice, PrinterTrouble
from queue_server.wire import ClosedDay, HallState
from tests.kiosk.hall import AT, hall
from tests.kiosk.steps import (
    RULES,
    Kiosk,
    Step,
    given,
    happens,
    kiosk,
    not_printed,
    press,
    printed,
    reprint_given,
    run,
    unknown,
    wait,
)

LOST = ev.PrinterHealth(state="down", code="port_lost")
WELL = ev.PrinterHealth(state="ok")


def no_status() -> Step:
    return Step(
        "slip unknown: no status",
        lambda made: made.send(ev.SlipUnknown(key=made.last(ev.PrintSlip).key, code="no_status")),
    )


FLOWS: dict[str, list[Step]] = {
    "away before the press: said at once, the slip still tried": [
        happens(LOST),
        press("take"),
        given()
        .shows("printer")
        .does(ev.PrintSlip)
        .with_(code="port_lost", fate="not_printed", countdown_s=60)
        .ask(ev.PrintSlip, layout="ticket"),
        wait(8),
        not_printed("unreachable").shows("printer").does(ev.ReportPrinted).with_(code="port_lost", countdown_s=52),
        happens(WELL).shows("printer").with_(fate="ready"),
        press("again"),
        reprint_given().shows("printing").ask(ev.PrintSlip, layout="reprint"),
        printed().shows("done"),
    ],
    "lost while it prints: said at once": [
        press("take"),
        given().shows("printing"),
        happens(LOST).shows("printer").does(ev.ReportHealth).with_(code="port_lost", fate="not_printed"),
        unknown().shows("printer").does(ev.ReportPrinted).with_(fate="unknown"),
    ],
    "away, and the slip comes all the same": [
        happens(LOST),
        press("take"),
        given().shows("printer"),
        happens(WELL).shows("printing"),
        printed().shows("done"),
    ],
    "silent counts as away": [
        happens(ev.PrinterHealth(state="down", code="silent")),
        press("take"),
        given().shows("printer").with_(code="silent"),
    ],
    "the printer's own trouble is left to its answer": [
        happens(ev.PrinterHealth(state="down", code="paper_end")),
        press("take"),
        given().shows("printing"),
        not_printed("paper_end").shows("nopaper"),
    ],
    "ready again while the resident talks to staff": [
        press("take"),
        given(),
        happens(ev.PrinterHealth(state="down", code="cover_open")),
        not_printed("cover_open").shows("printer"),
        press("help").shows("help"),
        happens(WELL).shows("help"),
        press("back").shows("printer").with_(fate="ready"),
    ],
    "a printer that cannot be asked is no trouble": [
        happens(ev.PrinterHealth(state="unknown", code="no_status")),
        press("take"),
        given().shows("printing"),
        no_status().shows("done").does(ev.ReportPrinted).ask(ev.ReportPrinted, result="unknown"),
    ],
    "notice": [
        press("matter"),
        press("matter:SB-001"),
        press("print").shows("notice").does(ev.PrintSlip).with_(stage="printing").ask(ev.PrintSlip, layout="notice"),
        printed().shows("notice").does().with_(stage="printed", countdown_s=15),
        wait(15).shows("guide"),
    ],
    "notice without paper": [
        press("matter"),
        press("matter:SB-001"),
        press("print"),
        not_printed("paper_end").shows("notice").with_(stage="failed"),
        press("again").shows("notice").does(ev.PrintSlip),
        printed().with_(stage="printed"),
        press("finish").shows("guide"),
    ],
    "notice while the printer is away": [
        happens(LOST),
        press("matter"),
        press("matter:SB-001"),
        press("print").shows("notice").does().with_(stage="failed"),
        press("back").shows("guide"),
    ],
    "a notice nobody waits for any longer": [
        press("matter"),
        press("matter:SB-001"),
        press("print"),
        press("back").shows("guide"),
        printed().shows("guide").does(),
    ],
    "a notice whose printer never says anything": [
        press("matter"),
        press("matter:SB-001"),
        press("print"),
        wait(20.5).shows("notice").with_(stage="unknown"),
    ],
    "a notice read under the help page": [
        press("matter"),
        press("matter:SB-001"),
        press("print"),
        press("help"),
        printed().shows("help"),
        press("back").shows("notice").with_(stage="printed"),
    ],
}


@pytest.mark.parametrize("name", FLOWS)
def test_flow(name: str) -> None:
    made = run(FLOWS[name])
    assert made.presses == sum(each.name.startswith("press ") for each in FLOWS[name])


def test_a_notice_rests_before_the_next() -> None:
    made = run([press("matter"), press("matter:SB-001"), press("print"), printed(), press("finish").shows("guide")])
    assert "print" in made.screen.flat
    run([wait(10).shows("guide")], made)
    assert "print" in made.screen.keys


def test_what_a_notice_says() -> None:
    made = run([press("matter"), press("matter:SB-001"), press("print")])
    values = dict(made.last(ev.PrintSlip).values)
    assert values["notice_no"] == f"GZ1-20260114-1036{int(made.now_s - 1000):02d}"
    assert (values["matter"], values["version"], values["published"]) == ("社保卡申领", 12, "2026-01-05")
    assert values["materials"] == (
        (("name", "户口簿"), ("note", "原件1份")),
        (("name", "居民身份证"), ("note", "原件1份")),
    )
    assert values["hours"] == "9:00–17:00"


def test_a_slip_names_the_notice_where_it_lists_no_papers() -> None:
    plain = run([press("take"), given()])
    assert dict(plain.last(ev.PrintSlip).values)["notice"] is True
    matter = run([press("matter"), press("department:SB"), press("number:SB-002"), given()])
    values = dict(matter.last(ev.PrintSlip).values)
    assert (values["notice"], values["bring"]) == (False, "户口簿、居民身份证")


def test_a_doubtful_clock_is_on_no_notice() -> None:
    made = kiosk(state=hall(why_not="clock_doubt"))
    run([press("matter"), press("matter:SB-001"), press("print")], made)
    values = dict(made.last(ev.PrintSlip).values)
    assert values["date"] is None
    assert values["notice_no"] == "GZ1-ess-0003"


# ---- the closing slip ------------------------------------------------------------------------------------------------

DAY = ClosedDay(
    business_day="2026-01-14",
    opened_at=AT - timedelta(hours=2),
    closed_at=AT,
    rows=412,
    anchor="ab" * 32,
    forced=False,
    issued=120,
    served=110,
    missed=4,
    left=0,
    copies=3,
    first_number="A001",
    last_number="A117",
)


def closed(day: ClosedDay | None = DAY) -> HallState:
    return hall(day_open=False, issuing=False, why_not="closed", closed=day)


def closing_kiosk(*, named: bool = True) -> Kiosk:
    return kiosk(rules=replace(RULES, closing_slip=named))


def test_the_closing_slip_is_printed_once_at_the_kiosk_that_is_named() -> None:
    made = closing_kiosk()
    run([happens(ev.HallChanged(hall=closed())).does(ev.PrintSlip).ask(ev.PrintSlip, layout="closing")], made)
    values = dict(made.last(ev.PrintSlip).values)
    assert (values["rows"], values["anchor"], values["closed"]) == (412, DAY.anchor, "2026-01-14 10:36")
    run(
        [
            happens(ev.HallChanged(hall=closed())).does(),
            printed().does(ev.RememberClosing).ask(ev.RememberClosing, anchor=DAY.anchor),
            happens(ev.HallChanged(hall=closed())).does(),
            happens(ev.HallChanged(hall=hall())).does(),
        ],
        made,
    )
    other = closing_kiosk(named=False)
    run([happens(ev.HallChanged(hall=closed())).does()], other)


def test_a_closing_slip_of_yesterday_is_remembered_over_a_restart() -> None:
    made = closing_kiosk()
    steps = [
        happens(ev.ClosingRemembered(anchor=DAY.anchor)).does(),
        happens(ev.HallChanged(hall=closed())).does(),
    ]
    run(steps, made)
    assert made.sitting.closing.key == ""


def test_a_closing_slip_waits_for_paper_but_not_all_night() -> None:
    made = closing_kiosk()
    down = ev.PrinterHealth(state="down", code="paper_end")
    again = [
        not_printed("paper_end").does(),
        happens(down).does(ev.ReportHealth),
        happens(ev.HallChanged(hall=closed())).does(),
    ]
    run(
        [
            happens(ev.HallChanged(hall=closed())).does(ev.PrintSlip),
            *again,
            happens(WELL).does(ev.ReportHealth, ev.PrintSlip),
            *again,
            happens(WELL).does(ev.ReportHealth, ev.PrintSlip),
            *again,
            happens(WELL).does(ev.ReportHealth),
        ],
        made,
    )
    assert (made.sitting.closing.printed, made.sitting.closing.tries) == ("", 3)


def test_a_closing_slip_disturbs_nobody_and_needs_no_status() -> None:
    made = closing_kiosk()
    run([happens(ev.PrinterHealth(state="unknown", code="no_status")), press("help").shows("help")], made)
    run([happens(ev.HallChanged(hall=closed())).shows("help").does(ev.PrintSlip)], made)
    run([no_status().shows("help").does(ev.RememberClosing)], made)
    assert made.sitting.closing.printed == DAY.anchor


def test_screens_of_paper_are_values() -> None:
    assert Notice(label="x") == Notice(label="x")
    shown = run([happens(LOST), press("take"), given()]).screen.screen
    assert isinstance(shown, PrinterTrouble)
