"""Board, console and a phone in a real browser, for the walk: Debian's Chromium without a screen."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import requests

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip
LOOK_S = 30.0
LOOK_MS = LOOK_S * 1000
CONFIRM_MS = 25_000
BLUE_REST_MS = 1_700


class PageFailed(Exception):
    """The browser is not there, or a page did not show what it must."""


class HallPages:
    """A board and a desk, each in a browser profile of its own. Use as a context manager."""

    def __init__(self, url: str, out: Path) -> None:
        self._url = url
        self._out = out
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._board: Page | None = None
        self._desk: Page | None = None

    def __enter__(self) -> Self:
        chromium = next((each for each in CHROMIUM if Path(each).exists()), None)
        if chromium is None:
            raise PageFailed("Chromium is missing: sudo apt-get install -y --no-install-recommends chromium")
        try:
            from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only the walk needs a browser driver
        except ImportError as error:
            raise PageFailed("the walk needs the package playwright (group dev of pyproject.toml)") from error
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()

    # ---- board ----

    def open_board(self, approve: Callable[[], int]) -> None:
        """Open the board, let the manager approve its code, wait for the picture."""
        self._board = self._page(1920, 1080)
        self._board.goto(f"{self._url}/board?name=1")
        end = time.monotonic() + LOOK_S
        while self._board.locator(".board").count() == 0:
            approve()
            if time.monotonic() > end:
                raise PageFailed("the board did not come up")
            self._board.wait_for_timeout(200)

    def close_board(self) -> None:
        if self._board is not None:
            self._board.close()
            self._board = None

    def wait_for_call(self, number: str) -> dict[str, Any]:
        """Wait until the board's newest call is this number; what its DOM says."""
        if self._board is None:
            raise PageFailed(f"no display shows {number}: the board's page is closed")
        newest = self._board.locator(".newest[data-call]")
        self._wait(
            self._board, f"() => document.querySelector('.newest')?.textContent.includes('{number}')", "the call"
        )
        text = " ".join((newest.text_content() or "").split())
        return {"number": text[: len(number)], "text": text}

    def picture_board(self, name: str) -> None:
        self._board_page().screenshot(path=self._out / f"{name}.png")

    # ---- desk ----

    def open_desk(self, account: str, password: str, window: int) -> None:
        """Sign in, take the window, open it with the blue key."""
        self._desk = self._page(1440, 900)
        self._desk.goto(f"{self._url}/console")
        self._desk.fill("[name=account]", account)
        self._desk.fill("[name=password]", password)
        self._desk.press("[name=password]", "Enter")
        self._desk.click(f'[data-key="window-{window}"]')
        self._desk.wait_for_selector('[data-phase="closed"]', timeout=LOOK_MS)
        self._press_blue("free")

    def call_next(self, number: str) -> None:
        """F2 once the desk says this number is next."""
        desk = self._desk_page()
        self._wait(
            desk, f"() => document.querySelector('[data-number]')?.dataset.number === '{number}'", "next at the desk"
        )
        self._press_blue("called")

    def desk_number(self) -> str | None:
        return self._desk_page().locator("[data-number]").first.get_attribute("data-number")

    def wait_until_confirmed(self) -> None:
        """Wait until the call log says 大屏已显示 and 语音已播完."""
        script = "() => document.querySelectorAll('.log .marks li:not(.open)').length >= 2"
        self._wait(self._desk_page(), script, "board and voice confirmed at the desk", CONFIRM_MS)

    def picture_desk(self, name: str) -> None:
        self._desk_page().screenshot(path=self._out / f"{name}.png")

    # ---- phone ----

    def follow(self, address: str, name: str) -> dict[str, str]:
        """Open the address of a slip's QR as a phone does; the number that was called, and all the page says."""
        phone = self._page(390, 844)
        phone.goto(address)
        self._wait(phone, "() => document.querySelector('.called .mine') !== null", "the called number on the phone")
        phone.screenshot(path=self._out / f"{name}.png")
        number = phone.locator(".called .mine").text_content() or ""
        text = " ".join((phone.locator(".called").text_content() or "").split())
        phone.context.close()
        return {"number": number, "text": text}

    def sound(self, address: str) -> bytes:
        """The announcement's sound as the display gets it."""
        cookies = {each["name"]: each["value"] for each in self._board_page().context.cookies()}
        answer = requests.get(self._url + address, cookies=cookies, timeout=LOOK_S)
        answer.raise_for_status()
        return answer.content

    def _press_blue(self, phase: str) -> None:
        """F2 until the desk is in ``phase``: the key is refused for 1.5 s after each press."""
        from playwright.sync_api import TimeoutError as TooLong  # noqa: PLC0415 - see __enter__

        desk = self._desk_page()
        end = time.monotonic() + LOOK_S
        while desk.locator(f'[data-phase="{phase}"]').count() == 0:
            if time.monotonic() > end:
                raise PageFailed(f"the desk did not come to {phase!r}")
            desk.keyboard.press("F2")
            with contextlib.suppress(TooLong):
                desk.wait_for_selector(f'[data-phase="{phase}"]', timeout=BLUE_REST_MS)

    def _page(self, width: int, height: int) -> Page:
        if self._browser is None:
            raise PageFailed("the browser is not open")
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        page = context.new_page()
        page.set_default_timeout(LOOK_MS)
        return page

    @staticmethod
    def _wait(page: Page, script: str, what: str, timeout_ms: float = LOOK_MS) -> None:
        from playwright.sync_api import TimeoutError as TooLong  # noqa: PLC0415 - see __enter__

        try:
            page.wait_for_function(script, timeout=timeout_ms)
        except TooLong as error:
            raise PageFailed(f"{what} did not come within {timeout_ms / 1000:.0f} s") from error

    def _board_page(self) -> Page:
        if self._board is None:
            raise PageFailed("the board is gone")
        return self._board

    def _desk_page(self) -> Page:
        if self._desk is None:
            raise PageFailed("the desk is not open")
        return self._desk
