"""The queue's rules over HTTP: grounds, why and why not, what the calendar says, one act for many numbers."""

from __future__ import annotations

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import assets
from queue_server.domain.rules import Rules
from queue_server.grounds import shipped_grounds
from queue_server.push.moments import moment
from queue_server.settings import CalendarSetting, HallInfo
from tests.support.callers import Client
from tests.support.hand_clock import HandClock
from tests.support.server import TODAY, HallServer, hall_server, hall_settings, prepare

DAY_S = 86_400


def issue(client: Client, **body: Any) -> dict[str, Any]:
    answer = client.post("/tickets", body)
    assert answer.status_code == 201, answer.text
    ticket: dict[str, Any] = answer.json()["ticket"]
    return ticket


def test_the_console_has_words_for_the_shipped_grounds_of_calls() -> None:
    codes = tomllib.loads(assets.path("grounds.toml").read_text(encoding="utf-8"))["call"]
    for language in ("zh", "en"):
        words = tomllib.loads(assets.path("web", "locale", f"{language}.toml").read_text(encoding="utf-8"))
        assert set(codes) == set(words["call_ground"])


def test_grounds_are_claimed_seen_and_taken_back(hall: HallServer, clock: HandClock) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
    grounds = kiosk.get("/hall").json()["grounds"]
    assert [each["code"] for each in grounds] == [each.code for each in shipped_grounds()]
    assert {each["code"] for each in grounds if not each["kiosk"]} == {"hardship"}
    refused = kiosk.post("/tickets", {"grant": "friend"})
    assert (refused.status_code, refused.json()["code"]) == (409, "unknown_ground")
    assert "名单" in refused.json()["say"]
    issue(kiosk)
    granted = issue(kiosk, grant="elder")
    assert (granted["grant"], granted["grant_proof"]) == ("elder", "claimed")
    clock.forward(60)
    assert clerk.get("/queue").json()["next_reason"]["3"] == "有优先（65岁以上老人），先叫这位。"
    path = f"/tickets/{granted['id']}/priority"
    assert clerk.post(path, {"ground": "elder"}).json()["ticket"]["grant_proof"] == "seen"
    assert clerk.post(path, {"ground": None}).json()["ticket"]["grant"] is None
    assert clerk.get("/queue").json()["next"]["3"] == "A001"


def test_a_hall_may_have_its_own_list(tmp_path: Path, clock: HandClock) -> None:
    own = shipped_grounds()[0]
    with hall_server(tmp_path, clock=clock, grounds=(own,)) as hall:
        kiosk = hall.device("kiosk:1")
        assert [each["code"] for each in kiosk.get("/hall").json()["grounds"]] == [own.code]
        assert kiosk.post("/tickets", {"grant": "elder"}).status_code == 409


def test_why_this_one_and_why_not_mine(hall: HallServer, clock: HandClock) -> None:
    kiosk, clerk, chief = hall.device("kiosk:1"), hall.clerk_at(3), hall.person("chief")
    first = issue(kiosk)
    clock.forward(120)
    mine, granted = issue(kiosk), issue(kiosk, grant="disabled")
    bound, gone = issue(kiosk), issue(kiosk)
    clock.forward(180)
    clerk.post(f"/tickets/{gone['id']}/cancel")
    hall.clerk_at(4, "clerk2").post("/windows/4/call", {"ticket": bound["id"], "ground": "urgent"})
    called = clerk.post("/windows/3/call-next").json()["window"]
    assert called["ticket"]["number"] == granted["number"]
    call = called["announcements"][0]["id"]
    late = issue(kiosk)

    def not_called(ticket: dict[str, Any]) -> tuple[str, str]:
        answer = chief.get(f"/why/{call}?ticket={ticket['id']}").json()
        return answer["other"]["code"], answer["other"]["say"]

    def lead(waited_min: int) -> int:
        """Of the granted number, which waited three minutes, before an ordinary one."""
        rules = Rules()
        return (3 * rules.grant_weight + rules.grant_head_start) // 1000 - waited_min

    assert not_called(mine) == ("credit", f"A003 的等候分比 A002 多 {lead(3)} 分钟。")
    assert not_called(first) == ("credit", f"A003 的等候分比 A001 多 {lead(5)} 分钟。")
    assert not_called(granted) == ("the_one", "这次叫的就是 A003 号。")
    assert not_called(bound) == ("state", "那时 A004 号正在 4 号窗口呼叫。")
    assert not_called(gone) == ("state", "那时 A005 号已经取消。")
    assert not_called(late) == ("not_there", "那时 A006 号还没有取。")
    assert chief.get(f"/why/{call}").json()["other"] is None
    assert chief.get(f"/why/{call}?ticket=none").json()["other"] is None
    assert chief.get(f"/why/nothing?ticket={mine['id']}").status_code == 404


def test_the_reason_is_true_of_heavier_kinds_of_grants_taken_back_and_of_who_has_to_go_back(
    hall: HallServer, clock: HandClock
) -> None:
    slot = {"day": TODAY, "begins": "9:30", "holder": {"name": "测试甲", "phone": "70000012345"}}
    code = hall.person("clerk1").post("/bookings", slot).json()["booking"]["code"]
    clock.forward(28 * 60)
    kiosk, clerk, other = hall.device("kiosk:1"), hall.clerk_at(3), hall.clerk_at(4, "clerk2")
    waits_longest = issue(kiosk)
    clock.forward(120)
    booked, granted = issue(kiosk, booking=code), issue(kiosk, grant="elder")
    clock.forward(480)

    def next_up() -> tuple[str, str]:
        state = clerk.get("/queue").json()
        return state["next"]["3"], state["next_reason"]["3"]

    assert next_up()[0] == granted["number"]
    call = clerk.post("/windows/3/call-next").json()["window"]["announcements"][0]["id"]
    clerk.post("/windows/3/start", {"ticket": granted["id"]})
    body = {"ticket": granted["id"], "to": "window:4", "return_to": 3}
    assert clerk.post("/windows/3/transfer", body).status_code == 200
    clerk.post(f"/tickets/{granted['id']}/priority", {"ground": None})
    assert clerk.get(f"/why/{call}").json()["reason"]["say"] == "有优先（65岁以上老人），先叫这位。"
    assert next_up() == (booked["number"], "预约号，等候分比 A001 多 6 分钟，先叫这位。")
    sent = other.post("/windows/4/call-next").json()["window"]
    assert sent["ticket"]["return_to"] == 3
    assert sent["reason"]["say"] == "这位指定到本窗口办理，先叫。办完请他回 3 号窗口。"
    clerk.post(f"/tickets/{booked['id']}/cancel")
    assert next_up() == (waits_longest["number"], "等待最久，先叫这位。")
    other.post("/windows/4/start", {"ticket": granted["id"]})
    other.post("/windows/4/finish", {"ticket": granted["id"]})
    (back,) = (row for row in clerk.get("/queue").json()["rows"] if row["id"] == granted["id"])
    assert back["tag"] == "bound:3"
    clerk.post("/windows/3/close")
    (free,) = (row for row in clerk.get("/queue").json()["rows"] if row["id"] == granted["id"])
    assert free["tag"] == "transferred", "a closed window keeps nobody"


def test_a_number_of_the_queue_is_moved_from_a_desk_that_is_busy_and_set_free_again(
    hall: HallServer, clock: HandClock
) -> None:
    kiosk, clerk, other = hall.device("kiosk:1"), hall.clerk_at(3), hall.clerk_at(4, "clerk2")
    issue(kiosk)
    waits = issue(kiosk)["id"]
    clerk.post("/windows/3/call-next")
    moved = clerk.post("/windows/3/transfer", {"ticket": waits, "to": "window:4", "return_to": 3})
    assert (moved.status_code, moved.json()["acted"]) == (200, waits)
    assert other.get("/queue").json()["next_reason"]["4"] == "这位指定到本窗口办理，先叫。"
    assert clerk.get("/queue").json()["next"].get("3") is None
    assert clerk.post(f"/tickets/{waits}/release").status_code == 200
    assert clerk.get("/queue").json()["next"]["3"] == "A002"
    other.post("/windows/4/call-next")
    assert clerk.post("/windows/3/transfer", {"ticket": waits, "to": "window:3"}).json()["code"] == "stale"


def test_one_act_voids_what_children_pressed(hall: HallServer, clock: HandClock) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.person("clerk1")
    issue(kiosk)
    clock.forward(120)
    since = moment(clock.wall_us())
    for _ in range(3):
        clock.forward(3)
        issue(kiosk)
    body = {"source": "kiosk:1", "since": since.isoformat(), "until": (since + timedelta(minutes=1)).isoformat()}
    assert kiosk.post("/tickets/void", body).status_code == 403
    assert clerk.post("/tickets/void", body).json()["numbers"] == ["A002", "A003", "A004"]
    assert clerk.post("/tickets/void", body).json()["numbers"] == []
    assert clerk.get("/queue").json()["counts"]["waiting"] == 1


def test_a_kiosk_adds_a_matter_to_its_own_number_and_reports_only_its_own_paper(hall: HallServer) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
    ticket, foreign = issue(kiosk, matters=["m1"]), issue(clerk)
    added = kiosk.post(f"/tickets/{ticket['id']}/matters", {"matters": ["m2"]})
    assert added.json()["ticket"]["matters"] == ["m1", "m2"]
    assert kiosk.post(f"/tickets/{foreign['id']}/matters", {"matters": ["m2"]}).status_code == 404
    with_code = {"matters": ["m2"], "track": foreign["track"]}
    assert kiosk.post(f"/tickets/{foreign['id']}/matters", with_code).json()["ticket"]["matters"] == ["m2"]
    report = {"result": "printed", "copy": 0}
    assert kiosk.post(f"/tickets/{ticket['id']}/printed", report).status_code == 200
    assert kiosk.post(f"/tickets/{foreign['id']}/printed", report).status_code == 404
    assert clerk.post(f"/tickets/{ticket['id']}/printed", report).status_code == 200


def test_a_stop_is_taken_back_and_the_next_morning_closes_yesterday(tmp_path: Path, clock: HandClock) -> None:
    with hall_server(tmp_path, clock=clock) as hall:
        chief, kiosk = hall.person("chief"), hall.device("kiosk:1")
        chief.post("/day/stop-issuing")
        assert kiosk.post("/tickets").json()["code"] == "issuing_stopped"
        assert chief.post("/day/resume-issuing").json()["issuing"] is True
        assert hall.person("clerk1").post("/day/resume-issuing").status_code == 403
        issue(kiosk)
        assert chief.post("/day/open", {"business_day": "2026-03-01"}).json()["code"] == "day_open"
        assert kiosk.get("/hall").json()["day_open"] is True, "a wrong date closes nothing"
        clock.forward(DAY_S)
        chief = hall.person("chief")
        alarms = {each["code"]: each["say"] for each in chief.get("/queue").json()["alarms"]}
        assert "2026-01-14 还没有关厅" in alarms["day_left_open"]
        opened = chief.post("/day/open").json()
        assert (opened["business_day"], opened["open"]) == ("2026-01-15", True)
        assert chief.get("/tickets?day=2026-01-14&number=A001").json()["tickets"][0]["state"] == "expired"
        assert issue(kiosk)["number"] == "A001"
        assert "day_left_open" not in [each["code"] for each in chief.get("/queue").json()["alarms"]]


def test_hours_of_today_and_how_many_can_still_be_served(tmp_path: Path, clock: HandClock) -> None:
    sessions = ("9:00-12:00", "13:30-17:00")
    week = CalendarSetting(sessions=sessions, places_from_min=90, mean_service_min=10, last_number_min=15)
    info = HallInfo(id="t", name="测试大厅", notice="周六不办")
    settings = hall_settings(tmp_path, calendar=week, hall=info)
    prepared = prepare(settings, clock)
    with HallServer(settings, prepared, clock=clock) as hall:
        kiosk = hall.device("kiosk:1")
        for window, clerk in ((3, "clerk1"), (4, "clerk2")):
            hall.clerk_at(window, clerk)
        state = kiosk.get("/hall").json()
        assert (state["open_from"], state["open_to"]) == ("9:00", "17:00")
        assert (state["sessions"], state["opens_at"], state["last_number_at"]) == (list(sessions), None, None)
        assert (state["places_left"], state["notice"]) == (None, "周六不办")
        clock.forward(7.5 * 3600)  # half past four: two windows, ten minutes each, one waits
        issue(kiosk)
        state = kiosk.get("/hall").json()
        assert (state["places_left"], state["notice"]) == (5, "今天还能办约 5 位；周六不办")
        for _ in range(5):
            issue(kiosk)
        full = kiosk.get("/hall").json()
        assert (full["places_left"], full["notice"]) == (0, "今天剩下的时间已经排满，再取号可能要改天办；周六不办")
        hall.person("chief").post("/day/stop-issuing")
        assert kiosk.get("/hall").json()["notice"] == "周六不办", "no number is given any more"
        hall.person("chief").post("/day/resume-issuing")
        clock.forward(3600)
        state = kiosk.get("/hall").json()
        assert state["places_left"] is None
        assert state["opens_at"].startswith("2026-01-15T01:00:00"), "tomorrow at nine in the hall's zone"
        assert state["issuing"] is True, "without stop_by_itself numbers are given as long as the day is open"


def test_staff_are_told_of_a_missing_calendar_and_of_numbers_held_at_a_window_without_clerk(
    tmp_path: Path, clock: HandClock
) -> None:
    clock.forward(325 * DAY_S)  # the fifth of December
    settings = hall_settings(tmp_path)
    with HallServer(settings, prepare(settings, clock, open_day=False), clock=clock) as hall:
        assert hall.person("chief").post("/day/open").status_code == 200
        kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
        ticket = issue(kiosk)["id"]
        clerk.post("/windows/3/call-next")
        clerk.post("/windows/3/start", {"ticket": ticket})
        clerk.post("/windows/3/hold", {"ticket": ticket})
        alarms = {each["code"]: each["say"] for each in clerk.get("/queue").json()["alarms"]}
        assert "2027" in alarms["no_calendar"]
        assert "held_alone" not in alarms
        clerk.post("/windows/3/close")
        alarms = {each["code"]: each["say"] for each in clerk.get("/queue").json()["alarms"]}
        assert alarms["held_alone"] == "A001 挂起在 3号窗口，那里现在没有人；请接班，或放回队列。"
