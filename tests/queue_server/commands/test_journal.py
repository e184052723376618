"""The journal is proved, the tables are made anew, rows are blanked by two people, personal data goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from queue_server.commands.hall_writer import open_hall
from queue_server.domain.commands import CloseDay, Command, IssueTicket, OpenDay
from queue_server.store.rows import RowWrite
from tests.queue_server.commands.conftest import Technician


def change(hall: Technician, statement: str, *values: object) -> int:
    """What somebody with the file and a database tool could do; how many rows it changed."""
    with closing(sqlite3.connect(hall.database)) as connection, connection:
        return connection.execute(statement, values).rowcount


@pytest.fixture
def past(stopped: Technician) -> Technician:
    """A hall with three tickets on a closed day and another day after it."""
    commands: list[Command] = [OpenDay(business_day="2026-01-14", letters={}, confirmed=True)]
    commands += [IssueTicket(ticket=f"t{n}", track=f"T{n}") for n in range(3)]
    commands += [CloseDay(), OpenDay(business_day="2026-01-15", letters={}, confirmed=True)]
    with open_hall(stopped.settings) as hall:
        for command in commands:
            hall.submit(command)
    return stopped


def test_untouched_journal_holds(hall: Technician) -> None:
    hall.account("anna", "auditor")
    said = hall.does("verify-journal")
    assert "rows hold, 0 of them redacted" in said


def test_tampering_is_named_by_its_row(past: Technician) -> None:
    assert change(past, "update journal set events = replace(events, 'A002', 'A999') where seq = 3") == 1
    assert "is broken at row 3: the digest does not fit" in past.fails("verify-journal")


def test_anchor_shows_that_rows_were_cut_off(past: Technician, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors.txt"
    past.does("verify-journal", "--write-anchors", str(anchors))
    assert "1 anchors fit" in past.does("verify-journal", "--anchors", str(anchors))
    change(past, "delete from journal where seq >= 3")
    assert "rows hold" in past.does("verify-journal")  # a shorter journal alone looks whole
    assert "rows before the anchor are missing" in past.fails("verify-journal", "--anchors", str(anchors))


def test_anchors_file_with_nonsense_is_named_by_line(past: Technician, tmp_path: Path) -> None:
    anchors = tmp_path / "anchors.txt"
    anchors.write_text("# kept in the safe\nseven abc\n", encoding="utf-8")
    assert "line 2" in past.fails("verify-journal", "--anchors", str(anchors))
    assert "does not exist" in past.fails("verify-journal", "--anchors", str(tmp_path / "none"), code=2)


def test_tables_are_made_anew_from_the_journal(past: Technician) -> None:
    assert "all tables equal the journal" in past.does("rebuild-tables", "--check")
    assert change(past, "update ticket set state = 'done' where number = 'A002'") == 1
    assert "these tables differ from the journal: ticket" in past.fails("rebuild-tables", "--check")
    assert "made anew: ticket" in past.does("rebuild-tables")
    assert "all tables equal the journal" in past.does("rebuild-tables")


def test_tables_are_left_alone_while_a_server_runs(hall: Technician) -> None:
    if hall.url is None:
        hall.does("rebuild-tables")
    else:
        assert "stop it first" in hall.fails("rebuild-tables")
    assert hall.rows() >= 0


def test_purge_erases_what_is_over(hall: Technician) -> None:
    assert "nothing was due" in hall.does("purge")
    note = RowWrite("note", {"id": "n1", "subject": "ticket:t0", "text": "测试甲", "erase_after_us": 1})
    hall.does("open-day", "--confirmed")
    with open_hall(hall.settings) as opened:
        opened.submit(IssueTicket(ticket="t0", track="T0"), rows=[note])
    assert "erased 1 of note" in hall.does("purge")
    assert "nothing was due" in hall.does("purge")
    left = b"".join(path.read_bytes() for path in hall.folder.glob("hall.db*") if path.suffix != ".lock")
    assert "测试甲".encode() not in left


@pytest.fixture
def two(past: Technician) -> tuple[str, str]:
    return past.account("anna", "auditor"), past.account("bo", "manager")


def test_two_people_blank_a_row(past: Technician, two: tuple[str, str]) -> None:
    said = past.does("redact", "3", "--by", "anna", "--second", "bo", typed=f"{two[0]}\n{two[1]}\n")
    assert "row 3 is blank" in said
    assert two[0] not in said
    assert "1 of them redacted" in past.does("verify-journal")
    again = past.fails("redact", "3", "--by", "anna", "--second", "bo", typed=f"{two[0]}\n{two[1]}\n")
    assert "blank already" in again
    assert "all tables equal the journal" in past.does("rebuild-tables", "--check")


def test_row_is_not_blanked_without_two_people_with_the_right(past: Technician, two: tuple[str, str]) -> None:
    clerk = past.account("carl", "clerk")
    rows = past.rows()
    assert "must be two people" in past.fails(
        "redact", "3", "--by", "anna", "--second", "anna", typed=f"{two[0]}\n{two[0]}\n", code=2
    )
    wrong = past.fails("redact", "3", "--by", "anna", "--second", "bo", typed=f"{two[0]}\nwrong\n")
    assert "bo: account or password is wrong" in wrong
    unknown = past.fails("redact", "3", "--by", "anna", "--second", "zoe", typed=f"{two[0]}\nx\n")
    assert "zoe: account or password is wrong" in unknown
    low = past.fails("redact", "3", "--by", "carl", "--second", "bo", typed=f"{clerk}\n{two[1]}\n")
    assert "carl is neither manager nor auditor" in low
    assert past.rows() == rows


@pytest.mark.parametrize(("seq", "why"), [("999", "does not exist"), ("1", "opens or closes a day"), ("6", "newest")])
def test_rows_that_stay(past: Technician, two: tuple[str, str], seq: str, why: str) -> None:
    assert why in past.fails("redact", seq, "--by", "anna", "--second", "bo", typed=f"{two[0]}\n{two[1]}\n")
