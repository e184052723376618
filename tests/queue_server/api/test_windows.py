from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.support.hand_clock import HandClock
from tests.support.server import PASSWORD, HallServer, new_key


def test_a_clerks_whole_way_with_one_ticket(hall: HallServer, clock: HandClock) -> None:
    ticket = hall.device("kiosk:1").issue(matters=["m2"])
    clerk = hall.clerk_at(3)
    called = clerk.post("/windows/3/call-next").json()
    assert (called["ticket"]["id"], called["ticket"]["state"]) == (ticket["id"], "called")
    assert called["window"]["reason"]["say"] == "等待最久，先叫这位。"
    assert called["window"]["clerk"] == "测试2"
    assert called["window"]["recall_from"] == "2026-01-14T01:00:20Z"
    here = {"ticket": ticket["id"]}
    early = clerk.post("/windows/3/recall", here)
    assert (early.status_code, early.json()["code"], early.json()["facts"]["wait_s"]) == (409, "not_yet", 20)
    assert early.json()["window"]["ticket"]["id"] == ticket["id"]
    clock.forward(20)
    assert clerk.post("/windows/3/recall", here).json()["ticket"]["recalls"] == 1
    started = clerk.post("/windows/3/start", here).json()
    assert started["ticket"]["state"] == "serving"
    held = clerk.post("/windows/3/hold", here | {"remind_min": 5}).json()
    assert (held["ticket"], held["acted"]) == (None, ticket["id"])
    assert held["window"]["held"][0]["remind_at"] == "2026-01-14T01:05:20Z"
    assert clerk.post("/windows/3/resume", here).json()["ticket"]["state"] == "serving"
    done = clerk.post("/windows/3/finish", here).json()
    assert (done["ticket"], done["acted"], done["window"]["done_today"]) == (None, ticket["id"], 1)
    reopened = clerk.post(f"/tickets/{ticket['id']}/reopen", {"window": 3}).json()
    assert reopened["ticket"]["state"] == "serving"


def test_nobody_waiting_is_no_error(hall: HallServer) -> None:
    answer = hall.clerk_at(3).post("/windows/3/call-next")
    assert (answer.status_code, answer.json()["ticket"], answer.json()["acted"]) == (200, None, None)


def test_a_stale_act_gets_the_present_state(hall: HallServer, clock: HandClock) -> None:
    kiosk = hall.device("kiosk:1")
    first, second = kiosk.issue(), kiosk.issue()
    clerk = hall.clerk_at(3)
    clerk.post("/windows/3/call-next")
    clerk.post("/windows/3/start", {"ticket": first["id"]})
    clock.forward(11)
    assert clerk.post("/windows/3/call-next", {"ticket": first["id"]}).json()["ticket"]["id"] == second["id"]
    stale = clerk.post("/windows/3/finish", {"ticket": first["id"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["window"]["ticket"]["id"] == second["id"]
    assert stale.json()["say"] == "A002 号的情况刚刚变了，请看最新状态后再按。"


def test_call_next_too_soon_and_then_say_which(hall: HallServer, clock: HandClock) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
    ticket, _ = kiosk.issue(), kiosk.issue()
    clerk.post("/windows/3/call-next")
    soon = clerk.post("/windows/3/call-next", {"ticket": ticket["id"]})
    assert (soon.status_code, soon.json()["code"]) == (409, "too_soon")
    clock.forward(11)
    which = clerk.post("/windows/3/call-next", {"ticket": ticket["id"]})
    assert (which.status_code, which.json()["code"]) == (409, "say_which")


def test_missing_needs_recalls_from_a_clerk_and_a_ground_from_a_supervisor(hall: HallServer) -> None:
    ticket, clerk = hall.device("kiosk:1").issue(), hall.clerk_at(3)
    clerk.post("/windows/3/call-next")
    early = clerk.post("/windows/3/miss", {"ticket": ticket["id"]})
    assert (early.status_code, early.json()["code"]) == (409, "not_yet")
    chief = hall.person("chief")
    assert chief.post("/windows/3/miss", {"ticket": ticket["id"]}).json()["code"] == "ground_needed"
    missed = chief.post("/windows/3/miss", {"ticket": ticket["id"], "ground": "left"})
    assert (missed.status_code, missed.json()["acted"]) == (200, ticket["id"])
    back = hall.device("kiosk:1").post(f"/tickets/{ticket['id']}/rejoin")
    assert back.json()["ticket"]["state"] == "waiting"


def test_undo_takes_a_call_back(hall: HallServer) -> None:
    ticket, clerk = hall.device("kiosk:1").issue(), hall.clerk_at(3)
    called = clerk.post("/windows/3/call-next").json()
    assert called["window"]["undo_until"] == "2026-01-14T01:00:10Z"
    undone = clerk.post("/windows/3/undo", {"ticket": ticket["id"]}).json()
    assert (undone["ticket"], undone["acted"]) == (None, ticket["id"])
    board = hall.device("display:2").get("/board").json()
    assert board["windows"][2]["line"] == "please_wait:A001"
    assert board["newest"] is None


def test_transfer_names_where_to(hall: HallServer) -> None:
    ticket, clerk = hall.device("kiosk:1").issue(), hall.clerk_at(3)
    clerk.post("/windows/3/call-next")
    nowhere = clerk.post("/windows/3/transfer", {"ticket": ticket["id"]})
    assert (nowhere.status_code, nowhere.json()["field"]) == (400, "to")
    odd = clerk.post("/windows/3/transfer", {"ticket": ticket["id"], "to": "moon"})
    assert (odd.status_code, odd.json()["field"]) == (400, "to")
    closed = clerk.post("/windows/3/transfer", {"ticket": ticket["id"], "to": "window:2"})
    assert (closed.status_code, closed.json()["code"]) == (409, "window_not_open")
    hall.clerk_at(2, "clerk2")
    moved = clerk.post("/windows/3/transfer", {"ticket": ticket["id"], "to": "window:2"}).json()
    assert moved["acted"] == ticket["id"]
    rows = clerk.get("/queue").json()["rows"]
    assert [(row["number"], row["tag"]) for row in rows] == [("A001", "bound:2")]


def test_calling_by_hand_needs_a_ground(hall: HallServer) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
    kiosk.issue()
    second = kiosk.issue()
    without = clerk.post("/windows/3/call", {"ticket": second["id"]})
    assert (without.status_code, without.json()["code"]) == (409, "ground_needed")
    called = clerk.post("/windows/3/call", {"ticket": second["id"], "ground": "urgent"}).json()
    assert called["ticket"]["number"] == "A002"
    assert called["window"]["reason"]["say"] == "由窗口点名叫号，原因：急难，要马上办。"
    call = called["window"]["announcements"][0]["id"]
    why = clerk.get(f"/why/{call}", headers={"Accept-Language": "en"}).json()
    assert (why["number"], why["reason"]["say"]) == ("A002", "Called by hand, ground: Urgent need.")
    assert clerk.get("/why/n_unknown").status_code == 404


def test_two_clerks_pressing_at_once_get_two_tickets(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    tickets = {kiosk.issue()["id"] for _ in range(2)}
    one, two = hall.clerk_at(1, "clerk1"), hall.clerk_at(2, "clerk2")
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda each: each[0].post(each[1]), ((one, "/windows/1/call-next"), (two, "/windows/2/call-next")))
        )
    assert {each.json()["ticket"]["id"] for each in answers} == tickets


def test_a_repeated_press_is_answered_as_the_first(hall: HallServer) -> None:
    kiosk, clerk, key = hall.device("kiosk:1"), hall.clerk_at(3), new_key()
    kiosk.issue()
    kiosk.issue()
    first = clerk.post("/windows/3/call-next", {"key": key}).json()
    again = clerk.post("/windows/3/call-next", {"key": key}).json()
    assert again["ticket"] == first["ticket"]
    assert again["seq"] == first["seq"]


def test_a_held_ticket_repeats_under_its_key_although_time_went_on(hall: HallServer, clock: HandClock) -> None:
    ticket, clerk, key = hall.device("kiosk:1").issue(), hall.clerk_at(3), new_key()
    clerk.post("/windows/3/call-next")
    clerk.post("/windows/3/start", {"ticket": ticket["id"]})
    body = {"key": key, "ticket": ticket["id"], "remind_min": 5}
    assert clerk.post("/windows/3/hold", body).status_code == 200
    clock.forward(2)
    assert clerk.post("/windows/3/hold", body).status_code == 200


def test_only_who_is_on_shift_acts_at_a_window(hall: HallServer) -> None:
    hall.clerk_at(3, "clerk1")
    other = hall.person("clerk2")
    answer = other.post("/windows/3/call-next")
    assert (answer.status_code, answer.json()["code"]) == (409, "shift_taken")
    assert other.post("/windows/2/open").json()["code"] == "not_signed_on"
    assert other.post("/windows/9/open").status_code == 404
    assert other.post("/windows/3/shift").json()["code"] == "shift_taken"
    assert other.delete("/windows/3/shift?key=abcdefgh").json()["code"] == "shift_taken"
    assert other.post("/windows/3/pause", {}).json()["code"] == "ground_needed"


def test_taking_over_needs_the_own_password(hall: HallServer) -> None:
    first, other = hall.clerk_at(3, "clerk1"), hall.person("clerk2")
    assert other.post("/windows/3/shift/take-over", {"password": "wrong"}).status_code == 401
    taken = other.post("/windows/3/shift/take-over", {"password": PASSWORD})
    assert (taken.status_code, taken.json()["window"]["clerk"]) == (200, "测试3")
    assert first.post("/windows/3/call-next").json()["code"] == "shift_taken"
    assert other.post("/windows/3/pause", {"ground": "meal"}).json()["window"]["ground"] == "meal"
    assert other.post("/windows/3/open").json()["window"]["state"] == "open"
    assert other.post("/windows/3/close").json()["window"]["state"] == "closed"
    assert other.delete(f"/windows/3/shift?key={new_key()}").json()["window"]["shift"] is None


def test_a_pad_acts_only_at_its_own_window(hall: HallServer) -> None:
    ticket, pad = hall.device("kiosk:1").issue(), hall.device("pad:4")
    assert pad.post("/windows/3/call-next").json()["code"] == "not_signed_on"
    hall.clerk_at(3)
    assert pad.post("/windows/3/call-next").json()["ticket"]["id"] == ticket["id"]
    assert pad.post("/windows/2/call-next").status_code == 403
    assert pad.post("/windows/3/pause", {"ground": "meal"}).status_code == 403
