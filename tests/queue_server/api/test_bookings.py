"""Bookings over HTTP: at the desk, with a code, with a card; and what a check-in answers."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.support.hand_clock import HandClock
from tests.support.server import TODAY, Client, HallServer, new_key

CARD = {"name": "测试甲", "id_number": "700000199001010019", "card_type": "mainland"}
HOLDER = {"name": "测试甲", "id_number": CARD["id_number"], "phone": "70000012345"}
TOMORROW = "2026-01-15"


def book(caller: Client, **how: Any) -> dict[str, Any]:
    """For half past nine today, half an hour from now."""
    answer = caller.post("/bookings", {"day": TODAY, "begins": "9:30", "holder": HOLDER} | how)
    assert answer.status_code == 201, answer.text
    booking: dict[str, Any] = answer.json()["booking"]
    return booking


def refused(answer: Any, status: int, code: str) -> str:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    say: str = answer.json()["say"]
    assert say
    return say


def test_days_and_free_places(hall: HallServer) -> None:
    clerk, kiosk = hall.person("clerk1"), hall.device("kiosk:1")
    days = [each["day"] for each in kiosk.get("/bookings/slots").json()["days"]]
    assert days == [TOMORROW, "2026-01-16", "2026-01-19", "2026-01-20", "2026-01-21"]
    book(clerk)
    today = clerk.get("/bookings/slots").json()["days"][0]
    assert today["day"] == TODAY
    assert today["slots"][0] == {"begins": "9:30", "ends": "10:00", "free": 6}
    assert today["slots"][1]["free"] == 7


def test_staff_book_look_up_move_and_cancel(hall: HallServer) -> None:
    clerk = hall.person("clerk1")
    made = book(clerk, matters=["m1"])
    assert (made["state"], made["begins"], made["ends"], made["matters"]) == ("booked", "9:30", "10:00", ["m1"])
    assert made["holder"] == "测** 7000*************9"
    assert len(made["code"]) == 10
    found = clerk.get(f"/bookings/YY-{made['code']}").json()["booking"]
    assert found == made
    assert clerk.get("/bookings", params={"day": TODAY}).json()["bookings"] == [made]
    moved = clerk.post(f"/bookings/{made['id']}/move", {"day": TOMORROW, "begins": "14:00"}).json()["booking"]
    assert (moved["day"], moved["begins"], moved["code"]) == (TOMORROW, "14:00", made["code"])
    gone = clerk.post(f"/bookings/{made['id']}/cancel").json()["booking"]
    assert gone["state"] == "cancelled"
    refused(clerk.post(f"/bookings/{made['id']}/cancel"), 409, "booking_over")
    refused(clerk.post("/bookings/b_unknown/cancel"), 404, "booking_unknown")


def test_the_same_key_is_the_same_booking(hall: HallServer) -> None:
    clerk, key = hall.person("clerk1"), new_key()
    body = {"key": key, "day": TODAY, "begins": "9:30", "holder": HOLDER}
    first, again = clerk.post("/bookings", body), clerk.post("/bookings", body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["booking"] == first.json()["booking"]
    refused(clerk.post("/bookings", body | {"begins": "10:00"}), 422, "key_reused")
    cancel = {"key": new_key()}
    path = f"/bookings/{first.json()['booking']['id']}/cancel"
    assert [clerk.post(path, cancel).status_code for _ in range(2)] == [200, 200]


def test_what_cannot_be_booked_is_said(hall: HallServer) -> None:
    clerk, kiosk = hall.person("clerk1"), hall.device("kiosk:1")
    body = {"day": TODAY, "begins": "9:30", "holder": HOLDER}
    refused(kiosk.post("/bookings", body), 409, "slot_closed")
    refused(clerk.post("/bookings", body | {"begins": "9:31"}), 409, "slot_closed")
    refused(clerk.post("/bookings", body | {"day": "2026-01-17"}), 409, "slot_closed")
    nobody = clerk.post("/bookings", body | {"holder": {"name": "测试甲"}})
    assert (refused(nobody, 400, "bad_request"), nobody.json()["field"]) != ("", "")
    book(clerk)
    say = refused(clerk.post("/bookings", body | {"begins": "10:00"}), 409, "booking_limit")
    assert say == "每人每天最多约 1 次，这一天已经约过，请改约那一次，或换一天。"
    for number in range(6):
        book(clerk, holder={"name": "测试乙", "phone": f"7000001234{number}"})
    refused(clerk.post("/bookings", body | {"holder": {"name": "测试丙", "phone": "70000099999"}}), 409, "slot_full")


def test_a_holder_changes_by_code_until_two_hours_before(hall: HallServer, clock: HandClock) -> None:
    kiosk = hall.device("kiosk:1")
    made = book(kiosk, day=TOMORROW)
    assert (made["holder"], made["phone"]) == (None, None)
    refused(kiosk.post(f"/bookings/{made['id']}/cancel", {"code": "0000000000"}), 404, "booking_unknown")
    refused(kiosk.post(f"/bookings/{made['id']}/cancel"), 404, "booking_unknown")
    move = {"day": TOMORROW, "begins": "10:00", "code": made["code"]}
    assert kiosk.post(f"/bookings/{made['id']}/move", move).json()["booking"]["begins"] == "10:00"
    clock.forward(23 * 3600 + 60)
    say = refused(kiosk.post(f"/bookings/{made['id']}/cancel", {"code": made["code"]}), 409, "booking_fixed")
    assert "120" in say
    assert hall.person("clerk1").post(f"/bookings/{made['id']}/cancel").status_code == 200


@pytest.mark.parametrize("by", ["code", "qr", "card", "card that only asks for a number"])
def test_a_check_in_gives_a_booked_number(hall: HallServer, by: str) -> None:
    made, kiosk = book(hall.person("clerk1"), matters=["m1"]), hall.device("kiosk:1")
    body = {
        "code": {"booking": made["code"]},
        "qr": {"booking": f"YY-{made['code']}"},
        "card": {"kind": "booked", "person": CARD},
        "card that only asks for a number": {"person": CARD},
    }[by] | {"key": new_key()}
    answer = kiosk.post("/tickets", body)
    assert answer.status_code == 201
    reply = answer.json()
    assert (reply["ticket"]["number"], reply["ticket"]["kind"], reply["ticket"]["matters"]) == (
        "Y001",
        "booked",
        ["m1"],
    )
    slot = {"day": TODAY, "begins": "9:30", "ends": "10:00", "late": False, "early": True, "ahead": 0, "matter": "m1"}
    assert reply["booking"] == slot
    again = kiosk.post("/tickets", body)
    assert (again.status_code, again.json()["ticket"]["id"]) == (200, reply["ticket"]["id"])
    clerk = hall.person("clerk1")
    assert [row["tag"] for row in clerk.get("/queue").json()["rows"]] == ["booked:9:30"]
    used = clerk.get(f"/bookings/{made['code']}").json()["booking"]
    assert (used["state"], used["number"]) == ("came", "Y001")


def test_the_slip_tells_how_many_of_the_same_slot_come_before(hall: HallServer) -> None:
    clerk, kiosk = hall.person("clerk1"), hall.device("kiosk:1")
    for number, begins in enumerate(("9:30", "9:30", "10:00", "9:30")):
        made = book(clerk, begins=begins, holder={"name": "测试乙", "phone": f"7000001234{number}"})
        kiosk.issue()
        reply = kiosk.post("/tickets", {"booking": made["code"]}).json()
        assert reply["booking"]["ahead"] == (0, 1, 0, 2)[number]


def test_a_second_slip_and_the_slips_code_tell_the_slot_as_it_stands_now(hall: HallServer, clock: HandClock) -> None:
    made, kiosk = book(hall.person("clerk1")), hall.device("kiosk:1")
    ticket = kiosk.post("/tickets", {"booking": made["code"]}).json()["ticket"]
    for early in (True, False):
        again = kiosk.post(f"/tickets/{ticket['id']}/reprint").json()["booking"]
        assert (again["begins"], again["ends"], again["early"]) == ("9:30", "10:00", early)
        assert hall.nobody().get(f"/track/{ticket['track']}").json()["booking"] == again
        clock.forward(2 * 3600)
    assert kiosk.post(f"/tickets/{kiosk.issue()['id']}/reprint").json()["booking"] is None


def test_who_checked_in_before_is_offered_that_number(hall: HallServer) -> None:
    made, kiosk = book(hall.person("clerk1")), hall.device("kiosk:1")
    first = kiosk.post("/tickets", {"booking": made["code"]}).json()["ticket"]
    for body in ({"booking": made["code"]}, {"kind": "booked", "person": CARD}):
        again = kiosk.post("/tickets", body)
        assert again.status_code == 200
        assert (again.json()["ticket"]["id"], again.json()["already"]["id"]) == (first["id"], first["id"])
    other = kiosk.post("/tickets", {"person": CARD}).json()["ticket"]
    assert other["number"] == "A001"
    kiosk.post(f"/tickets/{first['id']}/cancel", {"track": first["track"]})
    say = refused(kiosk.post("/tickets", {"booking": made["code"]}), 409, "booking_came")
    assert "Y001" in say


def test_too_early_too_late_and_not_found(hall: HallServer, clock: HandClock) -> None:
    clerk, kiosk = hall.person("clerk1"), hall.device("kiosk:1")
    later = book(clerk, begins="14:00")
    say = refused(kiosk.post("/tickets", {"booking": later["code"]}), 409, "booking_early")
    assert say == "约的是 2026-01-14 14:00，13:00 起可以签到，请到时再来；也可以直接取号。"
    refused(kiosk.post("/tickets", {"kind": "booked", "person": CARD}), 409, "booking_early")
    assert kiosk.post("/tickets", {"person": CARD}).json()["ticket"]["number"] == "A001"
    refused(kiosk.post("/tickets", {"booking": "0000000000"}), 404, "booking_unknown")
    refused(kiosk.post("/tickets", {"kind": "booked"}), 404, "booking_unknown")
    unknown = {"kind": "booked", "person": CARD | {"id_number": "700000199001010027"}}
    refused(kiosk.post("/tickets", unknown), 404, "booking_unknown")
    clock.forward(5 * 3600 + 45 * 60 + 1)
    late = kiosk.post("/tickets", {"booking": later["code"]}).json()
    assert (late["ticket"]["number"], late["booking"]["late"]) == ("A002", True)


def test_guessing_codes_is_braked_but_staff_may_go_on(hall: HallServer, clock: HandClock) -> None:
    made, kiosk = book(hall.person("clerk1")), hall.device("kiosk:1")
    codes = [kiosk.get(f"/bookings/{n:010d}").status_code for n in range(25)]
    assert codes == [404] * 20 + [429] * 5
    refused(kiosk.post("/tickets", {"booking": made["code"]}), 429, "too_often")
    assert hall.person("clerk1").get(f"/bookings/{made['code']}").status_code == 200
    clock.forward(61)
    assert kiosk.post("/tickets", {"booking": made["code"]}).status_code == 201


def test_the_journal_knows_no_holder_and_no_code(hall: HallServer, tmp_path: Path) -> None:
    made = book(hall.person("clerk1"))
    hall.device("kiosk:1").post("/tickets", {"booking": made["code"]})
    with sqlite3.connect(tmp_path / "hall.db") as database:
        journal = " ".join(str(row) for row in database.execute("SELECT command, events FROM journal"))
    assert "MakeBooking" in journal
    for secret in (made["code"], "70000", "测试甲"):
        assert secret not in journal
