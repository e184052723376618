"""Every state × every command: exactly the table of DESIGN 4.6, written here a second time and in its own words."""

from __future__ import annotations

import pytest

from queue_server.domain import commands as c
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import TicketState
from queue_server.domain.transitions import TRANSITIONS, TicketCommand
from tests.queue_server.domain.a_hall import AHall

TABLE = """
waiting   CallTicket->called CancelTicket->cancelled TransferTicket->waiting ReleaseTicket->waiting
waiting   GrantPriority->waiting WithdrawPriority->waiting ChangeMatters->waiting
called    GrantPriority->called
serving   GrantPriority->serving
called    RecallTicket->called StartService->serving FinishService->done MissTicket->missed TransferTicket->waiting
called    CancelTicket->cancelled UndoLastAct->waiting
serving   FinishService->done HoldTicket->held TransferTicket->waiting UndoLastAct->called ChangeMatters->serving
held      ResumeTicket->serving ReleaseTicket->waiting FinishService->done CancelTicket->cancelled
missed    RejoinTicket->waiting CallTicket->serving UndoLastAct->called
done      ReopenTicket->serving
cancelled ReinstateTicket->waiting
expired   ReinstateTicket->waiting
"""
PAPER = "ReportSlip"
COMMANDS: tuple[type, ...] = TicketCommand.__args__


def expected() -> dict[tuple[str, str], str]:
    pairs = {(state.value, PAPER): state.value for state in TicketState}
    for line in TABLE.strip().splitlines():
        state, *acts = line.split()
        pairs |= {(state, act.split("->")[0]): act.split("->")[1] for act in acts}
    return pairs


def a_ticket(state: TicketState) -> tuple[AHall, str]:
    hall = AHall(2).opened()
    ticket = hall.issue()
    match state:
        case TicketState.WAITING:
            return hall, ticket
        case TicketState.CANCELLED:
            hall.do(c.CancelTicket(ticket=ticket))
            return hall, ticket
        case TicketState.EXPIRED:
            hall.do(c.CloseDay())
            hall.do(c.OpenDay(business_day="2026-03-02", letters={}, confirmed=True))
            hall.sign_on(1)
            hall.sign_on(2)
            return hall, ticket
        case _:
            hall.call_next(1)
    match state:
        case TicketState.SERVING | TicketState.HELD:
            hall.start(ticket)
            if state is TicketState.HELD:
                hall.do(c.HoldTicket(window=1, ticket=ticket))
        case TicketState.DONE:
            hall.do(c.FinishService(window=1, ticket=ticket))
        case TicketState.MISSED:
            hall.miss(ticket)
        case _:
            pass
    return hall, ticket


def a_command(kind: type, hall: AHall, ticket: str) -> c.Command:
    """The command with everything said that its other conditions could ask for."""
    window = hall.ticket(ticket).window
    match kind.__name__:
        case "TransferTicket":
            return c.TransferTicket(ticket=ticket, to="window:2", window=window)
        case "GrantPriority":
            return c.GrantPriority(ticket=ticket, ground="disabled", proof="seen")
        case "ChangeMatters":
            return c.ChangeMatters(ticket=ticket, matters=("SB-001",))
        case "ReopenTicket":
            return c.ReopenTicket(ticket=ticket, window=1)
        case "ReportSlip":
            return c.ReportSlip(ticket=ticket, result="printed", copy=0)
        case "CallTicket":
            return c.CallTicket(window=1, ticket=ticket, announcement="by-hand", ground="urgent")
        case "RecallTicket":
            return c.RecallTicket(window=1, ticket=ticket, announcement="again", by_supervisor=True)
        case "MissTicket":
            return c.MissTicket(window=1, ticket=ticket, ground="gone", by_supervisor=True)
        case "CancelTicket" | "RejoinTicket" | "ReleaseTicket" | "ReinstateTicket" | "WithdrawPriority":
            return kind(ticket=ticket)  # type: ignore[no-any-return]
        case _:
            return kind(window=1, ticket=ticket)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("state", TicketState, ids=str)
def test_every_state_and_command_is_as_the_table_says(state: TicketState, kind: type) -> None:
    hall, ticket = a_ticket(state)
    assert hall.state(ticket) is state
    before = hall.day.snapshot()
    outcome = hall.ask(a_command(kind, hall, ticket))
    wanted = expected().get((state.value, kind.__name__))
    if wanted is None:
        assert isinstance(outcome, Refused)
        assert outcome.code is RefusalCode.WRONG_STATE
        assert hall.day.snapshot() == before
    else:
        assert not isinstance(outcome, Refused), outcome
        assert hall.state(ticket) == wanted
        assert TicketState(wanted) in TRANSITIONS[state, kind]


def test_the_table_has_no_pair_more() -> None:
    named = {(s.value, k.__name__) for s, k in TRANSITIONS if k not in {c.CallNext, c.CloseDay, c.VoidNumbers}}
    assert named == set(expected())


def test_the_walk_knows_every_command_that_names_a_ticket() -> None:
    naming = {kind for kind in c.Command.__args__ if "ticket" in kind.__annotations__}
    assert naming - {c.IssueTicket, c.JoinTicket, c.CallNext} == set(COMMANDS)


def test_closing_the_day_ends_every_ticket_as_the_table_says() -> None:
    for state in (s for s, kind in TRANSITIONS if kind is c.CloseDay):
        hall, ticket = a_ticket(state)
        hall.do(c.CloseDay(force=True))
        assert {hall.state(ticket)} == TRANSITIONS[state, c.CloseDay]
