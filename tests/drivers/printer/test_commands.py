"""The printer's commands as real processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PIL import Image

from drivers.control import ControlClient
from drivers.printer.profile import Profile
from tests.drivers.printer.slips import read_codes
from tests.support.programs import Program


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "drivers", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_print_on_a_simulated_printer(tmp_path: Path) -> None:
    preview = tmp_path / "sample.png"
    with Program("drivers", "simulate", "printer", "--mm-s", "1500", "--port-file", str(tmp_path / "ready")) as program:
        ready = program.wait_json()
        assert json.loads((tmp_path / "ready").read_text(encoding="utf-8")) == ready
        printed = run("print", "--port", ready["port"], "--slip", "sample", "--preview", str(preview))
        assert (printed.returncode, printed.stderr) == (0, "")
        assert "printed: paper_ok" in printed.stdout
        with ControlClient(ready["control"]) as control:
            assert control.ask("state")["slips"] == 1
            control.ask("fault", name="paper_end")
        refused = run("print", "--port", ready["port"])
        assert (refused.returncode, refused.stdout.strip()) == (3, "not_printed: paper_end")
        assert program.stop() == 0
        assert program.errors == []
    with Image.open(preview) as picture:
        assert picture.width == 576
        assert read_codes(picture) == ["HALL-PRINTER-TEST"]


def test_a_printers_troubles_are_watched() -> None:
    with Program("drivers", "simulate", "printer") as simulated:
        ready = simulated.wait_json()
        with Program("drivers", "watch", "printer", "--port", ready["port"], "--json") as watch:
            assert watch.wait_json()["state"] == "ok"
            with ControlClient(ready["control"]) as hand:
                hand.ask("fault", name="cover_open")
                told = watch.wait_json()
                assert (told["state"], told["code"]) == ("down", "cover_open")
                assert "盖没关好" in told["staff"]
                hand.ask("clear")
                assert watch.wait_json()["state"] == "ok"
            assert watch.stop() == 0
        assert simulated.stop() == 0


def test_a_profile_may_be_any_file(tmp_path: Path) -> None:
    """A new model needs no change of what is installed."""
    profile = tmp_path / "ours.toml"
    profile.write_text('title = "Ours"\ndots = 384\nrepertoire = "gbk"\nqr = "raster"\n', encoding="utf-8")
    assert Profile.load(str(profile)).dots == 384
    page = tmp_path / "page.png"
    done = run("print", "--slip", "test", "--profile", str(profile), "--preview", str(page))
    assert (done.returncode, done.stderr) == (0, "")
    assert page.stat().st_size > 1000
    profile.write_text('title = "Ours"\ndot = 384\n', encoding="utf-8")
    done = run("print", "--slip", "test", "--profile", str(profile), "--preview", str(page))
    assert done.returncode == 2
    assert "did you mean 'dots'?" in done.stderr


def test_wrong_names_end_with_a_sentence(tmp_path: Path) -> None:
    missing = run("print", "--slip", "nope", "--preview", str(tmp_path / "x.png"))
    assert missing.returncode == 2
    assert "nope.toml" in missing.stderr
    assert "Traceback" not in missing.stderr
    assert run("print").returncode == 2


def test_importing_drivers_loads_neither_pillow_nor_escpos() -> None:
    code = "import sys, drivers.printer.printer; print([n for n in ('PIL', 'escpos', 'qrcode') if n in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == "[]"


def test_python_escpos_leaves_no_traces() -> None:
    code = (
        "import logging, tempfile, os; before = set(os.listdir(tempfile.gettempdir()));"
        "from drivers.printer import escpos_bytes; escpos_bytes.warm();"
        "print(logging.getLogger().handlers, sorted(set(os.listdir(tempfile.gettempdir())) - before))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.startswith("[] ")
    assert "tmp" not in found.stdout
