"""Opening and closing the day from a terminal."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from click.testing import CliRunner

from queue_server.__main__ import main
from queue_server.commands.hall_writer import open_hall
from queue_server.domain.commands import CallNext, IssueTicket, OpenShift, OpenWindow
from tests.queue_server.commands.conftest import Technician


def today() -> str:
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def test_day_that_was_left_open_is_closed_first(hall: Technician) -> None:
    yesterday = (dt.date.fromisoformat(today()) - dt.timedelta(days=1)).isoformat()
    hall.does("open-day", "--date", yesterday, "--confirmed")
    said = hall.does("open-day")
    assert f"{today()} is open" in said
    # Without a server the gate of this very command closed it when it began.
    assert (f"{yesterday} was left open and is closed now" in said) == (hall.url is not None)
    assert "refused: day_open" in hall.fails("open-day")
    hall.does("close-day")


def test_day_opens_once_and_closes_once(hall: Technician) -> None:
    assert f"{today()} is open" in hall.does("open-day", "--confirmed")
    assert "refused: day_open" in hall.fails("open-day")
    assert "the day is closed (journal row" in hall.does("close-day")
    assert "refused: no_day" in hall.fails("close-day")


def test_odd_date_needs_a_yes(stopped: Technician) -> None:
    stopped.does("open-day", "--confirmed")
    stopped.does("close-day")
    said = stopped.fails("open-day", "--date", "2020-01-02")
    assert "refused: confirm_needed" in said
    assert "2020-01-02" in said
    assert "2020-01-02 is open" in stopped.does("open-day", "--date", "2020-01-02", "--confirmed")
    assert "not match the format" in stopped.fails("open-day", "--date", "tomorrow", code=2)


def test_day_with_somebody_called_closes_only_by_force(stopped: Technician) -> None:
    stopped.does("open-day", "--confirmed")
    with open_hall(stopped.settings) as hall:
        for command in (
            IssueTicket(ticket="t1", track="T1"),
            OpenShift(window=1, shift="s1", clerk=1),
            OpenWindow(window=1),
            CallNext(window=1, announcement="n1"),
        ):
            hall.submit(command)
    assert "refused: still_busy (count 1, number A001)" in stopped.fails("close-day")
    assert "the day is closed" in stopped.does("close-day", "--force")


def test_without_settings_the_database_gets_its_folder(tmp_path: Path) -> None:
    """The first command of the README, in a folder where nothing is yet."""
    with contextlib.chdir(tmp_path):
        result = CliRunner().invoke(main, ["add-user", "boss", "--role", "manager", "--random"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "var" / "hall.db").exists()
    assert (tmp_path / "var").stat().st_mode & 0o077 == 0
