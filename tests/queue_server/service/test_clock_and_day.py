"""The hall's day whatever clocks do: midnight, jumps both ways, a dead battery, other zones, a kiosk far off."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queue_server.domain import commands as c
from queue_server.domain.events import TicketIssued
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.ticket import Ticket, TicketState
from queue_server.push.moments import moment
from queue_server.service import upkeep
from queue_server.service.journal_clock import SETTLE_S
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import HALL, MONDAY, Driver, HandClock, running
from tests.support.hand_clock import HandClock as ServerClock
from tests.support.server import HallServer, hall_server, hall_settings, prepare

HOUR_S = 3600
HOUR_US = HOUR_S * 1_000_000
YEAR_US = 365 * 24 * HOUR_US


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/hall.db"


@pytest.fixture
def hand() -> HandClock:
    return HandClock()


@pytest.fixture
def hall(url: str, hand: HandClock) -> Iterator[Driver]:
    with running(url, hand) as driver:
        driver.open_day()
        driver.desk()
        yield driver


def number(hall: Driver) -> str:
    (issued,) = (event for event in hall.issue().events if isinstance(event, TicketIssued))
    return issued.number


def ticket(hall: Driver, name: str) -> Ticket:
    day = hall.gate.view.day
    assert day is not None
    return day.tickets[name]


def test_midnight_changes_nothing_until_somebody_opens_the_next_day(hall: Driver, hand: HandClock) -> None:
    assert number(hall) == "A001"
    hand.wait(17 * HOUR_S)  # one in the morning
    assert number(hall) == "A002"
    assert hall.call(1, "a1").ticket_id == "t1"
    day = hall.gate.view.day
    assert day is not None
    assert (day.business_day, day.open) == (MONDAY, True)
    assert ticket(hall, "t2").state is TicketState.WAITING


def test_what_is_suspended_lasts_over_night_and_over_a_restart(url: str, hand: HandClock) -> None:
    with running(url, hand) as hall:
        hall.open_day()
        hall.do(c.SetSuspension(code="platform"))
        hall.close_day()
        hand.wait(24 * HOUR_S)
        hall.open_day("2026-03-03")
    with running(url, hand) as hall:
        day = hall.gate.view.day
        assert day is not None
        assert (day.business_day, list(day.suspensions)) == ("2026-03-03", ["platform"])
    store = Store(url)
    assert upkeep.rebuild(store, HALL, check_only=True) == []
    upkeep.verify_journal(store, HALL)
    store.close()


def test_the_clock_goes_back_while_serving(hall: Driver, hand: HandClock) -> None:
    hall.issue()
    before_us = hall.gate.view.at_us
    hand.wall_us -= HOUR_US
    hand.wait(30)
    hall.issue()
    assert hall.gate.view.clock_doubt
    assert hall.gate.view.at_us == before_us + 30_000_000, "time goes on, by the steady clock"
    hall.call(1, "a1")
    hand.steady_s += 21
    hall.do(c.RecallTicket(window=1, ticket="t1", announcement="a2"))
    hand.wall_us += HOUR_US + 21_000_000
    hall.issue()
    assert not hall.gate.view.clock_doubt
    assert hall.gate.view.at_us == hand.wall_us


def test_the_clock_jumps_ahead_for_a_minute_and_comes_back(hall: Driver, hand: HandClock) -> None:
    hall.issue()
    hand.wall_us += YEAR_US
    hand.wait(60)
    hall.issue()
    assert hall.gate.view.clock_doubt
    hand.wall_us -= YEAR_US
    hand.wait(1)
    hall.issue()
    assert not hall.gate.view.clock_doubt
    assert hall.gate.view.at_us == hand.wall_us, "no row of another year keeps the hall in doubt"


def test_the_clock_was_wrong_and_is_put_right_for_good(hall: Driver, hand: HandClock) -> None:
    hall.issue()
    hand.wall_us += 5 * HOUR_US
    hand.wait(1)
    hall.issue()
    hand.wait(SETTLE_S)
    hall.issue()
    assert not hall.gate.view.clock_doubt
    assert hall.gate.view.at_us == hand.wall_us
    waited_us = [ticket(hall, f"t{n}").clock_us for n in (1, 2, 3)]
    assert waited_us == sorted(waited_us)


def test_a_dead_battery_after_a_power_cut_goes_on_in_the_open_day(url: str, hand: HandClock) -> None:
    with running(url, hand) as hall:
        hall.open_day()
        hall.desk()
        hall.issue()
        last_us = hall.gate.view.at_us
    dead = HandClock(at_us=946_684_800 * 1_000_000)  # 2000-01-01
    with running(url, dead) as hall:
        assert hall.gate.view.clock_doubt
        hall.made = 1
        assert number(hall) == "A002"
        assert hall.call(1, "a1").ticket_id == "t1"
        assert hall.gate.view.at_us >= last_us
        hall.close_day()
        refused = hall.refused(c.OpenDay(business_day="2026-03-03", letters={}))
        assert refused.code is RefusalCode.CLOCK_DOUBT
        assert hall.do(c.OpenDay(business_day="2026-03-03", letters={}, confirmed=True)).events
        dead.wall_us = hand.wall_us + HOUR_US  # the technician sets it
        dead.wait(1)
        hall.issue()
        assert hall.gate.view.clock_doubt, "not believed at once"
        dead.wait(SETTLE_S)
        hall.issue()
        assert not hall.gate.view.clock_doubt


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This machine stands in another zone."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_away")
def test_the_date_is_the_halls_whatever_zone_the_machine_has(tmp_path: Path) -> None:
    clock = ServerClock()
    clock.forward(14.5 * HOUR_S)  # 23:30 on the 14th in the hall, half past ten in the morning in New York
    settings = hall_settings(tmp_path)
    with HallServer(settings, prepare(settings, clock, open_day=False), clock=clock) as hall:
        chief = hall.person("chief")
        assert chief.post("/day/open").json()["business_day"] == "2026-01-14"
        chief.post("/day/close", {"force": True})
        clock.forward(HOUR_S)
        chief = hall.person("chief")
        assert chief.post("/day/open").json()["business_day"] == "2026-01-15"
        assert hall.device("kiosk:1").get("/hall").json()["sessions"] == ["9:00-17:00"]


def test_a_manager_opens_the_morning_after_a_power_cut_with_a_dead_battery(tmp_path: Path) -> None:
    clock = ServerClock()
    settings = hall_settings(tmp_path)
    prepared = prepare(settings, clock)
    dead = ServerClock(946_684_800 * 1_000_000)  # 2000-01-01
    with HallServer(settings, prepared, clock=dead) as hall:
        chief = hall.person("chief")
        assert chief.post("/day/close", {"force": True}).status_code == 200
        refused = chief.post("/day/open").json()
        assert (refused["code"], refused["facts"]["business_day"]) == ("clock_doubt", "2026-01-15")
        assert "2026-01-15" in refused["say"]
        assert chief.post("/day/open", {"confirmed": True}).json()["code"] == "clock_doubt", "no date of 2000"
        opened = chief.post("/day/open", {"business_day": "2026-01-15", "confirmed": True}).json()
        assert (opened["business_day"], opened["open"]) == ("2026-01-15", True)
        granted = (hall.device("kiosk:1").post("/tickets", each).json() for each in ({}, {"grant": "disabled"}))
        numbers = [each["ticket"]["number"] for each in granted]
        clerk = hall.clerk_at(3)
        said = clerk.get("/queue").json()["next"]["3"]
        called = clerk.post("/windows/3/call-next").json()["window"]["ticket"]["number"]
        assert (said, called) == (numbers[1], numbers[1]), "what is said to be next is what is called"


def test_calls_are_spoken_and_repeated_while_the_clock_is_a_year_ahead(tmp_path: Path) -> None:
    clock = ServerClock()
    with hall_server(tmp_path, clock=clock) as hall:
        kiosk, clerk, display = hall.device("kiosk:1"), hall.clerk_at(3), hall.device("display:2")
        kiosk.post("/tickets")
        clock.forward(300)
        kiosk.post("/tickets")
        clock.at_us += YEAR_US
        clock.forward(60)
        called = clerk.post("/windows/3/call-next").json()["window"]
        assert clerk.get("/queue").json()["rows"][0]["waited_s"] == 60
        (speaking,) = display.get("/board").json()["speaking"]
        display.post(f"/announcements/{speaking['id']}/ack", {"shown": True, "played": True})
        clock.forward(21)
        body = {"ticket": called["ticket"]["id"]}
        assert clerk.post("/windows/3/recall", body).status_code == 200
        chief = hall.person("chief")
        until = moment(clock.wall_us() - YEAR_US + 3600 * 1_000_000).isoformat()
        chief.post("/suspensions", {"code": "platform", "text": "社保系统暂停", "until": until})
        assert [each["code"] for each in clerk.get("/queue").json()["suspensions"]] == ["platform"]


def test_a_kiosk_whose_clock_is_far_off(tmp_path: Path) -> None:
    clock = ServerClock()
    with hall_server(tmp_path, clock=clock) as hall:
        kiosk, clerk = hall.device("kiosk:1"), hall.clerk_at(3)
        clock.forward(600)
        now_us = clock.wall_us()

        def join(name: str, at_us: int, **more: Any) -> dict[str, Any]:
            body = {"number": name, "issued_at": moment(at_us).isoformat(), **more}
            answer = kiosk.post("/tickets/join", body)
            assert answer.status_code == 201, answer.text
            ticket: dict[str, Any] = answer.json()["ticket"]
            return ticket

        ahead = join("L001", now_us + YEAR_US)
        assert moment(now_us).isoformat() == ahead["issued_at"].replace("Z", "+00:00")
        unsure = join("L002", now_us - YEAR_US, time_unsure=True)
        assert (unsure["state"], unsure["time_unsure"]) == ("waiting", True)
        assert join("L003", now_us - YEAR_US)["state"] == "expired", "a number of another day, and the kiosk is sure"
        assert clerk.get("/queue").json()["next"]["3"] == "L002", "clamped to the day's opening, not before everybody"
