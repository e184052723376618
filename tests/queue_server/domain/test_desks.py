"""Windows and shifts: one shift per window, one window per clerk, nobody left standing."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.window import WindowState
from tests.queue_server.domain.a_hall import AHall


def test_one_shift_per_window() -> None:
    hall = AHall().opened()
    assert hall.refused(c.OpenShift(window=1, clerk=9, shift="x")) is RefusalCode.SHIFT_TAKEN
    assert hall.do(c.OpenShift(window=1, clerk=1, shift="again")) == []
    assert hall.refused(c.OpenShift(window=7, clerk=9, shift="x")) is RefusalCode.NOT_FOUND


def test_a_clerk_moves_to_another_window_only_with_nobody_at_the_old_one() -> None:
    hall = AHall(3).opened(windows=False)
    hall.sign_on(1)
    ticket = hall.issue()
    hall.call_next(1)
    assert hall.refused(c.OpenShift(window=2, clerk=1, shift="x")) is RefusalCode.STILL_BUSY
    hall.do(c.FinishService(window=1, ticket=ticket))
    closed, ended, opened = hall.do(c.OpenShift(window=2, clerk=1, shift="x"))
    assert (closed, opened) == (e.WindowClosed(1), e.ShiftOpened("x", 2, 1))
    assert isinstance(ended, e.ShiftClosed)
    assert (hall.day.windows[1].shift, hall.day.windows[2].clerk) == (None, 1)


def test_take_over_takes_the_window_with_its_ticket() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    old = hall.day.windows[1].shift or ""
    assert hall.do(c.TakeOverShift(window=1, clerk=8, shift="new")) == [e.ShiftTakenOver(old, 1, 8, "new")]
    assert (hall.at(1), hall.day.windows[1].clerk, hall.day.windows[1].state) == (ticket, 8, WindowState.OPEN)
    assert hall.day.shifts[old].closed_at_us == hall.now_us
    assert hall.do(c.TakeOverShift(window=1, clerk=8, shift="more")) == []
    assert hall.refused(c.TakeOverShift(window=2, clerk=8, shift="more")) is RefusalCode.STILL_BUSY
    assert hall.refused(c.TakeOverShift(window=9, clerk=8, shift="more")) is RefusalCode.NOT_FOUND


def test_sign_off_is_refused_while_somebody_is_at_the_window_but_not_for_a_held_one() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    assert hall.refused(c.CloseShift(window=1)) is RefusalCode.STILL_BUSY
    assert hall.refused(c.CloseWindow(window=1)) is RefusalCode.STILL_BUSY
    hall.start(ticket)
    hall.do(c.HoldTicket(window=1, ticket=ticket))
    hall.do(c.CloseShift(window=1))
    assert hall.refused(c.CloseShift(window=1)) is RefusalCode.NOT_SIGNED_ON
    hall.do(c.OpenShift(window=1, clerk=5, shift="next"))
    hall.do(c.ResumeTicket(window=1, ticket=ticket))
    assert hall.at(1) == ticket


def test_windows_open_pause_and_close() -> None:
    hall = AHall().opened()
    assert hall.do(c.OpenWindow(window=1)) == []
    assert hall.refused(c.PauseWindow(window=1, ground="")) is RefusalCode.GROUND_NEEDED
    assert hall.do(c.PauseWindow(window=1, ground="lunch")) == [e.WindowPaused(1, "lunch")]
    assert hall.do(c.PauseWindow(window=1, ground="lunch")) == []
    assert hall.do(c.PauseWindow(window=1, ground="copying")) == [e.WindowPaused(1, "copying")]
    assert hall.do(c.OpenWindow(window=1)) == [e.WindowOpened(1)]
    assert hall.day.windows[1].ground is None
    assert hall.do(c.CloseWindow(window=1)) == [e.WindowClosed(1)]
    assert hall.do(c.CloseWindow(window=1)) == []
    assert hall.refused(c.PauseWindow(window=1, ground="lunch")) is RefusalCode.WINDOW_NOT_OPEN
    assert hall.day.snapshot().open_windows == (2,)


def test_a_paused_window_ends_what_it_has() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    hall.call_next(1)
    hall.do(c.PauseWindow(window=1, ground="lunch"))
    hall.start(ticket)
    hall.do(c.FinishService(window=1, ticket=ticket))
    assert hall.day.windows[1].state is WindowState.PAUSED


def test_without_a_day_there_are_no_shifts() -> None:
    assert AHall().refused(c.OpenShift(window=1, clerk=1, shift="s")) is RefusalCode.NO_DAY
