"""How staff see the paired devices: state, since when, what to do."""

from __future__ import annotations

from typing import Any

from tests.journeys.waiting import wait_until
from tests.support.hand_clock import HandClock
from tests.support.server import Client, HallServer

NO_PAPER = {"part": "printer", "state": "down", "code": "paper_end"}


def report(caller: Client, *parts: dict[str, Any]) -> None:
    assert caller.post("/devices/self/health", {"parts": parts}, keyed=False).status_code == 200


def device(caller: Client, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in caller.get("/queue").json()["devices"] if each["device"] == name)
    return found


def test_a_kiosk_is_as_its_worst_part_since_that_began(hall: HallServer, clock: HandClock) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    assert device(chief, "kiosk:1")["state"] == "unknown"  # it may still be on its way
    with kiosk.stream("hall") as stream:
        stream.wait("snapshot")
        hall.on_loop(hall.server.watch.tick)
        report(kiosk, NO_PAPER, {"part": "reader", "state": "unknown"}, {"part": "brake", "state": "degraded"})
        first = device(chief, "kiosk:1")
        assert (first["state"], first["code"], first["name"]) == ("down", "paper_end", "1号取号机")
        assert "换纸" in first["say"]
        assert [each["part"] for each in first["parts"]] == ["printer", "reader"]
        clock.forward(10)
        report(kiosk, NO_PAPER)
        assert device(chief, "kiosk:1")["since"] == first["since"], "saying it again does not make it new"
        clock.forward(10)
        report(kiosk, {"part": "printer", "state": "unknown", "code": "no_status"})
        grey = device(chief, "kiosk:1")
        assert (grey["state"], grey["say"]) == ("ok", ""), "a printer that cannot be asked is no trouble"
        assert grey["parts"][0]["since"] > first["since"]
        assert "灰色" in grey["parts"][0]["say"]
    wait_until(lambda: hall.on_loop(lambda: hall.parts.hub.streams_of("kiosk:1")) == 0, "the end of its stream")
    hall.on_loop(hall.server.watch.tick)
    clock.forward(60)
    lost = device(chief, "kiosk:1")
    assert (lost["state"], lost["code"]) == ("down", "lost")
    assert "网线" in lost["say"]


def test_figures_follow_the_devices_and_forget_revoked_ones(hall: HallServer) -> None:
    chief = hall.person("chief")

    def figures() -> str:
        return hall.nobody().http.get(hall.url + "/metrics").text

    assert 'hall_device_state{device="display:2",part="",state="unknown"} 1.0' in figures()
    assert 'hall_device_since_seconds{device="display:2",part=""}' in figures()
    assert chief.post("/devices/2/revoke").status_code == 200
    assert 'device="display:2"' not in figures()
    assert "1号大屏" not in figures(), "names are what people typed"


def test_the_technician_reads_which_modules_a_kiosk_has(hall: HallServer) -> None:
    kiosk, chief = hall.device("kiosk:1"), hall.person("chief")
    module = "SAM 05.03-20990101-0000012345-0000067890"
    with kiosk.stream("hall") as stream:
        stream.wait("snapshot")
        hall.on_loop(hall.server.watch.tick)
        report(kiosk, {"part": "reader", "state": "ok", "detail": module})
        assert device(chief, "kiosk:1")["parts"][0]["detail"] == module
