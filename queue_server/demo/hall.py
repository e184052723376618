"""A hall made for one demo: folder, settings, accounts with random passwords, sample catalogue, keys of its devices.

Everything goes the way a technician's would: the same settings file, the same commands, the same gate.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from queue_server.commands.accounts import make_password, write_account
from queue_server.commands.catalogue import next_version, sample_files, write_catalogue
from queue_server.commands.day import today
from queue_server.commands.devices import write_device, write_secret
from queue_server.commands.hall_writer import open_hall
from queue_server.service.catalogue_import import read_catalogue
from queue_server.service.pinyin import initials
from queue_server.wire import API_PREFIX

HALL_NAME = "安和镇政务服务大厅"
"""An invented town, as in the mock-ups."""
ANSWER_S = 10.0
PAIRING_EVERY_S = 0.5
WINDOWS = 8


@dataclass(frozen=True, slots=True)
class DemoAccount:
    role: str
    account: str
    display_name: str
    roles: tuple[str, ...]
    password: str

    def __repr__(self) -> str:
        return f"DemoAccount({self.account})"


@dataclass(frozen=True, slots=True)
class DemoHall:
    """What was prepared, all inside ``folder``."""

    folder: Path
    settings: Path
    kiosk_key: Path
    accounts: tuple[DemoAccount, ...]

    def account(self, name: str) -> DemoAccount:
        return next(each for each in self.accounts if each.account == name)


def prepare(
    folder: Path, *, port: int = 0, public_url: str = "", page_origin: str = "", windows: int = WINDOWS, more: str = ""
) -> DemoHall:
    """Write settings, accounts, catalogue and a kiosk's key into ``folder``. ``more`` is TOML added to the settings."""
    settings = folder / "server.toml"
    settings.write_text(settings_text(folder, port, public_url, page_origin, windows) + more, encoding="utf-8")
    accounts = (
        DemoAccount("窗口", "limin", "李敏", ("clerk",), make_password()),
        DemoAccount("窗口", "wangqiang", "王强", ("clerk",), make_password()),
        DemoAccount("值班长", "zhangwei", "张伟", ("clerk", "manager"), make_password()),
    )
    kiosk_key = folder / "kiosk.key"
    with open_hall(settings) as hall:
        for each in accounts:
            write_account(hall, each.account, each.display_name, each.roles, each.password)
        catalogue, _ = read_catalogue(
            sample_files(),
            version=next_version(hall),
            date=today(hall),
            source="sample",
            sample=True,
            initials=initials,
        )
        write_catalogue(hall, catalogue)
        write_secret(kiosk_key, write_device(hall, "kiosk", "1号取号机")[1])
    return DemoHall(folder, settings, kiosk_key, accounts)


def settings_text(folder: Path, port: int, public_url: str, page_origin: str, windows: int) -> str:
    """The demo's ``server.toml``."""
    desks = "\n".join(f"[[windows]]\nnumber = {n}" for n in range(1, windows + 1))
    ancestors = f'frame_ancestors = ["{page_origin}"]' if page_origin else ""
    return f"""\
# Made by queue-server demo; every demo makes its own.
database = "sqlite:///{folder / "hall.db"}"
public_url = "{public_url}"
{ancestors}

[hall]
id = "demo"
name = "{HALL_NAME}"
centre = "便民服务中心"
phone = "010-0000-0000"
notice = "演示大厅：号码、小票、叫号都是真的，人和设备是模拟的"

[listen]
port = {port}

{desks}
"""


class Manager:
    """The duty manager at the API: opens the day and says yes to displays that show their code."""

    def __init__(self, url: str, account: DemoAccount) -> None:
        """Sign in at the server's address ``http://host:port``. Raises requests.RequestException."""
        self._url = url
        self._session = requests.Session()
        self._session.headers["Origin"] = url
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.post("/session", {"account": account.account, "password": account.password})

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON
        answer = self._session.get(self._url + API_PREFIX + path, timeout=ANSWER_S)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401 - JSON
        answer = self._session.post(self._url + API_PREFIX + path, json=dict(body), timeout=ANSWER_S)
        answer.raise_for_status()
        return answer.json()

    def open_day(self) -> None:
        self.post("/day/open", {"key": secrets.token_hex(12), "confirmed": True})

    def approve_displays(self) -> int:
        """Say yes to every display that shows a code now; how many."""
        waiting = [each for each in self.get("/devices")["pairings"] if each["state"] == "waiting"]
        for each in waiting:
            self.post(f"/devices/pair/{each['code']}/approve", {"key": secrets.token_hex(12)})
        return len(waiting)

    def approve_in_background(self) -> None:
        """Go on approving until ``stop``: in a demo the manager stands beside the display."""
        self._thread = threading.Thread(target=self._approve, daemon=True)
        self._thread.start()

    def _approve(self) -> None:
        while not self._stop.wait(PAIRING_EVERY_S):
            try:
                self.approve_displays()
            except requests.RequestException:
                if self._stop.wait(PAIRING_EVERY_S):
                    return

    def stop(self) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(ANSWER_S)
        self._session.close()
