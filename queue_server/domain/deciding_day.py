"""Deciding about the day itself, suspensions, help, and changes that are only noted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.deciding_desks import signing_off
from queue_server.domain.numbering import bad_letter
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.ticket import Outcome, TicketState
from queue_server.domain.window import HelpState

if TYPE_CHECKING:
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay


def open_day(day: HallDay, command: c.OpenDay, context: Context) -> Decision:
    """A day found open must be closed first, under its own date. Odd dates need a manager's confirmation.

    The last day may be opened again (closed by mistake): its numbers go on, so its rows must be folded here.
    """
    if day.open:
        return Refused(RefusalCode.DAY_OPEN, {"business_day": day.business_day})
    try:
        asked = date.fromisoformat(command.business_day)
    except ValueError:
        return Refused(RefusalCode.NOT_FOUND, {"business_day": command.business_day})
    letters = {**day.rules.own_letters, **command.letters}
    owner = bad_letter(letters)
    if owner is not None:
        return Refused(RefusalCode.WRONG_STATE, {"letter_of": owner, "letter": letters[owner]})
    if context.clock_doubt and not command.confirmed:
        return Refused(RefusalCode.CLOCK_DOUBT, {"business_day": command.business_day})
    if _odd(day, asked) and not command.confirmed:
        return Refused(
            RefusalCode.CONFIRM_NEEDED,
            {"business_day": command.business_day, "last_business_day": day.last_business_day},
        )
    if command.business_day == day.last_business_day != day.business_day:
        return Refused(RefusalCode.WRONG_STATE, {"business_day": command.business_day})
    opened = e.DayOpened(command.business_day, letters)
    return [opened] if command.business_day == day.business_day else [opened, *_still_suspended(day, context.now_us)]


def _still_suspended(day: HallDay, now_us: int) -> list[e.Event]:
    """A new day is folded from its own rows alone: what lasts over night is said again in its first."""
    return [
        e.SuspensionSet(each.code, each.until_us)
        for each in day.suspensions.values()
        if each.until_us is None or each.until_us > now_us
    ]


def _odd(day: HallDay, asked: date) -> bool:
    """Not after the last day, or too far after it."""
    if day.last_business_day is None:
        return False
    return not 1 <= (asked - date.fromisoformat(day.last_business_day)).days <= day.rules.max_days_ahead


def stop_issuing(day: HallDay) -> Decision:
    if not day.open or day.business_day is None:
        return Refused(RefusalCode.NO_DAY)
    return [e.IssuingStopped(day.business_day)] if day.issuing else []


def resume_issuing(day: HallDay) -> Decision:
    if not day.open or day.business_day is None:
        return Refused(RefusalCode.NO_DAY)
    return [] if day.issuing else [e.IssuingResumed(day.business_day)]


def close_day(day: HallDay, command: c.CloseDay, context: Context) -> Decision:
    """Refused while somebody is called, served or held, unless forced: then these end as ``closed_open``."""
    if not day.open or day.business_day is None:
        return Refused(RefusalCode.NO_DAY)
    there = list(day.at_windows())
    if there and not command.force:
        return Refused(RefusalCode.STILL_BUSY, {"count": len(there), "number": there[0].number})
    events: list[e.Event] = [
        e.ServiceFinished(
            ticket.id,
            ticket.window or 0,
            Outcome.CLOSED_OPEN.value,
            start_implied=ticket.state is TicketState.CALLED,
        )
        for ticket in there
    ]
    events += [e.TicketExpired(entry.ticket) for entry in day.lines.in_order()]
    events += [e.TicketExpired(ticket) for ticket in day.missed]
    for window in day.windows.values():
        events += signing_off(window)
    return [*events, e.DayClosed(day.business_day, command.force, context.anchor)]


def set_suspension(day: HallDay, command: c.SetSuspension, context: Context) -> Decision:
    """Lifted by an end that is not in the future."""
    if day.business_day is None:
        return Refused(RefusalCode.NO_DAY)
    lifts = command.until_us is not None and command.until_us <= context.now_us
    if lifts and command.code not in day.suspensions:
        return []
    return [e.SuspensionSet(command.code, command.until_us)]


def request_help(day: HallDay, command: c.RequestHelp) -> Decision:
    """Never refused for reasons of state once a first day was opened; a second press asks nothing new."""
    if day.business_day is None:
        return Refused(RefusalCode.NO_DAY)
    return [] if command.help in day.helps else [e.HelpRequested(command.help, command.place, command.urgent)]


def take_help(day: HallDay, command: c.TakeHelp, context: Context) -> Decision:
    asked = day.helps.get(command.help)
    if asked is None:
        return Refused(RefusalCode.NOT_FOUND, {"help": command.help})
    if asked.state is HelpState.TAKEN and asked.taken_by == context.actor:
        return []
    if asked.state is not HelpState.ASKED:
        return Refused(RefusalCode.WRONG_STATE, {"help": asked.id, "state": asked.state, "by": asked.taken_by})
    return [e.HelpTaken(asked.id, context.actor)]


def finish_help(day: HallDay, command: c.FinishHelp, context: Context) -> Decision:
    asked = day.helps.get(command.help)
    if asked is None:
        return Refused(RefusalCode.NOT_FOUND, {"help": command.help})
    return [] if asked.state is HelpState.DONE else [e.HelpDone(asked.id, context.actor)]


def note_change(command: c.ChangeRecord | c.ErasePersonalData | c.RedactRow, context: Context) -> Decision:
    """Rights and the rows themselves are the caller's; the journal only has to say that it happened."""
    match command:
        case c.ChangeRecord():
            return [e.RecordChanged(command.table, command.id, command.version, command.content_hash)]
        case c.ErasePersonalData():
            return [e.PersonalDataErased(command.table, command.count, command.rule)]
        case c.RedactRow():
            if command.second == context.actor:
                return Refused(RefusalCode.CONFIRM_NEEDED, {"seq": command.seq})
            return [e.RowRedacted(command.seq, context.actor, command.second)]
