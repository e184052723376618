"""Devices with keys, and displays that show a code."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.queue_server.commands.conftest import Technician
from tests.support.server import Client


def test_kiosk_gets_a_key_that_only_its_owner_reads(hall: Technician, tmp_path: Path) -> None:
    key_file = tmp_path / "kiosk.key"
    said = hall.does("pair-device", "kiosk", "1号取号机", "--key-file", str(key_file))
    assert "kiosk:1 1号取号机" in said
    key = key_file.read_text(encoding="ascii").strip()
    assert key not in said
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    if hall.url is not None:
        kiosk = Client(hall.url, bearer=key)
        assert kiosk.get("/hall").status_code == 200
        kiosk.close()


def test_existing_key_file_is_never_overwritten(hall: Technician, tmp_path: Path) -> None:
    key_file = tmp_path / "kiosk.key"
    key_file.write_text("old\n", encoding="ascii")
    before = hall.rows()
    assert "exists already" in hall.fails("pair-device", "pad", "叫号器", "--key-file", str(key_file), code=2)
    assert key_file.read_text(encoding="ascii") == "old\n"
    assert hall.rows() == before


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("pair-device", "tv", "x"), "'tv'"),
        (("pair-device", "display", "x", "--zone", "Ost Halle"), "--zone"),
        (("pair-device", "pad", "x", "--window", "0"), "--window"),
    ],
)
def test_wrong_options_are_named(stopped: Technician, tmp_path: Path, wrong: tuple[str, ...], named: str) -> None:
    assert named in stopped.fails(*wrong, "--key-file", str(tmp_path / "k"), code=2)


def test_display_is_let_in_by_its_code(hall: Technician) -> None:
    password = hall.account("chief", "manager")
    if hall.url is None:
        said = hall.fails("approve-device", "ABC234", "--account", "chief", typed=password + "\n")
        assert "no server runs here" in said
        return
    display = Client(hall.url)
    started = display.post("/devices/pair/start", {"kind": "display", "name": "1号大屏", "zone": "hall"}).json()
    wrong = hall.fails("approve-device", started["code"], "--account", "chief", typed="not-the-password\n")
    assert "密码" in wrong
    assert hall.fails("approve-device", "ZZZZZZ", "--account", "chief", typed=password + "\n")
    said = hall.does("approve-device", started["code"].lower(), "--account", "chief", typed=password + "\n")
    assert "is in" in said
    assert password not in said
    assert display.post("/devices/pair", {"code": started["code"]}, keyed=False).json()["state"] == "approved"
    assert display.get("/board").status_code == 200
    display.close()
