"""Taking back the window's last act: ten seconds, and only while nothing else touched ticket or window."""

from __future__ import annotations

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.ticket import TicketState
from tests.queue_server.domain.a_hall import AHall


def called() -> tuple[AHall, str]:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    return hall, ticket


def undo(ticket: str) -> c.UndoLastAct:
    return c.UndoLastAct(window=1, ticket=ticket)


def test_undo_of_a_call_puts_the_ticket_back_and_withdraws_the_announcement() -> None:
    hall, ticket = called()
    call, seq = hall.ticket(ticket).announcement or "", len(hall.rows)
    hall.wait(10)
    assert hall.do(undo(ticket)) == [
        e.ActUndone("TicketCalled", seq, ticket, 1),
        e.AnnouncementWithdrawn(call),
    ]
    window = hall.day.windows[1]
    assert (hall.state(ticket), window.ticket, window.called_count) == (TicketState.WAITING, None, 0)
    assert window.please_wait == ("A001", hall.now_us)
    assert hall.day.announcements[call].withdrawn
    assert hall.day.snapshot().next_for(1) == hall.ticket(ticket)


def test_undo_of_a_call_gives_back_what_it_counted() -> None:
    hall = AHall().opened()
    ordinary, granted = hall.issue(), hall.issue(ground="disabled")
    hall.wait(60)
    assert hall.call_next() == granted
    assert (hall.ticket(ordinary).overtaken, hall.day.granted_in_row) == (1, 1)
    hall.do(undo(granted))
    assert (hall.ticket(ordinary).overtaken, hall.day.granted_in_row) == (0, 0)


def test_undo_of_finish_and_call_takes_back_the_call_alone() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    hall.start(first)
    hall.call_next()
    hall.do(undo(second))
    assert (hall.state(first), hall.state(second)) == (TicketState.DONE, TicketState.WAITING)
    hall.do(c.ReopenTicket(ticket=first, window=1))
    assert hall.at(1) == first


def test_undo_of_start_and_of_miss_lead_back_to_called() -> None:
    hall, ticket = called()
    hall.start(ticket)
    assert hall.do(undo(ticket))[0] == e.ActUndone("ServiceStarted", len(hall.rows) - 1, ticket, 1)
    assert (hall.state(ticket), hall.at(1), hall.ticket(ticket).started_at_us) == (TicketState.CALLED, ticket, None)
    hall.miss(ticket)
    assert (hall.at(1), hall.day.windows[1].missed_count) == (None, 1)
    hall.do(undo(ticket))
    assert (hall.state(ticket), hall.at(1)) == (TicketState.CALLED, ticket)
    assert (hall.day.windows[1].missed_count, list(hall.day.missed)) == (0, [])


def test_undo_of_a_call_at_the_desk_leads_back_to_missed() -> None:
    hall, ticket = called()
    hall.miss(ticket)
    hall.wait(30)
    hall.do(c.CallTicket(window=1, ticket=ticket, announcement="desk"))
    assert hall.state(ticket) is TicketState.SERVING
    hall.do(undo(ticket))
    assert (hall.state(ticket), hall.at(1)) == (TicketState.MISSED, None)
    assert hall.day.windows[1].please_wait is None


def test_after_ten_seconds_it_is_too_late() -> None:
    hall, ticket = called()
    hall.wait(10.001)
    assert hall.refused(undo(ticket)) is RefusalCode.NOTHING_TO_UNDO


def test_an_act_is_taken_back_once() -> None:
    hall, ticket = called()
    hall.start(ticket)
    hall.do(undo(ticket))
    assert hall.refused(undo(ticket)) is RefusalCode.NOTHING_TO_UNDO


@pytest.mark.parametrize("touch", ["pause", "recall", "priority", "next"])
def test_what_was_touched_since_cannot_be_taken_back(touch: str) -> None:
    hall, ticket = called()
    match touch:
        case "pause":
            hall.do(c.PauseWindow(window=1, ground="lunch"))
        case "recall":
            hall.do(c.RecallTicket(window=1, ticket=ticket, announcement="r", by_supervisor=True))
        case "priority":
            hall.start(ticket)
            hall.do(c.ChangeMatters(ticket=ticket, matters=("SB-001",)), actor="clerk:9")
        case _:
            hall.miss(ticket)
            hall.issue()
            hall.do(c.CallNext(window=1, announcement="n"))
            hall.do(c.FinishService(window=1, ticket=hall.at(1) or ""))
    assert hall.refused(undo(ticket)) is RefusalCode.NOTHING_TO_UNDO


def test_acts_at_other_windows_and_words_about_the_paper_do_not_count_as_touching() -> None:
    hall, ticket = called()
    other = hall.issue()
    hall.do(c.CallNext(window=2, announcement="x"))
    hall.start(other)
    hall.do(c.ReportSlip(ticket=ticket, result="not_printed", copy=1), actor="kiosk:1")
    hall.do(undo(ticket))
    back = hall.ticket(ticket)
    assert (back.state, back.printed, back.copies) == (TicketState.WAITING, "not_printed", 1)
    assert hall.at(2) == other
