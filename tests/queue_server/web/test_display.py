"""The hall display: what it shows, says and reports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.recorded_hall import RecordedHall, sound_of

pytestmark = pytest.mark.browser


@pytest.fixture
def screen(page: Page, hall: RecordedHall) -> Callable[..., Page]:
    """Opens the display on a board."""

    def show(newest: wire.BoardCall | None = None, **more: Any) -> Page:
        page.set_viewport_size({"width": 1920, "height": 1080})
        hall.topics["board"] = states.board(hall.now(), 5, newest, **more)
        page.goto("/board")
        expect(page.locator(".top .name")).to_be_visible()
        return page

    return show


def acks(hall: RecordedHall, call: wire.BoardCall, mark: str) -> list[dict[str, Any]]:
    path = f"/announcements/{call.id}/ack"
    return [each.body for each in hall.asked if each.path == path and each.body.get(mark)]


def test_a_call_is_shown_spoken_and_both_are_reported(screen: Callable[..., Page], hall: RecordedHall) -> None:
    call = states.call("A032", 3, hall.now(), times=2)
    page = screen(call)
    expect(page.locator(".newest .n")).to_have_text("A032")
    expect(page.locator(".newest .w")).to_have_text("3号窗口")
    expect(page.locator(".win.now")).to_have_text("3号A032")
    hall.wait_for(f"/announcements/{call.id}/ack", 2)
    assert len(acks(hall, call, "shown")) == 1
    assert len(acks(hall, call, "played")) == 1


def test_the_newest_call_flashes_eight_seconds_then_stands(screen: Callable[..., Page], hall: RecordedHall) -> None:
    page = screen()
    page.clock.install()
    page.reload()
    expect(page.locator(".newest .quiet")).to_have_text(states.HALL)
    hall.push("board", states.board(hall.now(), 6, states.call("A032", 3, hall.now())))
    newest = page.locator(".newest.flash")
    expect(newest).to_have_css("animation-iteration-count", "4")
    expect(newest).to_have_css("animation-duration", "2s")
    page.clock.run_for(8600)
    expect(newest).to_have_count(0)
    expect(page.locator(".newest .n")).to_have_text("A032")


def test_no_flash_where_less_motion_is_asked(screen: Callable[..., Page], hall: RecordedHall, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    screen(states.call("A032", 3, hall.now()))
    expect(page.locator(".newest.flash")).to_have_css("animation-name", "none")


def test_a_recall_is_announced_again(screen: Callable[..., Page], hall: RecordedHall) -> None:
    first = states.call("A032", 3, hall.now())
    page = screen(first)
    hall.wait_for(f"/announcements/{first.id}/ack", 2)
    again = states.call("A032", 3, hall.now(), repeat=1)
    hall.push("board", states.board(hall.now(), 6, again))
    expect(page.locator(f'.newest.flash[data-call="{again.id}"]')).to_have_count(1)
    hall.wait_for(f"/announcements/{again.id}/ack", 2)
    assert len(acks(hall, again, "played")) == 1


def test_two_calls_are_spoken_one_after_the_other(screen: Callable[..., Page], hall: RecordedHall) -> None:
    hall.sound = sound_of(0.5)
    first, second = states.call("A032", 3, hall.now()), states.call("A033", 5, hall.now())
    windows = tuple(
        wire.BoardWindow(number=n, state="open", ticket=t, calling=True) for n, t in ((3, "A032"), (5, "A033"))
    )
    screen(second, speaking=(first, second), windows=windows)
    hall.wait_for(f"/announcements/{second.id}/ack", 2)
    played = [each.path for each in hall.asked if each.body.get("played")]
    assert played == [f"/announcements/{first.id}/ack", f"/announcements/{second.id}/ack"]
    assert len(acks(hall, first, "shown")) == 1


def test_only_the_chosen_display_speaks(screen: Callable[..., Page], hall: RecordedHall) -> None:
    hall.speaker = False
    call = states.call("A032", 3, hall.now())
    page = screen(call)
    hall.wait_for(f"/announcements/{call.id}/ack", 1)
    hall.wait_for("/devices/self/health", 1)
    assert acks(hall, call, "played") == []
    # The speaking one fell silent: the server hands over, while the call is still fresh.
    hall.speaker = True
    hall.wait_for(f"/announcements/{call.id}/ack", 2)
    assert len(acks(hall, call, "played")) == 1
    expect(page.locator(".newest .n")).to_have_text("A032")


def test_a_call_of_another_zone_is_not_spoken(screen: Callable[..., Page], hall: RecordedHall) -> None:
    call = states.call("A032", 3, hall.now(), zone="upstairs")
    screen(call)
    hall.wait_for("/devices/self/health", 1)
    assert acks(hall, call, "played") == []


def test_a_call_without_clips_has_its_chime(screen: Callable[..., Page], hall: RecordedHall) -> None:
    call = states.call("A032", 3, hall.now(), audio=None)
    screen(call)
    hall.wait_for(f"/announcements/{call.id}/ack", 2)
    assert len(acks(hall, call, "played")) == 1


def test_a_late_call_is_only_shown(screen: Callable[..., Page], hall: RecordedHall) -> None:
    late = states.call("A032", 3, hall.now() - timedelta(seconds=21))
    page = screen(late)
    expect(page.locator(".newest .n")).to_have_text("A032")
    expect(page.locator(".newest.flash")).to_have_count(0)
    hall.wait_for("/devices/self/health", 1)
    assert acks(hall, late, "played") == []
    assert len(acks(hall, late, "shown")) == 1


def test_cut_off_the_picture_stays_with_its_time(screen: Callable[..., Page], hall: RecordedHall) -> None:
    page = screen(states.call("A032", 3, hall.now()))
    hall.leave()
    expect(page.locator(".alert")).to_contain_text("连接中断，这是 10:36 的情况")
    expect(page.locator(".alert")).to_contain_text("请看窗口屏、听窗口叫号")
    expect(page.locator(".newest .n")).to_have_text("A032")
    expect(page.locator(".win .n").first).to_have_text("A029")
    hall.topics["board"] = states.board(hall.now(), 9, states.call("A033", 5, hall.now()))
    hall.come_back()
    expect(page.locator(".newest .n")).to_have_text("A033")
    expect(page.locator(".alert")).to_have_count(0)


def test_back_after_ten_minutes_nothing_old_is_spoken(
    screen: Callable[..., Page], hall: RecordedHall, page: Page
) -> None:
    page.clock.install()
    old = states.call("A032", 3, hall.now())
    screen(old)
    hall.wait_for(f"/announcements/{old.id}/ack", 2)
    hall.leave()
    expect(page.locator(".alert")).to_be_visible()
    hall.move_clock(timedelta(minutes=10))
    page.clock.fast_forward(600_000)
    missed = [states.call(f"A0{n}", 3, hall.now() - timedelta(seconds=60)) for n in range(40, 45)]
    hall.topics["board"] = states.board(hall.now(), 90, missed[-1], speaking=tuple(missed))
    hall.come_back()
    page.clock.run_for(6000)
    expect(page.locator(".newest .n")).to_have_text("A044")
    expect(page.locator(".alert")).to_have_count(0)
    fresh = states.call("A045", 5, hall.now())
    hall.push("board", states.board(hall.now(), 91, fresh, speaking=(*missed, fresh)))
    page.clock.run_for(1000)
    hall.wait_for(f"/announcements/{fresh.id}/ack", 2)
    assert [acks(hall, call, "played") for call in missed] == [[], [], [], [], []]
    assert len(acks(hall, fresh, "played")) == 1


def test_a_withdrawn_call_is_neither_shown_nor_spoken(screen: Callable[..., Page], hall: RecordedHall) -> None:
    gone = states.call("A032", 3, hall.now(), withdrawn=True)
    windows = states.board_windows(None)
    waiting = wire.BoardWindow(number=3, state="open", ticket=None, calling=False, line="please_wait:A032")
    page = screen(gone, windows=(*windows[:2], waiting, *windows[3:]))
    expect(page.locator(".win .line")).to_have_text("请A032号继续等候")
    expect(page.locator(".newest .quiet")).to_have_text(states.HALL)
    hall.wait_for("/devices/self/health", 1)
    assert [path for path in hall.paths() if "/ack" in path] == []


def test_health_says_what_was_shown_last(screen: Callable[..., Page], hall: RecordedHall) -> None:
    call = states.call("A032", 3, hall.now())
    screen(call)
    body = hall.wait_for("/devices/self/health", 1)[0].body
    assert body["last_shown"] == call.id
    assert {part["part"]: part["state"] for part in body["parts"]} == {"screen": "ok", "sound": "ok"}


def test_blocked_sound_is_shown_and_opened_by_a_touch(quiet_browser: Browser, hall: RecordedHall, address: str) -> None:
    hall.topics["board"] = states.board(hall.now(), 5, states.call("A032", 3, hall.now()))
    page = quiet_browser.new_page(viewport={"width": 1920, "height": 1080}, base_url=address)
    page.goto("/board")
    muted = page.get_by_label("没有声音，点一下打开")
    expect(muted).to_be_visible()
    parts = hall.wait_for("/devices/self/health")[0].body["parts"]
    assert next(part for part in parts if part["part"] == "sound") == {
        "part": "sound",
        "state": "down",
        "code": "blocked",
    }
    muted.click()
    expect(muted).to_have_count(0)
    page.close()


@pytest.mark.parametrize(("count", "layout"), [(1, "tall1"), (3, "tall"), (4, "rows2"), (6, "rows3"), (8, "rows4")])
def test_rows_keep_the_order_of_windows(
    screen: Callable[..., Page], hall: RecordedHall, count: int, layout: str
) -> None:
    page = screen(states.call("A032", 1, hall.now()), windows=states.board_windows(None, count))
    expect(page.locator(f".wins.{layout} .win")).to_have_count(count)
    names = page.locator(".win .w").all_text_contents()
    assert [name[: name.index("号")] for name in names] == [str(n) for n in range(1, count + 1)]


def test_more_than_eight_windows_take_two_pages(screen: Callable[..., Page], hall: RecordedHall, page: Page) -> None:
    page.clock.install()
    screen(states.call("A032", 3, hall.now()), windows=states.board_windows(None, 12))
    seen = set()
    for _ in range(2):
        names = tuple(page.locator(".win .w").all_text_contents())
        seen.add(names)
        expect(page.locator(".newest .n")).to_have_text("A032")
        page.clock.run_for(8100)
        expect(page.locator(".win .w")).not_to_have_text(list(names))
    assert sorted(len(names) for names in seen) == [4, 8]


def test_missed_numbers_take_turns_when_they_do_not_fit(
    screen: Callable[..., Page], hall: RecordedHall, page: Page
) -> None:
    page.clock.install()
    numbers = tuple(f"A{n:03}" for n in range(1, 13))
    screen(missed=numbers)
    seen: set[str] = set()
    for _ in range(12):
        seen |= set(page.locator(".missed .no:visible").all_text_contents())
        page.clock.run_for(8000)
    assert seen == set(numbers)


def test_first_start_says_that_it_is_connecting(page: Page, hall: RecordedHall) -> None:
    hall.away = True
    page.goto("/board")
    expect(page.locator(".plan")).to_have_text("正在连接，请听窗口叫号")


def test_an_unpaired_display_shows_its_code_until_approved(page: Page, hall: RecordedHall) -> None:
    hall.approved = False
    hall.topics["board"] = states.board(hall.now(), 5, None)
    until = hall.now() + timedelta(minutes=10)

    def state(word: Any) -> wire.PairReply:
        return wire.PairReply(code="7KQ4WD", state=word, expires_at=until)

    words = ["waiting", "waiting", "approved"]

    def finish(_: dict[str, Any]) -> tuple[int, wire.PairReply]:
        word = words.pop(0)
        hall.approved = word == "approved"
        return 200, state(word)

    hall.answer("/devices/pair/start", lambda _: (201, state("waiting")))
    hall.answer("/devices/pair", finish)
    page.goto("/board?name=大屏一&zone=hall")
    expect(page.locator(".pairing .code")).to_have_text("7KQ4WD")
    expect(page.locator(".pairing")).to_contain_text("请管理员批准这个码")
    expect(page.locator(".top .name")).to_have_text(states.HALL, timeout=15_000)
    asked = hall.wait_for("/devices/pair/start")[0].body
    assert (asked["kind"], asked["name"], asked["zone"]) == ("display", "大屏一", "hall")


def test_training_is_marked(screen: Callable[..., Page]) -> None:
    expect(screen(training=True).locator(".top .training")).to_have_text("演练")
