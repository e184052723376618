"""What a key of a pad asks for, given what is at its window: the commands that the page sends. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, assert_never

from drivers.pad.events import Key
from drivers.pad.member import REPEAT_S
from queue_server.domain import commands as c
from queue_server.domain.window import HelpState, Window

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.domain.day_view import DayView
    from queue_server.hardware.settings import HardwareSettings, SayWhich

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
REPEAT_US = int(REPEAT_S * SECOND_US)

NewId = Callable[[str], str]
"""``("n")`` → a new id that begins so."""


def key_of_press(window: int, press: int, key: Key, pressed_at_us: int) -> str:
    """The command's key: the same for a press that is told twice, so that the gate does it once.

    Pads count to 999 and begin anew, and from 1 after a power cut; the moment, as coarse as the driver's own memory of
    presses, tells those apart, and the pad's key those of a pad that lost power in between.
    """
    return f"pad-{window}-{press:03d}-{key}-{pressed_at_us // REPEAT_US}"


def actor_of(window: int) -> str:
    """Who did it, for the journal: no person proved to be there; the shift stands in the event."""
    return f"window-pad:{window}"


def command_for(
    key: Key, number: int, day: DayView, new_id: NewId, *, settings: HardwareSettings, now_us: int
) -> Command | None:
    """The command of a press at window ``number``; None when there is nothing to do it with.

    Nobody on shift: None for every key but ``HELP``. Whether the command may be done now is the gate's to say.
    What the page asks its clerk, ``settings`` answer: the ground of a pause, when to remind of one held.
    """
    window = day.windows.get(number, Window(number=number))
    if key is Key.HELP:
        return _help(number, day, new_id)
    if window.shift is None:
        return None
    match key:
        case Key.NEXT:
            return c.CallNext(window=number, announcement=new_id("n"), ticket=window.ticket)
        case Key.OPEN:
            return c.OpenWindow(window=number)
        case Key.PAUSE:
            return c.PauseWindow(window=number, ground=settings.pause_ground)
        case Key.RESUME:
            return c.ResumeTicket(window=number, ticket=window.held[0]) if window.held else None
        case Key.UNDO:
            act = window.last_act
            return c.UndoLastAct(window=number, ticket=act.before.id) if act is not None else None
        case Key.HOLD:
            remind_at_us = now_us + settings.hold_remind_min * MINUTE_US if settings.hold_remind_min else None
            ticket = window.ticket
            return None if ticket is None else c.HoldTicket(window=number, ticket=ticket, remind_at_us=remind_at_us)
        case Key.RECALL | Key.MISS | Key.START | Key.FINISH:
            return None if window.ticket is None else _at_window(key, number, window.ticket, new_id)
        case _:
            assert_never(key)


def _at_window(key: Key, number: int, ticket: str, new_id: NewId) -> Command:
    match key:
        case Key.RECALL:
            return c.RecallTicket(window=number, ticket=ticket, announcement=new_id("n"))
        case Key.MISS:
            return c.MissTicket(window=number, ticket=ticket)
        case Key.START:
            return c.StartService(window=number, ticket=ticket)
        case _:
            return c.FinishService(window=number, ticket=ticket)


def _help(number: int, day: DayView, new_id: NewId) -> Command:
    """One call for help per window: further presses ask for the same one until it is done."""
    place = f"window:{number}"
    asked = (each.id for each in day.helps.values() if each.place == place and each.state is not HelpState.DONE)
    return c.RequestHelp(help=next(asked, None) or new_id("h"), place=place)


def closing_last(say_which: SayWhich, number: int, ticket: str) -> Command | None:
    """How NEXT closes a ticket that was called and not started, by the hall's setting; None: it does not."""
    match say_which:
        case "finish":
            return c.FinishService(window=number, ticket=ticket)
        case "miss":
            return c.MissTicket(window=number, ticket=ticket)
        case "refuse":
            return None
        case _:
            assert_never(say_which)
