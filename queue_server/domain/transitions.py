"""What may be done to a ticket in each state: the table of DESIGN 4.6, the only place where it is written down.

A missing pair is ``Refused(WRONG_STATE)``. Conditions beside the state (time, window, how often) are guards in the
``deciding_…`` modules; they can only refuse what the table allows.
"""

from __future__ import annotations

from typing import Final

from queue_server.domain import commands as c
from queue_server.domain.ticket import TicketState as S

TicketCommand = (
    c.CancelTicket | c.RejoinTicket | c.ReleaseTicket | c.GrantPriority | c.WithdrawPriority | c.ChangeMatters
    | c.ReinstateTicket | c.ReopenTicket | c.ReportSlip | c.CallTicket | c.RecallTicket | c.StartService
    | c.FinishService | c.MissTicket | c.HoldTicket | c.ResumeTicket | c.TransferTicket | c.UndoLastAct
)  # fmt: skip
"""Commands that name one ticket. ``CallNext``, ``VoidNumbers`` and ``CloseDay`` find theirs; they are in the table
for the reader."""

TRANSITIONS: Final[dict[tuple[S, type], frozenset[S]]] = {
    (S.WAITING, c.CallNext): frozenset({S.CALLED}),
    (S.WAITING, c.CallTicket): frozenset({S.CALLED}),
    (S.WAITING, c.CancelTicket): frozenset({S.CANCELLED}),
    (S.WAITING, c.VoidNumbers): frozenset({S.CANCELLED}),
    (S.WAITING, c.TransferTicket): frozenset({S.WAITING}),
    (S.WAITING, c.ReleaseTicket): frozenset({S.WAITING}),
    (S.WAITING, c.GrantPriority): frozenset({S.WAITING}),
    (S.WAITING, c.WithdrawPriority): frozenset({S.WAITING}),
    (S.WAITING, c.ChangeMatters): frozenset({S.WAITING}),
    (S.WAITING, c.CloseDay): frozenset({S.EXPIRED}),
    # The proof of a claimed grant is seen when its holder comes to the window.
    (S.CALLED, c.GrantPriority): frozenset({S.CALLED}),
    (S.SERVING, c.GrantPriority): frozenset({S.SERVING}),
    (S.CALLED, c.RecallTicket): frozenset({S.CALLED}),
    (S.CALLED, c.StartService): frozenset({S.SERVING}),
    (S.CALLED, c.FinishService): frozenset({S.DONE, S.WAITING}),
    (S.CALLED, c.MissTicket): frozenset({S.MISSED}),
    (S.CALLED, c.TransferTicket): frozenset({S.WAITING}),
    (S.CALLED, c.CancelTicket): frozenset({S.CANCELLED}),
    (S.CALLED, c.UndoLastAct): frozenset({S.WAITING}),
    (S.CALLED, c.CloseDay): frozenset({S.DONE}),
    (S.SERVING, c.CallNext): frozenset({S.DONE, S.WAITING}),
    (S.SERVING, c.FinishService): frozenset({S.DONE, S.WAITING}),
    (S.SERVING, c.HoldTicket): frozenset({S.HELD}),
    (S.SERVING, c.TransferTicket): frozenset({S.WAITING}),
    (S.SERVING, c.ChangeMatters): frozenset({S.SERVING}),
    (S.SERVING, c.UndoLastAct): frozenset({S.CALLED, S.MISSED}),
    (S.SERVING, c.CloseDay): frozenset({S.DONE}),
    (S.HELD, c.ResumeTicket): frozenset({S.SERVING}),
    (S.HELD, c.ReleaseTicket): frozenset({S.WAITING}),
    (S.HELD, c.FinishService): frozenset({S.DONE, S.WAITING}),
    (S.HELD, c.CancelTicket): frozenset({S.CANCELLED}),
    (S.HELD, c.CloseDay): frozenset({S.DONE}),
    (S.MISSED, c.RejoinTicket): frozenset({S.WAITING}),
    (S.MISSED, c.CallTicket): frozenset({S.SERVING}),
    (S.MISSED, c.UndoLastAct): frozenset({S.CALLED}),
    (S.MISSED, c.CloseDay): frozenset({S.EXPIRED}),
    (S.DONE, c.ReopenTicket): frozenset({S.SERVING}),
    (S.CANCELLED, c.ReinstateTicket): frozenset({S.WAITING}),
    (S.EXPIRED, c.ReinstateTicket): frozenset({S.WAITING}),
    # A word about the paper changes no state and is welcome in each.
    **{(state, c.ReportSlip): frozenset({state}) for state in S},
}
"""Finishing leads to waiting only for a ticket that was sent with a return: it goes back to the window that sent it."""


def allowed(state: S, command: type) -> bool:
    return (state, command) in TRANSITIONS
