from __future__ import annotations

from collections.abc import Callable
from typing import Any

from queue_server.forecast.messages import Answer
from tests.support.hand_clock import HandClock
from tests.support.server import TODAY, HallServer


def calling(number: str) -> Callable[[Any], bool]:
    return lambda board: board["newest"] is not None and board["newest"]["number"] == number


def test_a_snapshot_comes_first_then_each_change_and_a_heartbeat(hall: HallServer) -> None:
    kiosk, clerk, display = hall.device("kiosk:1"), hall.clerk_at(3), hall.device("display:2")
    with display.stream("board,hall") as stream:
        snapshot = stream.wait("snapshot")
        assert snapshot["queue"] is None
        assert (snapshot["zone"], snapshot["board"]["windows"][2]["ticket"]) == ("hall", None)
        assert snapshot["hall"]["waiting"] == 0
        kiosk.issue()
        assert stream.wait("hall", lambda state: state["waiting"] == 1)["forecast"] is None
        clerk.post("/windows/3/call-next")
        board = stream.wait("board", calling("A001"))
        assert board["windows"][2] == {"number": 3, "state": "open", "ticket": "A001", "calling": True, "line": None}
        assert [each["number"] for each in board["speaking"]] == ["A001"]
        assert stream.wait("heartbeat")["seq"] >= snapshot["seq"]


def test_forecasts_of_waiting_numbers_are_made_once_for_each_answer_whatever_is_pressed(
    hall: HallServer, clock: HandClock
) -> None:
    clerk, kiosk, parts = hall.clerk_at(3), hall.device("kiosk:1"), hall.parts
    ticket = kiosk.issue()["id"]
    answer = Answer(seq=9, at_us=clock.wall_us(), business_day=TODAY, waiting={ticket: (5, 10)})
    with clerk.stream("queue,forecasts") as console:
        assert console.wait("snapshot")["forecasts"] == {"waiting": {}}
        hall.on_loop(lambda: parts.shown.take(answer))
        kiosk.issue()
        told = console.wait("forecasts", lambda state: bool(state["waiting"]))
        assert told == {"waiting": {ticket: [5, 10]}}
        made = hall.on_loop(lambda: parts.pictures.encoded("forecasts", "hall")[1])
        kiosk.issue()
        assert console.wait("queue", lambda state: len(state["rows"]) == 3)["counts"]["waiting"] == 3
        assert hall.on_loop(lambda: parts.pictures.encoded("forecasts", "hall")[1]) is made


def test_one_display_speaks_and_what_it_confirms_is_on_the_console(hall: HallServer, clock: HandClock) -> None:
    one, two = hall.device("display:2"), hall.device("display:3")
    hall.device("kiosk:1").issue()
    clerk = hall.clerk_at(3)
    with one.stream("board") as first, two.stream("board") as second:
        first.wait("snapshot")
        second.wait("snapshot")
        hall.on_loop(hall.server.watch.tick)
        speaking = {"display:2": first.wait("heartbeat")["speaker"], "display:3": second.wait("heartbeat")["speaker"]}
        assert sorted(speaking.values()) == [False, True]
        talker, other = (one, two) if speaking["display:2"] else (two, one)
        call = clerk.post("/windows/3/call-next").json()["window"]["announcements"][0]["id"]
        assert talker.post(f"/announcements/{call}/ack", {"shown": True}).json() == {
            "id": call, "shown": False, "played": False,
        }  # fmt: skip
        assert other.post(f"/announcements/{call}/ack", {"shown": True}).json()["shown"] is True
        clock.forward(4)
        assert other.post(f"/announcements/{call}/ack", {"played": True}).json()["played"] is False
        assert talker.post(f"/announcements/{call}/ack", {"played": True}).json()["played"] is True
        window = clerk.get("/queue").json()["windows"][2]
        assert (window["announcements"][0]["shown"], window["announcements"][0]["played"]) == (True, True)
        assert window["recall_from"] == "2026-01-14T01:00:24Z"
        assert [each["code"] for each in clerk.get("/queue").json()["alarms"]] == ["two_speakers"]
        clock.forward(17)
        early = clerk.post("/windows/3/recall", {"ticket": window["ticket"]["id"]})
        assert early.json()["facts"]["wait_s"] == 3, "the gap counts from what was heard"


def test_a_call_that_no_display_confirms_is_reported_once(hall: HallServer, clock: HandClock) -> None:
    hall.device("kiosk:1").issue()
    clerk, chief = hall.clerk_at(3), hall.person("chief")
    with chief.stream("queue") as stream:
        stream.wait("snapshot")
        clerk.post("/windows/3/call-next")
        clock.forward(7)
        hall.on_loop(hall.server.watch.tick)
        clock.forward(1)
        hall.on_loop(hall.server.watch.tick)
        state = stream.wait("queue", lambda queue: any(each["code"] == "not_shown" for each in queue["alarms"]))
        assert state["windows"][2]["announcements"][0]["unconfirmed"] is True
        seq = hall.parts.gate.view.seq
        hall.on_loop(hall.server.watch.tick)
        hall.on_loop(hall.server.watch.tick)
        assert hall.parts.gate.view.seq == seq


def test_a_display_that_comes_back_hears_nothing_old(hall: HallServer, clock: HandClock) -> None:
    hall.device("kiosk:1").issue()
    clerk, display = hall.clerk_at(3), hall.device("display:2")
    with display.stream("board") as stream:
        stream.wait("snapshot")
    clerk.post("/windows/3/call-next")
    clock.forward(600)
    with display.stream("board") as stream:
        board = stream.wait("snapshot")["board"]
        assert (board["newest"]["number"], board["speaking"]) == ("A001", [])


def test_a_session_that_locks_ends_its_stream(hall: HallServer, clock: HandClock) -> None:
    clerk = hall.person("clerk1")
    with clerk.stream("queue") as stream:
        stream.wait("snapshot")
        clock.forward(15 * 60)
        hall.on_loop(hall.server.watch.tick)
        assert stream.wait("bye") is not None
        stream.wait_end()


def test_an_unchanged_state_is_not_sent_again(hall: HallServer) -> None:
    display, kiosk = hall.device("display:2"), hall.device("kiosk:1")
    ticket = kiosk.issue()
    with display.stream("board,hall") as stream:
        stream.wait("snapshot")
        stream.wait("heartbeat")
        before = [name for name, _ in stream._heard]
        kiosk.post(f"/tickets/{ticket['id']}/printed", {"result": "printed"})
        stream.wait("heartbeat")
        stream.wait("heartbeat")
        assert "board" not in before
        assert "board" not in [name for name, _ in stream._heard]
