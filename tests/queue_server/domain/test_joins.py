"""Numbers given while the server was away: the four cases, and days that are over (DESIGN 4.10)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.rules import SECOND_US, Rules
from queue_server.domain.ticket import TicketKind, TicketState
from tests.queue_server.domain.a_hall import MONDAY_8_US, AHall


def join(hall: AHall, number: str, *, at_us: int | None = None, unsure: bool = False) -> c.JoinTicket:
    issued_at_us = hall.now_us - 60 * SECOND_US if at_us is None else at_us
    return c.JoinTicket(
        ticket=hall.name("j"), track=hall.name("jk"), number=number, issued_at_us=issued_at_us, time_unsure=unsure
    )


def test_case_1_the_papers_number_and_clock() -> None:
    hall = AHall().opened()
    hall.wait(300)
    later = hall.issue()
    command = join(hall, "D001", unsure=True)
    issued, joined = hall.do(command, actor="kiosk:1", key="press-1")
    assert joined == e.TicketJoined(command.ticket, 1, time_unsure=True)
    assert isinstance(issued, e.TicketIssued)
    ticket = hall.ticket(command.ticket)
    assert (ticket.number, ticket.clock_us, ticket.joined, ticket.time_unsure) == (
        "D001",
        command.issued_at_us,
        1,
        True,
    )
    assert hall.call_next() == ticket.id != later


@pytest.mark.parametrize(("off_s", "clock_s"), [(-7200, 0), (-30, 0), (30, 30), (9999, 300)])
def test_the_papers_time_is_clamped_into_the_day(off_s: int, clock_s: int) -> None:
    hall = AHall().opened(windows=False)
    hall.wait(300)
    command = join(hall, "D001", at_us=MONDAY_8_US + off_s * SECOND_US)
    hall.do(command, actor="kiosk:1")
    assert hall.ticket(command.ticket).clock_us == MONDAY_8_US + clock_s * SECOND_US


@pytest.mark.parametrize("state", ["waiting", "called", "missed", "serving"])
def test_case_2_the_paper_wins_over_the_number_nobody_holds(state: str) -> None:
    hall = AHall().opened()
    ticket = hall.issue(key="press-1")
    clock_us = hall.ticket(ticket).clock_us
    if state != "waiting":
        hall.call_next()
    if state == "serving":
        hall.start(ticket)
    if state == "missed":
        hall.miss(ticket)
    events = hall.do(join(hall, "D007"), actor="kiosk:1", key="press-1")
    assert events[0] == e.NumberReplaced(ticket, "A001", "D007")
    assert events[-1] == e.TicketJoined(ticket, 2)
    assert any(isinstance(event, e.AnnouncementWithdrawn) for event in events) == (state == "called")
    found = hall.ticket(ticket)
    assert (found.number, found.replaced_number, found.clock_us) == ("D007", "A001", clock_us)
    assert found.state == ("serving" if state == "serving" else "waiting")
    assert hall.at(1) == (ticket if state == "serving" else None)
    assert hall.ticket(hall.issue()).number == "A002"
    assert hall.day.by_number["D007"] == (ticket,)


@pytest.mark.parametrize("case", [1, 2, 3])
def test_the_papers_code_leads_to_the_ticket(case: int) -> None:
    hall = AHall().opened()
    if case == 2:
        hall.issue(key="press-1")
    if case == 3:
        hall.do(join(hall, "D007"), actor="clerk:4", key="typed-1")
    events = hall.do(replace(join(hall, "D007"), paper_track="PAPER234"), actor="kiosk:1", key="press-1")
    joined = next(event for event in events if isinstance(event, e.TicketJoined))
    assert joined.case == case
    assert hall.ticket(joined.ticket).track == "PAPER234"
    assert hall.day.by_track["PAPER234"] == joined.ticket


def test_a_code_that_leads_to_another_ticket_stays_there() -> None:
    hall = AHall().opened()
    first = hall.issue()
    taken = hall.ticket(first).track
    command = replace(join(hall, "D007"), paper_track=taken)
    hall.do(command, actor="kiosk:1", key="press-1")
    assert hall.day.by_track[taken] == first
    assert hall.ticket(command.ticket).track == command.track


def test_case_2_with_the_same_number_changes_nothing() -> None:
    hall = AHall().opened()
    command = join(hall, "D001")
    hall.do(command, actor="kiosk:1", key="press-1")
    assert hall.do(join(hall, "D001"), actor="kiosk:1", key="press-1") == []


def test_case_3_a_number_typed_in_by_staff_is_the_same_ticket() -> None:
    hall = AHall().opened()
    typed = join(hall, "D001")
    hall.do(typed, actor="clerk:4", key="typed")
    assert hall.do(join(hall, "D001"), actor="kiosk:1", key="press-1") == [e.TicketJoined(typed.ticket, 3)]
    assert list(hall.day.tickets) == [typed.ticket]
    other = join(hall, "E001")
    hall.do(other, actor="kiosk:2", key="press-2")
    assert hall.do(join(hall, "E001"), actor="clerk:4", key="typed-2") == [e.TicketJoined(other.ticket, 3)]


@pytest.mark.parametrize("unsure", [False, True])
def test_a_number_typed_in_today_is_not_that_of_yesterdays_paper(unsure: bool) -> None:
    hall = AHall().opened()
    hall.do(join(hall, "L012", at_us=MONDAY_8_US - 9 * 3600 * SECOND_US), actor="kiosk:1", key="late")
    typed = join(hall, "L012", unsure=unsure)
    hall.do(typed, actor="clerk:4", key="typed")
    assert hall.state(typed.ticket) is TicketState.WAITING
    again = join(hall, "L012", at_us=MONDAY_8_US - 9 * 3600 * SECOND_US)
    assert e.TicketExpired(again.ticket) not in hall.do(again, actor="clerk:4", key="late-too"), "known already"


def test_case_4_one_number_under_two_presses_lives_twice() -> None:
    hall = AHall().opened()
    first, second = join(hall, "D001"), join(hall, "D001")
    hall.do(first, actor="kiosk:1", key="press-1")
    _, joined = hall.do(second, actor="kiosk:1", key="press-2")
    assert joined == e.TicketJoined(second.ticket, 4)
    assert [hall.ticket(t.ticket).copy for t in (first, second)] == [0, 1]
    assert hall.day.by_number["D001"] == (first.ticket, second.ticket)
    assert {hall.call_next(1), hall.call_next(2)} == {first.ticket, second.ticket}


def test_numbers_given_here_never_meet_joined_ones() -> None:
    hall = AHall().opened()
    for number in ("A002", "A003", "A900"):
        hall.do(join(hall, number), actor="clerk:4")
    assert hall.ticket(hall.issue()).number == "A001"
    assert hall.day.serials["A"] == 4, "what is taken is skipped once, not at each number"
    assert [hall.ticket(hall.issue()).number for _ in range(2)] == ["A004", "A005"]
    hall.do(join(hall, "A001"), actor="kiosk:1", key="again")
    assert hall.day.serials["A"] == 6


def test_a_closed_day_joins_as_expired() -> None:
    hall = AHall().opened()
    hall.do(c.CloseDay())
    command = join(hall, "D001")
    events = hall.do(command, actor="kiosk:1")
    assert events[-1] == e.TicketExpired(command.ticket)
    assert hall.state(command.ticket) is TicketState.EXPIRED


def test_yesterdays_paper_joins_as_expired_but_not_the_one_pressed_before_opening() -> None:
    hall = AHall().opened()
    yesterday = join(hall, "D001", at_us=MONDAY_8_US - 9 * 3600 * SECOND_US)
    hall.do(yesterday, actor="kiosk:1")
    assert hall.state(yesterday.ticket) is TicketState.EXPIRED
    early = join(hall, "D002", at_us=MONDAY_8_US - 600 * SECOND_US)
    hall.do(early, actor="kiosk:1")
    assert hall.state(early.ticket) is TicketState.WAITING
    unsure = join(hall, "D003", at_us=0, unsure=True)
    hall.do(unsure, actor="kiosk:1")
    assert hall.state(unsure.ticket) is TicketState.WAITING


def test_before_any_day_there_is_nothing_to_join() -> None:
    hall = AHall()
    assert hall.refused(join(hall, "D001")) is RefusalCode.NO_DAY


def test_who_came_before_the_opening_is_not_put_into_the_day_before() -> None:
    hall = AHall().opened()
    hall.do(c.CloseDay())
    hall.wait(23 * 3600)
    early, unsure = join(hall, "L001"), join(hall, "L002", at_us=0, unsure=True)
    assert hall.refused(early, actor="kiosk:1") is RefusalCode.NO_DAY
    assert hall.refused(unsure, actor="kiosk:1") is RefusalCode.NO_DAY
    hall.wait(1800)
    late = join(hall, "L003", at_us=MONDAY_8_US + 3600 * SECOND_US)
    hall.do(late, actor="kiosk:1")
    assert hall.state(late.ticket) is TicketState.EXPIRED
    hall.do(c.OpenDay(business_day="2026-03-03", letters={}))
    hall.do(early, actor="kiosk:1", key="press-1")
    hall.do(unsure, actor="kiosk:1", key="press-2")
    assert [hall.state(each.ticket) for each in (early, unsure)] == [TicketState.WAITING] * 2


def test_what_the_number_was_wanted_for_comes_along() -> None:
    hall = AHall().opened()
    wanted = replace(
        join(hall, "L001"), kind=TicketKind.COLLECTION, matters=("SB-001",), language="en", grant_ground="claimed"
    )
    hall.do(wanted, actor="kiosk:1", key="press-1")
    ticket = hall.ticket(wanted.ticket)
    assert (ticket.kind, ticket.matters, ticket.language) == (TicketKind.COLLECTION, ("SB-001",), "en")
    assert ticket.grant is not None
    assert (ticket.grant.ground, ticket.grant.proof, ticket.grant.by) == ("claimed", "claimed", "kiosk:1")


def test_a_ground_that_the_hall_has_not_costs_the_grant_and_never_the_number() -> None:
    hall = AHall(rules=Rules(grant_grounds=("elderly",))).opened()
    wanted = replace(join(hall, "L001"), grant_ground="nonsense")
    hall.do(wanted, actor="kiosk:1")
    assert (hall.state(wanted.ticket), hall.ticket(wanted.ticket).grant) == (TicketState.WAITING, None)


def test_case_2_where_the_papers_number_is_taken_both_live() -> None:
    hall = AHall().opened()
    first = join(hall, "L001")
    hall.do(first, actor="kiosk:1", key="press-1")
    late = hall.issue(key="press-2")
    hall.do(join(hall, "L001"), actor="kiosk:2", key="press-2")
    assert [(hall.ticket(each).number, hall.ticket(each).copy) for each in (first.ticket, late)] == [
        ("L001", 0),
        ("L001", 1),
    ]


def test_numbers_are_joined_while_none_are_given_any_more() -> None:
    hall = AHall().opened()
    hall.do(c.StopIssuing())
    command = join(hall, "L001")
    hall.do(command, actor="kiosk:1")
    assert hall.call_next() == command.ticket
