"""找人帮忙: calling, how the call stands, urgent need, ending it here or by staff."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow import state as at
from kiosk.flow.events import AskHelp, Effect, EndHelp, HelpChanged
from kiosk.flow.moves import Handled, go_back, open_page
from kiosk.flow.state import HelpCall

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting


def call_help(sitting: Sitting, key: str) -> Handled:
    """Open the page; a call that is under way goes on and is not made twice."""
    opened = open_page(sitting, at.AtHelp())
    if sitting.help is not None and not sitting.help.ending:
        return opened, ()
    return _call(opened, key, urgent=False)


def call_to_page(sitting: Sitting, key: str) -> Handled:
    """Call somebody and stay on the page with the number that could not be printed."""
    if sitting.help is not None and not sitting.help.ending:
        return sitting, ()
    return _call(sitting, key, urgent=False)


def call_urgently(sitting: Sitting, key: str) -> Handled:
    """A second, urgent call instead of the first."""
    ended = _end(sitting, key)
    called, effects = _call(sitting, key, urgent=True)
    return called, (*ended, *effects)


def end_help(sitting: Sitting, key: str) -> Handled:
    """The call is over; back to the page the resident was on."""
    effects = _end(sitting, key)
    call = sitting.help
    pending = replace(call, ending=True) if call is not None and not call.id else None
    return go_back(replace(sitting, help=pending)), effects


def help_changed(sitting: Sitting, event: HelpChanged) -> Handled:
    """Staff took or ended it. One that was called off before it had an id is ended now."""
    call = sitting.help
    if call is None or call.key != event.key:
        return sitting, ()
    if call.ending:
        return replace(sitting, help=None), (EndHelp(key=f"{event.key}-end", help=event.help),)
    now = replace(call, id=event.help, state=event.state, who=event.who)
    if event.state == "done":
        told = replace(sitting, help=None)
        return (go_back(told) if isinstance(sitting.place, at.AtHelp) else told), ()
    return replace(sitting, help=now), ()


def poll_help(sitting: Sitting) -> Handled:
    """Ask how the call stands: the same key again is no second call."""
    call = sitting.help
    now_s = sitting.world.now_s
    if call is None or now_s - call.asked_s < sitting.rules.help_poll_s:
        return sitting, ()
    if now_s - call.since_s > sitting.rules.help_max_s:
        return replace(sitting, help=None), ()
    return replace(sitting, help=replace(call, asked_s=now_s)), (AskHelp(key=call.key, urgent=call.urgent),)


def _call(sitting: Sitting, key: str, *, urgent: bool) -> Handled:
    now_s = sitting.world.now_s
    call = HelpCall(key=key, urgent=urgent, since_s=now_s, asked_s=now_s)
    return replace(sitting, help=call), (AskHelp(key=key, urgent=urgent),)


def _end(sitting: Sitting, key: str) -> tuple[Effect, ...]:
    call = sitting.help
    return (EndHelp(key=f"{key}-end", help=call.id),) if call is not None and call.id else ()
