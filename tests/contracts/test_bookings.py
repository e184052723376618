"""Bookings through the real gate, over both databases: places are never given twice, no-shows are noted and counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from queue_server.domain import commands as c
from queue_server.domain.booking import DAY_US, BookingRules
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import TicketKind
from queue_server.service.bookings import Bookings, Holder
from queue_server.service.view import Accepted
from queue_server.store import booking_queries as queries
from queue_server.store.engine import Store
from tests.queue_server.service.a_booking_desk import a_booking_desk
from tests.queue_server.service.a_gate import HALL, MONDAY, WAIT_S, Driver, running

RULES = Rules(booking=BookingRules(per_slot=4))
"""Two bookings a slot."""
TUESDAY = "2026-03-03"


def somebody(number: int) -> Holder:
    return Holder(name=f"测试{number}", id_number=f"70000019900101{number:04d}")


@contextmanager
def booking_hall(url: str) -> Iterator[tuple[Driver, Bookings]]:
    store = Store(url)
    with running(url, rules=RULES) as hall:
        hall.open_day()
        yield hall, a_booking_desk(hall, store, rules=RULES)
    store.close()


def book(
    hall: Driver, desk: Bookings, holder: Holder, begins: str = "9:30", *, day: str = TUESDAY, by_staff: bool = False
) -> Accepted | Refused:
    slot = desk.slot(day, begins, by_staff=by_staff)
    assert slot is not None
    command, rows = desk.make(slot, holder, (), source="clerk:7", by_staff=by_staff)
    return hall.ask(command, rows=rows)


def next_day(hall: Driver, day: str) -> None:
    """Close what is open and begin the next morning."""
    hall.close_day()
    hall.clock.wait(86_400)
    hall.open_day(day)


def settled(hall: Driver) -> None:
    """What the gate handed in by itself was done before this."""
    hall.gate.note().result(WAIT_S)


def test_places_of_a_slot_are_given_once_also_in_one_batch(url: str) -> None:
    with booking_hall(url) as (hall, desk):
        assert desk.slot(MONDAY, "9:30", by_staff=False) is None
        assert desk.slot(TUESDAY, "9:31", by_staff=True) is None
        slot = desk.slot(TUESDAY, "9:30", by_staff=False)
        assert slot is not None
        made = [desk.make(slot, somebody(n), (), source="clerk:7", by_staff=False) for n in range(5)]
        waiting = [hall.submit(command, rows=rows) for command, rows in made]
        outcomes = [future.result(WAIT_S) for future in waiting]
        refused = [each.code for each in outcomes if isinstance(each, Refused)]
        assert refused == [RefusalCode.SLOT_FULL] * 3
        free = {day.isoformat(): [each.free for each in slots] for day, slots in desk.free_slots(by_staff=False)}
        assert free[TUESDAY][:3] == [2, 0, 2]
        assert len(free) == 5
        ((command, rows),) = [made[n] for n in range(5) if not isinstance(outcomes[n], Refused)][:1]
        row = desk.by_id(command.booking)
        assert row is not None
        cancel, rows = desk.cancel(row, by_staff=False)
        hall.do(cancel, rows=rows)
        assert isinstance(book(hall, desk, somebody(9)), Accepted)
        assert hall.refused(cancel, rows=rows).code is RefusalCode.BOOKING_OVER


def test_one_person_books_once_a_day_and_moves_it(url: str) -> None:
    with booking_hall(url) as (hall, desk):
        assert isinstance(book(hall, desk, somebody(1)), Accepted)
        again = book(hall, desk, somebody(1), "10:00")
        assert isinstance(again, Refused)
        assert again.code is RefusalCode.BOOKING_LIMIT
        assert isinstance(book(hall, desk, somebody(1), "10:00", day="2026-03-04"), Accepted)
        row = desk.of_card(somebody(1).id_number)
        slot = desk.slot(TUESDAY, "14:00", by_staff=False)
        assert row is not None
        assert slot is not None
        move, rows = desk.move(row, slot, by_staff=False)
        hall.do(move, rows=rows)
        moved = desk.by_code(row["code"])
        assert moved is not None
        assert (moved["begins_us"], moved["version"]) == (slot.begins_us, 2)
        assert hall.refused(replace(move), rows=rows).code is RefusalCode.BOOKING_CHANGED
        holder = desk.holder_of(moved)
        assert holder is not None
        assert holder["erase_after_us"] == slot.ends_us + DAY_US


def test_a_check_in_gives_a_booked_number_once(url: str) -> None:
    with booking_hall(url) as (hall, desk):
        book(hall, desk, somebody(1), day=MONDAY, by_staff=True)
        hall.clock.wait(3600)
        row = desk.of_card(somebody(1).id_number)
        assert row is not None
        asked = c.IssueTicket(ticket="b1", track="B1")
        command, rows = desk.check_in(row, asked, found=False)
        given = hall.do(command, key="press-booked-1", actor="kiosk:2", rows=rows)
        day = hall.gate.view.day
        assert day is not None
        ticket = day.tickets[given.ticket_id or ""]
        assert (ticket.number, ticket.kind, ticket.booking) == ("Y001", TicketKind.BOOKED, row["id"])
        assert ticket.clock_us == row["begins_us"] > ticket.issued_at_us
        used = desk.by_id(row["id"])
        assert used is not None
        assert (used["state"], used["ticket"]) == ("came", "b1")
        again, rows = desk.check_in(used, replace(asked, ticket="b2"), found=False)
        assert hall.do(again, key="press-booked-1", actor="kiosk:2", rows=rows).ticket_id == "b1"
        refused = hall.refused(again, key="press-booked-2", actor="kiosk:2", rows=rows)
        assert (refused.code, refused.facts) == (RefusalCode.BOOKING_CAME, {"ticket": "b1"})


def test_no_shows_are_noted_at_closing_and_bar_after_three(url: str) -> None:
    with booking_hall(url) as (hall, desk):
        for day in ("2026-03-02", "2026-03-03", "2026-03-04"):
            assert isinstance(book(hall, desk, somebody(1), "16:30", day=day, by_staff=True), Accepted)
            next_day(hall, f"{day[:-1]}{int(day[-1]) + 1}")
            settled(hall)
        states = [row["state"] for day in ("02", "03", "04") for row, _ in desk.of_day(f"2026-03-{day}")]
        assert states == ["no_show"] * 3
        barred = book(hall, desk, somebody(1), day="2026-03-06")
        assert isinstance(barred, Refused)
        assert barred.code is RefusalCode.BOOKING_BARRED
        assert isinstance(book(hall, desk, somebody(2), day="2026-03-06"), Accepted)
        assert isinstance(book(hall, desk, somebody(1), day="2026-03-06", by_staff=True), Accepted)


def test_a_day_that_never_opened_counts_for_nobody(url: str) -> None:
    with booking_hall(url) as (hall, desk):
        book(hall, desk, somebody(1))
        next_day(hall, "2026-03-03")
        hall.close_day()
        store = Store(url)
        book(hall, desk, somebody(2), day="2026-03-04")
        hall.clock.wait(2 * 86_400 + 36_000)
        hall.open_day("2026-03-05")
        settled(hall)
        with store.read() as connection:
            assert [row["state"] for row in queries.of_day(connection, HALL, "2026-03-04")] == ["lapsed"]
            assert [row["state"] for row in queries.of_day(connection, HALL, TUESDAY)] == ["no_show"]
        store.close()
