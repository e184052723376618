"""A real hall for measuring: its own folder, the real server as its own process, a signed-on clerk at each window."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from queue_server.commands.accounts import write_account
from queue_server.commands.hall_writer import open_hall
from queue_server.demo.hall import DemoAccount, DemoHall, Manager, prepare
from queue_server.demo.processes import Program, Programs
from queue_server.wire import API_PREFIX


@dataclass(slots=True)
class BenchHall:
    programs: Programs
    made: DemoHall
    server: Program
    manager: Manager

    @property
    def url(self) -> str:
        return str(self.server.ready["url"])

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or "127.0.0.1"

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0

    @property
    def kiosk_key(self) -> str:
        return self.made.kiosk_key.read_text(encoding="ascii").strip()

    @property
    def database(self) -> Path:
        return self.made.folder / "hall.db"

    def restart(self) -> None:
        self.programs.end("server")
        self.start_again()

    def start_again(self) -> None:
        """After the server was ended."""
        self.server = start_server(self.programs, self.made)


def start_server(programs: Programs, made: DemoHall) -> Program:
    return programs.start("server", ["-m", "queue_server", "serve", "--settings", str(made.settings)])


@contextlib.contextmanager
def bench_hall(*, windows: int = 8, past: Path | None = None) -> Iterator[BenchHall]:
    """Prepare, start, open the day; everything is gone afterwards. ``past``: a database to begin with a copy of."""
    with tempfile.TemporaryDirectory(prefix="hall-bench-") as name:
        folder = Path(name)
        if past is not None:
            shutil.copyfile(past, folder / "hall.db")
        made = prepare(folder, windows=windows)
        with Programs(folder) as programs:
            server = start_server(programs, made)
            manager = Manager(str(server.ready["url"]), made.account("zhangwei"))
            try:
                manager.open_day()
                yield BenchHall(programs, made, server, manager)
            finally:
                manager.stop()


@dataclass(slots=True)
class Desk:
    """One clerk at one window, over HTTP as the console does it."""

    url: str
    window: int
    session: requests.Session

    def act(self, act: str, **fields: object) -> requests.Response:
        """POST one act with a fresh key."""
        return self.session.post(
            f"{self.url}{API_PREFIX}/windows/{self.window}/{act}",
            json={"key": secrets.token_hex(12), **fields},
            timeout=10,
        )

    @property
    def cookie(self) -> str:
        return "; ".join(f"{each.name}={each.value}" for each in self.session.cookies)


def make_clerks(made: DemoHall, count: int, *, roles: tuple[str, ...] = ("clerk",)) -> list[DemoAccount]:
    """Accounts for so many clerks, made before the server runs or through it."""
    password = secrets.token_urlsafe(9) + "aA1"
    clerks = [DemoAccount("窗口", f"clerk{n}", f"窗口{n}", roles, password) for n in range(1, count + 1)]
    with open_hall(made.settings) as hall:
        for each in clerks:
            write_account(hall, each.account, each.display_name, each.roles, each.password)
    return clerks


def sign_on(url: str, account: DemoAccount, window: int) -> Desk:
    """Sign in, take the shift and open the window."""
    desk = sign_in(url, account, window)
    desk.act("shift").raise_for_status()
    desk.act("open").raise_for_status()
    return desk


def sign_in(url: str, account: DemoAccount, window: int) -> Desk:
    """Only sign in: a shift from before goes on."""
    session = requests.Session()
    session.headers["Origin"] = url
    body = {"account": account.account, "password": account.password}
    session.post(f"{url}{API_PREFIX}/session", json=body, timeout=10).raise_for_status()
    return Desk(url, window, session)


def fsync_ms(folder: Path, times: int = 200) -> dict[str, float]:
    """Floor of the same run: how long one fsync of a small append takes on this disk."""
    took: list[float] = []
    with (folder / "fsync.probe").open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 512)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {"p50_ms": round(statistics.median(took), 3), "p99_ms": round(took[int(0.99 * len(took))], 3)}


def report(bench: str, **figures: object) -> None:
    """One JSON line; how busy the machine was at the end tells how far its tails can be believed."""
    machine = {"cores": os.cpu_count(), "load": [round(each, 1) for each in os.getloadavg()]}
    print(json.dumps({"bench": bench, **figures, "machine": machine}, ensure_ascii=False), flush=True)
