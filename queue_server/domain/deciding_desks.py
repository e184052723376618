"""Deciding about windows and shifts: sign-on, take-over, sign-off, open, pause, close."""

from __future__ import annotations

from typing import TYPE_CHECKING

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import guards
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.window import Window, WindowState

if TYPE_CHECKING:
    from queue_server.domain.context import Decision
    from queue_server.domain.hall_day import HallDay


def open_shift(day: HallDay, command: c.OpenShift) -> Decision:
    """One shift per window and one window per clerk; signing on again to the own shift changes nothing."""
    window = guards.known_window(day, command.window)
    if isinstance(window, Refused):
        return window
    if window.shift is not None:
        if window.clerk == command.clerk:
            return []
        return Refused(RefusalCode.SHIFT_TAKEN, {"window": window.number, "clerk": window.clerk})
    left = _leaving(day, command.clerk)
    return left if isinstance(left, Refused) else [*left, e.ShiftOpened(command.shift, window.number, command.clerk)]


def take_over_shift(day: HallDay, command: c.TakeOverShift) -> Decision:
    """With whatever is at the window: the person there does not wait for the clerks."""
    window = guards.signed_on(day, command.window)
    if isinstance(window, Refused):
        return window
    if window.clerk == command.clerk:
        return []
    left = _leaving(day, command.clerk)
    if isinstance(left, Refused):
        return left
    return [*left, e.ShiftTakenOver(window.shift or "", window.number, command.clerk, command.shift)]


def close_shift(day: HallDay, command: c.CloseShift) -> Decision:
    """Not while a ticket is at the window. Held ones stay with it for the next shift."""
    window = guards.signed_on(day, command.window)
    if isinstance(window, Refused):
        return window
    return guards.busy(day, window) if window.ticket is not None else signing_off(window)


def signing_off(window: Window) -> list[e.Event]:
    """A window without a clerk is closed."""
    events: list[e.Event] = []
    if window.state is not WindowState.CLOSED:
        events.append(e.WindowClosed(window.number))
    if window.shift is not None:
        events.append(e.ShiftClosed(window.shift, window.number))
    return events


def open_window(day: HallDay, command: c.OpenWindow) -> Decision:
    window = guards.signed_on(day, command.window)
    if isinstance(window, Refused):
        return window
    return [] if window.state is WindowState.OPEN else [e.WindowOpened(window.number)]


def pause_window(day: HallDay, command: c.PauseWindow) -> Decision:
    """Also while somebody is there: the pause holds from the next call on."""
    window = guards.signed_on(day, command.window)
    if isinstance(window, Refused):
        return window
    if window.state is WindowState.CLOSED:
        return Refused(RefusalCode.WINDOW_NOT_OPEN, {"window": window.number, "state": window.state})
    if not command.ground:
        return Refused(RefusalCode.GROUND_NEEDED, {"window": window.number})
    if (window.state, window.ground) == (WindowState.PAUSED, command.ground):
        return []
    return [e.WindowPaused(window.number, command.ground)]


def close_window(day: HallDay, command: c.CloseWindow) -> Decision:
    """Not while a ticket is there. What was bound to the window becomes free for the others."""
    window = guards.known_window(day, command.window)
    if isinstance(window, Refused):
        return window
    if window.ticket is not None:
        return guards.busy(day, window)
    return [] if window.state is WindowState.CLOSED else [e.WindowClosed(window.number)]


def _leaving(day: HallDay, clerk: int) -> list[e.Event] | Refused:
    """Sign the clerk off elsewhere; refused while a ticket is there."""
    for window in day.windows.values():
        if window.shift is not None and window.clerk == clerk:
            return guards.busy(day, window) if window.ticket is not None else signing_off(window)
    return []
