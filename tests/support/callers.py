"""Callers of a queue server over real HTTP: one client for each device or person, and a reader of event streams."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from collections.abc import Mapping
from typing import Any, Self

import requests

from queue_server.wire import API_PREFIX

PASSWORD = "Hall-2026"
WAIT_S = 10.0


def new_key() -> str:
    return secrets.token_hex(12)


class Client:
    """One caller: a device with its key, or a person with a session cookie. ``key`` is added to bodies without one."""

    def __init__(self, url: str, *, bearer: str | None = None) -> None:
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        self.http.headers["Origin"] = url
        if bearer:
            self.http.headers["Authorization"] = f"Bearer {bearer}"

    def sign_in(self, account: str, password: str = PASSWORD) -> requests.Response:
        return self.post("/session", {"account": account, "password": password}, keyed=False)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.http.get(self.url + API_PREFIX + path, timeout=WAIT_S, **more)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, keyed: bool = True) -> requests.Response:
        sent = ({"key": new_key()} if keyed else {}) | dict(body or {})
        return self.http.post(self.url + API_PREFIX + path, json=sent, timeout=WAIT_S)

    def delete(self, path: str) -> requests.Response:
        return self.http.delete(self.url + API_PREFIX + path, timeout=WAIT_S)

    def issue(self, **body: Any) -> dict[str, Any]:
        answer = self.post("/tickets", body)
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json()["ticket"]
        return ticket

    def stream(self, topics: str) -> Stream:
        return Stream(self, topics)

    def close(self) -> None:
        self.http.close()


class Stream:
    """A server-sent event stream read on its own thread; ``next`` waits with a limit."""

    def __init__(self, client: Client, topics: str) -> None:
        self._heard: list[tuple[str, Any]] = []
        self._news = threading.Condition()
        self._ended = False
        session = requests.Session()
        session.trust_env = False
        session.headers.update(client.http.headers)
        session.cookies.update(client.http.cookies)
        self._session = session
        self.response = session.get(
            f"{client.url}{API_PREFIX}/stream", params={"topics": topics}, stream=True, timeout=WAIT_S
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait(self, event: str, fits: Any = lambda _: True, *, limit_s: float = WAIT_S) -> Any:
        """The first event of this name (from now or before, each given once) that fits; fails after the limit."""
        deadline = time.monotonic() + limit_s
        with self._news:
            while True:
                for index, (name, data) in enumerate(self._heard):
                    if name == event and fits(data):
                        del self._heard[: index + 1]
                        return data
                left = deadline - time.monotonic()
                if self._ended or left <= 0 or not self._news.wait(left):
                    raise AssertionError(f"no fitting {event!r}; heard {[name for name, _ in self._heard]}")

    def wait_end(self) -> None:
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive(), "the stream did not end"

    def close(self) -> None:
        """Cuts the connection as a vanished page does."""
        connection = getattr(self.response.raw, "_connection", None)
        if connection is not None and connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(WAIT_S)
        self.response.close()
        self._session.close()

    def _read(self) -> None:
        name = ""
        try:
            for line in self.response.iter_lines(chunk_size=1):
                text = line.decode()
                if text.startswith("event: "):
                    name = text[7:]
                elif text.startswith("data: "):
                    with self._news:
                        self._heard.append((name, json.loads(text[6:])))
                        self._news.notify_all()
        except (requests.RequestException, OSError, AttributeError):
            pass
        finally:
            with self._news:
                self._ended = True
                self._news.notify_all()
