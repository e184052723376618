from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, new_key

CARD = {"name": "测试甲", "id_number": "700000199001010019", "card_type": "mainland"}


def test_a_kiosk_takes_a_number_and_finds_it_again(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    answer = kiosk.post("/tickets", {"matters": ["m1"], "language": "en"})
    assert answer.status_code == 201
    reply = answer.json()
    assert (reply["ticket"]["number"], reply["ahead"], reply["forecast"]) == ("A001", 0, None)
    assert reply["ticket"]["state"] == "waiting"
    again = kiosk.get(f"/tickets/{reply['ticket']['id']}").json()
    assert again["ticket"] == reply["ticket"]
    assert kiosk.post("/tickets").json()["ahead"] == 1


def test_the_same_key_fifty_times_is_one_ticket(hall: HallServer) -> None:
    key = new_key()
    kiosks = [hall.device("kiosk:1") for _ in range(10)]

    def press(index: int) -> tuple[int, str]:
        answer = kiosks[index % 10].post("/tickets", {"key": key})
        return answer.status_code, answer.json()["ticket"]["id"]

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(press, range(50)))
    assert sorted({status for status, _ in outcomes}) == [200, 201]
    assert [status for status, _ in outcomes].count(201) == 1
    assert len({ticket for _, ticket in outcomes}) == 1
    assert hall.device("kiosk:1").get("/hall").json()["waiting"] == 1


def test_a_key_with_another_body_is_refused(hall: HallServer) -> None:
    kiosk, key = hall.device("kiosk:1"), new_key()
    assert kiosk.post("/tickets", {"key": key, "kind": "general"}).status_code == 201
    answer = kiosk.post("/tickets", {"key": key, "kind": "collection"})
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")


def test_a_wrong_body_names_its_first_wrong_field(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    cases: list[tuple[dict[str, Any], str]] = [
        ({"kind": "royal"}, "kind"),
        ({"matters": ["m1", 7]}, "matters[1]"),
        ({"colour": "red"}, "colour"),
        ({"key": "x"}, "key"),
        ({"person": {"name": "测试甲"}}, "person"),
    ]
    for body, field in cases:
        answer = kiosk.post("/tickets", body)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (400, "bad_request", field) or (
            field == "person" and answer.json()["field"].startswith("person")
        )
        assert answer.headers["content-type"] == "application/problem+json"
        assert "royal" not in answer.text
        assert "测试甲" not in answer.text


def test_bodies_that_are_no_json_or_too_large(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    url = hall.url + "/api/v1/tickets"
    form = kiosk.http.post(url, data={"key": new_key()}, timeout=5)
    assert (form.status_code, form.json()["code"]) == (415, "not_json")
    empty = kiosk.http.post(url, data=b"", headers={"Content-Type": "application/json"}, timeout=5)
    assert (empty.status_code, empty.json()["code"]) == (400, "bad_request")
    for text in (b'{"key": ', b"[]", b"null"):
        broken = kiosk.http.post(url, data=text, headers={"Content-Type": "application/json"}, timeout=5)
        assert (broken.status_code, broken.json()["field"]) == (400, "body")
    large = kiosk.post("/tickets", {"matters": ["m" * 70_000]})
    assert (large.status_code, large.json()["code"]) == (413, "body_too_large")


def test_a_person_with_a_live_ticket_is_offered_it(hall: HallServer, tmp_path: Path) -> None:
    kiosk = hall.device("kiosk:1")
    first = kiosk.post("/tickets", {"person": CARD}).json()
    assert first["already"] is None
    second = kiosk.post("/tickets", {"person": CARD}).json()
    assert second["already"]["number"] == first["ticket"]["number"]
    assert second["ticket"]["number"] != first["ticket"]["number"]
    other = kiosk.post("/tickets", {"person": CARD | {"id_number": "700000199001010027"}}).json()
    assert other["already"] is None
    with sqlite3.connect(tmp_path / "hall.db") as database:
        journal = " ".join(str(row) for row in database.execute("SELECT command, events FROM journal"))
    assert "700000" not in journal
    assert "测试甲" not in journal


def test_a_kiosks_offline_number_joins_once(hall: HallServer, clock: HandClock) -> None:
    kiosk, key = hall.device("kiosk:1"), new_key()
    body = {"key": key, "number": "L001", "issued_at": "2026-01-14T01:00:00Z", "time_unsure": True}
    clock.forward(600)
    first = kiosk.post("/tickets/join", body)
    assert (first.status_code, first.json()["ticket"]["number"]) == (201, "L001")
    again = kiosk.post("/tickets/join", body)
    assert (again.status_code, again.json()["ticket"]["id"]) == (200, first.json()["ticket"]["id"])


def test_staff_look_tickets_up_and_kiosks_only_their_own(hall: HallServer) -> None:
    ticket = hall.device("kiosk:1").issue()
    clerk = hall.person("clerk1")
    found = clerk.get("/tickets", params={"number": "A001"}).json()
    assert [each["id"] for each in found["tickets"]] == [ticket["id"]]
    assert clerk.get("/tickets", params={"day": "2025-12-31", "number": "A001"}).json()["tickets"] == []
    assert clerk.get("/tickets", params={"day": "2026-13-45"}).status_code == 400
    assert clerk.get("/tickets/t_unknown").status_code == 404
    mine = clerk.issue()
    assert hall.device("kiosk:1").get(f"/tickets/{mine['id']}").status_code == 404


def test_the_slips_code_tells_its_place_and_lets_it_cancel(hall: HallServer) -> None:
    kiosk, anybody = hall.device("kiosk:1"), hall.nobody()
    kiosk.issue()
    ticket = kiosk.issue()
    place = anybody.get(f"/track/{ticket['track']}").json()
    assert (place["number"], place["ahead"], place["state"]) == ("A002", 1, "waiting")
    assert anybody.get("/track/ZZZZZZZZ").status_code == 404
    wrong = anybody.post(f"/tickets/{ticket['id']}/cancel", {"track": "ZZZZZZZZ"})
    assert wrong.status_code == 404
    right = anybody.post(f"/tickets/{ticket['id']}/cancel", {"track": ticket["track"]})
    assert (right.status_code, right.json()["ticket"]["state"]) == (200, "cancelled")


def test_asking_by_code_too_often_is_braked(hall: HallServer, clock: HandClock) -> None:
    ticket, anybody = hall.device("kiosk:1").issue(), hall.nobody()
    statuses = [anybody.get(f"/track/{ticket['track']}").status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]
    refused = anybody.get(f"/track/{ticket['track']}")
    assert (refused.json()["code"], refused.headers["Retry-After"]) == ("too_often", "61")
    clock.forward(61)
    assert anybody.get(f"/track/{ticket['track']}").status_code == 200


def test_acts_on_tickets_by_staff(hall: HallServer) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.person("clerk1")
    ticket = kiosk.issue()
    path = f"/tickets/{ticket['id']}"
    granted = clerk.post(f"{path}/priority", {"ground": "elder"}).json()["ticket"]
    assert (granted["grant"], granted["grant_proof"]) == ("elder", "seen")
    assert clerk.post(f"{path}/matters", {"matters": ["m1"]}).json()["ticket"]["matters"] == ["m1"]
    assert kiosk.post(f"{path}/printed", {"result": "printed"}).json()["ticket"]["printed"] == "printed"
    reprint = kiosk.post(f"{path}/reprint").json()
    assert (reprint["copy"], reprint["ticket"]["number"]) == (1, "A001")
    assert kiosk.post(f"{path}/printed", {"result": "printed", "copy": 1}).json()["ticket"]["copies"] == 1
    assert kiosk.post(f"{path}/reprint").json()["copy"] == 2
    assert clerk.post(f"{path}/cancel").json()["ticket"]["state"] == "cancelled"
    refused = clerk.post(f"{path}/rejoin")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert refused.json()["facts"]["number"] == "A001"
    assert clerk.post(f"{path}/reinstate").json()["ticket"]["state"] == "waiting"
    assert clerk.post("/tickets/t_unknown/cancel").status_code == 404


def test_no_number_without_an_open_day(hall: HallServer) -> None:
    chief, kiosk = hall.person("chief"), hall.device("kiosk:1")
    assert chief.post("/day/stop-issuing").json()["issuing"] is False
    stopped = kiosk.post("/tickets")
    assert (stopped.status_code, stopped.json()["code"]) == (409, "issuing_stopped")
    assert kiosk.get("/hall").json()["why_not"] == "stopped"
    closed = chief.post("/day/close").json()
    assert (closed["open"], len(closed["anchor"])) == (False, 64)
    assert kiosk.post("/tickets").json()["code"] == "no_day"
    assert kiosk.get("/hall").json()["why_not"] == "closed"


def test_a_kiosk_acts_on_its_own_tickets_or_with_the_slips_code(hall: HallServer) -> None:
    ticket = hall.person("clerk1").issue()
    kiosk, at = hall.device("kiosk:1"), f"/tickets/{ticket['id']}"
    for act in ("cancel", "rejoin", "reprint"):
        assert kiosk.post(f"{at}/{act}").json()["code"] == "not_found"
    assert kiosk.post(f"{at}/reprint", {"track": ticket["track"]}).json()["copy"] == 1
    assert kiosk.post(f"{at}/cancel", {"track": ticket["track"]}).json()["ticket"]["state"] == "cancelled"
    own = kiosk.issue()
    assert kiosk.post(f"/tickets/{own['id']}/cancel").json()["ticket"]["state"] == "cancelled"


def test_a_clerk_reopens_only_at_the_own_window(hall: HallServer) -> None:
    hall.device("kiosk:1").issue()
    here, other = hall.clerk_at(1, "clerk1"), hall.clerk_at(2, "clerk2")
    ticket = here.post("/windows/1/call-next").json()["ticket"]["id"]
    here.post("/windows/1/finish", {"ticket": ticket})
    refused = other.post(f"/tickets/{ticket}/reopen", {"window": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "shift_taken")
    elsewhere = other.post(f"/tickets/{ticket}/reopen", {"window": 2}).json()
    assert elsewhere["say"] == "这个号是 1 号窗口办的，请回那个窗口恢复，或找大厅负责人。"
    assert hall.person("chief").post(f"/tickets/{ticket}/reopen", {"window": 9}).status_code == 404
    reopened = here.post(f"/tickets/{ticket}/reopen", {"window": 1})
    assert reopened.json()["ticket"]["state"] == "serving"


def test_a_reopening_that_comes_too_late_says_so(hall: HallServer, clock: HandClock) -> None:
    hall.device("kiosk:1").issue()
    clerk = hall.clerk_at(1)
    ticket = clerk.post("/windows/1/call-next").json()["ticket"]["id"]
    clerk.post("/windows/1/finish", {"ticket": ticket})
    clock.forward(601)
    late = clerk.post(f"/tickets/{ticket}/reopen", {"window": 1}).json()
    assert (late["code"], late["say"]) == (
        "limit_reached",
        "办结已超过 10 分钟，不能再恢复；请让居民重新取号，或找大厅负责人。",
    )


def test_a_press_repeated_on_another_day_is_no_fault_of_the_program(hall: HallServer) -> None:
    kiosk, chief, key = hall.device("kiosk:1"), hall.person("chief"), new_key()
    assert kiosk.post("/tickets", {"key": key}).status_code == 201
    chief.post("/day/close")
    assert kiosk.post("/tickets", {"key": key}).json()["ticket"]["state"] == "expired"
    assert chief.post("/day/open", {"business_day": "2026-01-15"}).status_code == 200
    repeated = kiosk.post("/tickets", {"key": key})
    assert (repeated.status_code, repeated.json()["code"]) == (404, "not_found")
