"""``hall-devices`` as a real process."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.control import ControlClient
from drivers.listening import PtyListener
from drivers.transport import open_port
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


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[dict[str, Any]]:
    with Program("drivers", "simulate", "idcard", "--read-ms", "50", "--port-file", str(tmp_path / "ready")) as program:
        ready = program.wait_json()
        assert json.loads((tmp_path / "ready").read_text(encoding="utf-8")) == ready
        assert ready["ready"] is True
        yield ready
        assert program.stop() == 0
        assert program.errors == []


@pytest.mark.parametrize(
    ("options", "name", "number"),
    [([], "测**", "7***************13"), (["--unmasked"], "测试甲", "700000199001010013")],
    ids=["masked", "unmasked"],
)
def test_watch_prints_the_card_at_once(simulated: dict[str, Any], options: list[str], name: str, number: str) -> None:
    with Program("drivers", "-v", "watch", "idcard", "--port", simulated["port"], "--json", *options) as watch:
        assert watch.wait_json() == {"event": "reader_health", "state": "ok", "code": ""}
        with ControlClient(simulated["control"]) as hand:
            hand.ask("lay", card="mainland")
            card = watch.wait_json()
            assert (card["event"], card["card_type"]) == ("card_presented", "mainland")
            assert (card["name"], card["number"]) == (name, number)
            assert ("birth" in card) == bool(options)
            assert card["doubts"] == []
            hand.ask("lift")
            assert watch.wait_json() == {"event": "card_lifted"}
            hand.ask("fault", name="not_id_card")
            hand.ask("lay", card="mainland")
            assert watch.wait_json() == {"event": "card_trouble", "code": "not_id_card", "status": "40"}
        watch.signal(signal.SIGINT)
        assert watch.wait() == 0
    shown = "".join(watch.errors)
    assert "ok" in shown
    assert "700000" not in shown
    assert "测试" not in shown


def test_watch_ends_on_sigterm(simulated: dict[str, Any]) -> None:
    with Program("drivers", "watch", "idcard", "--port", simulated["port"]) as watch:
        assert watch.lines.wait_for(lambda _: True) == "reader_health  ok\n"
        assert watch.stop() == 0


def test_probe_finds_the_reader(simulated: dict[str, Any]) -> None:
    done = run("probe", simulated["port"])
    assert (done.returncode, done.stderr) == (0, "")
    assert "ID-card reader, ok" in done.stdout
    found = json.loads(run("probe", simulated["port"], "--json").stdout)["found"]
    assert (found["kinds"], found["condition"]["state"]) == (["idcard"], "ok")


def test_a_pty_simulator_keeps_its_name(tmp_path: Path) -> None:
    link = tmp_path / "reader"
    with Program("drivers", "simulate", "idcard", "--pty-link", str(link), "--card", "hmt") as program:
        assert program.wait_json()["port"] == str(link)
        with Program("drivers", "watch", "idcard", "--port", str(link), "--json") as watch:
            assert watch.wait_json(lambda line: line["event"] == "card_presented")["card_type"] == "hmt"
            busy = run("doctor", f"{link}=idcard", "--language", "en")
            assert busy.returncode == 1
            assert re.search(r"in use by drivers \(\d+\), drivers \(\d+\); close that program", busy.stdout)
            assert watch.stop() == 0
        assert program.stop() == 0
    assert not link.exists()


@pytest.mark.parametrize("command", [["watch", "idcard", "--port"], ["probe"]])
def test_wrong_ports_end_with_a_sentence_and_code_two(command: list[str], tmp_path: Path) -> None:
    listener = PtyListener()
    held = open_port(listener.port_name)
    cases = {
        str(tmp_path / "none"): "not there",
        listener.port_name: "in use by another program",
        "http://x": "names no port",
    }
    for port, words in cases.items():
        done = run(*command, port)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    held.close()
    listener.close()


@pytest.mark.parametrize(
    "arguments",
    [[], ["list"], ["doctor"], ["probe"], ["watch"], ["watch", "idcard"], ["simulate"], ["simulate", "idcard"]],
)
def test_every_command_explains_itself(arguments: list[str]) -> None:
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_unknown_cards_and_faults_are_refused_at_the_start() -> None:
    for option in ("--card", "--fault"):
        done = run("simulate", "idcard", option, "none")
        assert done.returncode == 2
        assert "there are:" in done.stderr


def test_doctor_names_a_swap_of_two_real_programs(simulated: dict[str, Any], tmp_path: Path) -> None:
    with Program("drivers", "simulate", "printer") as printer:
        port = printer.wait_json()["port"]
        settings = tmp_path / "kiosk.toml"
        settings.write_text(
            f'[card_reader]\nport = "{port}"\n[printer]\nport = "{simulated["port"]}"\n', encoding="utf-8"
        )
        done = run("doctor", str(settings), "--json", "--language", "zh")
        assert (done.returncode, done.stderr) == (1, "")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert [(line["role"], line["level"]) for line in lines] == [("card_reader", "fault"), ("printer", "fault")]
        assert {line["findings"][0]["code"] for line in lines} == {"swapped"}
        assert "接反了" in lines[0]["findings"][0]["say"]
        done = run("doctor", f"{port}=printer", f"{simulated['port']}=idcard", "--language", "en")
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1] == "2 devices, all well."
        assert printer.stop() == 0


def test_doctor_refuses_what_it_cannot_read() -> None:
    for what, words in (("COM3=modem", "write PORT=KIND"), ("none.toml", "cannot be read")):
        done = run("doctor", what)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr


def test_list_gives_json_lines() -> None:
    done = run("list", "--json")
    assert done.returncode == 0
    assert all("device" in json.loads(line) for line in done.stdout.splitlines())


def test_importing_the_drivers_loads_no_pictures() -> None:
    code = (
        "import sys, drivers, drivers.idcard.reader, drivers.__main__\n"
        "print([name for name in ('PIL', 'escpos', 'usb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
