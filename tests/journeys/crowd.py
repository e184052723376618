"""Many callers at the same moment, each with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import requests

from tests.bench.hall import BenchHall
from tests.support.server import Client

Given = TypeVar("Given")
Made = TypeVar("Made")
MEET_S = 20.0


class Crowd:
    """``size`` callers with a kiosk's key."""

    def __init__(self, url: str, bearer: str, size: int) -> None:
        self._size = size
        self._callers = threading.local()
        self._clients: list[Client] = []
        self._url, self._bearer = url, bearer

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        """From whichever thread: on that thread's own connection."""
        client: Client | None = getattr(self._callers, "client", None)
        if client is None:
            client = self._callers.client = Client(self._url, bearer=self._bearer)
            self._clients.append(client)
        return client.post(path, body)

    def do(self, act: Callable[[Given], Made], each: Iterable[Given]) -> list[Made]:
        """``act`` on each, as many at once as there are callers; results in order."""
        with ThreadPoolExecutor(self._size) as pool:
            return list(pool.map(act, each))

    def close(self) -> None:
        for client in self._clients:
            client.close()


@contextmanager
def crowd(hall: BenchHall, size: int) -> Iterator[Crowd]:
    made = Crowd(hall.url, hall.kiosk_key, size)
    try:
        yield made
    finally:
        made.close()


def at_once(*acts: Callable[[], Made]) -> list[Made]:
    """All acts begin together, each on its thread; results in order."""
    gate = threading.Barrier(len(acts))

    def begin(act: Callable[[], Made]) -> Made:
        gate.wait(MEET_S)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(begin, acts))
