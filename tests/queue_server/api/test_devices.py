from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, new_key


def test_a_browser_display_is_paired_by_its_code(hall: HallServer) -> None:
    display, chief = hall.nobody(), hall.person("chief")
    started = display.post("/devices/pair/start", {"kind": "display", "name": "3号大屏", "zone": "hall"})
    assert started.status_code == 201
    code = started.json()["code"]
    assert display.post("/devices/pair", {"code": code}, keyed=False).json()["state"] == "waiting"
    listed = chief.get("/devices").json()["pairings"]
    assert [(each["code"], each["name"], each["state"]) for each in listed] == [(code, "3号大屏", "waiting")]
    thief = hall.nobody().post("/devices/pair", {"code": code}, keyed=False)
    assert (thief.status_code, thief.json()["code"]) == (404, "pairing_unknown")
    approved = chief.post(f"/devices/pair/{code}/approve").json()
    assert approved["device"] == "display:5"
    done = display.post("/devices/pair", {"code": code}, keyed=False)
    assert "HttpOnly" in done.headers["Set-Cookie"]
    assert display.get("/board").status_code == 200
    assert display.get("/session").json()["account"] == "display:5"
    assert display.post("/devices/pair", {"code": code}, keyed=False).status_code == 404
    revoked = chief.post("/devices/5/revoke").json()
    assert revoked["revoked"] is True
    assert display.get("/board").json()["code"] == "device_unknown"


def test_a_refused_and_a_forgotten_code(hall: HallServer, clock: HandClock) -> None:
    display, chief = hall.nobody(), hall.person("chief")
    start = {"kind": "display", "name": "3号大屏"}
    code = display.post("/devices/pair/start", start).json()["code"]
    assert chief.post(f"/devices/pair/{code}/refuse").json()["state"] == "refused"
    assert display.post("/devices/pair", {"code": code}, keyed=False).json()["state"] == "refused"
    again = display.post("/devices/pair/start", start).json()["code"]
    clock.forward(601)
    assert display.post("/devices/pair", {"code": again}, keyed=False).status_code == 404
    assert hall.person("chief").post(f"/devices/pair/{again}/approve").status_code == 404


def test_the_same_key_starts_one_pairing_and_there_is_a_ceiling(hall: HallServer) -> None:
    display, key = hall.nobody(), new_key()
    body = {"kind": "display", "name": "3号大屏", "key": key}
    codes = {display.post("/devices/pair/start", body).json()["code"] for _ in range(3)}
    assert len(codes) == 1
    answers = [hall.nobody().post("/devices/pair/start", {"kind": "pad", "name": "x"}) for _ in range(20)]
    assert [each.status_code for each in answers] == [201] * 19 + [429]
    assert answers[-1].json()["code"] == "pairing_full"


def test_a_device_that_is_not_well_is_an_alarm(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    parts = [{"part": "printer", "state": "down", "code": "paper_end", "count": 2}, {"part": "reader", "state": "ok"}]
    with kiosk.stream("hall"):
        hall.on_loop(hall.server.watch.tick)
        told = kiosk.post("/devices/self/health", {"parts": parts, "version": "0.1", "last_shown": "A001"}, keyed=False)
        assert (told.status_code, told.json()["online"]) == (200, True)
        alarm = chief.get("/queue").json()["alarms"][0]
        assert (alarm["code"], alarm["place"], alarm["count"]) == ("no_paper", "1号取号机", 2)
        assert alarm["say"] == "1号取号机 没纸了，请换纸；换好会自动恢复。"
        seen = chief.get("/devices").json()["devices"][0]
        assert (seen["device"], seen["online"], seen["last_shown"], seen["version"]) == ("kiosk:1", True, "A001", "0.1")


def test_a_device_that_stays_away_is_missed(hall: HallServer, clock: HandClock) -> None:
    display, chief = hall.device("display:2"), hall.person("chief")
    display.post("/devices/self/health", {"parts": []}, keyed=False)
    with display.stream("board") as stream:
        stream.wait("snapshot")
        hall.on_loop(hall.server.watch.tick)
        assert "display_lost" not in [each["code"] for each in chief.get("/queue").json()["alarms"]]
    gone = stream.close
    gone()
    wait_for_no_listener(hall)
    hall.on_loop(hall.server.watch.tick)
    clock.forward(11)
    hall.on_loop(hall.server.watch.tick)
    alarms = chief.get("/queue").json()["alarms"]
    assert ("display_lost", "1号大屏") in [(each["code"], each["place"]) for each in alarms]


def wait_for_no_listener(hall: HallServer) -> None:
    for _ in range(200):
        if hall.on_loop(lambda: hall.parts.hub.listeners) == 0:
            return
    raise AssertionError("the listener was not let go")


def test_two_approved_at_once_are_two_devices(hall: HallServer) -> None:
    chiefs = [hall.person("chief") for _ in range(4)]
    displays = [hall.nobody() for _ in chiefs]
    start = {"kind": "display", "name": "大屏"}
    codes = [each.post("/devices/pair/start", start).json()["code"] for each in displays]

    def approve(index: int) -> str:
        device: str = chiefs[index].post(f"/devices/pair/{codes[index]}/approve").json()["device"]
        return device

    with ThreadPoolExecutor(4) as pool:
        approved = list(pool.map(approve, range(4)))
    assert len(set(approved)) == 4
    for display, code, device in zip(displays, codes, approved, strict=True):
        display.post("/devices/pair", {"code": code}, keyed=False)
        assert display.get("/session").json()["account"] == device


def test_an_approval_that_fails_can_be_given_again(hall: HallServer) -> None:
    display, chief = hall.nobody(), hall.person("chief")
    code = display.post("/devices/pair/start", {"kind": "display", "name": "大屏"}).json()["code"]
    key = new_key()
    chief.post("/suspensions", {"code": "m1", "text": "x", "key": key})
    assert chief.post(f"/devices/pair/{code}/approve", {"key": key}).json()["code"] == "key_reused"
    assert display.post("/devices/pair", {"code": code}, keyed=False).json()["state"] == "waiting"
    assert chief.post(f"/devices/pair/{code}/approve").json()["state"] == "approved"


def test_a_revoked_bearer_key_is_refused_at_once_however_often_it_was_good(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    for _ in range(3):
        assert kiosk.post("/tickets", {"kind": "general"}).status_code == 201
    assert chief.post("/devices/1/revoke").json()["revoked"] is True
    refused = kiosk.post("/tickets", {"kind": "general"})
    assert (refused.status_code, refused.json()["code"]) == (401, "device_unknown")
