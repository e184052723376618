"""What ``assets/deploy`` gives a technician: units systemd accepts, launchers that run, rules without open doors."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

import assets
from drivers.doctor.wanted import from_file
from kiosk.settings import load_settings as load_kiosk
from queue_server.settings import load_settings as load_server
from tests.support.mailbox import Mailbox
from tests.support.server import ServerProcess

DEPLOY = assets.path("deploy")
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SCRIPTS = sorted((DEPLOY / "bin").iterdir())
README = (DEPLOY / "README.md").read_text(encoding="utf-8")
PROGRAMS = Path(sys.executable).parent


class UnitFile(configparser.RawConfigParser):
    """systemd's files: keys keep their case and may be repeated."""

    def __init__(self) -> None:
        super().__init__(strict=False, allow_no_value=False, delimiters=("=",), comment_prefixes=("#", ";"))

    def optionxform(self, optionstr: str) -> str:
        return optionstr


def read(unit: Path) -> UnitFile:
    parsed = UnitFile()
    parsed.read_string(unit.read_text(encoding="utf-8"))
    return parsed


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_run_with_least_rights_and_come_back(unit: Path) -> None:
    parsed = read(unit)
    service = parsed["Service"]
    assert service["User"] not in {"", "root"}
    assert service["User"] == service["Group"]
    assert service["Restart"] == "always"
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"
    assert service["NoNewPrivileges"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["ProtectHome"] == "yes"
    assert service["CapabilityBoundingSet"] == ""
    assert service["UMask"] == "0077"
    assert service["StateDirectoryMode"] == "0700"
    assert parsed["Install"]["WantedBy"] == "multi-user.target"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_accepts_the_units(unit: Path, tmp_path: Path) -> None:
    """With this machine's programs in place of those of a hall's machine; without systemd their syntax is read."""
    text = unit.read_text(encoding="utf-8")
    for there, here in (
        ("/opt/hall/venv/bin", str(PROGRAMS)),
        ("/opt/hall/share", str(DEPLOY)),
        ("/usr/bin/xinit", "/usr/bin/env"),
        ("/usr/bin/chvt", "/usr/bin/env"),
    ):
        text = text.replace(there, here)
    copy = tmp_path / unit.name
    copy.write_text(text, encoding="utf-8")
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        assert {"Unit", "Service", "Install"} <= set(read(copy).sections())
        return
    done = subprocess.run(
        [analyze, "verify", "--man=no", copy], capture_output=True, text=True, timeout=60, check=False
    )
    complaints = [line for line in done.stderr.splitlines() if unit.name in line]
    assert complaints == []
    most = "3.0" if unit.stem == "queue-server" else "6.0"
    order: list[str | Path] = [analyze, "security", "--offline=yes", f"--threshold={float(most) * 10:.0f}", copy]
    rated = subprocess.run(order, capture_output=True, text=True, timeout=60, check=False)
    assert rated.returncode == 0, rated.stdout


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_launchers_are_runnable_and_well_formed(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    for shell in ("sh", "bash"):
        done = subprocess.run([shell, "-n", script], capture_output=True, text=True, timeout=10, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def hear_lines(stream: Iterable[str], lines: Mailbox[str]) -> None:
    for line in stream:
        lines.put(line)


def fake(folder: Path, name: str, body: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    """As the unit gives it, with a screen and a browser that only say that they were called."""
    programs = tmp_path / "bin"
    for name in ("xset", "xinput", "certutil"):
        fake(programs, name, ":")
    fake(programs, "xrandr", f'echo "$@" >> {tmp_path}/xrandr; echo "DP-1 connected 1920x1080"')
    fake(programs, "browser", f'echo "$@" > {tmp_path}/browser.part; mv {tmp_path}/browser.part {tmp_path}/browser')
    path = f"{programs}:{os.environ['PATH']}"
    given = {"PATH": path, "HOME": str(tmp_path), "HALL_BROWSER": str(programs / "browser"), "HALL_POLL_S": "1"}
    return given | more


def test_the_displays_launcher_waits_for_the_server_and_then_opens_the_board(tmp_path: Path) -> None:
    """The first morning: the display boots before the server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = environment(tmp_path, HALL_URL=f"http://127.0.0.1:{port}/", HALL_ROTATE="left")
    lines: Mailbox[str] = Mailbox()
    with subprocess.Popen(
        [DEPLOY / "bin" / "hall-display-session"], env=env, stderr=subprocess.PIPE, text=True
    ) as session:
        assert session.stderr is not None
        hear = threading.Thread(target=hear_lines, args=(session.stderr, lines), daemon=True)
        hear.start()
        lines.wait_for(lambda line: "waiting for the queue server" in line)
        assert not (tmp_path / "browser").exists()
        settings = f'database = "sqlite:///{tmp_path}/hall.db"\n[listen]\nport = {port}\n'
        server = ServerProcess(tmp_path, settings)
        try:
            assert session.wait(60) == 0
        finally:
            assert server.end()[0] == 0
        hear.join(10)
    asked = (tmp_path / "browser").read_text(encoding="utf-8").split()
    assert asked[-1] == f"http://127.0.0.1:{port}/board"
    assert {"--kiosk", "--autoplay-policy=no-user-gesture-required", f"--user-data-dir={tmp_path}/browser"} <= set(
        asked
    )
    assert "--output DP-1 --rotate left" in (tmp_path / "xrandr").read_text(encoding="utf-8")


def test_waiting_has_a_limit_when_one_is_given(tmp_path: Path) -> None:
    done = subprocess.run(
        [DEPLOY / "bin" / "hall-wait-ready", "http://127.0.0.1:9", "1"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "is not ready after" in done.stderr


def test_the_kiosks_launcher_starts_the_kiosk_without_a_server(tmp_path: Path) -> None:
    env = environment(tmp_path, HALL_SETTINGS="/etc/hall/other.toml")
    fake(tmp_path / "bin", "kiosk", f'echo "$@" > {tmp_path}/kiosk')
    done = subprocess.run(
        [DEPLOY / "bin" / "hall-kiosk-session"],
        env=env | {"HALL_KIOSK": str(tmp_path / "bin" / "kiosk")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "kiosk").read_text(encoding="utf-8") == "--settings /etc/hall/other.toml\n"


def test_a_display_without_an_address_says_what_to_write(tmp_path: Path) -> None:
    done = subprocess.run(
        [DEPLOY / "bin" / "hall-display-session"],
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode != 0
    assert "write HALL_URL=" in done.stderr


def test_rules_open_no_device_to_everybody() -> None:
    text = (DEPLOY / "udev" / "70-hall.rules").read_text(encoding="utf-8")
    rules = [line for line in text.splitlines() if line and not line.startswith("#")]
    part = re.compile(r'[A-Z]+(\{[\w/]+\})?(==|!=|=|\+=)"[^"]*"')
    assert rules
    for rule in rules:
        assert all(part.fullmatch(each) for each in rule.split(", ")), rule
    assert set(re.findall(r'MODE="(\d+)"', text)) == {"0660"}
    assert set(re.findall(r'GROUP="(\w+)"', text)) == {"dialout", "lp"}
    assert {"hall/printer-$env{ID_PATH_TAG}", "hall/line-$env{ID_PATH_TAG}"} == set(
        re.findall(r'SYMLINK\+="([^"]+)"', text)
    )


def test_the_sample_settings_are_right_and_hold_no_secret() -> None:
    assert load_server(DEPLOY / "etc" / "hall.toml").database.startswith("sqlite:////var/lib/hall-queue/")
    settings, _ = load_kiosk(DEPLOY / "etc" / "kiosk.toml")
    assert settings.screen.fullscreen
    assert [each.kind for each in from_file(DEPLOY / "etc" / "kiosk.toml")] == ["idcard", "printer"]
    for file in DEPLOY.rglob("*"):
        if file.is_file() and file.suffix != ".md":
            assert not re.search(r"(?i)(password|secret|token)\s*=", file.read_text(encoding="utf-8")), file


def test_users_of_the_units_are_made_and_the_readme_names_every_file() -> None:
    users = set(
        re.findall(r"^u (\S+)", (DEPLOY / "systemd" / "hall.sysusers").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert users == {read(unit)["Service"]["User"] for unit in UNITS}
    files = [file for file in DEPLOY.rglob("*") if file.is_file() and file.name != "README.md"]
    assert [file.name for file in files if file.name not in README] == []
