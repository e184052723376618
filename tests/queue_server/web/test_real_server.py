"""The pages over the real server: sign on, call, show, speak, recall, finish, cut off and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from queue_server.bootstrap import shipped_voice
from tests.support.server import PASSWORD, HallServer, hall_server

pytestmark = pytest.mark.browser


@pytest.fixture
def server(tmp_path: Path) -> Iterator[HallServer]:
    with hall_server(tmp_path, voice=shipped_voice()) as server:
        yield server


def visit(browser: Browser, server: HallServer, width: int, height: int) -> BrowserContext:
    context = browser.new_context(base_url=server.url, viewport={"width": width, "height": height})
    context.set_default_timeout(10_000)
    return context


def sign_on(page: Page, account: str = "clerk1", window: int = 3) -> None:
    page.goto("/console")
    page.get_by_label("账号").fill(account)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("您在哪个窗口？")).to_be_visible()
    page.locator(f'[data-act="sign-on"][data-arg="{window}"]').click()
    expect(page.locator(".main-key")).to_contain_text("开窗")
    page.keyboard.press("F2")


def pair(page: Page, server: HallServer) -> None:
    page.goto("/board?name=大屏三")
    code = page.locator(".pairing .code")
    expect(code).not_to_have_text("–")
    answer = server.person("chief").post(f"/devices/pair/{code.inner_text()}/approve")
    assert answer.status_code == 200, answer.text
    expect(page.locator(".top .name")).to_have_text("测试大厅")


def test_a_resident_is_called_shown_and_served(browser: Browser, server: HallServer, pictures: Path) -> None:
    number = server.device("kiosk:1").issue(matters=["m1"])["number"]
    display = visit(browser, server, 1920, 1080).new_page()
    pair(display, server)
    console = visit(browser, server, 1440, 900).new_page()
    sign_on(console)
    expect(console.locator(".stage .no")).to_have_text(number)
    expect(console.locator(".main-key")).to_contain_text("呼叫下一位")

    console.locator(".main-key").click()
    expect(console.locator(".stage .note")).to_have_text("刚按过，请看清后再按")
    press_when_allowed(console, "人到了，开始办理")
    expect(display.locator(".newest .n")).to_have_text(number)
    expect(display.locator(".win.now")).to_contain_text("3号")
    expect(console.locator(".log")).to_contain_text("大屏已显示")
    expect(console.locator(".log")).to_contain_text("语音已播完", timeout=20_000)
    console.screenshot(path=pictures / "real-console.png")
    display.screenshot(path=pictures / "real-display.png")

    press_when_allowed(console, "完成")
    press_when_allowed(console, "没有人等")
    expect(console.locator(".figs")).to_contain_text("1")
    expect(display.locator(".win .n")).to_have_count(0)
    display.context.close()
    console.context.close()


def press_when_allowed(console: Page, then: str) -> None:
    """Press the blue key until its rest of 1.5 s is over and the next word stands on it."""
    for _ in range(20):
        console.keyboard.press("F2")
        try:
            expect(console.locator(".main-key")).to_contain_text(then, timeout=500)
        except AssertionError:
            continue
        return
    expect(console.locator(".main-key")).to_contain_text(then)


def test_undo_takes_the_call_off_the_display(browser: Browser, server: HallServer) -> None:
    number = server.device("kiosk:1").issue()["number"]
    display = visit(browser, server, 1366, 768).new_page()
    pair(display, server)
    console = visit(browser, server, 1280, 720).new_page()
    sign_on(console)
    press_when_allowed(console, "人到了，开始办理")
    expect(display.locator(".newest .n")).to_have_text(number)
    console.keyboard.press("Control+z")
    expect(console.locator(".main-key")).to_contain_text("呼叫下一位")
    expect(display.locator(".newest .n")).to_have_count(0)
    expect(display.locator(".win.said")).to_contain_text(f"请{number}号继续等候")
    display.context.close()
    console.context.close()


def test_another_clerk_takes_over_with_a_password(browser: Browser, server: HallServer) -> None:
    server.clerk_at(3, "clerk2")
    console = visit(browser, server, 1440, 900).new_page()
    console.goto("/console")
    console.get_by_label("账号").fill("clerk1")
    console.get_by_label("密码").fill(PASSWORD)
    console.keyboard.press("Enter")
    console.locator('[data-act="sign-on"][data-arg="3"]').click()
    field = console.locator("#dialog input")
    field.fill("not-the-password")
    console.keyboard.press("Enter")
    expect(console.locator(".chooser .note.red")).not_to_be_empty()
    console.locator('[data-act="sign-on"][data-arg="3"]').click()
    field.fill(PASSWORD)
    console.keyboard.press("Enter")
    expect(console.locator(".head .win")).to_have_text("3号窗口")
    console.context.close()


def test_signing_off_closes_the_window(browser: Browser, server: HallServer) -> None:
    console = visit(browser, server, 1440, 900).new_page()
    sign_on(console)
    expect(console.locator('.stage[data-phase="free"][data-sending="no"]')).to_be_visible()
    console.keyboard.press("Alt+q")
    console.keyboard.press("1")
    expect(console.get_by_text("窗口人员登录")).to_be_visible()
    board = server.device("display:2").get("/board").json()
    assert next(window["state"] for window in board["windows"] if window["number"] == 3) == "closed"
    console.context.close()


def test_a_wrong_password_is_said_in_place(browser: Browser, server: HallServer) -> None:
    page = visit(browser, server, 1440, 900).new_page()
    page.goto("/sign-in")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("请填账号和密码")
    page.get_by_label("账号").fill("clerk1")
    page.get_by_label("密码").fill("not-the-password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).not_to_have_text("请填账号和密码")
    expect(page.get_by_role("alert")).not_to_be_empty()
    page.context.close()
