"""Beyond the keys of the console: grounds and proof, why not, voiding a run, finding a number, the manager's hall."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from queue_server import wire
from queue_server.grounds import shipped_grounds
from tests.queue_server.web import states
from tests.queue_server.web.desk import Desk, changed
from tests.queue_server.web.recorded_hall import RecordedHall
from tests.queue_server.web.test_text_fits import CONSOLES, assert_whole

OWN_FONTS = True

pytestmark = pytest.mark.browser
GROUNDS = tuple(
    wire.GroundView(code=each.code, name=each.name, name_en=each.name_en, proof=each.proof)
    for each in shipped_grounds()
)
MANAGER = ("clerk", "manager")


def open_desk(page: Page, hall: RecordedHall, window: wire.WindowView | None = None, **more: Any) -> Desk:
    desk = Desk(page, hall)
    rows = more.pop("rows", None)
    desk.more = {"rows": rows} if rows else {}
    desk.open(window=window, **more)
    hall.push("hall", states.hall(hall.now(), desk.seq + 1, grounds=GROUNDS))
    return desk


def menu(page: Page, number: str) -> None:
    page.locator(".rows .row", has_text=number).click(button="right")
    expect(page.locator("#dialog h2")).to_contain_text(number)


def choose(page: Page, word: str) -> None:
    page.locator("#dialog .choices button", has_text=word).click()


def row_with_claim() -> tuple[wire.QueueRow, ...]:
    claimed = states.row("A033", waited_min=3, grant="elder", grant_proof="claimed")
    return (claimed, *(states.row(*each) for each in states.WAITING if each[0] != "A033"))


def test_a_number_of_the_list_is_given_priority_and_its_proof_is_seen(page: Page, hall: RecordedHall) -> None:
    open_desk(page, hall, rows=row_with_claim())
    hall.answer("/tickets/id-A034/priority", lambda _: (200, states_reply("A034")))
    hall.answer("/tickets/id-A033/priority", lambda _: (200, states_reply("A033")))
    menu(page, "A034")
    choose(page, "给优先")
    expect(page.locator("#dialog .choices button")).to_have_count(len(GROUNDS))
    choose(page, "残疾人　看：残疾人证")
    asked = hall.wait_for("/tickets/id-A034/priority")[0].body
    assert (asked["ground"], asked["proof"]) == ("disabled", "seen")
    menu(page, "A033")
    expect(page.locator("#dialog p")).to_contain_text("优先·声明：65岁以上老人")
    choose(page, "凭证看过了")
    assert hall.wait_for("/tickets/id-A033/priority")[0].body["ground"] == "elder"
    menu(page, "A033")
    choose(page, "取消优先")
    assert hall.wait_for("/tickets/id-A033/priority", 2)[1].body["ground"] is None


def states_reply(number: str) -> wire.TicketReply:
    return wire.TicketReply(ticket=states.ticket(number, "waiting"), seq=60)


@pytest.mark.parametrize(("size", "language"), [(CONSOLES[0], "en"), (CONSOLES[-1], "zh")])
def test_a_claimed_proof_is_seen_at_the_window(
    page: Page, hall: RecordedHall, size: tuple[int, int], language: str, pictures: Path
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    desk = Desk(page, hall)
    called = desk.called()
    assert called.ticket is not None
    claimed = msgspec.structs.replace(called.ticket, grant="elder", grant_proof="claimed")
    desk.open(window=changed(called, ticket=claimed), roles=MANAGER, query=f"?lang={language}")
    hall.push("hall", states.hall(hall.now(), desk.seq + 1, grounds=GROUNDS))
    line = page.locator(".stage .grant")
    expect(line).to_contain_text("65岁以上老人" if language == "zh" else "Aged 65 or over")
    assert_whole(page)
    page.screenshot(path=pictures / f"desk-claimed-{language}-{size[0]}.png")
    hall.answer("/tickets/id-A032/priority", lambda _: (200, states_reply("A032")))
    with page.expect_request("**/priority") as asked:
        page.keyboard.press("g")
    assert asked.value.headers["accept-language"].startswith(language), "refused in the page's language"
    assert hall.wait_for("/tickets/id-A032/priority")[0].body["proof"] == "seen"


def test_why_this_one_and_why_not_mine(page: Page, hall: RecordedHall, pictures: Path) -> None:
    desk = Desk(page, hall)
    desk.open(window=desk.called())
    reason = wire.ReasonView(
        promise=None,
        credit_min=27,
        runner_up="A033",
        runner_credit_min=26,
        ground=None,
        say="等待最久，领先 A033 1 分钟。",
    )
    other = wire.WhyNot(number="A036", code="credit", credit_min=22, say="A032 的等候分比 A036 多 5 分钟。")
    hall.topics["why/n-A032-0"] = wire.WhyReply(
        number="A032", window=3, at=states.MORNING, reason=reason, overtaken=(), other=other
    )
    menu(page, "A036")
    choose(page, "为什么还没叫到")
    expect(page.locator("#dialog")).to_contain_text("等待最久，领先 A033 1 分钟。")
    expect(page.locator("#dialog")).to_contain_text("A032 的等候分比 A036 多 5 分钟。")
    page.screenshot(path=pictures / "desk-why-not.png")


def test_a_run_of_numbers_is_voided_from_its_alarm(page: Page, hall: RecordedHall) -> None:
    desk = Desk(page, hall)
    alarm = wire.Alarm(
        id="many_numbers:kiosk:2",
        code="many_numbers",
        place="2号取号机",
        since=hall.now(),
        say="2号取号机 取了很多号",
        count=7,
    )
    desk.more = {"alarms": (alarm,)}
    desk.open()
    hall.answer("/tickets/void", lambda _: (200, wire.VoidReply(numbers=("A040", "A041"), seq=70)))
    page.keyboard.press("Alt+1")
    choose(page, "最近 2 分钟取的")
    asked = hall.wait_for("/tickets/void")[0].body
    assert asked["source"] == "kiosk:2"
    span = msgspec.convert(asked["until"], type=type(states.MORNING)) - msgspec.convert(
        asked["since"], type=type(states.MORNING)
    )
    assert span.total_seconds() == 120
    expect(desk.note).to_contain_text("作废了 2 个号：A040、A041")


def test_what_is_held_where_nobody_is_goes_back_to_the_queue_from_its_alarm(page: Page, hall: RecordedHall) -> None:
    desk = Desk(page, hall)
    say = "A019 挂起在 5号窗口，那里现在没有人；请接班，或放回队列。"
    alarm = wire.Alarm(id="held_alone:id-A019", code="held_alone", place="hall", since=hall.now(), say=say)
    desk.more = {"alarms": (alarm,)}
    desk.open()
    hall.answer("/tickets/id-A019/release", lambda _: (200, states_reply("A019")))
    page.keyboard.press("Alt+1")
    choose(page, "放回队列，谁空谁叫")
    assert len(hall.wait_for("/tickets/id-A019/release")) == 1


def test_a_cancelled_number_is_found_and_put_back(page: Page, hall: RecordedHall) -> None:
    desk = open_desk(page, hall)
    found = wire.TicketsReply(business_day="2026-01-14", tickets=(states.ticket("A012", "cancelled"),))
    hall.topics["tickets"] = found
    hall.answer("/tickets/id-A012/reinstate", lambda _: (200, states_reply("A012")))
    page.keyboard.press("Alt+f")
    page.locator("#dialog input").fill("a012")
    page.keyboard.press("Enter")
    choose(page, "恢复排队")
    assert hall.wait_for("/tickets/id-A012/reinstate")[0].status == 200
    hall.topics["tickets"] = wire.TicketsReply(business_day="2026-01-14", tickets=())
    page.keyboard.press("Alt+f")
    page.locator("#dialog input").fill("A099")
    page.keyboard.press("Enter")
    expect(desk.note).to_contain_text("今天没有 A099 号")


def test_a_manager_stops_numbers_and_suspends_and_a_clerk_does_not(
    page: Page, hall: RecordedHall, pictures: Path
) -> None:
    open_desk(page, hall, window=states.own_window(by_hand_today=2), roles=MANAGER)
    reply = wire.DayReply(business_day="2026-01-14", open=True, issuing=False, anchor=None, seq=70)
    for path in ("/day/stop-issuing", "/day/resume-issuing", "/suspensions"):
        hall.answer(path, lambda _: (200, reply))
    page.keyboard.press("Alt+g")
    expect(page.locator("#dialog p")).to_have_text("今天点名叫号：3 号窗口 2 次")
    page.screenshot(path=pictures / "desk-hall.png")
    choose(page, "停止取号")
    hall.wait_for("/day/stop-issuing")
    hall.push("hall", states.hall(hall.now(), 71, issuing=False))
    expect(page.locator(".head")).to_contain_text("已停止取号")
    page.keyboard.press("Alt+g")
    choose(page, "恢复取号")
    hall.wait_for("/day/resume-issuing")
    page.keyboard.press("Alt+g")
    choose(page, "暂停受理一件事")
    choose(page, "市里的系统")
    expect(page.locator("#dialog input")).to_have_value("市里的系统暂时不能办理，请稍等或改天再来")
    page.keyboard.press("Enter")
    choose(page, "60 分钟")
    asked = hall.wait_for("/suspensions")[0].body
    assert (asked["code"], asked["text"]) == ("city", "市里的系统暂时不能办理，请稍等或改天再来")
    assert asked["until"] is not None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_manager_sees_how_well_the_printed_times_were_kept(
    page: Page, hall: RecordedHall, language: str, pictures: Path
) -> None:
    key = {"zh": "预计等候准不准", "en": "How good the waiting times are"}[language]
    open_desk(page, hall, roles=MANAGER, query=f"?lang={language}")
    days = (("2026-01-14", 62, 0.9, 11.2), ("2026-01-13", 214, 0.861, 15.4), ("2026-01-12", 231, 0.701, 14.8))
    graded = tuple(
        wire.ForecastGrade(business_day=day, count=count, inside=inside, width_min=width)
        for day, count, inside, width in days
    )
    hall.topics["forecast/grades"] = wire.ForecastGrades(days=graded)
    page.keyboard.press("Alt+g")
    choose(page, key)
    if language == "zh":
        told = [
            "今天90%62 个号范围宽 11 分钟",
            "1月13日 星期二86%214 个号范围宽 15 分钟",
            "1月12日 星期一70%231 个号范围宽 15 分钟",
        ]
        expect(page.locator("#dialog .grades li")).to_have_text(told)
        expect(page.locator("#dialog p")).to_contain_text("到竖线（75%）就好")
    expect(page.locator("#dialog .grades .late")).to_have_text("70%")
    assert_whole(page)
    page.screenshot(path=pictures / f"desk-grades-{language}.png")
    page.keyboard.press("Escape")
    hall.topics["forecast/grades"] = wire.ForecastGrades(days=())
    page.keyboard.press("Alt+g")
    choose(page, key)
    expect(page.locator("#dialog p")).to_contain_text({"zh": "还没有", "en": "None yet"}[language])


def test_a_number_of_the_list_is_sent_to_a_window_and_set_free_again(
    page: Page, hall: RecordedHall, pictures: Path
) -> None:
    bound = (states.row("A033", waited_min=3, tag="bound:5"), *(states.row(*each) for each in states.WAITING[2:]))
    desk = open_desk(page, hall, rows=bound)
    desk.replies("transfer", states.own_window(), None, acted="id-A034")
    hall.answer("/tickets/id-A033/release", lambda _: (200, states_reply("A033")))
    menu(page, "A034")
    expect(page.locator("#dialog .choices button", has_text="不等那个窗口了")).to_have_count(0)
    choose(page, "转到别的窗口")
    choose(page, "5号窗口")
    asked = hall.wait_for("/windows/3/transfer")[0].body
    assert (asked["ticket"], asked["to"], asked["return_to"]) == ("id-A034", "window:5", None)
    menu(page, "A033")
    page.screenshot(path=pictures / "desk-row-menu.png")
    choose(page, "不等那个窗口了，谁空谁叫")
    hall.wait_for("/tickets/id-A033/release")


def test_when_no_clock_can_say_the_date_the_manager_does(page: Page, hall: RecordedHall, pictures: Path) -> None:
    desk = open_desk(page, hall, roles=MANAGER)
    hall.push("hall", states.hall(hall.now(), 71, day_open=False, issuing=False))
    hall.push(
        "queue", states.queue(hall.now(), 71, states.own_window(), alarms=(states.alarm("a1", "help", "有人求助"),))
    )
    expect(desk.page.locator(".alarms li")).to_have_count(1)  # the one before it is there too
    question = "服务器时间不可靠。今天是 2026-01-15 吗？请看好日期再开厅，小票暂不印时间；并请技术员校准时间。"
    problem = wire.Problem(
        type="urn:x", title="x", status=409, code="clock_doubt", say=question, facts={"business_day": "2026-01-15"}
    )
    opened = wire.DayReply(business_day="2026-01-15", open=True, issuing=True, anchor=None, seq=72)
    hall.answer("/day/open", lambda body: (200, opened) if body.get("confirmed") else (409, problem))
    page.keyboard.press("Alt+g")
    choose(page, "开厅，开始取号")
    expect(page.locator("#dialog h2")).to_have_text(question)
    page.screenshot(path=pictures / "desk-open-dated.png")
    page.keyboard.press("Enter")
    asked = hall.wait_for("/day/open", 2)[1].body
    assert (asked["business_day"], asked["confirmed"]) == ("2026-01-15", True)


def test_a_clerk_gives_a_number_to_who_does_not_use_the_kiosk(page: Page, hall: RecordedHall) -> None:
    desk = open_desk(page, hall)
    given = wire.IssueReply(ticket=states.ticket("A044", "waiting"), ahead=15, forecast=None, seq=70)
    hall.answer("/tickets", lambda _: (201, given))
    page.keyboard.press("Alt+n")
    choose(page, "综合，优先")
    choose(page, "65岁以上老人")
    asked = hall.wait_for("/tickets")[0].body
    assert (asked["kind"], asked["grant"]) == ("general", "elder")
    expect(desk.note).to_contain_text("给了 A044，前面 15 人")


def test_a_clerk_has_no_key_for_the_hall(page: Page, hall: RecordedHall) -> None:
    open_desk(page, hall)
    expect(page.locator('[data-act="hall"]')).to_have_count(0)
    page.keyboard.press("Alt+g")
    expect(page.locator("#dialog")).to_be_hidden()
