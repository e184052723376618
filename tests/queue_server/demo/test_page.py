"""The demo's page over real HTTP with simulated devices: hands on pads, eyes on strips, cables pulled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import requests

from drivers.listening import PtyListener, TcpListener
from drivers.pad.events import Key
from drivers.pad.simulator import PadSimulator
from drivers.printer.simulator import PrinterSimulator
from drivers.strip.line import StripLine
from drivers.strip.simulator import StripSimulator
from queue_server.demo.box import PADS, STRIPS, line_text
from queue_server.demo.devices import PAD_KEYS, Devices
from queue_server.demo.glass import Glass
from queue_server.demo.hall import WINDOWS, settings_text
from queue_server.demo.page import DemoPage, Places
from queue_server.settings import load_settings
from tests.journeys.waiting import wait_until

ANSWER_S = 10.0


class Visitor:
    """Somebody at the page; ``pads`` and ``strips`` are what the page's hands reach."""

    def __init__(self, page: DemoPage, strips: StripSimulator) -> None:
        self.url = page.url
        self.strips = strips

    def get(self, path: str) -> requests.Response:
        return requests.get(self.url + path, timeout=ANSWER_S)

    def post(self, path: str, **body: object) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=ANSWER_S)

    def counters(self) -> dict[str, Any]:
        counters: dict[str, Any] = self.get("state.json").json()["counters"]
        return counters


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with ExitStack() as stack:
        pads = PadSimulator(TcpListener(), range(1, WINDOWS + 1))
        strips = StripSimulator(PtyListener(), range(1, WINDOWS + 1))
        printer = PrinterSimulator(TcpListener())
        for simulator in (pads, strips, printer):
            simulator.start()
            stack.callback(simulator.stop)
        devices = Devices(
            printer.control_address, printer.control_address, pads=pads.control_address, strips=strips.control_address
        )
        page = DemoPage()
        page.furnish(Places("", "", ()), Glass("http://127.0.0.1:9", ""), devices)
        page.start()
        stack.callback(page.stop)
        yield Visitor(page, strips)


def test_a_key_of_a_pad_is_pressed_and_its_strip_read(visitor: Visitor) -> None:
    counters = visitor.counters()
    assert set(counters["windows"]) == {str(n) for n in range(1, WINDOWS + 1)}
    assert {each["name"] for each in counters["keys"]} == set(PAD_KEYS) == {key.value for key in Key}
    assert visitor.post("pads", do="press", address=3, key="NEXT").ok
    line = StripLine(visitor.strips.port_name, (3,), answer_s=0.3)
    line.show(3, "请A012号办理", flash=True)
    line.start()
    try:
        wait_until(lambda: visitor.counters()["windows"]["3"]["text"] == "请A012号办理", "the text")
    finally:
        line.stop()
    assert visitor.counters()["windows"]["3"]["flash"] is True
    picture = visitor.get("strips/3.png?A012")
    assert (picture.headers["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert visitor.get("strips/99.png").status_code == 502
    assert visitor.post("pads", do="press", address=99, key="NEXT").status_code == 502


def test_lines_are_pulled_and_plugged_and_the_paper_taken(visitor: Visitor) -> None:
    for fault in visitor.counters()["faults"]:
        assert visitor.post("strips", do="fault", name=fault["name"]).ok
        assert visitor.counters()["fault"] == {"pads": None, "strips": fault["name"]}
        assert visitor.post("strips", do="clear").ok
    assert visitor.counters()["fault"] == {"pads": None, "strips": None}
    for fault, so in (("paper_end", "没纸"), ("cover_open", "盖子开着")):
        assert visitor.post("printer", do="fault", name=fault).ok
        printer = visitor.get("state.json").json()["printer"]
        assert (printer["fault"], printer["say"]) == (fault, so)
        assert visitor.post("printer", do="clear").ok


def test_the_settings_of_the_demo_put_a_pad_and_a_strip_at_every_window(tmp_path: Path) -> None:
    path = tmp_path / "server.toml"
    lines = "".join(line_text(tmp_path, kind) for kind in (PADS, STRIPS))
    path.write_text(settings_text(tmp_path, 0, "", "", WINDOWS) + lines, encoding="utf-8")
    hardware = load_settings(path).hardware
    everywhere = {n: n for n in range(1, WINDOWS + 1)}
    assert (hardware.pads[0].at, hardware.strips[0].at) == (everywhere, everywhere)
