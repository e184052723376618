"""A sample card and name go through everything: found in the erasable table, masked where allowed, nowhere else."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from sqlalchemy import select

from queue_server import wire
from queue_server.domain import commands as c
from queue_server.domain.refusals import RefusalCode
from queue_server.service import upkeep
from queue_server.service.bookings import Holder
from queue_server.service.records import PersonDesk, masked
from queue_server.store import personal
from queue_server.store import tables as t
from queue_server.store.engine import Store
from queue_server.store.rows import RowWrite, SecurityEntry
from tests.queue_server.service.a_booking_desk import a_booking_desk
from tests.queue_server.service.a_gate import HALL, MONDAY, Driver, HandClock, running

NAME = "测试丁一"
NUMBER = "700000199001010014"
PERSON = wire.CardPerson(name=NAME, id_number=NUMBER)
PHONE = "70000012345"
SECRETS = (NAME, NUMBER, PHONE)


def columns_holding(store: Store, *needles: str) -> set[tuple[str, str]]:
    """Every (table, column) in which a needle stands, in text or bytes."""
    found = set()
    with store.read() as connection:
        for table in t.METADATA.tables.values():
            for row in connection.execute(select(table)):
                for name, value in row._mapping.items():
                    plain = value.decode("latin-1") if isinstance(value, bytes) else str(value)
                    if any(needle in plain or needle.encode().decode("latin-1") in plain for needle in needles):
                        found.add((table.name, str(name)))
    return found


def files_holding(folder: Path, *needles: str) -> set[str]:
    return {path.name for path in folder.iterdir() if any(needle.encode() in path.read_bytes() for needle in needles)}


def issue_with_card(hall: Driver, desk: PersonDesk, ref: str, erase_after_us: int) -> None:
    row = desk.row(PERSON, ref=ref, business_day=MONDAY, erase_after_us=erase_after_us)
    assert row is not None
    assert NUMBER not in repr(row)
    command = c.IssueTicket(ticket=f"t-{ref}", track=f"T{ref}", person_ref=ref)
    hall.do(command, key=f"press-{ref}-0", actor="kiosk:2", rows=(row,))


def book_and_come(hall: Driver, store: Store) -> None:
    """A booking made, moved, refused once more, and used."""
    desk = a_booking_desk(hall, store, holder_days=0)
    slot = desk.slot(MONDAY, "9:30", by_staff=True)
    later = desk.slot(MONDAY, "10:00", by_staff=True)
    assert slot is not None
    assert later is not None
    holder = Holder(name=NAME, phone=PHONE, id_number=NUMBER)
    assert NAME not in repr(holder)
    made, rows = desk.make(slot, holder, (), source="clerk:7", by_staff=True)
    hall.do(made, rows=rows)
    again, more = desk.make(later, holder, (), source="clerk:7", by_staff=True)
    assert hall.refused(again, rows=more).code is RefusalCode.BOOKING_LIMIT
    row = desk.of_card(NUMBER)
    assert row is not None
    moved, rows = desk.move(row, later, by_staff=True)
    hall.do(moved, rows=rows)
    hall.clock.wait(3600)
    row = desk.of_card(NUMBER)
    assert row is not None
    using, rows = desk.check_in(row, c.IssueTicket(ticket="t-b", track="TB"), found=False)
    hall.do(using, actor="kiosk:2", rows=rows)


def everything(hall: Driver, store: Store, desk: PersonDesk) -> None:
    """A whole day with the card in hand, notes, a sign-in, a refusal and a poisoned command."""
    hall.whole_day()
    later_us = hall.clock.wall_us + 4 * 3_600_000_000
    issue_with_card(hall, desk, "p-1", later_us)
    text = f"{NAME} {NUMBER}"
    note = RowWrite("note", {"id": "n1", "subject": "ticket:t-p-1", "text": text, "erase_after_us": later_us})
    hall.do(c.ChangeMatters(ticket="t-p-1", matters=("m2",)), rows=(note,))
    book_and_come(hall, store)
    hall.gate.note(security=(SecurityEntry("clerk:7", "unmask", {"person": "p-1"}),)).result(20)
    twice = RowWrite("person", {"id": "p-1", "name": NAME, "id_number": NUMBER}, "add")
    with pytest.raises(Exception, match="failed inside") as caught:
        hall.ask(c.IssueTicket(ticket="x", track="X", person_ref="p-1"), key="press-bad-1", rows=(twice,))
    assert NUMBER not in str(caught.value)
    again = c.IssueTicket(ticket="y", track="Y", person_ref="p-2")
    assert hall.do(again, key="press-p-1-0", actor="kiosk:2").repeated
    hall.refused(c.CancelTicket(ticket="t-p-1"), key="press-p-1-0", actor="kiosk:2")
    hall.close_day()


def test_personal_data_stand_only_where_they_are_listed(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    url, clock = f"sqlite:///{tmp_path}/hall.db", HandClock()
    store = Store(url)
    desk = PersonDesk(store, HALL)
    allowed = {(table, column) for table, columns in personal.CLEAR.items() for column in columns}
    with running(url, clock) as hall:
        everything(hall, store, desk)
        assert columns_holding(store, *SECRETS) == allowed
        shown = masked(NAME, NUMBER)
        assert columns_holding(store, shown) == {(table, *columns) for table, columns in personal.MASKED.items()}
        tickets = hall.gate.view.day.tickets if hall.gate.view.day else {}
        assert tickets["t-b"].number == "Y001"
        assert not any(secret in shown for secret in SECRETS)
        clock.wait(86_400)
        erased = {"person": 1, "note": 1, "booking_holder": 1}
        assert upkeep.purge(hall.gate, store, now_us=clock.wall_us, actor="timer") == erased
        assert columns_holding(store, *SECRETS, shown) == set()
        assert files_holding(tmp_path, *SECRETS, shown) == set()
    store.close()
    assert files_holding(tmp_path, *SECRETS) == set()
    assert not [secret for secret in SECRETS if secret in caplog.text]


def test_the_files_do_hold_them_before_the_purge(tmp_path: Path) -> None:
    """Otherwise the test above would look at the wrong place."""
    url = f"sqlite:///{tmp_path}/hall.db"
    store = Store(url)
    with running(url) as hall:
        hall.open_day()
        issue_with_card(hall, PersonDesk(store, HALL), "p-1", 1)
        assert files_holding(tmp_path, *SECRETS)
    store.close()


def test_a_card_is_known_again_on_the_same_day_only(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path}/hall.db", HandClock()
    store = Store(url)
    desk = PersonDesk(store, HALL)
    with running(url, clock) as hall:
        hall.open_day()
        assert desk.duplicate_of(PERSON, MONDAY) == frozenset()
        issue_with_card(hall, desk, "p-1", clock.wall_us)
        assert desk.duplicate_of(PERSON, MONDAY) == {"p-1"}
        other = wire.CardPerson(name=NAME, id_number="700000199001010022")
        assert desk.duplicate_of(other, MONDAY) == frozenset()
        hall.close_day()
        assert desk.duplicate_of(PERSON, MONDAY) == frozenset()
        assert desk.row(PERSON, ref="p-2", business_day=MONDAY, erase_after_us=1) is None
    store.close()


def test_every_listed_column_exists() -> None:
    for listed in (personal.CLEAR, personal.MASKED, personal.STAFF):
        for table, columns in listed.items():
            assert columns <= set(t.METADATA.tables[table].c.keys())
    assert set(personal.CLEAR) <= {table.name for table in t.ERASABLE}
