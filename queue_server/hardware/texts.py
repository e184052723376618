"""What a window's strip and pad show, given the hall's day. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.pad.events import PadDisplay
from drivers.strip.events import StripText, StripTextWrong
from queue_server.domain.clock import local_day
from queue_server.domain.ticket import TicketState
from queue_server.domain.window import Window, WindowState

if TYPE_CHECKING:
    from queue_server.domain.day_view import DayView

SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class StripWords:
    """The strip's sentences; ``{no}`` is the number. Eight characters at most, two Latin ones counting as one."""

    call: str
    serving: str
    free: str
    paused: str
    closed: str
    please_wait: str


def strip_text(day: DayView | None, number: int, now_us: int, words: StripWords) -> StripText:
    """What stands over window ``number``: who is called there (flashing), who is served, else how the window is."""
    if day is None or not day.open:
        ended_today = day is not None and day.business_day == local_day(now_us, day.rules.utc_offset_min)
        return StripText(words.closed) if ended_today else StripText()
    window = day.windows.get(number, Window(number=number))
    ticket = None if window.ticket is None else day.tickets[window.ticket]
    if ticket is not None:
        if ticket.state is TicketState.CALLED:
            return _with_number(words.call, ticket.number, flash=True)
        return _with_number(words.serving, ticket.number)
    if window.please_wait is not None:
        waiting, since_us = window.please_wait
        if now_us < since_us + day.rules.please_wait_s * SECOND_US:
            return _with_number(words.please_wait, waiting)
    return StripText(words.free if window.state is WindowState.OPEN else words.paused)


def _with_number(sentence: str, number: str, *, flash: bool = False) -> StripText:
    """The number alone where the sentence with it is too long (four digits)."""
    try:
        return StripText(sentence.replace("{no}", number), flash=flash)
    except StripTextWrong:
        return StripText(number, flash=flash)


def pad_display(day: DayView | None, number: int, now_us: int) -> PadDisplay:
    """The number that NEXT would call at window ``number`` now (none while it is not open), and how many wait."""
    if day is None or not day.open:
        return PadDisplay()
    window = day.windows.get(number)
    is_open = window is not None and window.state is WindowState.OPEN
    ticket = day.next_for(number, now_us) if is_open else None
    return PadDisplay(ticket.number if ticket else "", day.count(TicketState.WAITING))
