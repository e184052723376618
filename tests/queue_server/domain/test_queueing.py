"""Rejoining, holding, transferring, reinstating, reopening, priority and matters (DESIGN 4.6)."""

from __future__ import annotations

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.rules import MINUTE_US, Rules, WindowConfig
from queue_server.domain.ticket import TicketKind, TicketState
from tests.queue_server.domain.a_hall import AHall


def missed_of(hall: AHall) -> str:
    ticket = hall.issue()
    assert hall.call_next() == ticket
    hall.miss(ticket)
    return ticket


def order(hall: AHall) -> list[str]:
    return [ticket.id for ticket in hall.day.snapshot().waiting()]


def test_a_missed_ticket_goes_behind_the_next_three_of_its_line() -> None:
    hall = AHall().opened()
    missed = missed_of(hall)
    ordinary = [hall.issue() for _ in range(2)]
    granted = hall.issue(ground="disabled")
    ordinary += [hall.issue() for _ in range(2)]
    (rejoined,) = hall.do(c.RejoinTicket(ticket=missed), actor="kiosk:1")
    assert rejoined == e.TicketRejoined(missed, hall.ticket(ordinary[2]).clock_us + 1, 1)
    assert order(hall) == [*ordinary[:2], granted, ordinary[2], missed, ordinary[3]]


def test_behind_fewer_than_three_it_goes_last_and_alone_it_keeps_its_clock() -> None:
    hall = AHall().opened()
    missed = missed_of(hall)
    other = hall.issue()
    hall.do(c.RejoinTicket(ticket=missed))
    assert order(hall) == [other, missed]
    alone = AHall().opened()
    ticket = missed_of(alone)
    clock_us = alone.ticket(ticket).clock_us
    alone.do(c.RejoinTicket(ticket=ticket))
    assert alone.ticket(ticket).clock_us == clock_us


def test_rejoining_is_for_twice_a_day_the_desk_for_always() -> None:
    hall = AHall().opened()
    ticket = missed_of(hall)
    for _ in range(2):
        hall.do(c.RejoinTicket(ticket=ticket))
        hall.call_next()
        hall.miss(ticket)
    assert hall.refused(c.RejoinTicket(ticket=ticket)) is RefusalCode.LIMIT_REACHED
    called, started = hall.do(c.CallTicket(window=2, ticket=ticket, announcement="desk"))
    assert isinstance(called, e.TicketCalled)
    assert started == e.ServiceStarted(ticket, 2)


def held_of(hall: AHall) -> str:
    ticket = hall.issue()
    hall.call_next()
    hall.start(ticket)
    hall.do(c.HoldTicket(window=1, ticket=ticket, remind_at_us=hall.now_us + MINUTE_US))
    return ticket


def test_hold_frees_the_window_and_resume_needs_it_free() -> None:
    hall = AHall().opened()
    held, other = held_of(hall), hall.issue()
    assert (hall.at(1), hall.day.windows[1].held) == (None, (held,))
    assert hall.ticket(held).remind_at_us is not None
    hall.call_next(1)
    assert hall.refused(c.ResumeTicket(window=1, ticket=held)) is RefusalCode.STILL_BUSY
    hall.do(c.FinishService(window=1, ticket=other))
    assert hall.refused(c.ResumeTicket(window=2, ticket=held)) is RefusalCode.STALE
    hall.do(c.ResumeTicket(window=1, ticket=held))
    assert (hall.at(1), hall.day.windows[1].held) == (held, ())


def test_a_held_ticket_may_end_while_another_is_at_the_window() -> None:
    hall = AHall().opened()
    held, other = held_of(hall), hall.issue()
    hall.call_next(1)
    hall.do(c.FinishService(window=1, ticket=held))
    assert (hall.state(held), hall.at(1), hall.day.windows[1].held) == (TicketState.DONE, other, ())


def test_a_released_ticket_is_bound_for_ten_minutes_then_free() -> None:
    hall = AHall().opened()
    held, later = held_of(hall), hall.issue()
    hall.do(c.ReleaseTicket(ticket=held))
    view = hall.day.snapshot()
    until_us = hall.ticket(held).bound_until_us or 0
    assert until_us == hall.now_us + 10 * MINUTE_US
    assert [view.next_for(n, until_us - 1) for n in (1, 2)] == [hall.ticket(held), hall.ticket(later)]
    assert [view.next_for(n, until_us) for n in (1, 2)] == [hall.ticket(held)] * 2
    hall.wait(600)
    assert hall.day.lines.ended(hall.now_us) != []
    hall.do(c.ReportSlip(ticket=later, result="printed", copy=0))
    assert hall.day.lines.ended(hall.now_us) == [], "any row moves it to its free line"
    assert hall.call_next(2) == held


def test_a_closed_window_binds_nobody() -> None:
    hall = AHall().opened()
    held = held_of(hall)
    hall.do(c.ReleaseTicket(ticket=held))
    assert hall.day.snapshot().next_for(2) is None
    hall.do(c.CloseShift(window=1))
    assert hall.call_next(2) == held


def test_release_of_a_waiting_ticket_takes_its_binding_away() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    assert hall.do(c.ReleaseTicket(ticket=ticket)) == []
    hall.do(c.TransferTicket(ticket=ticket, to="window:2"))
    assert hall.day.snapshot().next_for(1) is None
    hall.do(c.ReleaseTicket(ticket=ticket))
    assert hall.call_next(1) == ticket


def test_transfer_keeps_the_clock_and_the_target_window_takes_it_first() -> None:
    hall = AHall().opened()
    ticket, longer = hall.issue(), hall.issue()
    hall.call_next(1)
    clock_us = hall.ticket(ticket).clock_us
    call = hall.ticket(ticket).announcement or ""
    moved = hall.do(c.TransferTicket(ticket=ticket, to="window:2", window=1))
    assert moved == [e.TicketTransferred(ticket, "window:2"), e.AnnouncementWithdrawn(call)]
    assert (hall.ticket(ticket).clock_us, hall.at(1)) == (clock_us, None)
    assert hall.day.windows[1].transferred_count == 1
    (called,) = hall.do(c.CallNext(window=2, announcement="x"))
    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.reason.promise, called.reason.runner_up) == (ticket, "bound", longer)


def test_transfer_with_return_comes_back_when_done_there() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    hall.start(ticket)
    hall.do(c.TransferTicket(ticket=ticket, to="window:2", window=1, return_to=1))
    hall.call_next(2)
    hall.start(ticket)
    assert hall.do(c.FinishService(window=2, ticket=ticket)) == [e.TicketTransferred(ticket, "window:1")]
    assert hall.day.snapshot().next_for(2) is None
    hall.call_next(1)
    hall.start(ticket)
    assert hall.do(c.FinishService(window=1, ticket=ticket)) == [e.ServiceFinished(ticket, 1, "done")]


@pytest.mark.parametrize("to", ["skill:law", "collection"])
def test_who_was_sent_to_a_skill_or_to_collection_comes_back_to_the_window_that_sent(to: str) -> None:
    hall = AHall((WindowConfig(1), WindowConfig(2, ("integrated", "law")))).opened()
    ticket, other = hall.issue(), hall.issue()
    hall.call_next(1)
    hall.start(ticket)
    hall.do(c.TransferTicket(ticket=ticket, to=to, window=1, return_to=1))
    assert hall.call_next(2) == ticket
    hall.start(ticket)
    hall.wait(60)
    hall.do(c.FinishService(window=2, ticket=ticket))
    assert (hall.state(ticket), hall.ticket(ticket).bound_window) == (TicketState.WAITING, 1)
    assert hall.call_next(2) == other
    assert hall.call_next(1) == ticket
    hall.do(c.FinishService(window=1, ticket=ticket))
    assert hall.state(ticket) is TicketState.DONE


def test_who_was_to_come_back_to_the_very_window_that_took_it_is_done_there() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    hall.do(c.TransferTicket(ticket=ticket, to="collection", window=1, return_to=1))
    hall.call_next(1)
    assert hall.do(c.FinishService(window=1, ticket=ticket))[0] == e.ServiceFinished(
        ticket, 1, "done", start_implied=True
    )


def test_transfer_to_a_skill_and_to_collection() -> None:
    hall = AHall([WindowConfig(1), WindowConfig(2, ("integrated", "law"))]).opened()
    ticket = hall.issue()
    hall.do(c.TransferTicket(ticket=ticket, to="window:1"))
    hall.do(c.TransferTicket(ticket=ticket, to="skill:law"))
    assert hall.ticket(ticket).bound_window is None
    assert hall.day.snapshot().next_for(1) is None
    assert hall.day.snapshot().next_for(2) == hall.ticket(ticket)
    hall.do(c.TransferTicket(ticket=ticket, to="collection"))
    assert hall.ticket(ticket).kind is TicketKind.COLLECTION
    assert hall.day.snapshot().next_for(1) == hall.ticket(ticket)
    assert hall.refused(c.TransferTicket(ticket=ticket, to="skill:none")) is RefusalCode.CANNOT_SERVE
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:9")) is RefusalCode.NOT_FOUND
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:x")) is RefusalCode.NOT_FOUND
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:2", return_to=9)) is RefusalCode.NOT_FOUND
    hall.do(c.CloseWindow(window=2))
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:2")) is RefusalCode.WINDOW_NOT_OPEN


def test_a_window_that_cannot_serve_a_ticket_is_no_target_and_keeps_nothing() -> None:
    rules = Rules(matter_skills={"LAW-1": "law"})
    hall = AHall([WindowConfig(1), WindowConfig(2, ("integrated", "law"))], rules).opened()
    ticket = hall.issue(matters=("LAW-1",))
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:1")) is RefusalCode.CANNOT_SERVE
    plain = hall.issue()
    hall.do(c.TransferTicket(ticket=plain, to="window:1"))
    hall.do(c.ChangeMatters(ticket=plain, matters=("LAW-1",)))
    assert hall.call_next(2) == ticket
    hall.do(c.FinishService(window=2, ticket=ticket))
    assert hall.call_next(1) is None
    assert hall.call_next(2) == plain


def test_what_no_window_can_do_is_asked_of_nobody() -> None:
    rules = Rules(matter_skills={"LAW-1": "law", "TAX-1": "tax"})
    hall = AHall([WindowConfig(1), WindowConfig(2, ("tax",))], rules).opened()
    lonely = hall.issue(matters=("LAW-1",))
    both = hall.issue(matters=("TAX-1", "SB-001"))
    assert hall.call_next(1) == lonely
    hall.do(c.FinishService(window=1, ticket=lonely))
    assert hall.call_next(1) is None
    assert hall.call_next(2) in {both, lonely}


def test_reinstated_tickets_have_their_own_clock() -> None:
    hall = AHall().opened()
    first = hall.issue()
    hall.issue()
    clock_us = hall.ticket(first).clock_us
    hall.do(c.CancelTicket(ticket=first))
    hall.wait(60)
    hall.do(c.ReinstateTicket(ticket=first))
    assert hall.ticket(first).clock_us == clock_us
    assert hall.call_next() == first


def test_cancel_of_a_called_ticket_frees_the_window_and_withdraws_the_call() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    call = hall.ticket(ticket).announcement or ""
    cancelled = hall.do(c.CancelTicket(ticket=ticket))
    assert cancelled == [e.TicketCancelled(ticket, "clerk:1"), e.AnnouncementWithdrawn(call)]
    assert hall.at(1) is None


def test_reopen_is_for_the_same_window_within_ten_minutes_or_a_supervisor() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    hall.start(ticket)
    hall.wait(60)
    hall.do(c.FinishService(window=1, ticket=ticket))
    assert hall.day.windows[1].service_us == MINUTE_US
    assert hall.refused(c.ReopenTicket(ticket=ticket, window=2)) is RefusalCode.CANNOT_SERVE
    hall.wait(600)
    hall.do(c.ReopenTicket(ticket=ticket, window=1))
    assert (hall.day.windows[1].done_count, hall.day.windows[1].service_us) == (0, 0)
    hall.do(c.FinishService(window=1, ticket=ticket))
    hall.wait(601)
    assert hall.refused(c.ReopenTicket(ticket=ticket, window=1)) is RefusalCode.LIMIT_REACHED
    hall.do(c.ReopenTicket(ticket=ticket, window=2, by_supervisor=True))
    assert (hall.at(2), hall.day.windows[1].done_count) == (ticket, 0)
    assert hall.refused(c.ReopenTicket(ticket=ticket, window=1)) is RefusalCode.WRONG_STATE


def test_priority_is_claimed_at_the_kiosk_and_seen_by_staff() -> None:
    hall = AHall().opened()
    ticket = hall.issue(ground="elder")
    grant = hall.ticket(ticket).grant
    assert grant is not None
    assert (grant.ground, grant.proof, grant.by) == ("elder", "claimed", "kiosk:1")
    hall.do(c.GrantPriority(ticket=ticket, ground="elder", proof="seen"))
    assert hall.do(c.GrantPriority(ticket=ticket, ground="elder", proof="seen")) == []
    assert hall.ticket(ticket).number == "A001"
    assert hall.day.snapshot().granted_waiting == 1
    by_staff = hall.issue(ground="elder", actor="clerk:3")
    assert hall.ticket(by_staff).grant is not None
    assert hall.ticket(by_staff).source == "clerk:3"


def test_changing_to_the_same_matters_changes_nothing() -> None:
    hall = AHall().opened()
    ticket = hall.issue(matters=("SB-001",))
    assert hall.do(c.ChangeMatters(ticket=ticket, matters=("SB-001",))) == []
    hall.do(c.ChangeMatters(ticket=ticket, matters=("SB-001", "SB-002")))
    assert hall.ticket(ticket).matters == ("SB-001", "SB-002")
