from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from tests.support.hand_clock import HandClock
from tests.support.server import PASSWORD, Client, HallServer, hall_settings, prepare


def test_signing_in_and_out(hall: HallServer) -> None:
    person = hall.nobody()
    answer = person.sign_in("clerk1")
    assert (answer.status_code, answer.json()["roles"], answer.json()["name"]) == (200, ["clerk"], "测试2")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert person.get("/session").json()["account"] == "clerk1"
    assert person.delete("/session").status_code == 204
    assert person.get("/session").status_code == 401


def test_five_wrong_passwords_lock_the_account_for_a_quarter_of_an_hour(hall: HallServer, clock: HandClock) -> None:
    person = hall.nobody()
    for _ in range(5):
        wrong = person.sign_in("clerk1", "Wrong-2026")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
    locked = person.sign_in("clerk1", PASSWORD)
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_tries")
    assert int(locked.headers["Retry-After"]) == 901
    assert person.sign_in("clerk2").status_code == 200
    clock.forward(901)
    assert hall.nobody().sign_in("clerk1").status_code == 200


def test_an_unknown_account_is_answered_like_a_wrong_password(hall: HallServer) -> None:
    person = hall.nobody()
    answers = [person.sign_in("nobody", "Wrong-2026") for _ in range(6)]
    assert [each.status_code for each in answers] == [401] * 5 + [429]
    assert answers[0].json()["code"] == "sign_in_failed"


def test_a_session_locks_after_a_quarter_of_an_hour_without_a_press(hall: HallServer, clock: HandClock) -> None:
    clerk = hall.clerk_at(3)
    clock.forward(14 * 60)
    assert clerk.get("/queue").status_code == 200
    clock.forward(14 * 60)
    assert clerk.get("/session").status_code == 200  # a page's own question: it keeps nothing awake
    clock.forward(2 * 60)
    refused = clerk.get("/queue")
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")
    assert hall.person("chief").get("/queue").json()["windows"][2]["clerk"] == "测试2"


def test_ones_own_password_can_be_changed(hall: HallServer) -> None:
    person, elsewhere = hall.person("clerk1"), hall.person("clerk1")
    weak = person.post("/session/password", {"old": PASSWORD, "new": "password"})
    assert (weak.status_code, weak.json()["code"]) == (422, "password_weak")
    assert person.post("/session/password", {"old": "wrong", "new": "Other-2027"}).status_code == 401
    assert person.post("/session/password", {"old": PASSWORD, "new": "Other-2027"}).status_code == 200
    assert person.get("/session").status_code == 200
    assert elsewhere.get("/session").status_code == 401
    assert hall.nobody().sign_in("clerk1").status_code == 401
    assert hall.nobody().sign_in("clerk1", "Other-2027").status_code == 200


def test_a_restart_signs_nobody_out_and_lets_nobody_in_again(tmp_path: Path, clock: HandClock) -> None:
    settings = hall_settings(tmp_path)
    prepared = prepare(settings, clock)
    with HallServer(settings, prepared, clock=clock) as before:
        clerk, idle = (before.person(name).http.cookies.copy() for name in ("clerk1", "desk"))
        for cookies, seconds in ((clerk, 14 * 60), (clerk, 2 * 60)):
            clock.forward(seconds)
            assert kept(before, cookies).get("/queue").status_code == 200
        leaver = kept(before, before.person("clerk2").http.cookies.copy())
        gone = leaver.http.cookies.copy()
        leaver.delete("/session")
    with HallServer(settings, prepared, clock=clock) as after:
        assert kept(after, clerk).get("/queue").status_code == 200
        assert kept(after, gone).get("/queue").status_code == 401
        assert kept(after, idle).get("/queue").status_code == 401
        clock.forward(15 * 60)
        assert kept(after, clerk).get("/queue").status_code == 401


def kept(hall: HallServer, cookies: Any) -> Client:
    """A browser that still has its cookies."""
    browser = hall.nobody()
    browser.http.cookies.update(cookies)
    return browser


def test_cookies_are_good_only_from_our_own_pages(hall: HallServer) -> None:
    clerk = hall.person("chief")
    del clerk.http.headers["Origin"]
    without = clerk.post("/day/stop-issuing")
    assert (without.status_code, without.json()["code"]) == (403, "wrong_origin")
    clerk.http.headers["Origin"] = "http://elsewhere.example"
    assert clerk.post("/day/stop-issuing").json()["code"] == "wrong_origin"
    clerk.http.headers["Origin"] = hall.url
    assert clerk.post("/day/stop-issuing").status_code == 200


def test_a_device_key_needs_no_origin_and_an_unknown_one_is_nobody(hall: HallServer) -> None:
    kiosk = hall.device("kiosk:1")
    del kiosk.http.headers["Origin"]
    assert kiosk.post("/tickets").status_code == 201
    kiosk.http.headers["Authorization"] = "Bearer wrong"
    refused = kiosk.post("/tickets")
    assert (refused.status_code, refused.json()["code"]) == (401, "device_unknown")


def test_sentences_come_in_the_asked_language(hall: HallServer) -> None:
    person = hall.nobody()
    assert person.get("/hall").json()["say"] == "还没有登录，或登录已过期，请先登录。"
    english = person.get("/hall", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"}).json()
    assert english["say"] == "You are not signed in, or your session ended. Please sign in."


def test_the_security_log_knows_who_came_and_who_was_refused(hall: HallServer, tmp_path: Path) -> None:
    hall.nobody().sign_in("clerk1", "Wrong-2026")
    clerk = hall.person("clerk1")
    assert clerk.post("/day/close").status_code == 403
    assert hall.nobody().get("/queue").status_code == 401
    clerk.delete("/session")
    assert hall.device("display:2").get("/stream", params={"topics": "queue"}).status_code == 403
    hall.device("kiosk:1").issue()  # the gate writes in order: what came before is on disk now
    with sqlite3.connect(tmp_path / "hall.db") as database:
        rows = list(database.execute("SELECT actor, act, facts FROM security_log ORDER BY seq"))
    assert rows == [
        ("anybody", "sign_in_failed", '{"account":2}'),
        ("clerk:2", "sign_in", "{}"),
        ("clerk:2", "forbidden", '{"operation":"close_day"}'),
        ("anybody", "unauthenticated", '{"operation":"get_queue"}'),
        ("clerk:2", "sign_out", "{}"),
        ("display:2", "forbidden", '{"operation":"stream"}'),
    ]
