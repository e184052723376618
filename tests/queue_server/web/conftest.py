from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.queue_server.web.recorded_hall import HallServer, RecordedHall
from tests.queue_server.web.states import MORNING

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OWN_FONTS = "OWN_FONTS"
"""A module that looks at text (does it fit?) or takes pictures for people has this constant true: its pages load our
fonts. Elsewhere the system's do, which are of the same family; loading ours takes a third of such a test."""
WITHIN_MS = 20_000
"""What is expected of a page may take so long on a busy machine; who sees it sooner does not wait."""
SOUND_ALLOWED = "--autoplay-policy=no-user-gesture-required"


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Ended with its module: while it lives its event loop runs in this thread, and no other test could run one."""
    expect.set_options(timeout=WITHIN_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright, request: pytest.FixtureRequest) -> Iterator[Browser]:
    looked_at = getattr(request.module, OWN_FONTS, False) or "HALL_PICTURES" in os.environ
    fonts = [] if looked_at else ["--disable-remote-fonts"]
    chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=[*ARGUMENTS, SOUND_ALLOWED, *fonts])
    yield chromium
    chromium.close()


@pytest.fixture
def quiet_browser(playwright: Playwright) -> Iterator[Browser]:
    """A browser that, as delivered, lets no page make a sound before it was touched."""
    chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
    yield chromium
    chromium.close()


@pytest.fixture
def hall() -> RecordedHall:
    return RecordedHall(starts_at=MORNING)


@pytest.fixture
def address(hall: RecordedHall) -> Iterator[str]:
    server = HallServer(hall.app())
    server.start()
    yield server.url
    hall.release_answers()
    hall.leave()
    server.stop()


@pytest.fixture
def faults() -> list[str]:
    """What the browser complained about: scripts that failed, things the policy forbade."""
    return []


@pytest.fixture
def context(browser: Browser, address: str, faults: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address, locale="zh-CN", timezone_id="America/New_York")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, faults: list[str]) -> Iterator[Page]:
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security" in message.text else None)
    yield page
    assert faults == []


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where a test leaves its screenshots: HALL_PICTURES, else with the test's other files."""
    asked = os.environ.get("HALL_PICTURES")
    folder = Path(asked) if asked else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    return folder
