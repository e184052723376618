"""Every promise of a store, over SQLite and over a real PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import create_engine, select, text, update

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.errors import (
    CommandFailed,
    GateStopped,
    JournalBroken,
    LockHeld,
    NotRedactable,
    SchemaOutOfDate,
    UnknownRecord,
)
from queue_server.service import upkeep
from queue_server.store import queries
from queue_server.store import tables as t
from queue_server.store.engine import Store
from queue_server.store.journal import Anchor, parse_anchors
from queue_server.store.rebuilding import differing_tables, rebuild_tables
from queue_server.store.rows import RowWrite, SecurityEntry
from tests.queue_server.service.a_gate import HALL, MONDAY, WAIT_S, HandClock, a_gate, running


def change(url: str, statement: object) -> None:
    """What somebody with a database tool does behind our back."""
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(statement)  # type: ignore[call-overload]
    finally:
        engine.dispose()


def test_a_new_store_is_migrated_and_opens_a_day(url: str) -> None:
    with running(url) as hall:
        assert hall.open_day().seq == 1
        assert hall.gate.view.day is not None
        assert hall.gate.view.day.open
        assert hall.issue().ticket_id == "t1"
        assert hall.gate.view.seq == 2


def test_what_was_accepted_is_there_after_a_restart(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.whole_day()
        before = hall.gate.view
    with running(url, clock) as hall:
        after = hall.gate.view
        assert after.day is not None
        assert before.day is not None
        assert (after.seq, after.at_us, after.epoch) == (before.seq, before.at_us, before.epoch)
        for part in (
            "tickets",
            "windows",
            "shifts",
            "counts",
            "missed",
            "announcements",
            "helps",
            "suspensions",
        ):
            assert getattr(after.day, part) == getattr(before.day, part), part
        assert hall.issue("next").seq == before.seq + 1


def test_projections_equal_the_fold(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.whole_day()
        hall.close_day()
        clock.wait(86_400)
        hall.open_day("2026-03-03")
        hall.issue("again")
    store = Store(url)
    writer = store.open_writer(HALL)
    assert differing_tables(writer) == []
    writer.connection.execute(update(t.ticket).where(t.ticket.c.id == "d1").values(state="expired"))
    writer.connection.execute(t.call.delete())
    writer.connection.commit()
    assert differing_tables(writer) == ["call", "ticket"]
    assert rebuild_tables(writer) == hall.gate.view.seq
    assert differing_tables(writer) == []
    writer.close()
    store.close()


def test_a_days_numbers_are_read_back_from_the_tables(url: str) -> None:
    with running(url) as hall:
        hall.whole_day()
    store = Store(url)
    with store.read() as connection:
        first = queries.tickets_by_number(connection, HALL, MONDAY, "A001")
        assert [row["id"] for row in first] == ["d1"]
        assert queries.ticket(connection, HALL, "d7")["printed"] == "printed"  # type: ignore[index]
        call = queries.call(connection, HALL, "a1")
        assert call is not None
        assert call["ticket"] in {f"d{n}" for n in range(1, 9)}
        assert queries.call(connection, HALL, "none") is None
        promised = {row["ticket"]: row["called_at_us"] for row in queries.forecasts_of_day(connection, HALL, MONDAY)}
        assert len(promised) == 8
        assert promised[call["ticket"]] == call["at_us"]
        assert len(queries.tickets_of_day(connection, HALL, MONDAY)) == 9
        assert queries.calls_of_day(connection, HALL, MONDAY)[0]["id"] == "a1"
    store.close()


def test_only_one_server_writes_a_hall(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        other = Store(url)
        with pytest.raises(LockHeld):
            other.open_writer(HALL)
        with other.read() as connection:
            assert queries.last_row(connection, HALL) is not None
        other.close()
    store = Store(url)
    store.open_writer(HALL).close()
    store.close()


def test_the_chain_verifies_and_shows_every_alteration(url: str) -> None:
    with running(url) as hall:
        hall.whole_day()
        hall.close_day()
    store = Store(url)
    anchors = parse_anchors(upkeep.anchors_text(store, HALL))
    verified = upkeep.verify_journal(store, HALL, anchors)
    assert (verified.rows, verified.anchors) == (hall.gate.view.seq, 1)
    j = t.journal
    row = j.c.seq == 5
    with store.read() as connection:
        kept = connection.execute(select(j).where(row)).one()
    for values in (
        {"events": (kept.events or "").replace("d", "e", 1)},
        {"command": "{}"},
        {"actor": "clerk:2"},
        {"at_us": kept.at_us + 1},
        {"business_day": "2026-03-03"},
        {"key": "other-key-1"},
        {"salt": b"0" * 16},
        {"epoch": "0"},
        {"events": None, "command": None, "salt": None},
    ):
        change(url, update(j).where(row).values(**values))
        with pytest.raises(JournalBroken):
            upkeep.verify_journal(store, HALL, anchors)
        change(url, update(j).where(row).values(**{name: getattr(kept, name) for name in values}))
        upkeep.verify_journal(store, HALL, anchors)
    store.close()


def test_rows_cut_off_are_shown_by_the_anchor_alone(url: str) -> None:
    with running(url) as hall:
        hall.whole_day()
        hall.close_day()
    store = Store(url)
    anchors = parse_anchors(upkeep.anchors_text(store, HALL))
    change(url, t.journal.delete().where(t.journal.c.seq > 10))
    upkeep.verify_journal(store, HALL)
    with pytest.raises(JournalBroken, match="rows before the anchor are missing"):
        upkeep.verify_journal(store, HALL, anchors)
    with pytest.raises(JournalBroken, match="the anchor does not fit"):
        upkeep.verify_journal(store, HALL, [Anchor(7, "0" * 64)])
    store.close()


def test_a_redacted_row_is_blank_and_the_chain_still_verifies(url: str) -> None:
    clock, store = HandClock(), Store(url)
    with running(url, clock) as hall:
        hall.whole_day()
        with pytest.raises(NotRedactable, match="newest"):
            upkeep.redact(hall.gate, store, 6, actor="clerk:1", second="clerk:2")
        hall.close_day()
        clock.wait(86_400)
        hall.open_day("2026-03-03")
        with pytest.raises(NotRedactable, match="second"):
            upkeep.redact(hall.gate, store, 6, actor="clerk:1", second="clerk:1")
        with pytest.raises(NotRedactable, match="opens or closes"):
            upkeep.redact(hall.gate, store, 1, actor="clerk:1", second="clerk:2")
        upkeep.redact(hall.gate, store, 6, actor="clerk:1", second="clerk:2")
        with pytest.raises(NotRedactable, match="blank already"):
            upkeep.redact(hall.gate, store, 6, actor="clerk:1", second="clerk:2")
    assert upkeep.verify_journal(store, HALL).blanked == 1
    with store.read() as connection:
        row = queries.row_at(connection, HALL, 6)
        assert row is not None
        assert (row.command, row.events, row.salt) == (None, None, None)
        assert queries.ticket(connection, HALL, "d1") is None
        assert queries.ticket(connection, HALL, "d2") is not None
    assert upkeep.rebuild(store, HALL, check_only=True) == []
    store.close()


def test_a_key_gives_its_first_outcome_in_every_later_life(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        first = hall.issue("one", key="press-0001")
    with running(url) as hall:
        again = hall.do(c.IssueTicket(ticket="two", track="OTHER"), key="press-0001", actor="kiosk:2")
        assert again.repeated
        assert (again.seq, again.ticket_id, again.events) == (first.seq, "one", first.events)
        assert (
            hall.refused(c.IssueTicket(ticket="x", track="X"), key="press-0001", actor="kiosk:3").code == "key_reused"
        )


def test_the_database_refuses_a_number_twice_and_two_tickets_at_a_window(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        hall.desk()
        hall.issue("one")
        hall.issue("two")
        hall.call(1, "a1")
        twice = RowWrite("account", {"id": 1, "name": "x"}, "add")
        with pytest.raises(CommandFailed):
            hall.ask(c.SetSuspension(code="s"), rows=(twice,))
        assert hall.gate.view.day is not None
        assert not hall.gate.view.day.suspensions
    for values in ({"number": "A001"}, {"state": "serving", "window": 1}, {"state": "lost"}, {"kind": "vip"}):
        with pytest.raises(Exception, match=r"(?i)unique|check"):
            change(url, update(t.ticket).where(t.ticket.c.id == "two").values(**values))


def test_a_day_that_others_followed_stays_closed(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        hall.issue()
        hall.close_day()
        clock.wait(86_400)
        hall.open_day("2026-03-03")
        hall.close_day()
        again = c.OpenDay(business_day=MONDAY, letters={}, confirmed=True)
        assert hall.refused(again).code == "wrong_state"


def test_a_day_reopened_goes_on_with_its_numbers_also_after_a_restart(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        hall.open_day()
        hall.issue("one")
        hall.close_day()
        hall.do(c.OpenDay(business_day=MONDAY, letters={}, confirmed=True))
        hall.issue("two")
    with running(url, clock) as hall:
        hall.issue("three")
        assert hall.gate.view.day is not None
        assert [ticket.number for ticket in hall.gate.view.day.tickets.values()] == ["A001", "A002", "A003"]


def test_the_security_log_is_a_chain_of_its_own(url: str) -> None:
    clock = HandClock()
    with running(url, clock) as hall:
        for n in range(3):
            hall.gate.note(security=(SecurityEntry("clerk:7", "sign_in", {"n": n}),)).result(20)
            clock.wait(200 * 86_400)
        store = Store(url)
        upkeep.verify_journal(store, HALL)
        upkeep.purge(hall.gate, store, now_us=clock.wall_us, actor="timer")
        with store.read() as connection:
            assert [row["seq"] for row in queries.all_rows(connection, HALL, t.security_log)] == [3]
        hall.gate.note(security=(SecurityEntry("clerk:7", "sign_out", {}),)).result(20)
        upkeep.verify_journal(store, HALL)
        change(url, update(t.security_log).where(t.security_log.c.seq == 3).values(actor="clerk:8"))
        with pytest.raises(JournalBroken, match="security log"):
            upkeep.verify_journal(store, HALL)
        store.close()


def test_an_unknown_event_refuses_to_serve_and_names_the_program(url: str) -> None:
    with running(url, program="hall-queue 9.9") as hall:
        hall.open_day()
        hall.issue()
    newer = '[{"type":"TicketIssued","v":2,"ticket":"t1"}]'
    change(url, update(t.journal).where(t.journal.c.seq == 2).values(events=newer))
    with pytest.raises(UnknownRecord) as caught, running(url, program="hall-queue 1.0"):
        pass
    assert (caught.value.type, caught.value.version, caught.value.seq) == ("TicketIssued", 2, 2)
    assert "hall-queue 9.9" in str(caught.value)


def test_tables_of_a_newer_program_are_left_alone(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
    change(url, text("UPDATE alembic_version SET version_num = '9999'"))
    store = Store(url)
    assert store.schema_version() == "9999"
    with pytest.raises(SchemaOutOfDate):
        store.open_writer(HALL)
    gate = a_gate(store, HandClock())
    gate.start(timeout_s=None)
    assert gate.wait_ready(WAIT_S), "whoever waits is told"
    assert gate.health().state == "refused"
    gate.stop()
    store.close()


def test_a_restored_store_gets_a_new_epoch(url: str) -> None:
    with running(url) as hall:
        hall.open_day()
        first = hall.gate.view.epoch
    store = Store(url)
    writer = store.open_writer(HALL)
    renewed = writer.renew_epoch()
    writer.close()
    store.close()
    with running(url) as hall:
        hall.issue()
        assert hall.gate.view.epoch == renewed != first
    store = Store(url)
    upkeep.verify_journal(store, HALL)
    store.close()


def test_halls_of_one_store_do_not_mix(url: str) -> None:
    if url.startswith("sqlite"):
        with running(url) as first:
            first.open_day()
            store = Store(url)
            with pytest.raises(LockHeld):
                store.open_writer("h2")
            store.close()
        return
    with running(url) as first, running(url, hall="h2") as second:
        first.open_day()
        second.open_day()
        assert [event.number for event in first.issue("same").events if isinstance(event, e.TicketIssued)] == ["A001"]
        assert [event.number for event in second.issue("same").events if isinstance(event, e.TicketIssued)] == ["A001"]


def test_a_lost_postgresql_connection_stops_the_gate_and_frees_the_hall(postgres: Callable[[], str]) -> None:
    url = postgres()
    with running(url) as hall:
        hall.open_day()
        kill = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        change(url, text(kill))
        with pytest.raises(GateStopped):
            hall.issue()
        hall.gate.stop()
        assert hall.gate.health().state == "lost"
        with running(url) as other:
            assert other.issue("next").seq == 2


@pytest.mark.parametrize("count", [1, 7, 8, 31, 32, 43, 100])
def test_a_batch_of_any_size_is_written_whole(url: str, count: int) -> None:
    """Rows go to the database in statements of several sizes: none may be lost or doubled between them."""
    settings: list[dict[str, str | int]] = [{"name": f"n{n:03d}", "value": f"v{n}", "version": n} for n in range(count)]
    store = Store(url)
    writer = store.open_writer(HALL)
    writer.begin()
    writer.write([RowWrite("setting", values) for values in settings])
    writer.write([RowWrite("setting", {**values, "version": 7}) for values in settings])
    writer.commit()
    assert queries.all_rows(writer.connection, HALL, t.setting) == [{**each, "version": 7} for each in settings]
    writer.rollback()
    writer.close()
    store.close()
