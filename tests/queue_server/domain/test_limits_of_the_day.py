"""Quotas per matter and part of the day, several matters on one number, numbers voided by one act, issuing resumed."""

from __future__ import annotations

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.deciding_tickets import MATTERS_MAX
from queue_server.domain.quota import Quota, minute_of
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import TicketKind, TicketState
from tests.queue_server.domain.a_hall import AHall

HOUR_S = 3600
MORNING = Quota(matter="LAW-1", limit=2, begins="8:00", ends="12:00")


def asked(hall: AHall, *matters: str, actor: str = "kiosk:1") -> list[e.Event] | Refused:
    name = hall.name("q")
    return hall.ask(c.IssueTicket(ticket=name, track="k" + name, matters=matters), actor=actor)


def test_a_full_quota_refuses_that_matter_and_no_other() -> None:
    hall = AHall(1, Rules(quotas=(MORNING,))).opened()
    for _ in range(2):
        hall.issue(matters=("LAW-1",))
    full = asked(hall, "SB-1", "LAW-1")
    assert isinstance(full, Refused)
    assert (full.code, full.facts) == (RefusalCode.QUOTA_FULL, {"limit": 2, "matter": "LAW-1"})
    assert not isinstance(asked(hall, "SB-1"), Refused)
    assert not isinstance(asked(hall), Refused), "a number without a matter is always given"


def test_the_afternoon_has_its_own_quota_and_a_cancelled_number_gives_its_place_back() -> None:
    hall = AHall(1, Rules(quotas=(MORNING, Quota(matter="LAW-1", limit=1, begins="13:00", ends="17:00")))).opened()
    first, _ = hall.issue(matters=("LAW-1",)), hall.issue(matters=("LAW-1",))
    assert isinstance(asked(hall, "LAW-1"), Refused)
    hall.do(c.CancelTicket(ticket=first))
    assert not isinstance(asked(hall, "LAW-1"), Refused)
    hall.wait(5 * HOUR_S)
    assert not isinstance(asked(hall, "LAW-1"), Refused)
    assert isinstance(asked(hall, "LAW-1"), Refused)


def test_staff_may_give_one_more_and_a_matter_added_later_counts() -> None:
    hall = AHall(1, Rules(quotas=(MORNING,))).opened()
    ticket = hall.issue()
    hall.do(c.ChangeMatters(ticket=ticket, matters=("LAW-1",), add=True))
    hall.issue(matters=("LAW-1",))
    assert isinstance(asked(hall, "LAW-1"), Refused)
    assert not isinstance(asked(hall, "LAW-1", actor="clerk:1"), Refused)


def test_adding_the_matter_at_a_kiosk_is_no_way_round_its_quota() -> None:
    hall = AHall(1, Rules(quotas=(MORNING, Quota(limit=3)))).opened()
    plain = hall.issue()
    for _ in range(2):
        hall.issue(matters=("LAW-1",))
    adding = c.ChangeMatters(ticket=plain, matters=("LAW-1",), add=True)
    assert hall.refused(adding, actor="kiosk:1") is RefusalCode.QUOTA_FULL
    hall.do(c.ChangeMatters(ticket=plain, matters=("SB-1",), add=True), actor="kiosk:1")
    hall.do(adding)
    assert hall.do(adding, actor="kiosk:1") == [], "it is there already"


def test_a_matter_taken_off_gives_its_place_back_and_put_on_again_counts_once() -> None:
    hall = AHall(1, Rules(quotas=(MORNING,))).opened()
    ticket = hall.issue(matters=("LAW-1",))
    hall.do(c.ChangeMatters(ticket=ticket, matters=("SB-1",)))
    hall.do(c.ChangeMatters(ticket=ticket, matters=("LAW-1",)))
    assert not isinstance(asked(hall, "LAW-1"), Refused)
    assert isinstance(asked(hall, "LAW-1"), Refused)
    hall.do(c.ChangeMatters(ticket=ticket, matters=("SB-1",)))
    assert not isinstance(asked(hall, "LAW-1"), Refused)


def test_a_quota_of_the_whole_hall_counts_every_number() -> None:
    hall = AHall(1, Rules(quotas=(Quota(limit=3),))).opened()
    for _ in range(3):
        hall.issue()
    assert isinstance(asked(hall), Refused)
    assert hall.refolded().by_quota == hall.day.by_quota


@pytest.mark.parametrize("wrong", ["9", "25:00", "9:60", "24:01", "-1:00", "a:00", "9:5"])
def test_what_is_no_time_of_a_day(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        minute_of(wrong)


def test_departments_may_have_letters_that_never_change_the_order() -> None:
    hall = AHall(1, Rules(department_letters={"SB": "S", "MZ": "B"})).opened()
    given = [hall.issue(matters=each) for each in (("MZ-1",), ("SB-2", "MZ-1"), (), ("NY-1",), ("SB-1",))]
    given.append(hall.issue(matters=("SB-1",), kind=TicketKind.COLLECTION))
    assert [hall.ticket(each).number for each in given] == ["B001", "S001", "A001", "A002", "S002", "C001"]
    called = []
    for _ in given:
        called.append(hall.call_next())
        hall.do(c.FinishService(window=1, ticket=called[-1] or ""))
    assert called == given
    same = c.OpenDay(business_day="2026-03-03", letters={"kiosk:1": "S"})
    hall.do(c.CloseDay())
    assert hall.refused(same) is RefusalCode.WRONG_STATE


def test_matters_are_added_once_each_up_to_ten() -> None:
    hall = AHall(1).opened()
    ticket = hall.issue(matters=("a",))
    hall.do(c.ChangeMatters(ticket=ticket, matters=("b", "a"), add=True))
    assert hall.ticket(ticket).matters == ("a", "b")
    many = tuple(f"m{n}" for n in range(MATTERS_MAX))
    assert hall.refused(c.ChangeMatters(ticket=ticket, matters=many, add=True)) is RefusalCode.LIMIT_REACHED
    hall.do(c.ChangeMatters(ticket=ticket, matters=("c",)))
    assert hall.ticket(ticket).matters == ("c",)


def test_one_act_voids_a_run_of_one_kiosk_and_leaves_all_others() -> None:
    hall = AHall(1).opened()
    before, called = hall.issue(), hall.issue()
    hall.do(c.CallTicket(window=1, ticket=called, announcement="n", ground="urgent"))
    from_us = hall.now_us + 1
    run = [hall.issue() for _ in range(5)]
    other = hall.issue(actor="kiosk:2")
    until_us = hall.now_us + 1
    after = hall.issue()
    voiding = c.VoidNumbers(source="kiosk:1", from_us=from_us, until_us=until_us)
    assert hall.do(voiding) == [e.TicketCancelled(each, "clerk:1") for each in run]
    assert {hall.state(each) for each in run} == {TicketState.CANCELLED}
    assert [hall.state(each) for each in (before, other, after)] == [TicketState.WAITING] * 3
    assert hall.state(called) is TicketState.CALLED
    assert hall.do(voiding) == []
    hall.do(c.ReinstateTicket(ticket=run[2]))
    assert hall.state(run[2]) is TicketState.WAITING


def test_a_mistaken_stop_is_taken_back() -> None:
    hall = AHall(1).opened()
    hall.do(c.StopIssuing())
    assert isinstance(asked(hall), Refused)
    assert hall.do(c.ResumeIssuing()) == [e.IssuingResumed("2026-03-02")]
    assert hall.do(c.ResumeIssuing()) == []
    assert not isinstance(asked(hall), Refused)
    hall.do(c.CloseDay(force=True))
    assert hall.refused(c.ResumeIssuing()) is RefusalCode.NO_DAY
    assert hall.refused(c.VoidNumbers(source="kiosk:1", from_us=0, until_us=1)) is RefusalCode.NO_DAY


def test_who_is_bound_to_a_window_that_pauses_for_long_is_free_for_the_others() -> None:
    hall = AHall(2).opened()
    ticket = hall.issue()
    hall.do(c.TransferTicket(ticket=ticket, to="window:2"))
    hall.do(c.PauseWindow(window=2, ground="meal"))
    hall.wait(9 * 60)
    hall.do(c.PauseWindow(window=2, ground="meeting"))
    assert hall.call_next(1) is None
    hall.wait(60)
    assert hall.call_next(1) == ticket
