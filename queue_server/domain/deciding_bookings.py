"""Deciding about bookings: made, moved, cancelled, not come; and what a check-in makes of a number.

A booking is a record: its row travels beside the command and the event says only that it changed. The command names
the version it makes, so that a row read before somebody else's change is never written over it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.booking import Arrival, BookingState, arrival, barred_until_us, changeable, places
from queue_server.domain.clock import MINUTE_US, local_day, local_minute
from queue_server.domain.quota import clock_text
from queue_server.domain.refusals import RefusalCode, Refused

if TYPE_CHECKING:
    from queue_server.domain.booking import Booking, BookingFacts
    from queue_server.domain.context import Context, Decision
    from queue_server.domain.hall_day import HallDay

TABLE = "booking"
BookingCommand = c.MakeBooking | c.MoveBooking | c.CancelBooking | c.NoteNoShow


def decide_booking(day: HallDay, command: BookingCommand, context: Context) -> Decision:
    facts = context.booking
    if facts is None:
        return Refused(RefusalCode.BOOKING_UNKNOWN)
    if isinstance(command, c.MakeBooking):
        return _made(day, command, facts, context.now_us)
    booking = facts.booking
    if booking is None:
        return Refused(RefusalCode.BOOKING_UNKNOWN)
    if booking.state is not BookingState.BOOKED:
        return over(booking)
    if booking.version + 1 != command.version:
        return Refused(RefusalCode.BOOKING_CHANGED)
    if isinstance(command, c.NoteNoShow):
        return _not_come(day, command, facts, context.now_us)
    if not changeable(booking.begins_us, context.now_us, day.rules.booking, by_staff=command.by_supervisor):
        return Refused(RefusalCode.BOOKING_FIXED, {"minutes": day.rules.booking.change_until_min})
    if isinstance(command, c.MoveBooking):
        refused = _no_place(day, command, facts, context.now_us)
        if refused is not None:
            return refused
    return [_changed(command)]


def _made(day: HallDay, command: c.MakeBooking, facts: BookingFacts, now_us: int) -> Decision:
    refused = _no_place(day, command, facts, now_us)
    if refused is not None:
        return refused
    until_us = None if command.by_supervisor else barred_until_us(facts.no_shows_us, now_us, day.rules.booking)
    if until_us is not None:
        return Refused(RefusalCode.BOOKING_BARRED, {"day": local_day(until_us, day.rules.utc_offset_min)})
    return [_changed(command)]


def _no_place(day: HallDay, command: c.MakeBooking | c.MoveBooking, facts: BookingFacts, now_us: int) -> Refused | None:
    rules = day.rules.booking
    if command.begins_us <= now_us:
        return Refused(RefusalCode.SLOT_CLOSED)
    if facts.taken >= places(rules, len(day.configs), staffed=command.windows):
        return Refused(RefusalCode.SLOT_FULL)
    if facts.same_day >= rules.per_person_a_day:
        return Refused(RefusalCode.BOOKING_LIMIT, {"times": rules.per_person_a_day})
    return None


def _not_come(day: HallDay, command: c.NoteNoShow, facts: BookingFacts, now_us: int) -> Decision:
    """Only when its day is over: who comes late still comes."""
    booking = facts.booking
    if booking is None or booking.ends_us > now_us or (day.open and day.business_day == booking.business_day):
        return Refused(RefusalCode.NOT_YET)
    if command.counted is not facts.had_day:
        return Refused(RefusalCode.BOOKING_CHANGED)
    return [_changed(command)]


def _changed(command: BookingCommand) -> e.RecordChanged:
    return e.RecordChanged(TABLE, command.booking, command.version, command.content_hash)


# ---- check-in --------


def checked_in(day: HallDay, command: c.IssueTicket, context: Context) -> Booking | Refused | None:
    """The booking whose holder comes with this command, None when it names none, or why it cannot be now."""
    named = command.booking or command.found_booking
    if named is None:
        return None
    booking = context.booking.booking if context.booking is not None else None
    if booking is None:
        return Refused(RefusalCode.BOOKING_UNKNOWN)
    if booking.state is not BookingState.BOOKED:
        return over(booking)
    if booking.version + 1 != command.booking_version:
        return Refused(RefusalCode.BOOKING_CHANGED)
    if comes_when(booking, day, context) is Arrival.TOO_EARLY or (day.business_day or "") < booking.business_day:
        return Refused(RefusalCode.BOOKING_EARLY, _when(booking, day))
    return booking


def _when(booking: Booking, day: HallDay) -> dict[str, str | int | None]:
    """The slot's day and time, and from when a check-in is possible, on the hall's clock."""
    rules = day.rules
    opens_us = booking.begins_us - rules.booking.check_in_before_min * MINUTE_US
    slot, opens = (local_minute(each, rules.utc_offset_min) for each in (booking.begins_us, opens_us))
    return {"day": booking.business_day, "slot": clock_text(slot), "opens": clock_text(opens)}


def comes_when(booking: Booking, day: HallDay, context: Context) -> Arrival:
    """Late on a later day too. While no clock can say the hour, whoever comes on this day is neither early nor late."""
    if context.clock_doubt and day.business_day == booking.business_day:
        return Arrival.ON_TIME
    when = arrival(booking.begins_us, booking.ends_us, context.now_us, day.rules.booking)
    if when is not Arrival.TOO_EARLY and day.business_day != booking.business_day:
        return Arrival.LATE
    return when


def over(booking: Booking) -> Refused:
    """Why a booking that waits for nobody any more cannot be used: came already, or cancelled, or past."""
    if booking.state is BookingState.CAME:
        return Refused(RefusalCode.BOOKING_CAME, {"ticket": booking.ticket})
    return Refused(RefusalCode.BOOKING_OVER, {"state": booking.state})
