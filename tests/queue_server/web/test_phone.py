"""The page behind a slip's code, over the real server: where the number stands, what to do, giving it back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.queue_server.web.test_text_fits import CLIPPED
from tests.support.server import HallServer, hall_server

OWN_FONTS = True

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallServer]:
    with hall_server(tmp_path_factory.mktemp("phone")) as server:
        yield server


@pytest.fixture
def phone(browser: Browser, server: HallServer) -> Iterator[Page]:
    context = browser.new_context(base_url=server.url, viewport={"width": 390, "height": 844}, locale="zh-CN")
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    context.close()
    assert faults == []


def whole(page: Page, picture: Path) -> None:
    """Nothing is cut off, on this phone and on a small one."""
    page.wait_for_function("document.fonts.ready.then(() => true)")
    page.screenshot(path=picture)
    for width in (320, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate(CLIPPED) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_number_on_its_way(phone: Page, server: HallServer, pictures: Path) -> None:
    ticket = server.device("kiosk:1").issue()
    phone.goto(f"/t/{ticket['track']}")
    expect(phone.locator(".slip .no")).to_have_text(ticket["number"])
    expect(phone.locator(".top b")).to_have_text("测试大厅")
    expect(phone.locator(".steps .now")).to_have_text("等候")
    expect(phone.locator(".two")).to_contain_text("前面还有0人")
    whole(phone, pictures / "phone-waiting.png")

    clerk = server.clerk_at(3)
    assert clerk.post("/windows/3/call-next").json()["ticket"]["id"] == ticket["id"]
    phone.reload()
    expect(phone.locator(".called")).to_contain_text("叫到您了，请到3号窗口")
    whole(phone, pictures / "phone-called.png")

    missed = server.person("chief").post("/windows/3/miss", {"ticket": ticket["id"], "ground": "not_here"})
    assert missed.status_code == 200, missed.text
    phone.reload()
    expect(phone.locator(".miss")).to_contain_text("叫过您，没见到人")
    expect(phone.locator(".todo")).to_contain_text("隔 3 个号，再叫您")
    expect(phone.locator(".code .letters")).to_have_text(ticket["track"])
    expect(phone.locator(".row")).to_have_text("今天还能报到 2 次，今天关门前都有效")
    whole(phone, pictures / "phone-missed.png")

    phone.goto(f"/t/{ticket['track']}?lang=en")
    expect(phone.locator(".miss")).to_contain_text("You were called but not there")
    whole(phone, pictures / "phone-missed-en.png")


def test_a_number_is_given_back_by_a_second_press(phone: Page, server: HallServer, pictures: Path) -> None:
    ticket = server.device("kiosk:1").issue()
    phone.goto(f"/t/{ticket['track']}")
    phone.get_by_role("button", name="不办了，退号").click()
    phone.get_by_role("button", name="真的不办了？再按一次就退号").click()
    expect(phone.get_by_text("这个号已经退了")).to_be_visible()
    assert server.person("chief").get(f"/tickets/{ticket['id']}").json()["ticket"]["state"] == "cancelled"
    whole(phone, pictures / "phone-cancelled.png")


def test_a_code_that_nobody_has_sends_to_the_slip(phone: Page, pictures: Path) -> None:
    phone.goto("/t/XXXXXXXX")
    expect(phone.get_by_role("alert")).to_have_text("没有这个号，请看小票")
    whole(phone, pictures / "phone-unknown.png")
