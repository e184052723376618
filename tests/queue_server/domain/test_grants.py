"""Priority by the hall's own list: claimed, seen, taken back; calls out of order."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Grant
from tests.queue_server.domain.a_hall import AHall

LISTED = Rules(grant_grounds=("elder", "disabled"), call_grounds=("urgent",))


def test_a_ground_that_is_not_on_the_list_gives_no_number_and_no_priority() -> None:
    hall = AHall(1, LISTED).opened()
    unknown = c.IssueTicket(ticket="x", track="kx", grant_ground="friend")
    assert hall.refused(unknown, actor="kiosk:1") is RefusalCode.UNKNOWN_GROUND
    ticket = hall.issue()
    granting = c.GrantPriority(ticket=ticket, ground="friend", proof="seen")
    assert hall.refused(granting) is RefusalCode.UNKNOWN_GROUND
    assert hall.ticket(ticket).grant is None


def test_a_hall_without_a_list_takes_any_code() -> None:
    hall = AHall(1).opened()
    assert hall.ticket(hall.issue(ground="friend")).grant == Grant("friend", "claimed", "kiosk:1")


def test_a_claim_becomes_seen_at_the_window() -> None:
    hall = AHall(1, LISTED).opened()
    ticket = hall.issue(ground="elder")
    assert hall.ticket(ticket).grant == Grant("elder", "claimed", "kiosk:1")
    hall.call_next()
    hall.do(c.GrantPriority(ticket=ticket, ground="elder", proof="seen"))
    assert hall.ticket(ticket).grant == Grant("elder", "seen", "clerk:1")


def test_a_grant_taken_back_loses_its_lead_and_keeps_number_and_clock() -> None:
    hall = AHall(1, LISTED).opened()
    first, second = hall.issue(), hall.issue(ground="elder")
    before = hall.ticket(second)
    hall.wait(300)
    view = hall.day.snapshot()
    assert (view.next_for(1) or before).id == second
    assert hall.do(c.WithdrawPriority(ticket=second)) == [e.PriorityWithdrawn(second, "clerk:1")]
    assert hall.do(c.WithdrawPriority(ticket=second)) == []
    assert hall.call_next() == first
    after = hall.ticket(second)
    assert (after.grant, after.number, after.clock_us) == (None, before.number, before.clock_us)


def test_a_call_out_of_order_needs_a_ground_of_the_list() -> None:
    hall = AHall(1, LISTED).opened()
    hall.issue()
    second = hall.issue()
    asking = c.CallTicket(window=1, ticket=second, announcement="n", ground="because")
    assert hall.refused(asking) is RefusalCode.UNKNOWN_GROUND
    hall.do(c.CallTicket(window=1, ticket=second, announcement="n", ground="urgent"))
    assert hall.at(1) == second
