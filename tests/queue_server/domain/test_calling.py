"""Call-next, calls by hand, recalls and misses: who may do what when (DESIGN 4.6)."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import SECOND_US, Rules, WindowConfig
from queue_server.domain.ticket import Outcome, TicketState
from tests.queue_server.domain.a_hall import AHall


def next_at(hall: AHall, window: int = 1, *, ticket: str | None = None, supervisor: bool = False) -> c.CallNext:
    return c.CallNext(window=window, announcement=hall.name("a"), ticket=ticket, by_supervisor=supervisor)


def test_the_longest_waiting_is_called_and_the_reason_kept() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    hall.wait(60)
    (called,) = hall.do(next_at(hall))
    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.overtaken) == (first, ())
    assert called.reason == e.Reason(promise=None, credit=1016, runner_up=second, runner_credit=1000)
    assert hall.day.announcements[called.announcement].reason == called.reason


def test_nobody_waiting_changes_nothing() -> None:
    hall = AHall().opened()
    assert hall.do(next_at(hall)) == []
    assert hall.at(1) is None


def test_while_serving_it_finishes_and_calls_in_one() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    hall.start(first)
    hall.wait(10)
    finished, called = hall.do(next_at(hall, ticket=first))
    assert finished == e.ServiceFinished(first, 1, "done")
    assert isinstance(called, e.TicketCalled)
    assert (hall.state(first), hall.at(1)) == (TicketState.DONE, second)


def test_while_serving_with_nobody_waiting_it_only_finishes() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    hall.start(ticket)
    hall.wait(10)
    assert hall.do(next_at(hall, ticket=ticket)) == [e.ServiceFinished(ticket, 1, "done")]
    assert hall.at(1) is None


def test_within_ten_seconds_of_a_call_it_is_a_double_press_whatever_the_page_knew() -> None:
    hall = AHall().opened()
    first = hall.issue()
    hall.issue()
    hall.do(next_at(hall))
    hall.wait(9.5)
    for believed in (None, first):
        outcome = hall.ask(next_at(hall, ticket=believed))
        assert outcome == Refused(RefusalCode.TOO_SOON, {"wait_s": 1})


def test_later_while_called_the_clerk_must_say_which() -> None:
    hall = AHall().opened()
    first = hall.issue()
    hall.issue()
    hall.do(next_at(hall))
    hall.wait(10)
    assert hall.refused(next_at(hall, ticket=first)) is RefusalCode.SAY_WHICH
    assert hall.refused(next_at(hall, ticket=None)) is RefusalCode.STALE


def test_the_double_press_guard_does_not_bind_supervisors() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    hall.do(next_at(hall))
    hall.start(first)
    hall.do(next_at(hall, ticket=first, supervisor=True))
    assert hall.at(1) == second


def test_call_next_needs_a_shift_and_an_open_window() -> None:
    hall = AHall().opened(windows=False)
    hall.issue()
    assert hall.refused(next_at(hall)) is RefusalCode.NOT_SIGNED_ON
    hall.do(c.OpenShift(window=1, clerk=1, shift="s"))
    assert hall.refused(next_at(hall)) is RefusalCode.WINDOW_NOT_OPEN
    hall.do(c.OpenWindow(window=1))
    hall.do(c.PauseWindow(window=1, ground="lunch"))
    assert hall.refused(next_at(hall)) is RefusalCode.WINDOW_NOT_OPEN
    assert hall.refused(next_at(hall, 9)) is RefusalCode.NOT_FOUND


def test_two_windows_never_call_the_same_ticket() -> None:
    hall = AHall(3).opened()
    tickets = {hall.issue() for _ in range(3)}
    for window in (1, 2, 3):
        hall.do(next_at(hall, window))
    assert {hall.at(1), hall.at(2), hall.at(3)} == tickets


def test_every_act_at_a_window_with_another_ticket_there_is_stale_and_says_which() -> None:
    hall = AHall().opened()
    old, present = hall.issue(), hall.issue()
    hall.call_next()
    hall.do(c.FinishService(window=1, ticket=old))
    hall.call_next()
    for command in (
        c.StartService(window=1, ticket=old),
        c.FinishService(window=1, ticket=old),
        c.RecallTicket(window=1, ticket=old, announcement="x"),
        c.MissTicket(window=1, ticket=old),
        c.HoldTicket(window=1, ticket=old),
        c.TransferTicket(window=1, ticket=old, to="window:2"),
        c.UndoLastAct(window=1, ticket=old),
        next_at(hall, ticket=old, supervisor=True),
    ):
        outcome = hall.ask(command)
        assert isinstance(outcome, Refused)
        assert outcome.code is RefusalCode.STALE, command
        assert outcome.facts == {"window": 1, "ticket": present, "number": "A002", "state": "called"}


def test_an_act_on_a_ticket_at_another_window_is_stale() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    assert hall.refused(c.StartService(window=2, ticket=ticket)) is RefusalCode.STALE
    assert hall.refused(c.TransferTicket(ticket=ticket, to="window:2")) is RefusalCode.STALE
    assert hall.refused(c.StartService(window=1, ticket="nobody")) is RefusalCode.NOT_FOUND


def test_calls_by_hand_need_a_ground_and_are_counted() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    command = c.CallTicket(window=1, ticket=second, announcement="a", by_supervisor=True)
    assert hall.refused(command) is RefusalCode.GROUND_NEEDED
    (called,) = hall.do(c.CallTicket(window=1, ticket=second, announcement="a", ground="urgent"))
    assert isinstance(called, e.TicketCalled)
    assert (called.reason.promise, called.reason.ground, called.overtaken) == ("by_hand", "urgent", (first,))
    assert hall.ticket(first).overtaken == 1
    assert hall.day.windows[1].by_hand_count == 1
    assert hall.refused(c.CallTicket(window=1, ticket=first, announcement="b", ground="x")) is RefusalCode.STILL_BUSY


def test_a_window_calls_by_hand_only_what_it_may_serve() -> None:
    rules = Rules(matter_skills={"LAW-1": "law"})
    hall = AHall([WindowConfig(1), WindowConfig(2, ("integrated", "law"))], rules).opened()
    ticket = hall.issue(matters=("LAW-1",))
    assert hall.do(next_at(hall, 1)) == []
    by_hand = c.CallTicket(window=1, ticket=ticket, announcement="a", ground="urgent")
    assert hall.refused(by_hand) is RefusalCode.CANNOT_SERVE
    assert hall.call_next(2) == ticket


def test_recalls_keep_their_distance_from_the_spoken_call() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    call = hall.ticket(ticket).announcement or ""
    again = c.RecallTicket(window=1, ticket=ticket, announcement="r1")
    spoken = {call: hall.now_us + 5 * SECOND_US}
    hall.wait(19.5)
    assert hall.ask(again) == Refused(RefusalCode.NOT_YET, {"wait_s": 1})
    hall.wait(0.5)
    assert hall.ask(again, spoken=spoken) == Refused(RefusalCode.NOT_YET, {"wait_s": 5})
    hall.do(again)
    assert (hall.ticket(ticket).recalls, hall.ticket(ticket).call) == (1, call)
    assert hall.day.announcements["r1"].repeat == 1
    hall.do(c.RecallTicket(window=1, ticket=ticket, announcement="r2", by_supervisor=True))


def test_a_clerk_misses_after_two_recalls_and_the_gap_a_supervisor_with_a_ground() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    miss = c.MissTicket(window=1, ticket=ticket)
    assert hall.ask(miss) == Refused(RefusalCode.NOT_YET, {"wait_s": 20, "recalls_left": 2})
    for name in ("r1", "r2"):
        hall.wait(20)
        assert hall.refused(miss) is RefusalCode.NOT_YET
        hall.do(c.RecallTicket(window=1, ticket=ticket, announcement=name))
    hall.wait(19)
    assert hall.ask(miss) == Refused(RefusalCode.NOT_YET, {"wait_s": 1, "recalls_left": 0})
    no_ground = c.MissTicket(window=1, ticket=ticket, by_supervisor=True)
    assert hall.refused(no_ground) is RefusalCode.GROUND_NEEDED
    hall.wait(1)
    hall.do(miss)
    assert (hall.state(ticket), list(hall.day.missed)) == (TicketState.MISSED, [ticket])


def test_finish_from_called_says_that_the_start_is_implied() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    finish = c.FinishService(window=1, ticket=ticket, outcome=Outcome.LEFT)
    assert hall.do(finish) == [e.ServiceFinished(ticket, 1, "left", start_implied=True)]
    assert hall.day.windows[1].done_count == 1


def test_an_unconfirmed_announcement_is_noted_once() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next()
    call = hall.ticket(ticket).announcement or ""
    assert hall.do(c.ReportUnconfirmed(announcement=call)) == [e.AnnouncementUnconfirmed(call)]
    assert hall.do(c.ReportUnconfirmed(announcement=call)) == []
    assert hall.refused(c.ReportUnconfirmed(announcement="none")) is RefusalCode.NOT_FOUND
