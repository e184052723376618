"""A hall's own list of matters comes in whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import assets
from queue_server.commands.hall_writer import open_hall
from tests.queue_server.commands.conftest import Technician
from tests.support.server import Client

FILES = ("departments.csv", "matters.csv")


def version(hall: Technician) -> int:
    """Version in force; 0 without one."""
    with open_hall(hall.settings) as opened:
        catalogue = opened.records().catalogue
        return catalogue.version if catalogue else 0


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Copies of the sample, to be spoiled."""
    for name in FILES:
        shutil.copy(assets.path("catalogue") / name, tmp_path / name)
    return ["--departments", str(tmp_path / FILES[0]), "--matters", str(tmp_path / FILES[1])]


def spoil(path: Path, *lines: tuple[int, str, str]) -> None:
    """In the line (from 1) the first text becomes the second."""
    rows = path.read_text(encoding="utf-8-sig").splitlines()
    for number, old, new in lines:
        assert old in rows[number - 1]
        rows[number - 1] = rows[number - 1].replace(old, new, 1)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def test_each_import_is_a_new_version(hall: Technician, files: list[str]) -> None:
    before = version(hall)
    assert f"version {before + 1} of" in hall.does("import-catalogue", "--sample")
    said = hall.does("import-catalogue", *files, "--source", "测试文件1号", "--date", "2026-01-05")
    assert f"version {before + 2} of 2026-01-05 is in force" in said
    assert version(hall) == before + 2
    if hall.url is not None:
        visitor = Client(hall.url, bearer=None)
        visitor.sign_in("boss", hall.account("boss", "manager"))
        assert visitor.get("/catalogue").json()["source"] == "测试文件1号"
        visitor.close()


def test_all_faults_are_told_at_once_and_nothing_is_imported(
    hall: Technician, files: list[str], tmp_path: Path
) -> None:
    spoil(tmp_path / "matters.csv", (2, ",SB,", ",QQ,"), (3, "SB-002", "SB-003"))
    spoil(tmp_path / "departments.csv", (2, ",yes,", ",maybe,"))
    before, rows = version(hall), hall.rows()
    said = hall.fails("import-catalogue", *files, "--source", "测试")
    assert "matters.csv:2 [department]" in said
    assert "matters.csv:4 [code]" in said
    assert "departments.csv:2 [in_hall]" in said
    assert "faults; nothing was imported" in said
    assert (version(hall), hall.rows()) == (before, rows)


def test_checking_changes_nothing(hall: Technician, files: list[str]) -> None:
    rows = hall.rows()
    assert "no fault" in hall.does("import-catalogue", *files, "--check")
    assert hall.rows() == rows


def test_what_is_missing_is_named(stopped: Technician, files: list[str], tmp_path: Path) -> None:
    assert "--source" in stopped.fails("import-catalogue", *files, code=2)
    assert "--departments" in stopped.fails("import-catalogue", "--source", "x", code=2)
    assert "takes no files" in stopped.fails("import-catalogue", "--sample", *files, code=2)
    (tmp_path / "matters.csv").unlink()
    assert "matters.csv" in stopped.fails("import-catalogue", *files, "--source", "x")
