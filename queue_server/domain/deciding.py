"""``decide``: what a command leads to on this day. Pure: reads the day, writes nothing, knows no clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from queue_server.domain import commands as c
from queue_server.domain import deciding_calls as calls
from queue_server.domain import deciding_day as days
from queue_server.domain import deciding_desks as desks
from queue_server.domain import deciding_grants as grants
from queue_server.domain import deciding_services as services
from queue_server.domain import deciding_tickets as tickets
from queue_server.domain.context import Context, Decision
from queue_server.domain.deciding_bookings import BookingCommand, decide_booking
from queue_server.domain.deciding_joins import join_ticket

if TYPE_CHECKING:
    from queue_server.domain.hall_day import HallDay

__all__ = ["Context", "Decision", "decide"]

DayCommand = (
    c.OpenDay | c.StopIssuing | c.ResumeIssuing | c.CloseDay | c.SetSuspension | c.RequestHelp | c.TakeHelp
    | c.FinishHelp | c.ChangeRecord | c.ErasePersonalData | c.RedactRow
)  # fmt: skip
PaperCommand = c.IssueTicket | c.JoinTicket | c.ReportSlip
QueueCommand = (
    c.CancelTicket | c.VoidNumbers | c.RejoinTicket | c.ReleaseTicket | c.GrantPriority | c.WithdrawPriority
    | c.ChangeMatters | c.ReinstateTicket | c.TransferTicket
)  # fmt: skip
DeskCommand = c.OpenShift | c.TakeOverShift | c.CloseShift | c.OpenWindow | c.PauseWindow | c.CloseWindow
CallCommand = c.CallNext | c.CallTicket | c.RecallTicket | c.UndoLastAct | c.ReportUnconfirmed
ServiceCommand = (
    c.StartService | c.FinishService | c.MissTicket | c.HoldTicket | c.ResumeTicket | c.ReopenTicket
)  # fmt: skip


def decide(day: HallDay, command: c.Command, context: Context) -> Decision:
    """The events to write as one row, in order, or ``Refused``. Never changes the day: apply the events for that.

    An empty list is an acceptance with nothing to change (nobody waits, already so). ``CallNext`` with nobody waiting
    gives only what finishes the ticket that was being served, or the empty list: no ``TicketCalled`` in it.
    """
    if isinstance(command, DayCommand):
        return _decide_day(day, command, context)
    if isinstance(command, PaperCommand):
        return _decide_paper(day, command, context)
    if isinstance(command, QueueCommand):
        return _decide_queue(day, command, context)
    if isinstance(command, DeskCommand):
        return _decide_desk(day, command)
    if isinstance(command, CallCommand):
        return _decide_call(day, command, context)
    if isinstance(command, BookingCommand):
        return decide_booking(day, command, context)
    return _decide_service(day, command, context)


def _decide_day(day: HallDay, command: DayCommand, context: Context) -> Decision:
    match command:
        case c.OpenDay():
            return days.open_day(day, command, context)
        case c.StopIssuing():
            return days.stop_issuing(day)
        case c.ResumeIssuing():
            return days.resume_issuing(day)
        case c.CloseDay():
            return days.close_day(day, command, context)
        case c.SetSuspension():
            return days.set_suspension(day, command, context)
        case c.RequestHelp():
            return days.request_help(day, command)
        case c.TakeHelp():
            return days.take_help(day, command, context)
        case c.FinishHelp():
            return days.finish_help(day, command, context)
        case c.ChangeRecord() | c.ErasePersonalData() | c.RedactRow():
            return days.note_change(command, context)
        case _:
            assert_never(command)


def _decide_paper(day: HallDay, command: PaperCommand, context: Context) -> Decision:
    match command:
        case c.IssueTicket():
            return tickets.issue_ticket(day, command, context)
        case c.JoinTicket():
            return join_ticket(day, command, context)
        case c.ReportSlip():
            return tickets.report_slip(day, command)
        case _:
            assert_never(command)


def _decide_queue(day: HallDay, command: QueueCommand, context: Context) -> Decision:
    match command:
        case c.CancelTicket():
            return tickets.cancel_ticket(day, command, context)
        case c.VoidNumbers():
            return tickets.void_numbers(day, command, context)
        case c.RejoinTicket():
            return tickets.rejoin_ticket(day, command)
        case c.ReleaseTicket():
            return tickets.release_ticket(day, command, context)
        case c.GrantPriority():
            return grants.grant_priority(day, command, context)
        case c.WithdrawPriority():
            return grants.withdraw_priority(day, command, context)
        case c.ChangeMatters():
            return tickets.change_matters(day, command, context)
        case c.ReinstateTicket():
            return tickets.reinstate_ticket(day, command, context)
        case c.TransferTicket():
            return tickets.transfer_ticket(day, command)
        case _:
            assert_never(command)


def _decide_desk(day: HallDay, command: DeskCommand) -> Decision:
    match command:
        case c.OpenShift():
            return desks.open_shift(day, command)
        case c.TakeOverShift():
            return desks.take_over_shift(day, command)
        case c.CloseShift():
            return desks.close_shift(day, command)
        case c.OpenWindow():
            return desks.open_window(day, command)
        case c.PauseWindow():
            return desks.pause_window(day, command)
        case c.CloseWindow():
            return desks.close_window(day, command)
        case _:
            assert_never(command)


def _decide_call(day: HallDay, command: CallCommand, context: Context) -> Decision:
    match command:
        case c.CallNext():
            return calls.call_next(day, command, context)
        case c.CallTicket():
            return calls.call_ticket(day, command, context)
        case c.RecallTicket():
            return calls.recall_ticket(day, command, context)
        case c.UndoLastAct():
            return calls.undo_last_act(day, command, context)
        case c.ReportUnconfirmed():
            return calls.report_unconfirmed(day, command)
        case _:
            assert_never(command)


def _decide_service(day: HallDay, command: ServiceCommand, context: Context) -> Decision:
    match command:
        case c.StartService():
            return services.start_service(day, command)
        case c.FinishService():
            return services.finish_service(day, command)
        case c.MissTicket():
            return services.miss_ticket(day, command, context)
        case c.HoldTicket():
            return services.hold_ticket(day, command)
        case c.ResumeTicket():
            return services.resume_ticket(day, command)
        case c.ReopenTicket():
            return services.reopen_ticket(day, command, context)
        case _:
            assert_never(command)
