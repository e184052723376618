from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.domain.rules import Rules
from queue_server.settings import WindowSetting
from tests.support.hand_clock import HandClock
from tests.support.server import WAIT_S, Client, HallServer, hall_server


def codes(caller: Client) -> list[str]:
    return [each["code"] for each in caller.get("/queue").json()["alarms"]]


def test_a_hold_that_is_over_reminds(hall: HallServer, clock: HandClock) -> None:
    ticket, clerk = hall.device("kiosk:1").issue(), hall.clerk_at(3)
    here = {"ticket": ticket["id"]}
    clerk.post("/windows/3/call-next")
    clerk.post("/windows/3/start", here)
    clerk.post("/windows/3/hold", here | {"remind_min": 5})
    clock.forward(299)
    assert "held" not in codes(clerk)
    clock.forward(1)
    assert "held" in codes(clerk)
    clerk.post("/windows/3/resume", here)
    assert "held" not in codes(clerk)


def test_a_full_disk_is_an_urgent_alarm_and_numbers_go_on(tmp_path: Path, clock: HandClock) -> None:
    with hall_server(tmp_path, clock=clock, disk_low_mb=1_000_000_000) as hall:
        hall.on_loop(hall.server.watch.tick)
        alarm = hall.person("chief").get("/queue").json()["alarms"][0]
        assert (alarm["code"], alarm["urgent"]) == ("disk", True)
        assert hall.device("kiosk:1").post("/tickets").status_code == 201


def test_muted_sound_is_an_alarm_with_a_next_step(hall: HallServer) -> None:
    display, chief = hall.device("display:2"), hall.person("chief")
    with display.stream("board") as stream:
        stream.wait("snapshot")
        hall.on_loop(hall.server.watch.tick)
        display.post("/devices/self/health", {"parts": [{"part": "sound", "state": "down"}]}, keyed=False)
        alarm = next(each for each in chief.get("/queue").json()["alarms"] if each["code"] == "muted")
        assert alarm["say"] == "1号大屏 的声音被拦住了，请点一下屏幕允许出声。"


def test_staff_are_told_when_numbers_get_four_digits(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    for number in ("A998", "A999"):
        kiosk.post("/tickets/join", {"number": number, "issued_at": "2026-01-14T01:00:00Z"})
    assert "four_digits" not in codes(chief)
    kiosk.post("/tickets/join", {"number": "A1000", "issued_at": "2026-01-14T01:00:00Z"})
    alarm = next(each for each in chief.get("/queue").json()["alarms"] if each["code"] == "four_digits")
    assert alarm["say"] == "今天的 A 号已过 999，改为四位数；请留意小票和大屏是否看得清。"


@pytest.mark.parametrize(
    ("state", "code", "alarm", "say"),
    [
        ("degraded", "paper_near_end", "paper_low", "1号取号机 纸快用完了，请备一卷。"),
        ("degraded", "head_hot", "printer_note", "1号取号机 打印头过热，等它凉下来，不用动。"),
        ("down", "cover_open", "cover", "1号取号机 盖没关好，请按紧两侧关好。"),
        ("down", "cutter_error", "printer_down", "1号取号机 切刀卡住，请关电源，取出卡纸再开。"),
        ("unknown", "no_status", None, None),
    ],
)
def test_a_printers_state_is_told_in_the_drivers_words(
    hall: HallServer, state: str, code: str, alarm: str | None, say: str | None
) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    with kiosk.stream("hall"):
        hall.on_loop(hall.server.watch.tick)
        parts = [{"part": "printer", "state": state, "code": code}]
        kiosk.post("/devices/self/health", {"parts": parts}, keyed=False)
        told = [(each["code"], each["say"]) for each in chief.get("/queue").json()["alarms"]]
    assert told == ([] if alarm is None else [(alarm, say)])


def told(caller: Client) -> dict[str, str]:
    return {each["code"]: each["say"] for each in caller.get("/queue").json()["alarms"]}


def test_who_waits_for_a_skill_that_nobody_on_duty_has_is_told(tmp_path: Path, clock: HandClock) -> None:
    windows = (WindowSetting(number=3), WindowSetting(number=4, skills=("integrated", "law")))
    rules = Rules(matter_skills={"LAW-1": "law"})
    with hall_server(tmp_path, clock=clock, windows=windows, rules=rules) as hall:
        kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
        kiosk.issue()
        number = kiosk.post("/tickets", {"matters": ["LAW-1"]}).json()["ticket"]["number"]
        clock.forward(599)
        assert "nobody_able" not in told(clerk)
        clock.forward(1)
        say = f"{number} 要办的事，现在没有开着的窗口能办；请开一个能办的窗口，开不了的先告诉他们。"
        assert told(clerk)["nobody_able"] == say
        hall.clerk_at(4, "clerk2")
        assert "nobody_able" not in told(clerk)


def test_a_desk_to_which_numbers_are_called_in_vain_is_told(tmp_path: Path, clock: HandClock) -> None:
    rules = Rules(auto_call_s=20, auto_recall_s=25, auto_miss_s=30)
    with hall_server(tmp_path, clock=clock, rules=rules) as hall:
        clerk = hall.clerk_at(3)
        hall.device("kiosk:1").issue()
        for seconds in (1, 20, 25, 25, 30, 1):
            clock.forward(seconds)
            hall.on_loop(hall.server.tick)
            hall.server.parts.gate.note().result(WAIT_S)
        assert told(clerk)["desk_alone"] == "3号窗口 自动叫的号没人接，已过号；不再往那里叫，请去看一下。"
        clerk.post("/windows/3/pause", {"ground": "meal"})
        hall.on_loop(hall.server.tick)
        assert "desk_alone" not in told(clerk)


def test_an_offline_number_of_a_day_that_is_over_is_listed_until_staff_take_it_back(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    hall.on_loop(hall.server.watch.tick)
    chief.post("/day/close")
    chief.post("/day/open", {"business_day": "2026-01-14", "confirmed": True})
    late = kiosk.post("/tickets/join", {"number": "L001", "issued_at": "2026-01-13T03:00:00Z"}).json()["ticket"]
    assert late["state"] == "expired"
    assert told(chief)["join_expired"] == (
        "L001 是断网时取的号，日期已过，没有排进队；人在现场的，请“按号查”恢复排队。"
    )
    assert chief.post(f"/tickets/{late['id']}/reinstate").json()["ticket"]["state"] == "waiting"
    assert "join_expired" not in told(chief)


def test_one_number_on_two_slips_is_listed_while_both_are_live(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    first, _ = (
        kiosk.post("/tickets/join", {"number": "L001", "issued_at": "2026-01-14T01:00:00Z"}).json()["ticket"]
        for _ in range(2)
    )
    assert told(chief)["join_twice"] == "L001 有两张小票，都在排队；叫到时请看取号时间，两位都办。"
    chief.post(f"/tickets/{first['id']}/cancel")
    assert "join_twice" not in told(chief)


@pytest.mark.parametrize(
    ("state", "code", "alarm", "say"),
    [
        ("degraded", "handing_in", None, "断网时取的 3 个号正在交上来，会自动排队"),
        ("degraded", "join_refused", "join_refused", "断网时取的 3 个号交不上来，请技术员看清单"),
        ("down", "outbox_disk", "outbox_disk", "存储写不进去，断网时发不出号，请技术员看磁盘"),
    ],
)
def test_a_kiosks_backlog_is_told(hall: HallServer, state: str, code: str, alarm: str | None, say: str) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    with kiosk.stream("hall"):
        hall.on_loop(hall.server.watch.tick)
        parts = [{"part": "outbox", "state": state, "code": code, "count": 3}]
        kiosk.post("/devices/self/health", {"parts": parts}, keyed=False)
        queue = chief.get("/queue").json()
    (device,) = [each for each in queue["devices"] if each["device"] == "kiosk:1"]
    assert [(each["name"], each["say"]) for each in device["parts"]] == [("离线号", say)]
    assert [each["code"] for each in queue["alarms"]] == ([alarm] if alarm else [])
