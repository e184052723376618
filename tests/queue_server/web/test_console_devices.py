"""The hall's devices on the console: one line beside the desk, a page of all that follows what happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.desk import Desk
from tests.queue_server.web.recorded_hall import RecordedHall
from tests.queue_server.web.test_text_fits import CONSOLES, assert_whole

OWN_FONTS = True

pytestmark = pytest.mark.browser
PAPER = "没纸了，请换纸；换好会自动恢复"
CUT = "线断了，请插好；插好会自动恢复"


def part(name: str, state: Any = "ok", say: str = "", detail: str = "") -> wire.PartState:
    return wire.PartState(part=name, name=name, state=state, code="", since=states.MORNING, say=say, detail=detail)


MODULE = "SAM 05.03-20990101-0000012345-0000067890"
PRINTER = "generic-80 /dev/serial/by-path/pci-0000:00:14.0-usb-0:2.4:1.0-port0"


def device(kind: Any, name: str, state: Any = "ok", say: str = "", *parts: wire.PartState) -> wire.DeviceState:
    return wire.DeviceState(
        device=f"{kind}:{name}", kind=kind, name=name, place="/dev/serial/by-path/pci-0000:00:14.0-usb-0:2.4:1.0-port0",
        state=state, code="", since=states.MORNING, say=say, parts=parts,
    )  # fmt: skip


WELL = (
    device(
        "kiosk",
        "1号取号机",
        "ok",
        "",
        part("打印机", "ok", "", PRINTER),
        part("读卡器", "unknown", "还没有用过", MODULE),
    ),
    device("display", "1号大屏"),
    device("pads", "叫号器 1 号线", "ok", "", part("1号窗口（地址 1）"), part("2号窗口（地址 2）")),
    device("strips", "窗口条屏 1 号线"),
)
BROKEN = (
    device("kiosk", "1号取号机", "down", PAPER, part("打印机", "down", PAPER)),
    *WELL[1:3],
    device("strips", "窗口条屏 1 号线", "down", CUT, *(part(f"{n}号窗口（地址 {n}）", "down", CUT) for n in (1, 2))),
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", CONSOLES)
def test_devices_are_seen_and_followed(
    page: Page, hall: RecordedHall, size: tuple[int, int], language: str, pictures: Path
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = Desk(page, hall)
    desk.more = {"devices": WELL}
    desk.open(query=f"?lang={language}")
    line = page.locator('[data-key="devices-line"]')
    expect(line).to_contain_text("都正常" if language == "zh" else "All is well")
    page.keyboard.press("Alt+d")
    shown = page.locator("#dialog .devices > li")
    expect(shown).to_have_count(4)
    expect(page.locator("#dialog .devices > li.bad")).to_have_count(0)
    expect(shown.nth(0)).to_contain_text(MODULE)
    assert_whole(page)
    desk.show(desk.window, devices=BROKEN)
    expect(page.locator("#dialog .devices > li.bad")).to_have_count(2)
    expect(shown.nth(3)).to_contain_text(CUT)
    expect(shown.nth(3).locator("li")).to_have_count(0)  # all of them are cut: said once
    expect(shown.nth(0).locator("li")).to_have_count(1)
    expect(shown.nth(2).locator("li")).to_have_count(0)  # what is well needs no line of its own
    assert_whole(page)
    page.screenshot(path=pictures / f"desk-devices-{language}-{size[0]}.png")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(line).to_contain_text("2 处要处理" if language == "zh" else "2 to see")
    line.get_by_role("button").click()
    expect(shown).to_have_count(4)


def test_a_hall_without_devices_says_nothing_of_them(page: Page, hall: RecordedHall) -> None:
    desk = Desk(page, hall)
    desk.open()
    expect(page.locator('[data-key="devices-line"]')).to_have_count(0)
