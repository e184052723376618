"""Folding what concerns the whole hall: its day, suspensions, help. Called by ``HallDay.apply`` alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from queue_server.domain import events as e
from queue_server.domain.window import Help, HelpState, Suspension

if TYPE_CHECKING:
    from queue_server.domain.day_view import RowHeader
    from queue_server.domain.hall_day import HallDay

DayEvent = e.DayOpened | e.IssuingStopped | e.IssuingResumed | e.DayClosed
HallEvent = (
    e.SuspensionSet | e.HelpRequested | e.HelpTaken | e.HelpDone | e.RecordChanged | e.PersonalDataErased
    | e.RowRedacted
)  # fmt: skip


def fold_day(day: HallDay, header: RowHeader, event: DayEvent) -> None:
    match event:
        case e.DayOpened():
            if event.business_day != day.business_day:
                day.forget()
                day.opened_at_us = header.at_us
            day.business_day = day.last_business_day = event.business_day
            day.letters, day.digest = dict(event.letters), event.digest
            day.open = day.issuing = True
            day.issuing_since_us = header.at_us
            day.closed_at_us, day.closed_seq, day.anchor, day.forced = None, None, None, False
        case e.IssuingStopped():
            day.issuing = False
        case e.IssuingResumed():
            day.issuing, day.issuing_since_us = True, header.at_us
        case e.DayClosed():
            day.open = day.issuing = False
            day.closed_at_us, day.closed_seq = header.at_us, header.seq
            day.anchor, day.forced = event.anchor, event.forced
        case _:
            assert_never(event)


def fold_hall(day: HallDay, header: RowHeader, event: HallEvent) -> None:
    match event:
        case e.SuspensionSet():
            day.suspensions.pop(event.code, None)
            if event.until_us is None or event.until_us > header.at_us:
                day.suspensions[event.code] = Suspension(event.code, header.at_us, event.until_us)
        case e.HelpRequested():
            day.helps[event.help] = Help(
                id=event.help,
                place=event.place,
                urgent=event.urgent,
                state=HelpState.ASKED,
                since_us=header.at_us,
            )
        case e.HelpTaken():
            day.helps[event.help] = replace(day.helps[event.help], state=HelpState.TAKEN, taken_by=event.by)
        case e.HelpDone():
            day.helps[event.help] = replace(day.helps[event.help], state=HelpState.DONE)
        case e.RecordChanged() | e.PersonalDataErased() | e.RowRedacted():
            # Records are the truth themselves; the journal says that they changed, the day's fold holds none of them.
            pass
        case _:
            assert_never(event)
