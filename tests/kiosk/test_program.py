"""The program itself over real wires: a hall's server, simulated printer and reader, the glass drawn offscreen."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from queue_server.wire import Heartbeat, StreamSnapshot
from tests.kiosk import servers
from tests.kiosk.hall import AT, catalogue, hall
from tests.kiosk.servers import LocalServer, Request, Talk, serving

ROOT = Path(__file__).resolve().parents[2]
PAUSE = threading.Event()


@contextmanager
def program(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], dict[str, Any]]]:
    """One of our programs, ready; ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
    )
    try:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(15)
        assert process.stdout is not None
        process.stdout.close()


class Person:
    """Somebody at the kiosk: looks and touches through the mirror."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def state(self) -> Any:
        return self.session.get(f"{self.url}/state", timeout=10).json()

    def keys(self) -> dict[str, Any]:
        seen = self.session.get(f"{self.url}/widgets", timeout=10).json()
        return {each["id"]: each for each in seen if each["pressable"]}

    def press(self, key: str) -> None:
        wait_until(lambda: key in self.keys())
        place = self.keys()[key]
        where = {"x": place["x"] + place["w"] / 2, "y": place["y"] + place["h"] / 2}
        self.session.post(f"{self.url}/touch", json=where, timeout=10).raise_for_status()

    def sees(self, screen: str) -> Any:
        wait_until(lambda: self.state()["screen"] == screen)
        return self.state()


def wait_until(true: Callable[[], bool], seconds: float = 20) -> None:
    until_s = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until_s
        PAUSE.wait(0.05)


def tell(address: str, **what: object) -> None:
    """A word on a simulator's control channel."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=5) as control:
        control.sendall(json.dumps(what).encode() + b"\n")
        assert json.loads(control.makefile().readline())["ok"]


class Hall:
    """A hall's server: ``deaf`` lets numbers go unanswered."""

    deaf = False

    def __call__(self, talk: Talk, request: Request) -> None:
        if "/stream" in request.path:
            state = StreamSnapshot(seq=1, at=AT, epoch="e", hall=hall(catalogue="c7"))
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            talk.send(b"event: snapshot\ndata: " + msgspec.json.encode(state) + b"\n\n")
            while not talk.over.wait(0.5):
                beat = msgspec.json.encode(Heartbeat(at=AT, seq=1))
                talk.socket.sendall(b"event: heartbeat\ndata: " + beat + b"\n\n")
        elif request.path.endswith("/catalogue"):
            talk.answer(200, msgspec.json.encode(catalogue()))
        elif request.path.endswith("/tickets"):
            (servers.silent if self.deaf else servers.honest)(talk, request)
        else:
            talk.answer(200, b"{}")


@contextmanager
def kiosk_in(folder: Path, server: LocalServer) -> Iterator[tuple[Person, str, str, subprocess.Popen[bytes]]]:
    with ExitStack() as stack:
        _, printer = stack.enter_context(program("drivers", "simulate", "printer"))
        _, reader = stack.enter_context(program("drivers", "simulate", "idcard"))
        (folder / "kiosk.toml").write_text(
            f'[server]\nurl = "{server.url}"\n[printer]\nport = "{printer["port"]}"\n'
            f'[card_reader]\nport = "{reader["port"]}"\n[brake]\nbetween_numbers_s = 0\n',
            encoding="utf-8",
        )
        (folder / "token").write_text("token-1", encoding="utf-8")
        process, ready = stack.enter_context(
            program(
                "kiosk",
                f"--settings={folder / 'kiosk.toml'}",
                "--mirror=127.0.0.1:0",
                f"--mirror-token-file={folder / 'token'}",
                "--offscreen",
                f"--once-ready-file={folder / 'ready'}",
            )
        )
        assert json.loads((folder / "ready").read_text(encoding="utf-8")) == ready
        yield Person(ready["mirror"], "token-1"), printer["control"], reader["control"], process


@pytest.mark.journey
def test_a_morning_at_the_kiosk(tmp_path: Path) -> None:
    made = Hall()
    with serving(made) as server, kiosk_in(tmp_path, server) as (person, printer, reader, process):
        person.press("take")
        assert person.sees("done") == {"screen": "done", "number": "A044"}
        person.press("finish")
        person.sees("home")

        person.press("matter")
        person.press("matter:SB-004")
        person.press("take")
        person.sees("card")
        tell(reader, do="lay", card="mainland")
        person.sees("done")
        tell(reader, do="lift")
        asked = [each.json for each in server.requests if each.path.endswith("/tickets")][-1]
        assert asked["matters"] == ["SB-004"]
        assert asked["person"]["id_number"].startswith("700000")
        person.press("finish")
        person.sees("home")

        tell(printer, do="fault", name="paper_end")
        person.press("take")
        assert person.sees("nopaper")["number"] == "A044"
        tell(printer, do="clear")
        person.sees("printer")
        person.press("remembered")
        person.sees("home")

        made.deaf = True
        pressed_s = time.monotonic()
        person.press("take")
        assert person.sees("done")["number"] == "L001"
        assert time.monotonic() - pressed_s < 1.5 + 2.5
        made.deaf = False
        wait_until(lambda: any(each.path.endswith("/tickets/join") for each in server.requests))
        keys = [each.json["key"] for each in server.requests if each.path.endswith("/tickets")]
        handed_in = next(each.json for each in server.requests if each.path.endswith("/tickets/join"))
        assert (handed_in["key"], handed_in["number"]) == (keys[-1], "L001")

        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        results = [each.json["result"] for each in server.requests if each.path.endswith("/printed")]
        assert results[:3] == ["printed", "printed", "not_printed"]
        kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        assert b"700000" not in kept
