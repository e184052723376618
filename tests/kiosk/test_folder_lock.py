"""Two kiosks and one folder: the second ends with a sentence. Real processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kiosk.__main__ import main
from kiosk.folder_lock import LOCK_FILE, lock_folder

HOLDER = """
import sys, pathlib
from kiosk.folder_lock import lock_folder
with lock_folder(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_the_second_kiosk_on_a_folder_names_it_and_what_to_do(tmp_path: Path) -> None:
    folder = tmp_path / "kiosk-data"
    holder = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"
        (tmp_path / "kiosk.toml").write_text("", encoding="utf-8")
        second = CliRunner().invoke(main, ["--settings", str(tmp_path / "kiosk.toml"), "--offscreen"])
        assert second.exit_code == 1
        for part in (str(folder), f"process {first.pid}", 'folder = "…"'):
            assert part in second.output
        assert not (folder / "kivy").exists(), "it ended before anything else was begun"
        first.kill()
    with lock_folder(folder):
        assert (folder / LOCK_FILE).read_text() == f"{os.getpid()}\n"


def test_a_folder_that_cannot_be_locked_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with lock_folder(tmp_path / "file" / "kiosk-data"):
        assert "cannot be locked" in caplog.text
