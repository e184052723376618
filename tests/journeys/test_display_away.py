"""The display's cable is out for ten minutes; clerks go on. The real page, the real app; both clocks go ten minutes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from queue_server.bootstrap import shipped_voice
from queue_server.demo.pages import CHROMIUM, FLAGS
from tests.journeys.cable import Cable, cable_to
from tests.journeys.waiting import wait_until
from tests.support.hand_clock import HandClock
from tests.support.server import Client, HallServer, hall_server

pytestmark = [pytest.mark.journey, pytest.mark.browser]
AWAY_S = 600
WINDOW = 3
BOARD = "大屏三"


@pytest.fixture
def browser() -> Iterator[Browser]:
    chromium = next(each for each in CHROMIUM if Path(each).exists())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def server(tmp_path: Path, clock: HandClock) -> Iterator[HallServer]:
    with hall_server(tmp_path, clock=clock, voice=shipped_voice()) as server:
        yield server


def open_board(browser: Browser, cable: Cable, server: HallServer) -> Page:
    page = browser.new_context(base_url=cable.url, viewport={"width": 1920, "height": 1080}).new_page()
    page.clock.install()
    page.goto(f"/board?name={BOARD}")
    code = page.locator(".pairing .code")
    expect(code).not_to_have_text("–")
    assert server.person("chief").post(f"/devices/pair/{code.inner_text()}/approve").status_code == 200
    expect(page.locator(".top .name")).to_have_text("测试大厅", timeout=20_000)
    return page


def requests_of(page: Page) -> list[Request]:
    """All that the page asks for from now on."""
    asked: list[Request] = []

    def remember(request: Request) -> None:
        asked.append(request)

    page.on("request", remember)
    return asked


def call_next(clerk: Client) -> Any:
    """The window's new call."""
    answer = clerk.post(f"/windows/{WINDOW}/call-next")
    assert answer.status_code == 200, answer.text
    return answer.json()["window"]["announcements"][-1]


def serve(clerk: Client) -> None:
    ticket = next(each for each in clerk.get("/queue").json()["windows"] if each["number"] == WINDOW)["ticket"]
    for act in ("start", "finish"):
        assert clerk.post(f"/windows/{WINDOW}/{act}", {"ticket": ticket["id"]}).status_code == 200


def played(clerk: Client, call: Any) -> bool:
    window = next(each for each in clerk.get("/queue").json()["windows"] if each["number"] == WINDOW)
    return any(each["id"] == call["id"] and each["played"] for each in window["announcements"])


def alarms(clerk: Client, code: str, about: str) -> list[str]:
    """What staff read of this kind about this display or number."""
    return [
        each["say"] for each in clerk.get("/queue").json()["alarms"] if each["code"] == code and about in each["say"]
    ]


def alarms_later(clerk: Client, clock: HandClock) -> list[str]:
    """A display counts as lost some seconds after the server noticed, so those go by as well."""
    clock.forward(0.5)
    return alarms(clerk, "display_lost", BOARD)


def test_display_that_was_away_speaks_nothing_old_and_heals(
    browser: Browser, server: HallServer, clock: HandClock, bad_day: Callable[..., None]
) -> None:
    for _ in range(4):
        server.device("kiosk:1").issue()
    clerk = server.clerk_at(WINDOW)
    with cable_to(server.url) as cable:
        page = open_board(browser, cable, server)
        asked = requests_of(page)
        first = call_next(clerk)
        wait_until(lambda: played(clerk, first), "the first call's voice")

        cable.pull()
        expect(page.locator(".foot, .alert")).to_contain_text("连接中断")
        says = page.locator(".alert").inner_text().replace("\n", " ")
        expect(page.locator(".newest .n")).to_have_text(first["number"])
        for _ in range(2):
            serve(clerk)
            clock.forward(AWAY_S / 2 - 30)
            missed = call_next(clerk)
        clock.forward(50)
        wait_until(lambda: alarms_later(clerk, clock), "the alarm about the display")
        wait_until(lambda: alarms(clerk, "not_shown", missed["number"]), "the alarm about the call")
        staff = alarms(clerk, "display_lost", BOARD) + alarms(clerk, "not_shown", missed["number"])
        page.clock.fast_forward(AWAY_S * 1000)
        asked.clear()

        plugged_s = time.monotonic()
        cable.plug_in()
        expect(page.locator(".alert")).to_have_count(0, timeout=20_000)
        took_s = time.monotonic() - plugged_s
        expect(page.locator(".newest .n")).to_have_text(missed["number"])
        expect(page.locator(f'[data-key="win-{WINDOW}"]')).to_have_attribute("data-number", missed["number"])
        wait_until(lambda: not alarms(clerk, "display_lost", BOARD), "the end of the alarm")
        serve(clerk)
        fresh = call_next(clerk)
        wait_until(lambda: played(clerk, fresh), "the fresh call's voice")
        page.title()  # what the browser tells comes in order: everything before is in ``asked`` now
        spoken = [each.url for each in asked if "/announcements/" in each.url and each.method == "GET"]
        assert spoken
        assert all(fresh["id"] in url for url in spoken)
        told = [each for each in asked if each.method == "POST" and (each.post_data_json or {}).get("played")]
        assert [fresh["id"] in each.url for each in told] == [True]
        page.context.close()
    bad_day(
        "display away ten minutes", state="calls go on, shown only", kiosk=says, staff=" ".join(staff), seconds=took_s
    )
