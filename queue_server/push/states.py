"""The three pushed states, made from the hall's view and its floor. Pure but for reading both."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from queue_server.domain.rules import INTEGRATED, SECOND_US
from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.domain.window import Window, WindowState
from queue_server.push.moments import moment, moment_or_none
from queue_server.push.ticket_views import number_in, queue_row, reason_view, window_view
from queue_server.service.announcements import manner
from queue_server.voice.words import sentence
from queue_server.wire import (
    API_PREFIX,
    ROWS_MAX,
    Alarm,
    BoardCall,
    BoardState,
    BoardWindow,
    ClosedDay,
    Forecast,
    GroundView,
    HallState,
    QueueState,
    SuspensionView,
    WindowView,
)

if TYPE_CHECKING:
    from queue_server.api.words import Words
    from queue_server.domain.choosing import Choice
    from queue_server.domain.day_view import DayView
    from queue_server.push.floor import Floor
    from queue_server.push.outlook import Outlook
    from queue_server.service.announcements import Announcement, Manner
    from queue_server.service.view import HallView
    from queue_server.settings import Settings, WindowSetting

MISSED_MAX = 60


def hall_state(view: HallView, settings: Settings, ahead: Outlook, forecast: Forecast | None, now_us: int) -> HallState:
    day, info = view.day, settings.hall
    is_open = day is not None and day.open
    issuing = day is not None and day.open and day.issuing
    return HallState(
        hall=info.name,
        centre=info.centre,
        phone=info.phone,
        open_from=ahead.sessions[0].partition("-")[0] if ahead.sessions else info.open_from,
        open_to=ahead.sessions[-1].partition("-")[2] if ahead.sessions else info.open_to,
        business_day=day.business_day if day is not None and is_open else None,
        day_open=is_open,
        issuing=issuing,
        why_not=_why_not(view, is_open=is_open, issuing=issuing),
        waiting=sum(waiting_by_kind(day).values()),
        waiting_by_kind=waiting_by_kind(day),
        open_windows=day.open_windows if day is not None and is_open else (),
        forecast=forecast,
        catalogue=view.records.catalogue.etag if view.records.catalogue else "none",
        letters=dict(day.letters) if day else {},
        public_url=settings.public_url,
        at=moment(now_us),
        seq=view.seq,
        training=settings.training,
        notice=notice(view, info.notice, now_us, ahead.places),
        missed_after=settings.rules.rejoin_after,
        missed_times=settings.rules.rejoins_a_day,
        closed=closed_day(day),
        sessions=ahead.sessions,
        opens_at=moment_or_none(ahead.opens_at_us),
        last_number_at=moment_or_none(ahead.last_number_us),
        places_left=ahead.places_left,
        grounds=ground_views(settings),
    )


def ground_views(settings: Settings) -> tuple[GroundView, ...]:
    return tuple(
        GroundView(code=each.code, name=each.name, name_en=each.name_en, proof=each.proof, kiosk=each.kiosk)
        for each in settings.grounds_in_force
    )


def closed_day(day: DayView | None) -> ClosedDay | None:
    """How the last day ended; None while one is open or none ever was."""
    if day is None or day.open or day.business_day is None or day.closed_at_us is None:
        return None
    tickets = tuple(day.tickets.values())
    expired = [each for each in tickets if each.state is TicketState.EXPIRED]
    return ClosedDay(
        business_day=day.business_day,
        opened_at=moment_or_none(day.opened_at_us),
        closed_at=moment(day.closed_at_us),
        rows=(day.closed_seq or 1) - 1,
        anchor=day.anchor or "",
        forced=day.forced,
        issued=len(tickets),
        served=day.count(TicketState.DONE),
        missed=sum(each.missed_at_us is not None for each in expired),
        left=sum(each.missed_at_us is None for each in expired),
        copies=sum(each.copies for each in tickets),
        first_number=tickets[0].number if tickets else None,
        last_number=tickets[-1].number if tickets else None,
    )


def _why_not(view: HallView, *, is_open: bool, issuing: bool) -> str | None:
    """A clock in doubt is told also while numbers are given: kiosks then print no time (DESIGN 4.5)."""
    if view.clock_doubt:
        return "clock_doubt"
    if issuing:
        return None
    return "stopped" if is_open else "closed"


def notice(view: HallView, standing: str, now_us: int, places: str) -> str:
    """What is suspended now, the longest first, how many can still be served, then the hall's standing notice."""
    texts = [each.text for each in suspended(view, now_us)]
    return "；".join(text for text in (*texts, places, standing) if text)


def suspended(view: HallView, now_us: int) -> tuple[SuspensionView, ...]:
    in_force = view.day.suspensions.values() if view.day is not None and view.day.open else ()
    texts = view.records.suspensions
    return tuple(
        SuspensionView(
            code=each.code,
            text=texts[each.code].text if each.code in texts else "",
            until=moment_or_none(each.until_us),
        )
        for each in in_force
        if each.until_us is None or each.until_us > now_us
    )


def waiting_by_kind(day: DayView | None) -> dict[str, int]:
    if day is None or not day.open:
        return {kind.value: 0 for kind in TicketKind}
    return {kind.value: day.counts.get((kind, TicketState.WAITING), 0) for kind in TicketKind}


# ---- board -----------------------------------------------------------------------------------------------------------


def board_state(
    view: HallView, floor: Floor, settings: Settings, zone: str, *, has_voice: bool,
    forecast: Forecast | None, ahead: Outlook, now_us: int,
) -> BoardState:  # fmt: skip
    day = view.day if view.day is not None and view.day.open else None
    newest = floor.announcements.newest(zone) if day else None
    waiting = floor.announcements.speaking(zone, now_us) if day else []
    how = manner(len(waiting))
    return BoardState(
        hall=settings.hall.name,
        windows=tuple(_board_window(view, number, now_us) for number in sorted(settings.window_numbers)),
        newest=_board_call(newest, how, has_voice=has_voice) if newest else None,
        speaking=tuple(_board_call(each, how, has_voice=has_voice) for each in waiting),
        waiting_by_kind=waiting_by_kind(day),
        granted_waiting=day.granted_waiting if day else 0,
        forecast=forecast,
        missed=tuple(day.tickets[each].number for each in day.missed[-MISSED_MAX:]) if day else (),
        missed_after=settings.rules.rejoin_after,
        notice=notice(view, settings.hall.notice, now_us, ahead.places),
        at=moment(now_us),
        seq=view.seq,
        day_open=day is not None,
        training=settings.training,
    )


def _board_window(view: HallView, number: int, now_us: int) -> BoardWindow:
    day = view.day
    window = day.windows.get(number, Window(number=number)) if day is not None and day.open else Window(number=number)
    ticket = day.tickets[window.ticket] if day is not None and window.ticket else None
    line = None
    if day is not None and window.please_wait is not None:
        waiting_number, since_us = window.please_wait
        if now_us < since_us + day.rules.please_wait_s * SECOND_US:
            line = f"please_wait:{waiting_number}"
    return BoardWindow(
        number=number,
        state=cast("Any", window.state.value),
        ticket=ticket.number if ticket else None,
        calling=ticket is not None and ticket.state is TicketState.CALLED,
        line=line,
    )


def _board_call(each: Announcement, how: Manner, *, has_voice: bool) -> BoardCall:
    return BoardCall(
        id=each.id,
        number=each.number,
        window=each.window,
        at=moment(each.at_us),
        repeat=each.repeat,
        zone=each.zone,
        audio=f"{API_PREFIX}/announcements/{each.id}/audio" if has_voice else None,
        speak_until=moment(each.speak_until_us),
        text=sentence(each.number, each.window),
        times=how.times,
        chime=how.chime,
        languages=("zh", "en") if how.english and each.language == "en" else ("zh",),
        withdrawn=each.withdrawn,
    )


# ---- queue -----------------------------------------------------------------------------------------------------------


def queue_state(
    view: HallView, floor: Floor, settings: Settings, alarms: tuple[Alarm, ...], words: Words, now_us: int
) -> QueueState:
    day = view.day if view.day is not None and view.day.open else None
    if day is None:
        closed = tuple(closed_window(each) for each in settings.windows)
        at = moment(now_us)
        return QueueState(rows=(), missed=(), counts={}, windows=closed, alarms=alarms, next={}, at=at, seq=view.seq)
    rows = [queue_row(ticket, view, now_us) for ticket in islice(day.waiting(), ROWS_MAX)]
    counts = {state.value: day.count(state) for state in TicketState}
    choices = {
        str(number): choice
        for number, window in sorted(day.windows.items())
        if window.state is WindowState.OPEN and (choice := day.next_choice(number, now_us)) is not None
    }
    return QueueState(
        rows=tuple(rows),
        missed=tuple(queue_row(day.tickets[each], view, now_us) for each in day.missed[-MISSED_MAX:]),
        counts=counts,
        windows=tuple(window_view(day.windows[n], day, view, floor, words) for n in sorted(day.windows)),
        alarms=alarms,
        next={number: day.tickets[choice.ticket].number for number, choice in choices.items()},
        at=moment(now_us),
        seq=view.seq,
        suspensions=suspended(view, now_us),
        next_reason={number: _why_next(choice, day, words) for number, choice in choices.items()},
    )


def _why_next(choice: Choice, day: DayView, words: Words) -> str:
    kind = day.tickets[choice.ticket].kind
    return reason_view(choice.reason, len(choice.overtaken), number_in(day), words, kind=kind).say


def closed_window(setting: WindowSetting) -> WindowView:
    """A window of the hall while no day is open."""
    return WindowView(number=setting.number, state="closed", skills=setting.skills or (INTEGRATED,), zone=setting.zone)
