"""``hall-kiosk --test-page``: the technician's page over the kiosk's own settings, without server and screen."""

from __future__ import annotations

import base64
from pathlib import Path

from click.testing import CliRunner

from drivers.control import ControlClient
from drivers.printer.decoder import decode
from kiosk.__main__ import main
from tests.kiosk.test_program import program


def settings(folder: Path, port: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(f'[printer]\nport = "{port}"\nprofile = "generic-80"\ndeadline_s = 1\n', encoding="utf-8")
    return path


def test_the_page_comes_out_and_a_fault_is_said_in_the_drivers_words(tmp_path: Path) -> None:
    with program("drivers", "simulate", "printer") as (_, ready):
        asked = ["--settings", str(settings(tmp_path, ready["port"])), "--test-page"]
        done = CliRunner().invoke(main, asked)
        assert (done.exit_code, done.output) == (0, "printed (paper_ok): 打印机正常\n")
        with ControlClient(ready["control"]) as control:
            (slip,) = control.ask("slips", after=0)["slips"]
            text = decode(base64.b64decode(slip["bytes"])).text
            assert "打印机验收页　generic-80" in text
            assert "HALL-PRINTER-TEST" in text
            control.ask("fault", name="paper_end")
        done = CliRunner().invoke(main, asked)
        assert (done.exit_code, done.output) == (3, "not_printed (paper_end): 没纸了，请换纸；换好会自动恢复\n")


def test_a_printer_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["--settings", str(settings(tmp_path, "/dev/serial/by-path/absent")), "--test-page"]
    )
    assert done.exit_code == 3
    assert done.output == "not_printed (port_missing): 没有这个端口，请插好线、开电源，再运行 hall-devices list\n"
