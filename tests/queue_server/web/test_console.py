"""The console, each state by key and by mouse."""

from __future__ import annotations

from datetime import timedelta

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


@both_ways
def test_the_blue_key_calls_the_next(desk: Desk, way: str) -> None:
    desk.open()
    called = desk.called(since_s=0)
    desk.replies("call-next", called, called.ticket)
    expect(desk.main).to_contain_text("呼叫下一位")
    desk.press(way, "F2", "main")
    expect(desk.main).to_contain_text("人到了，开始办理")
    assert desk.body("call-next")["ticket"] is None
    expect(desk.page.locator(".stage .no")).to_have_text("A032")
    expect(desk.page.locator(".why")).to_contain_text("等待最久，领先 A033 1 分钟")


@both_ways
def test_the_blue_key_starts_and_finishes(desk: Desk, way: str) -> None:
    desk.page.clock.install()
    desk.open(window=desk.called())
    serving = desk.serving(since_s=0)
    desk.replies("start", serving, serving.ticket)
    desk.press(way, "F2", "main")
    expect(desk.main).to_contain_text("完成")
    assert desk.body("start")["ticket"] == "id-A032"
    desk.replies("finish", states.own_window(), None, acted="id-A032")
    desk.page.clock.fast_forward(1600)
    desk.press(way, "F2", "main")
    expect(desk.main).to_contain_text("呼叫下一位")
    assert desk.body("finish") == {**desk.body("finish"), "ticket": "id-A032", "outcome": "done"}


def test_the_blue_key_is_refused_just_after_it_was_pressed(desk: Desk) -> None:
    desk.open()
    called = desk.called(since_s=0)
    desk.replies("call-next", called, called.ticket)
    serving = desk.serving(since_s=0)
    desk.replies("start", serving, serving.ticket)
    desk.page.keyboard.press("F2")
    expect(desk.main).to_contain_text("开始办理")
    desk.page.keyboard.press("F2")
    expect(desk.note).to_have_text("刚按过，请看清后再按")
    assert f"{AT_WINDOW}/start" not in desk.hall.paths()


def test_the_blue_key_never_moves(desk: Desk) -> None:
    desk.open()
    places = [desk.main.bounding_box()]
    for window in (desk.called(3), desk.serving(), states.own_window(state="paused", ground="meal")):
        desk.show(window)
        expect(desk.page.locator(".stage .no")).to_have_text("暂停服务中" if window.state == "paused" else "A032")
        places.append(desk.main.bounding_box())
    alarms = tuple(states.alarm(f"a{n}", "no_paper", f"{n}号取号机 没纸了") for n in range(3))
    desk.show(states.own_window(), alarms=alarms)
    expect(desk.page.locator(".alarms li")).to_have_count(3)
    places.append(desk.main.bounding_box())
    assert all(place == places[0] for place in places)


@both_ways
def test_recall_waits_until_it_may(desk: Desk, way: str) -> None:
    soon = desk.hall.now() + timedelta(seconds=30)
    desk.open(window=desk.called(recall_from=soon))
    expect(desk.key("recall")).to_contain_text("秒后可再叫")
    desk.page.keyboard.press("F4")
    desk.show(desk.called(recall_from=desk.hall.now() - LONG_AGO))
    expect(desk.key("recall")).not_to_contain_text("秒后可再叫")
    twice = desk.called(2)
    desk.replies("recall", twice, twice.ticket)
    desk.press(way, "F4", "recall")
    expect(desk.page.locator(".cap")).to_contain_text("已叫 2 次")
    assert len(desk.hall.wait_for(f"{AT_WINDOW}/recall")) == 1


@both_ways
def test_miss_after_three_calls(desk: Desk, way: str) -> None:
    desk.open(window=desk.called(1))
    expect(desk.key("miss")).to_contain_text("叫满 3 次可用")
    expect(desk.key("miss")).to_have_attribute("aria-disabled", "true")
    desk.page.keyboard.press("F8")
    desk.show(desk.called(3, miss_from=desk.hall.now() - LONG_AGO))
    expect(desk.key("miss")).not_to_have_attribute("aria-disabled", "true")
    desk.replies("miss", states.own_window(), None, acted="id-A032")
    desk.press(way, "F8", "miss")
    expect(desk.main).to_contain_text("呼叫下一位")
    assert len(desk.hall.wait_for(f"{AT_WINDOW}/miss")) == 1


def test_a_supervisor_misses_any_time_with_a_ground(desk: Desk) -> None:
    desk.open(window=desk.called(1), roles=("clerk", "manager"))
    desk.replies("miss", states.own_window(), None)
    desk.page.keyboard.press("F8")
    expect(desk.page.locator("#dialog")).to_contain_text("为什么过号")
    desk.page.keyboard.press("1")
    assert desk.body("miss")["ground"] == "gone"


@both_ways
def test_hold_asks_when_to_remind(desk: Desk, way: str) -> None:
    desk.open(window=desk.serving())
    held = states.ticket("A032", "held", remind_at=desk.hall.now() + timedelta(minutes=10))
    desk.replies("hold", states.own_window(held=(held,)), None, acted="id-A032")
    desk.press(way, "F9", "hold")
    desk.page.keyboard.press("2")
    body = desk.body("hold")
    assert (body["ticket"], body["remind_min"]) == ("id-A032", 10)
    expect(desk.page.locator(".held")).to_contain_text("A032")


@both_ways
def test_resume_a_held_ticket(desk: Desk, way: str) -> None:
    desk.open(window=states.own_window(held=(states.ticket("A030", "held"),)))
    desk.replies("resume", desk.serving(), desk.serving().ticket)
    desk.press(way, "F10", "resume")
    assert desk.body("resume")["ticket"] == "id-A030"
    expect(desk.main).to_contain_text("完成")


def test_release_a_held_ticket_by_mouse(desk: Desk) -> None:
    desk.open(window=states.own_window(held=(states.ticket("A030", "held"),)))
    released = wire.TicketReply(ticket=states.ticket("A030", "waiting"), seq=99)
    desk.hall.answer("/tickets/id-A030/release", lambda _: (200, released))
    desk.page.locator('.held [data-act="release"]').click()
    asked = desk.hall.wait_for("/tickets/id-A030/release")
    assert len(asked) == 1


@both_ways
def test_transfer_to_another_window_and_back(desk: Desk, way: str) -> None:
    desk.open(window=desk.serving())
    desk.replies("transfer", states.own_window(), None, acted="id-A032")
    desk.press(way, "F10", "transfer")
    expect(desk.page.locator("#dialog")).to_contain_text("A032 转到哪里？")
    desk.page.get_by_label("办完回到本窗口").check()
    if way == "keyboard":
        desk.page.keyboard.press("2")
    else:
        desk.page.locator("#dialog .choices button").nth(1).click()
    body = desk.body("transfer")
    assert (body["ticket"], body["to"], body["return_to"]) == ("id-A032", "window:2", 3)


@pytest.mark.parametrize(("key", "act", "outcome"), [("l", "left", "left"), ("n", "could-not", "could_not")])
@both_ways
def test_other_ends_of_a_service(desk: Desk, way: str, key: str, act: str, outcome: str) -> None:
    desk.open(window=desk.serving())
    desk.replies("finish", states.own_window(), None, acted="id-A032")
    desk.press(way, key, act)
    assert desk.body("finish")["outcome"] == outcome


def test_a_serving_ticket_takes_a_further_matter(desk: Desk) -> None:
    desk.open(window=desk.serving())
    answered = wire.TicketReply(ticket=states.ticket("A032", "serving", matters=("yb01", "sb02")), seq=99)
    desk.hall.answer("/tickets/id-A032/matters", lambda _: (200, answered))
    expect(desk.key("add")).not_to_have_attribute("aria-disabled", "true")
    desk.page.keyboard.press("a")
    desk.page.keyboard.type("sbk")
    expect(desk.page.locator("#dialog .choices button")).to_have_text(["社保卡补换"])
    desk.page.keyboard.press("Enter")
    assert desk.hall.wait_for("/tickets/id-A032/matters")[0].body["matters"] == ["yb01", "sb02"]


@both_ways
def test_calling_out_of_order_asks_for_a_ground(desk: Desk, way: str) -> None:
    desk.open()
    called = desk.called(0)
    desk.replies("call", called, called.ticket)
    if way == "keyboard":
        for key in ("F9", "ArrowDown", "ArrowDown", "Enter"):
            desk.page.keyboard.press(key)
    else:
        desk.page.locator(".rows .row", has_text="A034").click()
    expect(desk.page.locator("#dialog")).to_contain_text("先叫 A034，原因是？")
    desk.page.keyboard.press("2")
    body = desk.body("call")
    assert (body["ticket"], body["ground"]) == ("id-A034", "frail")


def test_a_question_given_up_sends_nothing(desk: Desk) -> None:
    desk.open()
    desk.page.locator(".rows .row", has_text="A034").click()
    expect(desk.page.locator("#dialog")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#dialog")).to_be_hidden()
    assert desk.hall.paths() == []


@pytest.mark.parametrize(("key", "act", "number", "ground"), [
    ("F4", "call-booked", "Y006", "booked_first"), ("F8", "call-collection", "C005", "collection_first"),
])  # fmt: skip
@both_ways
def test_booked_and_collection_keys_say_their_ground(
    desk: Desk, way: str, key: str, act: str, number: str, ground: str
) -> None:
    desk.open()
    desk.replies("call", desk.called(), desk.called().ticket)
    desk.press(way, key, act)
    body = desk.body("call")
    assert (body["ticket"], body["ground"]) == (f"id-{number}", ground)


def test_a_missed_number_is_called_at_the_desk(desk: Desk) -> None:
    desk.open()
    desk.replies("call", desk.called(), desk.called().ticket)
    desk.page.locator(".tab", has_text="过号").click()
    expect(desk.page.locator(".rows .row")).to_have_count(2)
    desk.page.locator(".rows .row", has_text="A025").click()
    desk.page.keyboard.press("1")
    assert desk.body("call")["ticket"] == "id-A025"


def test_tabs_by_arrow_keys(desk: Desk) -> None:
    desk.open()
    desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("ArrowRight")
    expect(desk.page.locator(".tab.on")).to_contain_text("预约")
    expect(desk.page.locator(".rows .row b")).to_have_text(["Y006", "Y007"])


@both_ways
def test_pause_with_a_ground_and_come_back(desk: Desk, way: str) -> None:
    desk.open()
    paused = states.own_window(state="paused", ground="meal")
    desk.replies("pause", paused, None)
    if way == "keyboard":
        desk.page.keyboard.press("Alt+p")
    else:
        desk.page.locator('.head [data-act="pause"]').click()
    desk.page.keyboard.press("1")
    assert desk.body("pause")["ground"] == "meal"
    expect(desk.page.locator(".stage .cap")).to_contain_text("用餐")
    desk.replies("open", states.own_window(), None)
    desk.press(way, "F2", "main")
    expect(desk.main).to_contain_text("呼叫下一位")


@both_ways
def test_undo_counts_down_and_takes_back(desk: Desk, way: str) -> None:
    desk.open()
    called = desk.called(since_s=0, undo_until=desk.hall.now() + timedelta(seconds=10))
    desk.replies("call-next", called, called.ticket)
    desk.page.keyboard.press("F2")
    undo = desk.page.locator('.foot [data-act="undo"]')
    expect(undo).to_contain_text("撤回上一步，还有 9 秒")
    desk.replies("undo", states.own_window(), None, acted="id-A032")
    if way == "keyboard":
        desk.page.keyboard.press("Control+z")
    else:
        undo.click()
    assert desk.body("undo")["ticket"] == "id-A032"
    expect(desk.note).to_have_text("已撤回")
    expect(undo).to_have_attribute("aria-disabled", "true")


def test_the_call_log_shows_what_was_really_given_out(desk: Desk) -> None:
    at = desk.hall.now() - timedelta(seconds=40)
    made = (
        states.announcement("A032", 3, 0, at, shown=False, played=False, unconfirmed=True),
        states.announcement("A032", 3, 1, at + timedelta(seconds=25), shown=True, played=False),
    )
    desk.open(window=desk.called(announcements=made))
    rows = desk.page.locator(".log .row")
    expect(rows.nth(0)).to_contain_text("大屏没有显示，请口头叫一声")
    expect(rows.nth(1)).to_contain_text("大屏已显示")
    expect(rows.nth(1)).to_contain_text("—")
    expect(rows.nth(2)).to_contain_text("还没叫")
    desk.show(desk.called(announcements=(made[0], states.announcement("A032", 3, 1, at))))
    expect(rows.nth(1)).to_contain_text("语音已播完")
