"""The real process: its ready line, its end, its faults, what it writes."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import requests

from tests.support.server import (
    WAIT_S,
    Client,
    Prepared,
    ServerProcess,
    Stream,
    hall_settings,
    prepare,
)

END_WITHIN_S = 3.0


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    return prepare(hall_settings(tmp_path))


@pytest.fixture
def process(tmp_path: Path, prepared: Prepared) -> Iterator[ServerProcess]:
    database = tmp_path / "hall.db"
    text = f'database = "sqlite:///{database}"\ndisk_low_mb = 1\n[hall]\nid = "t"\n[listen]\nport = 0\n'
    running = ServerProcess(tmp_path, text)
    yield running
    running.kill()


def test_sigterm_ends_it_within_three_seconds_with_three_listeners(process: ServerProcess, prepared: Prepared) -> None:
    display = Client(process.url, bearer=prepared.keys["display:2"])
    streams = [Stream(display, "board") for _ in range(3)]
    for stream in streams:
        stream.wait("snapshot")
    started = time.monotonic()
    code, errors = process.end()
    assert time.monotonic() - started <= END_WITHIN_S
    assert code == 0, errors
    for stream in streams:
        stream.wait("bye")
        stream.wait_end()
        stream.close()
    assert "Traceback" not in errors
    display.close()


def test_nothing_personal_in_its_log(process: ServerProcess, prepared: Prepared, tmp_path: Path) -> None:
    kiosk = Client(process.url, bearer=prepared.keys["kiosk:1"])
    card = {"name": "测试甲", "id_number": "700000199001010019"}
    assert kiosk.post("/tickets", {"person": card}).status_code == 201
    assert kiosk.post("/tickets", {"person": {**card, "card_type": "测试甲"}}).status_code == 400
    assert kiosk.get("/track/SECRET22").status_code == 404
    kiosk.close()
    _, errors = process.end()
    said = errors + "".join(path.read_text("utf-8") for path in tmp_path.glob("*.json"))
    for secret in ("测试甲", "700000199001010019", "SECRET22", *prepared.keys.values()):
        assert secret not in said


def test_every_fault_of_the_settings_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "server.toml"
    path.write_text('[hall]\nname = ""\nphon = "1"\n[listen]\nport = 99999\n[rules]\nundo_sec = 3\n', encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "queue_server", "serve", "--settings", str(path)],
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        check=False,
    )
    assert ended.returncode == 1
    for fault in ("hall.name", "hall.phon", "did you mean 'phone'", "listen.port", "rules.undo_sec", "undo_s"):
        assert fault in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_second_server_stands_by_and_takes_over(process: ServerProcess, prepared: Prepared, tmp_path: Path) -> None:
    """The one that stands by answers health, refuses the rest with Retry-After, and serves when the first has gone."""
    second = tmp_path / "second"
    second.mkdir()
    (second / "server.toml").write_text((tmp_path / "server.toml").read_text("utf-8"), encoding="utf-8")
    port_file = second / "port"
    standby = subprocess.Popen(
        [
            sys.executable, "-m", "queue_server", "serve", "--settings", str(second / "server.toml"),
            "--port-file", str(port_file),
        ],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{_port(port_file)}"
        kiosk = Client(url, bearer=prepared.keys["kiosk:1"])
        assert kiosk.http.get(url + "/healthz", timeout=5).status_code == 200
        assert kiosk.http.get(url + "/readyz", timeout=5).status_code == 503
        refused = kiosk.post("/tickets")
        assert (refused.status_code, refused.json()["code"], refused.headers["Retry-After"]) == (
            503,
            "standing_by",
            "2",
        )
        process.end()
        assert standby.stdout is not None
        assert msgspec.json.decode(standby.stdout.readline())["ready"] is True
        assert kiosk.post("/tickets").status_code == 201
        kiosk.close()
    finally:
        standby.terminate()
        standby.communicate(timeout=WAIT_S)


def _port(path: Path) -> int:
    """Polls for the port file, with a deadline."""
    deadline = time.monotonic() + WAIT_S
    pause = threading.Event()
    while time.monotonic() < deadline:
        if path.exists():
            return int(path.read_text("ascii"))
        pause.wait(0.02)
    raise AssertionError("no port file")


def test_a_server_that_loses_its_lock_stands_by_again_by_itself(
    process: ServerProcess, prepared: Prepared, tmp_path: Path
) -> None:
    kiosk = Client(process.url, bearer=prepared.keys["kiosk:1"])
    first = kiosk.issue()["number"]
    lock = next(tmp_path.glob("*.lock"))
    lock.rename(tmp_path / "taken-away")
    lock.touch()
    deadline, pause = time.monotonic() + WAIT_S, threading.Event()
    answer = None
    while answer != 201 and time.monotonic() < deadline:
        try:
            answer = kiosk.post("/tickets").status_code
        except requests.ConnectionError:  # between the end of the old serving and the beginning of the new
            answer = None
        pause.wait(0.05)
    assert (answer, first) == (201, "A001")
    assert kiosk.get("/readyz").json()["state"] == "serving"
    kiosk.close()
    code, errors = process.end()
    assert code == 0, errors
