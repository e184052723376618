"""A year's calendar: what is shipped is sound, a wrong file is refused with all its faults, a right one is in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from queue_server.domain.calendar import SATURDAY
from queue_server.service.calendar_file import imported_years, shipped_years
from queue_server.service.records import load_records
from queue_server.store.engine import Store
from tests.queue_server.commands.conftest import Technician

RIGHT = """
year = 2027
source = "test"
workdays = [2027-02-20]
[[holiday]]
name = "元旦"
first = 2027-01-01
last = 2027-01-03
[[special]]
date = 2027-03-06
sessions = ["9:00-13:00"]
"""
WRONG = """
year = 2027
source = "test"
workdays = [2027-01-02, 2027-02-22, 2026-02-20]
[[holiday]]
name = "元旦"
first = 2027-01-01
last = 2027-01-03
[[holiday]]
name = "再一次"
first = 2027-01-03
last = 2027-01-02
[[special]]
date = 2027-03-06
sessions = ["9:00-13:00", "12:00-14:00", "9"]
"""


def test_the_shipped_year_says_what_the_notice_says() -> None:
    year = shipped_years()[2026]
    assert "国务院办公厅" in year.source
    assert len(year.holidays) == 33
    assert year.holidays[date(2026, 2, 17)] == "春节"
    assert {day.weekday() >= SATURDAY for day in year.workdays} == {True}
    assert not year.workdays & year.holidays.keys()


def test_a_wrong_file_is_refused_with_all_its_faults(stopped: Technician, tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(WRONG, encoding="utf-8")
    said = stopped.fails("import-calendar", str(file))
    for fault in (
        "workdays: 2027-01-02 is a holiday (元旦) too",
        "workdays: 2027-02-22 is no Saturday or Sunday",
        "workdays: 2026-02-20 is not in 2027",
        "holiday 再一次: it ends (2027-01-02) before it begins (2027-01-03)",
        'special 2027-03-06: "9" is no session',
        "overlap",
        "nothing was imported",
    ):
        assert fault in said
    assert not stopped.database.exists()


def test_unknown_keys_are_named(stopped: Technician, tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text('year = 2027\nsourse = "x"\n', encoding="utf-8")
    said = stopped.fails("import-calendar", str(file))
    assert "did you mean 'source'?" in said
    assert "source: missing" in said


def test_a_right_file_is_in_force_and_may_be_replaced(hall: Technician, tmp_path: Path) -> None:
    file = tmp_path / "2027.toml"
    file.write_text(RIGHT, encoding="utf-8")
    assert "3 days off, 1 make-up working days, no fault" in hall.does("import-calendar", "--check", str(file))
    assert "the calendar of 2027 is in force" in hall.does("import-calendar", str(file))
    file.write_text(RIGHT.replace("2027-02-20", "2027-02-21"), encoding="utf-8")
    hall.does("import-calendar", str(file))
    assert kept(hall.database) == {date(2027, 2, 21)}


def kept(database: Path) -> frozenset[date]:
    """Make-up days of 2027 as the hall's records hold them."""
    store = Store(f"sqlite:///{database}")
    with store.read() as connection:
        years = imported_years(load_records(connection, "demo").settings)
    store.close()
    return years[2027].workdays
