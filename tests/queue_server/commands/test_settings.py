"""Settings that are wrong, a port that is taken, a hall that somebody else serves: said in a sentence."""

from __future__ import annotations

import contextlib
import socket
import sqlite3
from pathlib import Path

import pytest

from queue_server.demo.hall import settings_text
from queue_server.store.engine import Store
from tests.queue_server.commands.conftest import Technician
from tests.support.server import ServerProcess

USES_SETTINGS = (
    ("serve",),
    ("add-user", "a", "--role", "clerk", "--random"),
    ("open-day",),
    ("verify-journal",),
    ("purge",),
)


@pytest.mark.parametrize("command", USES_SETTINGS, ids=[each[0] for each in USES_SETTINGS])
def test_all_faults_are_told_together_with_the_nearest_known_key(stopped: Technician, command: tuple[str, ...]) -> None:
    stopped.settings.write_text('databse = "x"\n[listen]\nport = "no"\n[hall]\ntime_zone = 8\n', encoding="utf-8")
    said = stopped.fails(*command)
    assert "databse: unknown key; did you mean 'database'?" in said
    assert "listen.port" in said
    assert "hall.time_zone" in said
    assert not stopped.database.exists()


def test_faults_of_every_kind_are_told_in_one_round(stopped: Technician) -> None:
    stopped.settings.write_text(
        """databse = "x"
grounds = [{code = "a", name = "甲", name_en = "A", basis = "b", proof = "p"}, {code = "B"}]
[hall]
time_zone = "Asia/Nowhere"
open_from = "18:00"
phon = "1"
[listen]
port = "no"
certificate = "a.pem"
[calendar]
sessions = ["9:00-12:00", "11:00-14:00", "x"]
[rules]
undo_s = -1
undo = 1
letters = {general = "A", booked = "A", other = "B"}
quotas = [{limit = 3, begins = "9:00", ends = "8:00"}]
booking = {slot_min = 0, walk_in_percent = 101, slot = 3}
[[windows]]
number = 1
[[windows]]
number = 1
""",
        encoding="utf-8",
    )
    said = stopped.fails("open-day")
    for fault in (
        "databse: unknown key",
        "rules.booking.slot_min: 0 is not from 5 to 240",
        "rules.booking.walk_in_percent: 101 is not from 0 to 100",
        "rules.booking.slot: unknown key",
        "grounds[1].code",
        "Asia/Nowhere",
        "open_from 18:00 is not before open_to 17:00",
        "hall.phon: unknown key; did you mean 'phone'?",
        "listen.port",
        "both certificate and private_key",
        'calendar.sessions: "x" is no session',
        "overlap",
        "rules.undo_s: -1 is less than 0",
        "rules.undo: unknown key; did you mean 'undo_s'?",
        "letter A is given twice",
        "no kind is called 'other'",
        "collection needs a letter",
        "9:00-8:00, 3 is no part of a day",
        "windows: number 1 is given twice",
    ):
        assert fault in said


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[listen\n", "server.toml"),
        ("windows = []\n", "windows"),
        ('[hall]\ntime_zone = "Asia/Nowhere"\n', "Asia/Nowhere"),
        ("[[windows]]\nnumber = 1\n[[windows]]\nnumber = 1\n", "number 1 is given twice"),
        ('[listen]\ncertificate = "a.pem"\n', "both certificate and private_key"),
    ],
)
def test_each_fault_is_named(stopped: Technician, text: str, named: str) -> None:
    stopped.settings.write_text(text, encoding="utf-8")
    assert named in stopped.fails("open-day")


def test_missing_settings_file_is_named(stopped: Technician) -> None:
    stopped.settings.unlink()
    assert "server.toml" in stopped.fails("open-day")


def test_busy_port_is_named_with_what_to_do(stopped: Technician) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        stopped.settings.write_text(settings_text(stopped.folder, port, "", "", 4), encoding="utf-8")
        said = stopped.fails("serve")
    assert f"cannot listen on 127.0.0.1:{port}" in said
    assert "[listen] port" in said


def test_tables_of_a_newer_program_end_the_server(stopped: Technician) -> None:
    stopped.does("open-day", "--confirmed")
    with contextlib.closing(sqlite3.connect(stopped.database)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "this hall cannot be served" in stopped.fails("serve")


def test_hall_whose_writer_cannot_be_reached_is_left_alone(stopped: Technician) -> None:
    stopped.does("open-day", "--confirmed")
    store = Store(f"sqlite:///{stopped.database}")
    writer = store.open_writer("demo")
    try:
        assert "stop it first" in stopped.fails("rebuild-tables")
    finally:
        writer.close()
        store.close()


def test_database_in_a_folder_that_is_not_there(stopped: Technician, tmp_path: Path) -> None:
    text = settings_text(tmp_path / "gone", 0, "", "", 4)
    stopped.settings.write_text(text, encoding="utf-8")
    assert "Error" in stopped.fails("open-day")


CERTIFICATE = Path(__file__).parent / "certificate"
"""Made for these tests alone (``openssl req -x509``): for the host ``hall.test``, good until 2126."""


def test_commands_reach_a_server_that_listens_for_others_and_with_tls(tmp_path: Path) -> None:
    keys = f'certificate = "{CERTIFICATE / "hall.test.pem"}"\nprivate_key = "{CERTIFICATE / "hall.test.key"}"\n'
    text = settings_text(tmp_path, 0, "", "", 4)
    server = ServerProcess(tmp_path, text.replace("[listen]\n", f'[listen]\nhost = "127.0.0.2"\n{keys}'))
    try:
        assert server.url.startswith("https://127.0.0.2:")
        assert "is open" in Technician(tmp_path, server.url).does("open-day", "--confirmed")
    finally:
        assert server.end()[0] == 0
