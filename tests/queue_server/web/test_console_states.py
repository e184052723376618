"""The console when things are not as usual: nobody waiting, refusals, retries, a lost server, alarms, the lock."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.desk import AT_WINDOW, LONG_AGO, Desk
from tests.queue_server.web.recorded_hall import RecordedHall

pytestmark = pytest.mark.browser
WAYS = ("keyboard", "mouse")
both_ways = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def desk(page: Page, hall: RecordedHall) -> Desk:
    return Desk(page, hall)


def test_nobody_waiting(desk: Desk) -> None:
    desk.more = {"rows": ()}
    desk.open()
    expect(desk.main).to_have_text("没有人等F2")
    expect(desk.main).to_have_attribute("aria-disabled", "true")
    desk.page.keyboard.press("F2")
    assert desk.hall.paths() == []


def test_the_next_one_was_called_by_another_window(desk: Desk) -> None:
    desk.open()
    taken = tuple(states.row(*entry) for entry in states.WAITING[1:])
    windows = [states.own_window(), *states.other_windows(desk.hall.now())]
    five = next(window for window in windows if window.number == 5)
    windows[windows.index(five)] = wire.WindowView(number=5, state="open", shift="s5", ticket=states.ticket("A032"))
    desk.show(states.own_window(), rows=taken, windows=tuple(windows))
    expect(desk.note).to_have_text("A032 刚被 5 号窗口叫走，已换下一位")
    expect(desk.page.locator(".stage .no")).to_have_text("A033")


def test_a_refusal_is_said_in_place_with_the_present_state(desk: Desk) -> None:
    desk.open()
    desk.refuses("call-next", "stale", "窗口上的号已经变了，请看屏幕", window=desk.serving())
    desk.page.keyboard.press("F2")
    expect(desk.note).to_have_text("窗口上的号已经变了，请看屏幕")
    expect(desk.main).to_contain_text("完成")


def test_say_which_offers_finish_or_miss(desk: Desk) -> None:
    desk.open()
    desk.refuses(
        "call-next", "say_which", "先说上一位办得怎样", window=desk.called(3, miss_from=desk.hall.now() - LONG_AGO)
    )
    desk.replies("miss", states.own_window(), None)
    desk.page.keyboard.press("F2")
    expect(desk.page.locator("#dialog")).to_contain_text("A032 办得怎样？")
    desk.page.keyboard.press("2")
    assert desk.body("miss")["ticket"] == "id-A032"


def test_never_two_commands_in_flight(desk: Desk) -> None:
    desk.open()
    called = desk.called(since_s=0)
    desk.replies("call-next", called, called.ticket)
    desk.hall.hold_answers()
    desk.page.keyboard.press("F2")
    expect(desk.note).to_have_text("正在发出，请不要重复按")
    expect(desk.main).to_have_attribute("aria-disabled", "true")
    desk.page.keyboard.press("F4")
    desk.hall.release_answers()
    expect(desk.main).to_contain_text("开始办理")
    assert desk.hall.paths() == [f"{AT_WINDOW}/call-next"]


def test_a_retry_uses_the_same_key(desk: Desk) -> None:
    desk.open()
    called = desk.called(since_s=0)
    reply = wire.WindowReply(window=called, ticket=called.ticket, seq=99)
    answers: list[tuple[int, Any]] = [(503, None), (503, None), (200, reply)]
    desk.hall.answer(f"{AT_WINDOW}/call-next", lambda _: answers.pop(0))
    desk.page.keyboard.press("F2")
    expect(desk.note).to_have_text("没发出去，正在重试")
    expect(desk.main).to_contain_text("开始办理")
    keys = [each.body["key"] for each in desk.hall.wait_for(f"{AT_WINDOW}/call-next", 3)]
    assert len(keys) == 3
    assert len(set(keys)) == 1


def test_each_press_has_a_key_of_its_own(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open()
    desk.replies("call-next", states.own_window(), None)
    for count in (1, 2):
        desk.page.keyboard.press("F2")
        desk.hall.wait_for(f"{AT_WINDOW}/call-next", count)
        desk.page.clock.fast_forward(1600)
    keys = {each.body["key"] for each in desk.hall.asked if each.path.endswith("call-next")}
    assert len(keys) == 2


def test_a_press_nobody_answers_is_dropped(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open()
    desk.hall.answer(f"{AT_WINDOW}/call-next", lambda _: (503, None))
    desk.page.keyboard.press("F2")
    expect(desk.note).to_have_text("没发出去，正在重试")
    for _ in range(12):
        desk.page.clock.run_for(3000)
    expect(desk.note).to_have_text("没有回音。请看清现在的号码，再按一次")


def test_an_older_push_is_ignored(desk: Desk) -> None:
    desk.open()
    called = desk.called(since_s=0)
    desk.replies("call-next", called, called.ticket)
    desk.page.keyboard.press("F2")
    expect(desk.main).to_contain_text("开始办理")
    old = states.queue(desk.hall.now(), desk.seq - 1, states.own_window())
    desk.hall.push("queue", old)
    newer = states.queue(desk.hall.now(), desk.seq + 5, called, alarms=(states.alarm("a1", "help", "有人求助"),))
    desk.hall.push("queue", newer)
    expect(desk.page.locator(".alarms li")).to_have_count(1)
    expect(desk.main).to_contain_text("开始办理")


def test_offline_and_back(desk: Desk) -> None:
    desk.open()
    desk.hall.leave()
    offline = desk.page.locator(".alarms")
    expect(offline).to_contain_text("与服务器断开，请用纸号，恢复后补录")
    expect(desk.main).to_have_attribute("aria-disabled", "true")
    expect(desk.page.locator(".stage .no")).to_have_text("A032")
    desk.hall.topics["queue"] = states.queue(desk.hall.now(), 50, desk.serving())
    desk.hall.come_back()
    expect(desk.main).to_contain_text("完成")
    expect(offline).to_be_hidden()


def test_a_silent_server_counts_as_gone(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open()
    desk.hall.beats = False
    desk.hall.away = True
    desk.page.clock.run_for(4500)
    expect(desk.page.locator(".alarms")).to_contain_text("与服务器断开")


def test_one_stream_per_page(desk: Desk) -> None:
    desk.open()
    desk.hall.wait_for_streams(1)
    desk.page.reload()
    expect(desk.main).to_be_visible()
    desk.hall.wait_for_streams(1)


@both_ways
def test_one_key_takes_an_alarm(desk: Desk, way: str) -> None:
    desk.open()
    asked = states.alarm("h1", "help", "1号取号机 有人求助，请过去一位。")
    desk.show(
        states.own_window(),
        alarms=(asked, states.alarm("no_paper:kiosk:2", "no_paper", "2号取号机 没纸了，请去换纸。")),
    )
    expect(desk.page.locator(".alarms li")).to_have_count(2)
    taken = wire.HelpReply(id="h1", state="taken", taken_by="测试甲", since=states.MORNING, seq=60)
    desk.hall.answer("/help/h1/take", lambda _: (200, taken))
    if way == "keyboard":
        desk.page.keyboard.press("Alt+1")
        desk.page.keyboard.press("Alt+2")
    else:
        desk.page.locator('.alarms [data-arg="h1"]').click()
        desk.page.locator('.alarms [data-arg="no_paper:kiosk:2"]').click()
    desk.hall.wait_for("/help/h1/take")
    expect(desk.page.locator(".alarms li").nth(1)).to_contain_text("您去处理")
    assert [path for path in desk.hall.paths() if path.startswith("/help")] == ["/help/h1/take"]


def test_all_keys_are_listed(desk: Desk) -> None:
    desk.open()
    desk.page.keyboard.press("?")
    listed = desk.page.locator("#dialog")
    for key in ("F2", "F4", "F8", "F9", "F10", "Ctrl+Z", "Alt+P"):
        expect(listed).to_contain_text(key)


def test_the_idle_lock_keeps_the_desk(desk: Desk) -> None:
    desk.page.clock.install()
    desk.open(window=desk.serving(), idle_lock_s=60)
    desk.page.clock.run_for(61_000)
    lock = desk.page.locator("#lock")
    expect(lock).to_contain_text("已锁定，请重新登录")
    desk.page.keyboard.press("F2")
    session = wire.SessionReply(account="jia", name="测试甲", roles=("clerk",), idle_lock_s=60)
    desk.hall.answer("/session", lambda _: (200, session))
    expect(desk.page.get_by_label("账号")).to_have_value("jia")
    desk.page.get_by_label("密码").fill("secret-of-a-test")
    desk.page.keyboard.press("Enter")
    expect(lock).to_be_hidden()
    expect(desk.page.locator(".stage .no")).to_have_text("A032")
    assert desk.hall.paths() == ["/session"]


def test_an_ended_session_asks_again_and_sends_the_same_press(desk: Desk) -> None:
    desk.open()
    called = desk.called(since_s=0)
    desk.replies("call-next", called, called.ticket)
    desk.hall.signed_in = False
    desk.page.keyboard.press("F2")
    expect(desk.page.locator("#lock")).to_contain_text("请重新登录")
    session = wire.SessionReply(account="jia", name="测试甲", roles=("clerk",), idle_lock_s=900)

    def sign_in(_: dict[str, Any]) -> tuple[int, wire.SessionReply]:
        desk.hall.signed_in = True
        return 200, session

    desk.hall.answer("/session", sign_in)
    desk.page.get_by_label("密码").fill("secret-of-a-test")
    desk.page.keyboard.press("Enter")
    expect(desk.main).to_contain_text("开始办理")
    keys = {each.body["key"] for each in desk.hall.wait_for(f"{AT_WINDOW}/call-next", 2)}
    assert len(keys) == 1


def test_a_key_under_a_finger_survives_pushes(desk: Desk) -> None:
    desk.open()
    row = desk.page.locator(".rows .row", has_text="A036")
    row.focus()
    desk.page.evaluate("window.kept = document.activeElement")
    desk.show(desk.called())
    expect(desk.main).to_contain_text("开始办理")
    assert desk.page.evaluate(
        "window.kept === document.activeElement && document.activeElement.textContent.includes('A036')"
    )
