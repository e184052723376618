from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from queue_server.forecast.messages import Answer, DayGrade
from queue_server.service.upkeep import parse_anchors, verify_journal
from queue_server.store.engine import Store
from tests.support.hand_clock import HandClock
from tests.support.server import TODAY, WAIT_S, HallServer, hall_server


class Tones:
    """A voice that says its words as bytes; letters beyond C have no clip."""

    def saying(self, number: str, window: int, language: str) -> bytes | None:
        return None if number[0] > "C" else f"RIFF {number} {window} {language}".encode()


@pytest.fixture
def speaking_hall(tmp_path: Path, clock: HandClock) -> Iterator[HallServer]:
    with hall_server(tmp_path, clock=clock, voice=Tones()) as server:
        yield server


def test_hall_and_catalogue_carry_tags(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    for path in ("/hall", "/catalogue"):
        first = kiosk.get(path)
        tag = first.headers["ETag"]
        same = kiosk.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    before = kiosk.get("/hall").headers["ETag"]
    kiosk.issue()
    assert kiosk.get("/hall", headers={"If-None-Match": before}).status_code == 200
    assert [each["code"] for each in kiosk.get("/catalogue").json()["matters"]] == ["m1", "m2"]
    assert kiosk.get("/hall").json()["catalogue"] == kiosk.get("/catalogue").headers["ETag"].strip('"')


def test_the_queue_shows_public_labels_and_who_is_next(hall: HallServer, clock: HandClock) -> None:
    hall.device("kiosk:1").issue(matters=["m2"])
    clerk = hall.clerk_at(3)
    clock.forward(130)
    queue = clerk.get("/queue").json()
    assert queue["next"] == {"3": "A001"}
    assert queue["next_reason"] == {"3": "等待最久，先叫这位。"}
    assert [(row["matters"], row["waited_s"]) for row in queue["rows"]] == [(["社会事务"], 120)]
    assert queue["counts"]["waiting"] == 1
    assert [each["state"] for each in queue["windows"]] == ["closed", "closed", "open", "closed"]


def test_the_manager_reads_how_the_printed_ranges_were_kept(hall: HallServer) -> None:
    assert hall.person("chief").get("/forecast/grades").json() == {"days": []}
    day = DayGrade(business_day="2026-01-13", count=214, inside=0.86, width_min=15.4, score_min=20.1)
    hall.parts.shown.take(Answer(seq=1, at_us=0, business_day=TODAY, grades=(day,)))
    (found,) = hall.person("chief").get("/forecast/grades").json()["days"]
    assert found == {"business_day": "2026-01-13", "count": 214, "inside": 0.86, "width_min": 15.4}


def test_the_time_is_the_servers(hall: HallServer) -> None:
    assert hall.nobody().get("/time").json() == {
        "at": "2026-01-14T01:00:00Z",
        "zone": "Asia/Shanghai",
        "business_day": "2026-01-14",
    }


def test_help_is_asked_taken_and_done(hall: HallServer) -> None:
    kiosk, clerk = hall.device("kiosk:1"), hall.person("clerk1")
    body = {"place": "kiosk:1", "urgent": True, "key": "a-key-of-this-press"}
    asked = kiosk.post("/help", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")
    help_id = asked.json()["id"]
    assert kiosk.post("/help", body).json()["id"] == help_id
    alarm = clerk.get("/queue").json()["alarms"][0]
    assert (alarm["id"], alarm["code"], alarm["place"], alarm["urgent"]) == (help_id, "help", "1号取号机", True)
    assert clerk.post(f"/help/{help_id}/take").json()["taken_by"] == "测试2"
    assert clerk.get("/queue").json()["alarms"][0]["taken_by"] == "测试2"
    assert kiosk.post(f"/help/{help_id}/done").json()["state"] == "done"
    assert clerk.post("/help/h_unknown/take").status_code == 404


def test_a_suspension_is_seen_on_kiosks_and_boards_until_it_ends_and_numbers_are_still_given(
    hall: HallServer, clock: HandClock
) -> None:
    chief, kiosk, display = hall.person("chief"), hall.device("kiosk:1"), hall.device("display:2")
    body = {"code": "m1", "text": "市级平台故障，社保业务暂不能办", "until": "2026-01-14T04:00:00Z"}
    assert chief.post("/suspensions", body).status_code == 200
    assert kiosk.get("/hall").json()["notice"] == "市级平台故障，社保业务暂不能办"
    assert display.get("/board").json()["notice"] == "市级平台故障，社保业务暂不能办"
    assert kiosk.post("/tickets", {"matters": ["m1"]}).status_code == 201
    chief.post("/suspensions", {"code": "net", "text": "网络维护"})
    assert kiosk.get("/hall").json()["notice"] == "市级平台故障，社保业务暂不能办；网络维护"
    clock.forward(3 * 3600)
    assert kiosk.get("/hall").json()["notice"] == "网络维护"
    hall.person("chief").post("/suspensions", {"code": "net", "until": "2026-01-14T04:00:00Z"})
    assert kiosk.get("/hall").json()["notice"] == ""


def test_the_day_is_opened_once_and_closed_when_nobody_is_served(hall: HallServer) -> None:
    chief, kiosk, clerk = hall.person("chief"), hall.device("kiosk:1"), hall.clerk_at(3)
    kiosk.issue()
    clerk.post("/windows/3/call-next")
    assert chief.post("/day/open").json()["code"] == "day_open"
    busy = chief.post("/day/close")
    assert (busy.status_code, busy.json()["code"]) == (409, "still_busy")
    assert chief.post("/day/close", {"force": True}).json()["open"] is False
    odd = chief.post("/day/open", {"business_day": "2026-02-14"})
    assert (odd.status_code, odd.json()["code"]) == (409, "confirm_needed")
    assert chief.post("/day/open", {"business_day": "2026-02-30"}).json()["field"] == "business_day"
    opened = chief.post("/day/open", {"business_day": "2026-01-15"}).json()
    assert (opened["open"], opened["business_day"]) == (True, "2026-01-15")
    assert chief.get("/hall").json()["letters"]["kiosk:1"] == "L"


def test_a_calls_sound_has_a_tag(speaking_hall: HallServer) -> None:
    hall = speaking_hall
    hall.device("kiosk:1").issue()
    clerk, display = hall.clerk_at(3), hall.device("display:2")
    clerk.post("/windows/3/call-next")
    call = display.get("/board").json()["newest"]
    assert call["text"] == "请A零零一号到三号窗口办理"
    sound = display.http.get(hall.url + call["audio"], timeout=5)
    assert (sound.status_code, sound.content, sound.headers["content-type"]) == (200, b"RIFF A001 3 zh", "audio/wav")
    known = {"If-None-Match": sound.headers["ETag"]}
    assert display.http.get(hall.url + call["audio"], headers=known, timeout=5).status_code == 304
    assert display.http.get(hall.url + call["audio"] + "?language=en", timeout=5).content == b"RIFF A001 3 en"
    assert display.get("/announcements/n_unknown/audio").json()["code"] == "gone"


def test_a_call_without_clip_or_voice_has_no_sound(speaking_hall: HallServer) -> None:
    hall = speaking_hall
    hall.device("kiosk:1").post("/tickets/join", {"number": "L001", "issued_at": "2026-01-14T01:00:00Z"})
    hall.clerk_at(3).post("/windows/3/call-next")
    display = hall.device("display:2")
    answer = display.http.get(hall.url + display.get("/board").json()["newest"]["audio"], timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_voice")


def figures_with(hall: HallServer, line: str) -> str:
    """The figures once they hold ``line``: they are counted just after the answer. The last ones when it never came."""
    deadline_s = time.monotonic() + WAIT_S
    text = ""
    while line not in text and time.monotonic() < deadline_s:
        text = hall.nobody().http.get(hall.url + "/metrics", timeout=5).text
    return text


def test_figures_for_the_scraper_hold_no_numbers_of_people(hall: HallServer) -> None:
    ticket = hall.device("kiosk:1").issue()
    counted = 'hall_commands_total{command="IssueTicket"} 1.0'
    text = figures_with(hall, counted)
    assert counted in text
    assert "hall_gate_ready 1.0" in text
    assert ticket["number"] not in text
    assert ticket["track"] not in text
    answer = hall.nobody().http.get(hall.url + "/metrics", timeout=5)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"


def test_health_and_readiness(hall: HallServer) -> None:
    http = hall.nobody().http
    assert http.get(hall.url + "/healthz", timeout=5).text == "ok\n"
    ready = http.get(hall.url + "/readyz", timeout=5)
    assert (ready.status_code, ready.json()["state"]) == (200, "serving")


def test_a_clock_in_doubt_is_told_to_kiosks_while_numbers_go_on(hall: HallServer, clock: HandClock) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    kiosk.issue()
    clock.at_us -= 3600 * 1_000_000
    kiosk.issue()
    hall.on_loop(hall.server.watch.tick)
    state = kiosk.get("/hall").json()
    assert (state["issuing"], state["why_not"]) == (True, "clock_doubt")
    assert [each["code"] for each in chief.get("/queue").json()["alarms"]] == ["clock_doubt"]


def test_a_clock_that_jumped_ahead_makes_nobody_close_the_running_day(hall: HallServer, clock: HandClock) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    clock.at_us += 86_400 * 1_000_000
    kiosk.issue()
    refused = chief.post("/day/open", {"confirmed": True})
    assert (refused.status_code, refused.json()["code"]) == (409, "day_open")
    assert kiosk.get("/hall").json()["day_open"] is True


def test_how_long_pushes_take_is_measured(hall: HallServer) -> None:
    with hall.device("display:2").stream("board") as stream:
        stream.wait("snapshot")
        hall.device("kiosk:1").issue()
        hall.clerk_at(3).post("/windows/3/call-next")
        stream.wait("board", lambda board: board["newest"] is not None)
    figures = hall.nobody().get("/metrics").text
    assert 'hall_push_seconds_bucket{le="0.05"}' in figures
    assert "hall_push_seconds_count 0.0" not in figures


def test_the_closed_day_is_told_with_an_anchor_that_its_journal_confirms(hall: HallServer, clock: HandClock) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    assert kiosk.get("/hall").json()["closed"] is None
    first, _second = kiosk.issue(), kiosk.issue()
    kiosk.post(f"/tickets/{first['id']}/printed", {"result": "printed", "copy": 1})
    clerk = hall.clerk_at(3)
    clerk.post("/windows/3/call-next")
    clerk.post("/windows/3/finish", {"ticket": first["id"], "outcome": "done"})
    clock.forward(60)
    reply = chief.post("/day/close").json()
    closed = kiosk.get("/hall").json()["closed"]
    assert closed["anchor"] == reply["anchor"]
    assert {name: closed[name] for name in ("issued", "served", "missed", "left", "copies")} == {
        "issued": 2,
        "served": 1,
        "missed": 0,
        "left": 1,
        "copies": 1,
    }
    assert (closed["business_day"], closed["first_number"], closed["last_number"]) == (TODAY, "A001", "A002")
    assert closed["closed_at"] == "2026-01-14T01:01:00Z"
    anchor = parse_anchors(f"{closed['rows']} {closed['anchor']}")
    with contextlib.closing(Store(hall.parts.settings.database)) as store:
        assert verify_journal(store, hall.parts.settings.hall.id, anchor).anchors == 1


def test_a_slips_code_tells_what_its_holder_may_still_do(hall: HallServer) -> None:
    kiosk, anybody = hall.device("kiosk:1"), hall.nobody()
    ticket, clerk = kiosk.issue(), hall.clerk_at(3)
    told = anybody.get(f"/track/{ticket['track']}").json()
    assert (told["id"], told["issued_at"], told["rejoins_left"]) == (ticket["id"], ticket["issued_at"], 2)
    clerk.post("/windows/3/call-next")
    hall.person("chief").post("/windows/3/miss", {"ticket": ticket["id"], "ground": "urgent"})
    anybody.post(f"/tickets/{ticket['id']}/rejoin", {"track": ticket["track"]})
    told = anybody.get(f"/track/{ticket['track']}").json()
    assert (told["state"], told["rejoins_left"]) == ("waiting", 1)
