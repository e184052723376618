"""Pads and strips at real pseudo-terminals, a real server between them: what a clerk hears, what a resident reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.pad.events import Key, PadPressed
from queue_server.domain.ticket import TicketState
from tests.journeys.waiting import wait_until
from tests.queue_server.hardware.a_counter import Counter, a_counter, a_hall
from tests.support.hand_clock import HandClock
from tests.support.server import Client, HallServer

DONE, NOT_DONE = "1", "3"
TOO_SOON_S = 11


@pytest.fixture
def counter(tmp_path: Path, clock: HandClock) -> Iterator[Counter]:
    with a_counter(tmp_path, clock) as counter:
        yield counter


@pytest.fixture
def hall(tmp_path: Path, counter: Counter) -> Iterator[HallServer]:
    with a_hall(tmp_path, counter) as hall:
        yield hall


def state_of(hall: HallServer, number: str) -> TicketState:
    day = hall.parts.gate.view.day
    (ticket,) = day.by_number[number]
    state: TicketState = day.tickets[ticket].state
    return state


def figures(hall: HallServer) -> str:
    return hall.nobody().http.get(hall.url + "/metrics").text


def devices(caller: Client) -> dict[str, Any]:
    return {each["device"]: each for each in caller.get("/queue").json()["devices"]}


def test_a_number_is_called_served_and_finished_by_pad(hall: HallServer, counter: Counter) -> None:
    kiosk = hall.device("kiosk:1")
    counter.hear(Key.NEXT, NOT_DONE)  # nobody signed on
    clerk = hall.clerk_at(3)
    counter.see("空闲")
    counter.hear(Key.NEXT, NOT_DONE)  # nobody waits
    for _ in range(3):
        kiosk.issue()
    counter.shows("A001", 3)
    counter.shows("", 3, window=4)

    counter.hear(Key.NEXT, DONE)
    counter.see("请A001号办理")
    counter.shows("A002", 2)
    assert clerk.get("/queue").json()["windows"][2]["ticket"]["number"] == "A001"
    counter.hear(Key.NEXT, NOT_DONE)  # a double press, another count
    assert state_of(hall, "A001") is TicketState.CALLED
    counter.hear(Key.START, DONE)
    counter.see("正在办理A001")
    counter.hear(Key.START, NOT_DONE)
    counter.hear(Key.FINISH, DONE)
    counter.see("空闲")
    assert state_of(hall, "A001") is TicketState.DONE

    counter.hear(Key.PAUSE, DONE)
    counter.see("暂停服务")
    counter.shows("", 2)
    counter.hear(Key.NEXT, NOT_DONE)
    counter.hear(Key.OPEN, DONE)
    counter.see("空闲")
    # Called by pad, undone on the page: the same act, whoever did it.
    counter.hear(Key.NEXT, DONE)
    counter.see("请A002号办理")
    ticket = clerk.get("/queue").json()["windows"][2]["ticket"]["id"]
    assert clerk.post("/windows/3/undo", {"ticket": ticket}).status_code == 200
    counter.see("请A002号继续等候")
    counter.clock.forward(16)
    counter.see("空闲")
    tell_twice_and_late(hall, counter)
    metrics = figures(hall)
    assert 'hall_pad_presses_total{result="taken"} 7.0' in metrics
    assert 'hall_pad_presses_total{result="repeated"} 1.0' in metrics
    assert 'hall_pad_presses_total{result="refused"} 5.0' in metrics


def tell_twice_and_late(hall: HallServer, counter: Counter) -> None:
    """One press told twice, as after a restart of the program in between; and one that waited too long for its turn."""
    pads, now_s = hall.server.hardware.pads, counter.clock.steady_s()
    paused = PadPressed(1, Key.PAUSE, 700, 0.1)
    for _ in range(2):
        hall.on_loop(lambda: pads.told("pads:1", paused, now_s))
    counter.see("暂停服务")
    hall.on_loop(lambda: pads.told("pads:1", PadPressed(1, Key.OPEN, 701, 2.9), now_s - 0.2))
    wait_until(lambda: 'result="dropped"} 1.0' in figures(hall), "word of the late press")
    assert counter.strip() == "暂停服务"


def test_next_over_a_called_number_finishes_it_and_help_needs_no_shift(hall: HallServer, counter: Counter) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    counter.hear(Key.HELP, DONE, window=4)
    counter.hear(Key.HELP, DONE, window=4)
    (asked,) = [each for each in chief.get("/queue").json()["alarms"] if each["code"] == "help"]
    assert (asked["place"], asked["say"]) == ("4号窗口", "4号窗口 有人求助，请过去一位。")
    hall.clerk_at(3)
    kiosk.issue()
    kiosk.issue()
    counter.hear(Key.NEXT, DONE)
    counter.clock.forward(TOO_SOON_S)
    counter.hear(Key.NEXT, DONE)
    counter.see("请A002号办理")
    assert state_of(hall, "A001") is TicketState.DONE
    counter.clock.forward(TOO_SOON_S)
    counter.hear(Key.NEXT, DONE)  # nobody waits: the last one is finished all the same
    counter.see("空闲")


def test_pads_and_strips_on_one_pair_of_wires_where_next_never_closes_anybody(tmp_path: Path, clock: HandClock) -> None:
    with a_counter(tmp_path, clock, shared=True) as counter, a_hall(tmp_path, counter, say_which="refuse") as hall:
        hall.clerk_at(3)
        hall.device("kiosk:1").issue()
        counter.hear(Key.NEXT, DONE)
        counter.see("请A001号办理")
        counter.clock.forward(TOO_SOON_S)
        counter.hear(Key.NEXT, NOT_DONE)
        assert state_of(hall, "A001") is TicketState.CALLED
        chief = hall.person("chief")
        for line in ("pads:1", "strips:1"):
            wait_until(lambda line=line: devices(chief)[line]["state"] == "ok", f"{line} that are well")  # type: ignore[misc]


def test_unplugged_and_hung_lines_are_told_and_come_back_true(hall: HallServer, counter: Counter) -> None:
    kiosk, clerk, chief = hall.device("kiosk:1"), hall.clerk_at(3), hall.person("chief")
    wait_until(lambda: devices(chief)["strips:1"]["state"] == "ok", "strips that are well")
    wait_until(lambda: devices(chief)["pads:1"]["state"] == "ok", "pads that are well")
    counter.pad_hand.ask("fault", name="silent", address=2)  # one pad hangs
    counter.press(Key.NEXT, window=4)
    counter.strip_hand.ask("fault", name="unplug")
    wait_until(lambda: devices(chief)["strips:1"]["state"] == "down", "strips that are away")
    strips = devices(chief)["strips:1"]
    assert strips["name"] == "窗口条屏 1 号线"
    assert "插好" in strips["say"]
    assert {each["code"] for each in strips["parts"]} == {"line_lost"}
    wait_until(lambda: devices(chief)["pads:1"]["state"] == "degraded", "one pad that is silent")
    assert [each["state"] for each in devices(chief)["pads:1"]["parts"]] == ["ok", "down"]

    kiosk.issue()
    assert clerk.post("/windows/3/call-next").status_code == 200  # by page; the strip is away
    counter.clock.forward(10)
    said = {each["code"]: each["say"] for each in chief.get("/queue").json()["alarms"]}
    assert said["strips_down"] == "窗口条屏 1 号线 不通，请检查电源和接线；大屏和语音照常。"
    assert "pads_down" not in said, "the silent pad is at a window without a shift"
    hall.clerk_at(4, "clerk2")
    (pad,) = [each["say"] for each in chief.get("/queue").json()["alarms"] if each["code"] == "pads_down"]
    assert pad == "叫号器 1 号线 4号窗口（地址 2） 不通，请检查电源和接线；用网页照常叫号。"
    metrics = figures(hall)
    assert 'hall_device_state{device="strips:1",part="",state="down"} 1.0' in metrics
    assert 'hall_device_state{device="pads:1",part="window:4",state="down"} 1.0' in metrics

    counter.strip_hand.ask("replug")
    counter.see("请A001号办理")
    wait_until(lambda: devices(chief)["strips:1"]["state"] == "ok", "strips that are back")
    assert devices(chief)["strips:1"]["say"] == ""
    # The press made while the pad hung is too old when it is heard: three beeps, no call.
    wait_until(lambda: counter.pad(4)["presses"][0]["age_s"] > 3.0, "a press older than three seconds")
    counter.pad_hand.ask("clear")
    wait_until(lambda: counter.pad(4)["beeps"], "a beep for the old press")
    assert counter.pad(4)["beeps"] == [NOT_DONE]
    assert 'result="dropped"} 1.0' in figures(hall)


def test_after_a_restart_everything_shows_what_is_true(tmp_path: Path, counter: Counter) -> None:
    with a_hall(tmp_path, counter) as hall:
        hall.clerk_at(3)
        for _ in range(2):
            hall.device("kiosk:1").issue()
        counter.hear(Key.NEXT, DONE)
        prepared = hall.prepared
    counter.strip_hand.ask("power", address=11, on=False)
    counter.strip_hand.ask("power", address=11, on=True)
    assert counter.strip() == ""
    with a_hall(tmp_path, counter, prepared) as hall:
        counter.see("请A001号办理")
        counter.see("暂停服务", window=4)
        counter.shows("A002", 1)
        counter.hear(Key.START, DONE)
        counter.see("正在办理A001")
