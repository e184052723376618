"""Nothing is cut off: long names, four-digit numbers, English, on each size of screen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.desk import Desk
from tests.queue_server.web.recorded_hall import RecordedHall

OWN_FONTS = True

pytestmark = pytest.mark.browser
LONG_HALL = "北京市门头沟区斋堂镇马栏村联合政务服务中心综合服务大厅"
LONG_NOTICE = "城乡居民基本医疗保险集中参保缴费到 2月28日截止，请带好户口簿、居民身份证和银行卡，也可以在手机上办理"
LONG_MATTER = "城乡居民基本养老保险参保登记及缴费档次变更（含补缴和待遇领取资格认证）"
CLIPPED = """() => [...document.querySelectorAll('body *')].filter((e) => {
  const ownText = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  if (e.closest('svg, dialog:not([open])') || (e.children.length > 0 && !ownText)) return false;
  const style = getComputedStyle(e);
  if (style.display === 'none' || e.getClientRects().length === 0) return false;
  const box = style.display === 'inline' ? e.parentElement : e;
  const cut = box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).textOverflow !== 'ellipsis';
  const own = e.getBoundingClientRect();
  return cut || own.right > innerWidth + 1 || own.left < -1;
}).map((e) => `${e.tagName}.${e.className}: ${e.textContent.slice(0, 40)}`)"""
"""Texts that their box cuts off without saying so, or that leave the screen."""
BOXES = (
    ".plan > *, .board, .calls, .side, .newest, .win, .panel, .missed, .head, .foot, .keys, .k, .main-key, .stage, "
    ".aside, .queue, .rows, .rows .row, .wl li, .tabs, .alarms li"
)
SPILLED = """(boxes) => [...document.querySelectorAll(boxes)]
  .filter((e) => getComputedStyle(e).display !== 'none' && e.scrollWidth > e.clientWidth + 1)
  .map((e) => `${e.className}: ${e.scrollWidth} > ${e.clientWidth}`)"""
DISPLAYS = ((1920, 1080), (1366, 768), (1280, 1024))
CONSOLES = ((1440, 900), (1280, 720))


def assert_whole(page: Page) -> None:
    page.wait_for_function("document.fonts.ready.then(() => true)")
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(SPILLED, BOXES) == []


@pytest.mark.parametrize("size", DISPLAYS)
@pytest.mark.parametrize("count", [3, 8])
def test_display_with_long_content(
    page: Page, hall: RecordedHall, size: tuple[int, int], count: int, pictures: Path
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    at = hall.now()
    call = states.call("A1032", 2, at)
    windows = list(states.board_windows(call, count))
    windows = [
        wire.BoardWindow(
            number=w.number + 10, state=w.state, ticket=w.ticket and f"W{1000 + w.number}", calling=w.calling
        )
        for w in windows
    ]
    windows[0] = wire.BoardWindow(number=11, state="open", ticket=None, calling=False, line="please_wait:A1031")
    missed = tuple(f"M{n}" for n in range(1021, 1041))
    hall.topics["board"] = states.board(
        at, 5, states.call("W1002", 12, at), hall=LONG_HALL, windows=tuple(windows), missed=missed, notice=LONG_NOTICE,
        forecast=wire.Forecast(low_min=115, high_min=240), training=True, missed_after=10,
        waiting_by_kind={"general": 1108, "booked": 120, "collection": 36},
    )  # fmt: skip
    page.goto("/board")
    expect(page.locator(".newest .n")).to_have_text("W1002")
    assert_whole(page)
    expect(page.locator(".missed .more")).to_contain_text("等")
    page.screenshot(path=pictures / f"display-long-{count}-{size[0]}.png")


@pytest.mark.parametrize("size", DISPLAYS)
def test_display_as_on_the_mock_up(page: Page, hall: RecordedHall, size: tuple[int, int], pictures: Path) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    hall.topics["board"] = states.board(hall.now(), 5, states.call("A032", 3, hall.now() - timedelta(seconds=40)))
    page.goto("/board")
    expect(page.locator(".newest .n")).to_have_text("A032")
    assert_whole(page)
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.plan *')].filter((e) => !e.closest('svg') && e.textContent.trim())"
        ".map((e) => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= 48
    page.screenshot(path=pictures / f"display-01-{size[0]}.png")


def phases(desk: Desk) -> dict[str, dict[str, Any]]:
    now = desk.hall.now()
    held = tuple(states.ticket(f"W10{n}", "held", remind_at=now) for n in range(30, 33))
    undo = now + timedelta(seconds=9)
    serving = desk.serving()
    return {
        "free": {"window": states.own_window(held=held)},
        "empty": {"window": states.own_window(), "rows": ()},
        "called": {"window": desk.called(3, miss_from=now, recall_from=now, undo_until=undo)},
        "serving": {
            "window": states.own_window(
                ticket=states.ticket("A1032", "serving", matters=("yb01", LONG_MATTER), started_at=now), held=held
            )
        },
        "plain": {"window": serving},
        "paused": {"window": states.own_window(state="paused", ground="back_office", held=held)},
        "closed": {"window": states.own_window(state="closed")},
    }


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", CONSOLES)
def test_console_with_long_content(
    page: Page, hall: RecordedHall, size: tuple[int, int], language: str, pictures: Path
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = Desk(page, hall)
    desk.open(query=f"?lang={language}")
    rows = tuple(
        states.row(
            f"W{1100 + n}",
            LONG_MATTER,
            100 + n,
            grant="frail",
            grant_proof="claimed",
            printed="not_printed",
            tag="bound:12",
        )
        for n in range(40)
    )
    alarms = tuple(states.alarm(f"h{n}", "help", f"{LONG_HALL}{n}号取号机 有人求助，请过去一位。") for n in range(5))
    waiting = {f"id-W{1100 + n}": (115 + n, 240) for n in range(0, 40, 2)}  # none for some
    hall.push("forecasts", wire.ForecastsState(waiting=waiting))
    hall.topics["hall"] = states.hall(hall.now(), 30, hall=LONG_HALL, notice=LONG_NOTICE)
    hall.push("hall", hall.topics["hall"])
    for name, state in phases(desk).items():
        desk.show(
            **({"rows": rows, "alarms": alarms, "next": {"3": "W1100"}, "next_reason": {"3": LONG_NOTICE}} | state)
        )
        expect(page.locator(f'.stage[data-phase="{PHASES.get(name, name)}"]')).to_be_visible()
        assert_whole(page)
        box = desk.main.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]
        page.screenshot(path=pictures / f"desk-long-{name}-{language}-{size[0]}.png")


PHASES = {"plain": "serving", "empty": "free"}


@pytest.mark.parametrize("size", CONSOLES)
def test_console_as_on_the_mock_ups(page: Page, hall: RecordedHall, size: tuple[int, int], pictures: Path) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = Desk(page, hall)
    desk.open()
    soon = hall.now() + timedelta(seconds=3)
    waiting = {f"id-{number}": (5 * n, 5 * n + 10) for n, (number, *_) in enumerate(states.WAITING)}
    hall.push("forecasts", wire.ForecastsState(waiting=waiting))
    expect(page.locator(".rows .m").nth(1)).to_have_text("社保卡补换约 5–15 分钟")
    states_of = {
        "01-idle": (states.own_window(), {}),
        "02-called": (desk.called(1, recall_from=soon), {}),
        "03-serving": (desk.serving(), {}),
        "04-alarm": (states.own_window(), {"alarms": ALARMS}),
    }
    for name, (window, more) in states_of.items():
        desk.more = {}
        desk.show(window, **more)
        expect(page.locator(f'.stage[data-phase="{desk_phase(window)}"]')).to_be_visible()
        assert_whole(page)
        page.screenshot(path=pictures / f"desk-{name}-{size[0]}.png")


ALARMS = (
    states.alarm("h1", "help", "1号取号机 有人求助，请过去一位。"),
    states.alarm("no_paper:kiosk:2", "no_paper", "2号取号机 没纸了，请去换纸。"),
    states.alarm("display_lost:display:1", "display_lost", "1号大屏 断开了，请去看一下；叫号照常。"),
)


def desk_phase(window: wire.WindowView) -> str:
    if window.ticket is not None:
        return window.ticket.state
    return "free" if window.state == "open" else window.state
