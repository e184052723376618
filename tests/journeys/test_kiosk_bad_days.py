"""Bad days at the kiosk: paper, cover, cable, card, a server that says nothing. One box for all of them."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from queue_server.demo.box import SERVER
from tests.bench.hall import sign_in, sign_on
from tests.journeys.a_box import Hall, a_hall
from tests.journeys.waiting import wait_until

pytestmark = pytest.mark.journey
CLEAR_SCREEN_S = 1.5
SPOKEN_WITHIN_S = 20.0
DRAWING_S = 1.0
"""The glass is looked at from outside, 30 ms apart, on a machine that does other things, too."""


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with a_hall(tmp_path_factory.mktemp("kiosk")) as hall:
        yield hall


@pytest.mark.parametrize(
    ("fault", "screen", "says", "code", "staff"),
    [
        ("paper_end", "nopaper", "打印机没纸了，号码照样有效", "no_paper", "没纸了，请换纸；换好会自动恢复"),
        ("cover_open", "printer", "打印机盖没关好，号码照样有效", "cover", "盖没关好，请按紧两侧关好"),
        ("silent", "printer", "打印机没有回应，号码照样有效", "printer_down", "打印机不回应，请看电源、数据线和波特率"),
        ("unplug", "printer", "号码照样有效，请到导办台", "printer_down", "请插好"),
    ],
)
def test_printer_fails_and_comes_back(
    hall: Hall, bad_day: Callable[..., None], fault: str, screen: str, says: str, code: str, staff: str
) -> None:
    before = hall.devices.slip_count()
    hall.devices.at_printer({"do": "fault", "name": fault})
    hall.press("take")
    hall.glass.wait_for_screen(screen)
    assert says in hall.words()
    number = hall.number()
    wait_until(lambda: hall.ticket(number)["printed"] == "not_printed", "the ticket marked as without a slip")
    assert hall.ticket(number)["state"] == "waiting"
    wait_until(lambda: staff in (hall.alarm(code) or ""), f"the alarm {code!r} on the console")
    told = hall.alarm(code)

    hall.devices.at_printer({"do": "clear"})
    took_s = hall.reads("打印机好了，可以补打小票")
    wait_until(lambda: hall.alarm(code) is None, "the end of the alarm")
    assert hall.paper(before) == []  # what could not be printed in time does not come later
    hall.press("again")
    hall.glass.wait_for_screen("done")
    (slip,) = hall.paper(before)
    assert number in slip.text
    assert "补打" in slip.text
    wait_until(lambda: hall.ticket(number)["printed"] == "printed", "the ticket marked as printed")
    hall.go_home("finish")
    bad_day(f"printer: {fault}", state="waiting, not_printed", kiosk=says, staff=told, seconds=took_s)


def test_reader_is_unplugged_and_comes_back(hall: Hall, bad_day: Callable[..., None]) -> None:
    hall.devices.at_reader({"do": "fault", "name": "unplug"})
    wait_until(lambda: hall.alarm("reader_down"), "the alarm 'reader_down' on the console")
    told = hall.alarm("reader_down")
    hall.press("booked")
    hall.glass.wait_for_screen("booked")
    says = "读卡器暂时用不了，请不刷证件继续"
    hall.reads(says)
    hall.press("skip")
    hall.glass.wait_for_screen("done")
    without_card = hall.number()
    hall.go_home("finish")

    hall.devices.at_reader({"do": "clear"})
    took_s = wait_until(lambda: hall.alarm("reader_down") is None, "the end of the alarm")
    hall.press("booked")
    hall.glass.wait_for_screen("booked")
    assert says not in hall.words()
    hall.devices.at_reader({"do": "lay", "card": "mainland"})
    hall.glass.wait_for_screen("booking_trouble")
    hall.press("take")
    hall.glass.wait_for_screen("done")
    assert hall.number() != without_card
    hall.devices.at_reader({"do": "lift"})
    hall.go_home("finish")
    bad_day("reader unplugged", state="waiting", kiosk=says, staff=told, seconds=took_s)


def test_card_that_is_not_read_is_laid_again(hall: Hall, bad_day: Callable[..., None]) -> None:
    hall.devices.at_reader({"do": "fault", "name": "read_fails"})
    hall.press("booked")
    hall.glass.wait_for_screen("booked")
    hall.devices.at_reader({"do": "lay", "card": "hmt"})
    says = "没读到。拿起来再放一次，或不刷证件继续"
    hall.reads(says)
    hall.devices.at_reader({"do": "lift"})
    hall.devices.at_reader({"do": "clear"})
    laid_s = time.monotonic()
    hall.devices.at_reader({"do": "lay", "card": "hmt"})
    hall.glass.wait_for_screen("booking_trouble")
    took_s = time.monotonic() - laid_s
    hall.press("take")
    hall.glass.wait_for_screen("done")
    assert hall.ticket(hall.number())["state"] == "waiting"
    hall.devices.at_reader({"do": "lift"})
    hall.go_home("finish")
    bad_day("card not read", state="waiting", kiosk=says, staff="–", seconds=took_s)


def test_silent_server_costs_nobody_a_number(hall: Hall, bad_day: Callable[..., None]) -> None:
    issued, slips = len(hall.box.manager.get("/tickets")["tickets"]), hall.devices.slip_count()
    says = "网络断了，照样取号"
    hall.send(SERVER, signal.SIGSTOP)
    try:
        pressed_s = hall.press("take")
        hall.reads("号码已经为您留好")
        waited_s = time.monotonic() - pressed_s
        assert waited_s < CLEAR_SCREEN_S + DRAWING_S
        hall.glass.wait_for_screen("done")
        first = hall.number()
        assert "不用重新取号" in hall.words()
        hall.go_home("finish")
        hall.reads(says)  # three heartbeats later the kiosk knows beforehand and waits for nobody
        hall.press("take")
        hall.glass.wait_for_screen("done")
        second = hall.number()
        hall.go_home("finish")
    finally:
        hall.send(SERVER, signal.SIGCONT)
    assert [each[1:] for each in (first, second)] == ["001", "002"]
    papers = hall.paper(slips)
    assert [number in paper.text for number, paper in zip((first, second), papers, strict=True)] == [True, True]
    assert all("网络中断时取的号" in paper.text for paper in papers)

    def both_wait() -> bool:
        found = [hall.box.manager.get(f"/tickets?number={number}")["tickets"] for number in (first, second)]
        return [[each["state"] for each in tickets] for tickets in found] == [["waiting"], ["waiting"]]

    wait_until(both_wait, "both numbers in the hall's queue")
    took_s = wait_until(
        lambda: hall.glass.screen() == "home" and says not in hall.words(), "the kiosk on line again", seconds=30
    )
    # The first press reached the sleeping server as well: one ticket, under the paper's number.
    assert len(hall.box.manager.get("/tickets")["tickets"]) == issued + 2
    hall.press("take")
    hall.glass.wait_for_screen("done")
    assert hall.ticket(hall.number())["state"] == "waiting"
    hall.go_home("finish")
    told = f"{says}（{waited_s:.1f} s）"
    bad_day("server silent", state=f"{first}, {second} handed in", kiosk=told, staff="–", seconds=took_s)


def at_window(hall: Hall, window: int) -> Any:
    return next(each for each in hall.box.manager.get("/queue")["windows"] if each["number"] == window)


def test_power_cut_in_the_middle_of_a_call(hall: Hall, bad_day: Callable[..., None]) -> None:
    clerk, window = hall.box.hall.account("limin"), 3
    for _ in range(2):  # one is called, one still waits when the power comes back
        hall.press("take")
        hall.glass.wait_for_screen("done")
        hall.go_home("finish")
    called = sign_on(hall.box.url, clerk, window).act("call-next").json()["ticket"]
    called_s = time.monotonic()
    before = hall.cut_power()
    powered_s = time.monotonic()
    hall.power_up(before)

    there = at_window(hall, window)
    assert (there["ticket"]["id"], there["ticket"]["state"]) == (called["id"], "called")
    hall.press("take")
    hall.glass.wait_for_screen("done")
    took_s = time.monotonic() - powered_s
    number = hall.number()
    assert [number in slip.text for slip in hall.paper(0)] == [True]

    wait_until(lambda: time.monotonic() - called_s > SPOKEN_WITHIN_S, "the end of the call's voice", seconds=30)
    board = hall.box.manager.get("/board")
    shown = next(each for each in board["windows"] if each["number"] == window)
    assert (shown["ticket"], shown["calling"]) == (called["number"], True)
    assert board["speaking"] == []
    desk = sign_in(hall.box.url, clerk, window)  # signed in anew; the shift was never gone
    for act in ("start", "finish"):
        assert desk.act(act, ticket=called["id"]).status_code == 200
    assert desk.act("call-next").json()["ticket"]["id"] != called["id"]
    bad_day("power cut during a call", state="called, same window", kiosk="–", staff="–", seconds=took_s)
