"""Bookings and numbers on paper at the guide desk: over the real server, and each state as it looks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from queue_server import wire
from tests.queue_server.web import states
from tests.queue_server.web.desk import Desk
from tests.queue_server.web.recorded_hall import RecordedHall
from tests.queue_server.web.test_text_fits import LONG_MATTER, assert_whole
from tests.support.hand_clock import HandClock
from tests.support.server import PASSWORD, TODAY, HallServer, hall_server

OWN_FONTS = True

pytestmark = pytest.mark.browser
SIZES = ((1280, 800, "zh"), (1920, 1080, "en"))
MASKED = "测** 7000*************3"
WRONG_ID, RIGHT_ID = "700000199001010019", "700000199001010013"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HallServer]:
    """One for this file, at nine o'clock."""
    with hall_server(tmp_path_factory.mktemp("hall"), clock=HandClock()) as server:
        yield server


@pytest.fixture
def guide(browser: Browser, server: HallServer) -> Iterator[Page]:
    """A clerk of the guide desk: signed in, at no window."""
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto("/console")
    page.get_by_label("账号").fill("clerk1")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".windows .k")).to_have_count(4)
    yield page
    context.close()


def fill(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#dialog [name={name}]").fill(value)


def wrong(page: Page, name: str) -> Any:
    return page.locator(f"#wrong-{name}")


def test_somebody_on_the_telephone_is_booked_moved_and_checked_in(
    guide: Page, server: HallServer, pictures: Path
) -> None:
    slots, done, rows = guide.locator(".slot"), guide.locator(".wide .done"), guide.locator(".booked .one")
    guide.keyboard.press("Alt+b")
    expect(guide.locator(".booked")).to_contain_text("这一天还没有人预约")
    slots.filter(has_text="9:30").click()
    guide.keyboard.press("Enter")
    expect(wrong(guide, "name")).to_have_text("请填姓名")
    expect(wrong(guide, "phone")).to_have_text("电话和身份证号至少填一样")
    fill(guide, name="测试甲", phone="７００００012345", id_number=WRONG_ID, matter="sbk")
    guide.keyboard.press("Enter")
    expect(guide.locator(".hit.on")).to_have_text("社保卡申领")
    guide.locator(".make [type=submit]").click()
    expect(wrong(guide, "id_number")).to_contain_text("最后一位对不上")
    fill(guide, id_number=RIGHT_ID)
    guide.keyboard.press("Enter")
    expect(done).to_contain_text("约好了：1月14日 星期三 9:30–10:00")
    expect(slots.filter(has_text="9:30")).to_contain_text("已约 1")
    expect(rows).to_contain_text(MASKED)
    assert "测试甲" not in guide.content()

    guide.keyboard.press("Control+z")
    expect(done).to_contain_text("已取消")
    kept = (
        server.person("clerk2")
        .post(
            "/bookings",
            {"day": TODAY, "begins": "10:00", "holder": {"name": "测试乙", "phone": "70000099999"}},
        )
        .json()["booking"]
    )
    expect(rows.filter(has_text="10:00")).to_be_visible(timeout=8000)  # booked elsewhere: the page follows by itself
    guide.locator('.slot[data-arg="11:00"]').click()
    fill(guide, name="测试乙", phone="70000099999")
    guide.keyboard.press("Enter")
    expect(wrong(guide, "phone")).to_contain_text("每人每天最多约 1 次")
    fill(guide, code=f"yy-{kept['code']}")
    guide.get_by_text("查找").click()
    guide.get_by_text("改时间").click()
    guide.locator(".days .tab").nth(1).click()
    guide.locator('.slot[data-arg="14:00"]').click()
    guide.get_by_text("改到这一时段").click()
    expect(done).to_contain_text("改好了：1月15日 星期四 14:00")
    done.get_by_text("改回原来的时间").click()
    expect(done).to_contain_text("改好了：1月14日 星期三 10:00")

    fill(guide, code="0000000000")
    guide.keyboard.press("Enter")
    expect(wrong(guide, "code")).to_contain_text("没有找到这个预约")
    fill(guide, code=kept["code"])
    guide.keyboard.press("Enter")
    expect(done).to_contain_text("签到了，号是 Y001")
    expect(done).to_contain_text("约的是 10:00，到点起排队")
    guide.screenshot(path=pictures / "bookings-came.png")


def test_a_slip_that_the_server_does_not_know_joins_the_queue(guide: Page, server: HallServer, pictures: Path) -> None:
    told = guide.locator(".paper [role=status]")
    guide.keyboard.press("Alt+j")
    fill(guide, number="l-012", time="11.30")
    guide.keyboard.press("Enter")
    expect(wrong(guide, "time")).to_contain_text("还晚，请看清小票")
    fill(guide, number="A012", time="08:40")
    guide.keyboard.press("Enter")
    expect(wrong(guide, "number")).to_contain_text("A 开头的号不是断网时给的")
    fill(guide, number="l-012")
    guide.keyboard.press("Enter")
    expect(told).to_contain_text("L012 排进队列了，前面 0 人")
    ticket = server.person("clerk2").get("/tickets", params={"number": "L012"}).json()["tickets"][0]
    assert (ticket["state"], ticket["issued_at"]) == ("waiting", "2026-01-14T00:40:00Z")
    guide.screenshot(path=pictures / "paper-joined.png")
    guide.get_by_text("再录一张").click()
    fill(guide, number="L012", time="8:40")
    guide.keyboard.press("Enter")
    expect(told).to_contain_text("L012 已经在队列里，不用补录")


# -- each state as it looks


def booking(serial: int, begins: str = "14:00", state: Any = "booked", **more: Any) -> wire.BookingView:
    values: dict[str, Any] = {"holder": MASKED, "phone": f"7000000{serial:04d}", "matters": ("yb01",)}
    return wire.BookingView(
        id=f"b{serial}", code=f"123456{serial:04d}", state=state, day="2026-01-14", begins=begins, ends="14:30",
        **(values | more),
    )  # fmt: skip


def slots(day: str, *free: int) -> wire.SlotDay:
    times = [f"{hour}:{minute}" for hour in range(13, 18) for minute in ("00", "30")]
    views = (wire.SlotView(begins=b, ends=e, free=n) for b, e, n in zip(times, times[1:], free, strict=False))
    return wire.SlotDay(day=day, slots=tuple(views))


DAYS = tuple(slots(f"2026-01-{n}", *[7] * 8) for n in (15, 16, 19, 20, 21))
MANY = (
    booking(1, "9:30", "no_show"),
    booking(2, "10:30", "came", number="Y1002", ticket="t2", matters=("yb01", LONG_MATTER)),
    *(booking(n, "13:00", matters=(LONG_MATTER,)) for n in range(3, 10)),
    booking(10, "13:30", "cancelled", holder=None, phone=None),
)


def tell(hall: RecordedHall, days: tuple[wire.SlotDay, ...], found: tuple[wire.BookingView, ...]) -> None:
    hall.topics["bookings/slots"] = wire.SlotsReply(days=days)
    hall.topics["bookings"] = wire.BookingsReply(day="2026-01-14", bookings=found)


@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_how_the_pages_look(
    page: Page, hall: RecordedHall, width: int, height: int, language: str, pictures: Path
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    tell(hall, (slots("2026-01-14", 0, 6, 5, 7), *DAYS), MANY)
    desk = Desk(page, hall)
    desk.open(query=f"?lang={language}")

    def picture(name: str) -> None:
        assert_whole(page)
        page.screenshot(path=pictures / f"{name}-{language}.png")

    page.locator('.aside [data-act="bookings"]').click()
    expect(page.locator(".booked .one")).to_have_count(len(MANY))
    picture("bookings-list")
    page.locator(".slot").first.click()
    expect(page.locator("#wrong-slot")).to_be_visible()
    page.locator(".slot").nth(1).click()
    page.locator(".make [type=submit]").click()
    expect(page.locator("[aria-invalid]")).to_have_count(2)
    fill(page, matter="j")
    picture("bookings-make")
    page.keyboard.press("Escape")
    page.locator(".booked .one").nth(2).click()
    picture("bookings-one")
    page.locator('[data-do="to-move"]').click()
    page.locator(".slot").nth(2).click()
    picture("bookings-move")
    page.keyboard.press("Escape")
    page.locator('[data-do="to-cancel"]').click()
    picture("bookings-cancel")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    tell(hall, DAYS, ())
    page.keyboard.press("Escape")
    page.keyboard.press("Alt+b")
    expect(page.locator(".slots .none")).to_be_visible()
    picture("bookings-closed-day")
    del hall.topics["bookings"]
    page.locator(".days .tab").nth(1).click()
    expect(page.locator('[data-do="again"]')).to_be_visible()
    picture("bookings-unread")
    page.keyboard.press("Escape")
    expect(page.locator("#dialog")).to_be_hidden()

    twice = states.alarm("j", "join_twice", "L012、M003 有两张小票，都在排队；叫到时请看取号时间。")
    desk.show(desk.window, alarms=(twice,))
    page.keyboard.press("Alt+j")
    page.keyboard.press("Enter")
    expect(page.locator("[aria-invalid]")).to_have_count(2)
    picture("paper-wrong")
    hall.topics["tickets"] = wire.TicketsReply(business_day="2026-01-14", tickets=(states.ticket("L012", "missed"),))
    fill(page, number="L012", time="9:10")
    page.keyboard.press("Enter")
    expect(page.locator(".paper .told")).to_be_visible()
    picture("paper-missed")


def test_what_was_sent_is_told_at_the_desk_when_the_page_was_put_away(page: Page, hall: RecordedHall) -> None:
    desk = Desk(page, hall)
    desk.open()
    hall.topics["tickets"] = wire.TicketsReply(business_day="2026-01-14", tickets=())
    joined = wire.TicketReply(ticket=states.ticket("L012", "waiting"), seq=70, ahead=4)
    hall.answer("/tickets/join", lambda _: (201, joined))
    hall.hold_answers()
    page.keyboard.press("Alt+j")
    fill(page, number="L012")
    page.get_by_label("小票上没印时间").check()
    page.keyboard.press("Enter")
    expect(desk.note).to_have_text("正在发出，请不要重复按")
    page.keyboard.press("Escape")
    hall.release_answers()
    expect(desk.note).to_have_text("L012 排进队列了，前面 4 人")
    assert hall.wait_for("/tickets/join")[0].body["time_unsure"] is True
