"""Settings that are wrong, a port that is taken, a hall that somebody else serves: said in a sentence."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from queue_server.demo.hall import settings_text
from queue_server.store.engine import Store
from tests.queue_server.commands.conftest import Technician

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
