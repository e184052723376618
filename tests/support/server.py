"""A real queue server for tests: its own SQLite file, a free loopback port, accounts and devices made beforehand.

``HallServer`` runs the app in this process on its own thread, with clocks the test may move; ``ServerProcess`` runs
``queue-server serve``. Both are context managers and give ``Client``s that speak HTTP over real sockets.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import msgspec
import requests
import uvicorn
from argon2 import PasswordHasher

from queue_server.api.sessions import hash_secret
from queue_server.bootstrap import Server
from queue_server.commands.serve import HallUvicorn
from queue_server.domain.commands import OpenDay
from queue_server.service.gate import Gate
from queue_server.service.ports import Voice
from queue_server.service.records import catalogue_rows, change_record
from queue_server.settings import HallInfo, Settings, WindowSetting, completed
from queue_server.store.engine import Store
from queue_server.store.rows import Value
from queue_server.wire import Catalogue, Department, Material, Matter
from tests.support.callers import PASSWORD, WAIT_S, Client, Stream, new_key
from tests.support.hand_clock import HandClock

__all__ = [
    "PASSWORD",
    "WAIT_S",
    "Client",
    "HallServer",
    "Prepared",
    "ServerProcess",
    "Stream",
    "hall_server",
    "hall_settings",
    "new_key",
    "prepare",
]

TODAY = "2026-01-14"
"""The business day where the test holds the clock; with the real clock it is the real date."""
QUICK = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Cheap hashes: the tests sign in often. The server verifies any argon2 hash."""

ACCOUNTS = {
    "chief": ("manager",),
    "clerk1": ("clerk",),
    "clerk2": ("clerk",),
    "techie": ("technician",),
    "auditor": ("auditor",),
    "desk": ("department",),
}
DEVICES = (
    ("kiosk", "1号取号机", None),
    ("display", "1号大屏", None),
    ("display", "2号大屏", None),
    ("pad", "3号叫号器", 3),
)


def hall_settings(folder: Path, **changes: Any) -> Settings:
    """A hall of four windows on a SQLite file in ``folder``."""
    settings = Settings(
        hall=HallInfo(id="t", name="测试大厅", centre="测试中心", phone="700000"),
        database=f"sqlite:///{folder / 'hall.db'}",
        windows=tuple(WindowSetting(number=number) for number in range(1, 5)),
        disk_low_mb=1,
    )
    return completed(msgspec.structs.replace(settings, **changes))


@dataclass(slots=True)
class Prepared:
    """What was written into the store before the server started."""

    keys: dict[str, str] = field(default_factory=dict, repr=False)
    """Actor (``kiosk:1``) → bearer key."""


def prepare(settings: Settings, clock: HandClock | None = None, *, open_day: bool = True) -> Prepared:
    """Accounts (all with ``PASSWORD``), devices, a small catalogue and an open day, through the real gate."""
    prepared = Prepared()
    store = Store(settings.database)
    gate = Gate(
        store,
        settings.rules,
        settings.window_configs,
        hall=settings.hall.id,
        wall_clock_us=clock.wall_us if clock else _wall_us,
        steady_clock_s=clock.steady_s if clock else time.monotonic,
    )
    gate.start()
    try:
        for number, (name, roles) in enumerate(ACCOUNTS.items(), 1):
            _submit(gate, *_account(number, name, roles))
        for number, (kind, name, window) in enumerate(DEVICES, 1):
            key = secrets.token_urlsafe(32)
            prepared.keys[f"{kind}:{number}"] = key
            _submit(gate, *_device(number, kind, name, window, key))
        command, rows = catalogue_rows(small_catalogue(), 0)
        _submit(gate, command, *rows)
        if open_day:
            day = TODAY if clock else datetime.now(ZoneInfo(settings.hall.time_zone)).date().isoformat()
            _submit(gate, OpenDay(business_day=day, letters=dict(settings.rules.letters), confirmed=True))
    finally:
        gate.stop()
        store.close()
    return prepared


def _submit(gate: Gate, command: Any, *rows: Any) -> None:
    gate.submit(command, key=None, actor="local", rows=rows).result(WAIT_S)


def _account(number: int, name: str, roles: Sequence[str]) -> tuple[Any, Any]:
    values: dict[str, Value] = {
        "id": number,
        "name": name,
        "display_name": f"测试{number}",
        "password_hash": QUICK.hash(PASSWORD),
        "roles": json.dumps(list(roles)),
        "active": True,
    }
    return change_record("account", str(number), values, version=1)


def _device(number: int, kind: str, name: str, window: int | None, key: str) -> tuple[Any, Any]:
    values: dict[str, Value] = {
        "id": number,
        "kind": kind,
        "name": name,
        "zone": "hall",
        "letter": "L" if kind == "kiosk" else None,
        "window": window,
        "key_hash": hash_secret(key),
        "cookie_hash": None,
        "paired_at_us": 0,
        "revoked_at_us": None,
    }
    return change_record("device", str(number), values, version=1)


def small_catalogue() -> Catalogue:
    """One department, two matters; the second is sensitive and shows another name in public."""
    department = Department(
        code="rs", name="人社", full_name="测试人社", name_en="Social security", in_hall=True, matters=2
    )
    return Catalogue(
        version=1,
        date="2026-01-01",
        source="test",
        sample=True,
        departments=(department,),
        matters=(_matter("m1", "社保卡申领", "社保卡申领"), _matter("m2", "特困供养", "社会事务")),
    )


def _matter(code: str, name: str, public_label: str) -> Matter:
    return Matter(
        code=code, department="rs", name=name, name_en=name, short_name=name, public_label=public_label,
        legal_basis="测试", conditions="测试", level="镇级", procedure="测试", scope="全镇", time_limit_working_days=1,
        legal_time_limit_working_days=5, fee="不收费", materials=(Material(name="身份证", form="原件", copies=1),),
        online=False, popularity=1, average_service_min=8, initials=("sbk",), keywords=(),
    )  # fmt: skip


def _wall_us() -> int:
    return time.time_ns() // 1000


class HallServer:
    """The app on uvicorn in a thread of this process. ``clock`` None: real time."""

    def __init__(
        self,
        settings: Settings,
        prepared: Prepared,
        *,
        clock: HandClock | None = None,
        voice: Voice | None = None,
    ) -> None:
        self.prepared = prepared
        self.server = Server(
            settings,
            wall_clock_us=clock.wall_us if clock else _wall_us,
            steady_clock_s=clock.steady_s if clock else time.monotonic,
            voice=voice,
        )
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._listening.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        config = uvicorn.Config(
            self.server.app,
            lifespan="on",
            timeout_graceful_shutdown=2,
            access_log=False,
            log_level="warning",
            ws="none",
        )
        self._web = HallUvicorn(config, self.server)
        self._thread = threading.Thread(target=self._run, name="hall-server", daemon=True)
        self._clients: list[Client] = []

    @property
    def parts(self) -> Any:
        return self.server.parts

    def __enter__(self) -> Self:
        self._thread.start()
        _wait_ready(self.url)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.close()
        self._web.should_exit = True
        self._thread.join(WAIT_S)
        self._listening.close()
        assert not self._thread.is_alive(), "the server did not end"

    def _run(self) -> None:
        asyncio.run(self._web.serve(sockets=[self._listening]))

    def on_loop(self, act: Any) -> Any:
        """Runs ``act()`` on the server's event loop; its result."""
        done: list[Any] = []
        ready = threading.Event()

        def run() -> None:
            done.append(act())
            ready.set()

        self.server.loop.call_soon_threadsafe(run)
        assert ready.wait(WAIT_S)
        return done[0]

    def nobody(self) -> Client:
        return self._kept(Client(self.url))

    def device(self, actor: str) -> Client:
        return self._kept(Client(self.url, bearer=self.prepared.keys[actor]))

    def person(self, account: str) -> Client:
        client = self._kept(Client(self.url))
        answer = client.sign_in(account)
        assert answer.status_code == 200, answer.text
        return client

    def clerk_at(self, window: int, account: str = "clerk1") -> Client:
        """A clerk signed on at an open window."""
        client = self.person(account)
        assert client.post(f"/windows/{window}/shift").status_code == 200
        assert client.post(f"/windows/{window}/open").status_code == 200
        return client

    def _kept(self, client: Client) -> Client:
        self._clients.append(client)
        return client


def _wait_ready(url: str) -> None:
    """Polls ``/readyz`` until 200, with a deadline."""
    deadline = time.monotonic() + WAIT_S
    pause = threading.Event()
    with requests.Session() as http:
        http.trust_env = False
        while time.monotonic() < deadline:
            try:
                if http.get(url + "/readyz", timeout=1).status_code == 200:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            pause.wait(0.02)
    raise AssertionError("the server was not ready in time")


class ServerProcess:
    """``queue-server serve`` as its own process."""

    def __init__(self, folder: Path, settings_text: str) -> None:
        path = folder / "server.toml"
        path.write_text(settings_text, encoding="utf-8")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "queue_server", "serve", "--settings", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=WAIT_S)[1]
        self.url: str = json.loads(line)["url"]

    def end(self) -> tuple[int, str]:
        """SIGTERM; exit code and what it wrote on stderr."""
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=WAIT_S)
        return self.process.returncode, errors

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate(timeout=WAIT_S)


@contextmanager
def hall_server(folder: Path, **options: Any) -> Iterator[HallServer]:
    """A prepared hall, served. ``options`` of ``HallServer``, ``open_day``, and changes of the settings."""
    clock = options.pop("clock", None)
    voice = options.pop("voice", None)
    open_day = options.pop("open_day", True)
    settings = hall_settings(folder, **options)
    prepared = prepare(settings, clock, open_day=open_day)
    with HallServer(settings, prepared, clock=clock, voice=voice) as server:
        yield server
