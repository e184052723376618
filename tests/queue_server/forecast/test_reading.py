"""What past days say, read from a real store."""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain.rules import Rules
from queue_server.forecast.reading import read_come, read_promises
from tests.simulate.booked import booking_row, making
from tests.simulate.day import date_of
from tests.simulate.hall import HALL, SECOND_US, simulated_hall

TODAY = date_of(0)
NEVER_HELD = date_of(1)


def test_a_call_taken_back_ends_no_wait_and_bookings_that_nobody_came_for_count() -> None:
    with simulated_hall(Rules()) as hall:
        begin_us = hall.clock.at_us

        def at(second: int, command: c.Command) -> None:
            hall.clock.at_us = begin_us + second * SECOND_US
            hall.do(command, "clerk:1")

        at(0, c.OpenDay(business_day=TODAY, letters={"kiosk:1": "K"}, confirmed=True))
        booking, rows = making(booking_row("b1", TODAY, begin_us + 60 * SECOND_US, begin_us))
        hall.do(booking, "clerk:1", rows)
        at(1, c.OpenShift(window=1, clerk=1, shift="s1"))
        at(2, c.OpenWindow(window=1))
        at(3, c.IssueTicket(ticket="t1", track="T1", forecast_min=(0, 5)))
        at(60, c.CallNext(window=1, announcement="n1"))
        at(63, c.UndoLastAct(window=1, ticket="t1"))
        at(603, c.CallNext(window=1, announcement="n2"))
        at(4000, c.CloseDay(force=True))
        hall.settle()
        with hall.store.read() as connection:
            (promise,) = read_promises(connection, HALL, TODAY)
            come = [read_come(connection, HALL, days) for days in ([TODAY], [NEVER_HELD])]
    assert promise.called_at_us is not None
    assert (promise.called_at_us - promise.issued_at_us) // SECOND_US == 600
    assert come == [0.0, 1.0]
