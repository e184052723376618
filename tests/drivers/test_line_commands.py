"""``hall-devices`` for scanners, pads and strips, as a technician runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.control import BadRequest, ControlClient
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


def test_pads_are_simulated_watched_and_pressed() -> None:
    with Program("drivers", "simulate", "pad", "--address", "1-2") as simulated:
        ready = simulated.wait_json()
        with Program("drivers", "watch", "pad", "--port", ready["port"], "--address", "1,2", "--json") as watch:
            health = watch.wait_json(lambda line: line["event"] == "pad_line_health")
            assert health == {"event": "pad_line_health", "state": "ok", "code": ""}
            told = run("tell", ready["control"], "press", "address=2", "key=NEXT")
            assert (told.returncode, told.stdout, told.stderr) == (0, "{}\n", "")
            with ControlClient(ready["control"]) as hand:
                pressed = watch.wait_json(lambda line: line["event"] == "pad_pressed")
                assert (pressed["address"], pressed["key"], pressed["press"]) == (2, "NEXT", 1)
                hand.ask("press", address=1, key="F1")
                dropped = watch.wait_json(lambda line: line["event"] == "pad_dropped")
                assert dropped["code"] == "unknown_key"
                hand.ask("power", address=1, on=False)
                lost = watch.wait_json(lambda line: line["event"] == "pad_health" and line["state"] == "down")
                assert (lost["address"], lost["code"]) == (1, "silent")
            assert watch.stop() == 0
        assert simulated.stop() == 0
        assert simulated.errors == []


def test_strips_are_watched_while_each_shows_its_address() -> None:
    with Program("drivers", "simulate", "strip", "--address", "11-12", "--pads", "1-2") as simulated:
        ready = simulated.wait_json()
        with Program("drivers", "watch", "strip", "--port", ready["port"], "--address", "11,12", "--json") as watch:
            health = watch.wait_json(lambda line: line["event"] == "strip_line_health")
            assert health == {"event": "strip_line_health", "state": "ok", "code": ""}
            with ControlClient(ready["control"]) as hand:
                strips = hand.ask("state")["devices"]
                assert (strips["11"]["text"], strips["12"]["text"]) == ("地址 11", "地址 12")
                assert hand.ask("picture", address=11)["text"] == "地址 11"
                with pytest.raises(BadRequest, match="no strip at 1"):
                    hand.ask("picture", address=1)
                hand.ask("fault", name="unplug")
            lost = watch.wait_json(lambda line: line["event"] == "strip_health" and line["state"] == "down")
            assert lost["code"] == "line_lost"
            assert watch.stop() == 0
        assert simulated.stop() == 0
        assert simulated.errors == []


@pytest.mark.parametrize(("options", "shown"), [([], "YY-****"), (["--unmasked"], "YY-0042")])
def test_scans_are_watched_masked_unless_asked(options: list[str], shown: str) -> None:
    with Program("drivers", "simulate", "scanner", "--encoding", "gb18030") as simulated:
        ready = simulated.wait_json()
        with Program("drivers", "watch", "scanner", "--port", ready["port"], "--json", *options) as watch:
            assert watch.wait_json()["code"] == "not_asked"
            with ControlClient(ready["control"]) as hand:
                hand.ask("scan", text="YY-0042")
            assert watch.wait_json() == {"event": "scan_read", "text": shown, "characters": 7}
            assert watch.stop() == 0
        assert simulated.stop() == 0


@pytest.mark.parametrize(
    ("protocol", "words"),
    [("house", "shown"), ("onbon", "shown"), ("onbon-mute", "sent, this make does not answer")],
)
def test_a_strip_is_shown_a_text(protocol: str, words: str) -> None:
    with Program("drivers", "simulate", "strip", "--address", "3", "--protocol", protocol) as simulated:
        ready = simulated.wait_json()
        make = protocol.partition("-")[0]
        order = ["strip", "show", "--port", ready["port"], "--address", "3", "--protocol", make]
        done = run(*order, "--text", "请A012号办理", "--flash")
        assert (done.returncode, done.stdout, done.stderr) == (0, f"strip 3: {words}\n", "")
        with ControlClient(ready["control"]) as hand:
            strip = hand.ask("state")["devices"]["3"]
            assert (strip["text"], strip["flash"]) == ("请A012号办理", True)
        long = run(*order, "--text", "这句话长得任何条屏都放不下")
        assert (long.returncode, long.stdout) == (2, "")
        assert "a strip cannot show this text" in long.stderr
        assert simulated.stop() == 0


def test_every_device_is_traced_when_asked(tmp_path: Path) -> None:
    with (
        Program("drivers", "simulate", "pad", "--address", "1") as pads,
        Program("drivers", "simulate", "strip") as strip,
    ):
        path = tmp_path / "pads"
        port = pads.wait_json()["port"]
        with Program("drivers", "watch", "pad", "--port", port, "--json", "--trace", str(path)) as watch:
            watch.wait_json(lambda line: line["event"] == "pad_line_health")
            assert watch.stop() == 0
        assert ' > "$PAD,01,D,001,,*0D\\r\\n"' in path.read_text(encoding="utf-8")
        path = tmp_path / "strips"
        order = ["strip", "show", "--port", strip.wait_json()["port"], "--text", "空闲", "--trace", str(path)]
        assert run(*order).returncode == 0
        assert ' > "$LED,01,S,BFD5CFD0,' in path.read_text(encoding="utf-8")
        assert (pads.stop(), strip.stop()) == (0, 0)


def test_a_strip_that_is_not_there_is_told() -> None:
    with Program("drivers", "simulate", "strip", "--address", "3", "--pads", "1") as simulated:
        port = simulated.wait_json()["port"]
        done = run("strip", "show", "--port", port, "--address", "1", "--text", "空闲")
        assert (done.returncode, done.stdout) == (2, "")
        assert "another kind of device answers as strip 1. Correct the address" in done.stderr
        done = run("strip", "show", "--port", port, "--address", "4", "--text", "空闲")
        assert done.returncode == 2
        assert "no answer to strip 4" in done.stderr
        assert simulated.stop() == 0


def test_wrong_addresses_and_protocols_are_named() -> None:
    for arguments, words in (
        (["simulate", "pad", "--address", "0"], "addresses go from 1 to 99"),
        (["simulate", "pad", "--address", "a"], "is no address"),
        (["simulate", "scanner", "--fault", "none"], "there are:"),
        (["tell", "127.0.0.1:1", "state"], "no simulator listens at 127.0.0.1:1"),
        (["tell", "127.0.0.1:1", "press", "NEXT"], "write KEY=VALUE"),
        (["simulate", "strip", "--address", "1-4", "--pads", "4"], "an address of its own"),
        (["watch", "pad", "--port", "/dev/none", "--protocol", "other"], "no protocol is called 'other'"),
        (["watch", "scanner", "--port", "/dev/none"], "not there"),
        (["strip", "show", "--port", "/dev/none", "--text", "空闲"], "not there"),
    ):
        done = run(*arguments)
        assert done.returncode == 2
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_a_port_where_nothing_answers_says_what_to_try() -> None:
    with Program("drivers", "simulate", "scanner") as simulated:
        done = run("probe", simulated.wait_json()["port"])
        assert done.returncode == 2
        assert "watch scanner" in done.stderr
        assert "no answer to any known question" in done.stderr
        assert simulated.stop() == 0


def test_probe_names_the_pads_of_a_line() -> None:
    with Program("drivers", "simulate", "pad", "--address", "1,7") as simulated:
        done = run("probe", simulated.wait_json()["port"])
        assert (done.returncode, done.stderr) == (0, "")
        assert "house line, ok, pads at 1, 7" in done.stdout
        assert simulated.stop() == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["watch", "pad"],
        ["watch", "scanner"],
        ["watch", "strip"],
        ["simulate", "pad"],
        ["simulate", "scanner"],
        ["strip"],
        ["strip", "show"],
    ],
)
def test_every_command_explains_itself(arguments: list[str]) -> None:
    done = run(*arguments, "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout


def test_importing_the_line_drivers_loads_no_pictures() -> None:
    code = (
        "import sys, json, drivers.pad.line, drivers.strip.line, drivers.scanner.scanner, drivers.strip.simulator\n"
        "print(json.dumps([name for name in ('PIL', 'escpos', 'usb') if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(done.stdout) == []
