"""The mirror over real HTTP: token, frames, touches, widgets, state."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
import requests

from drivers.errors import ConfigurationError
from kiosk.flow.screens import Done, Issued, ScreenState
from kiosk.mirror import BETWEEN_TOUCHES_S, Mirror, loopback
from kiosk.ui.errors import GlassBusyError


class Seen(NamedTuple):
    id: str
    text: str
    x: int
    y: int
    w: int
    h: int
    pressable: bool


class Glass:
    def __init__(self) -> None:
        self.touches: list[tuple[float, float]] = []
        self.busy = False

    def frame_png(self) -> bytes:
        if self.busy:
            raise GlassBusyError(5)
        return b"\x89PNG"

    def touch(self, x: float, y: float) -> None:
        self.touches.append((x, y))

    def widgets(self) -> list[Any]:
        return [Seen("take", "直接取号", 56, 430, 968, 380, True)]


@contextmanager
def mirrored(glass: Glass) -> Iterator[tuple[Mirror, requests.Session]]:
    state = ScreenState(screen=Done(issued=Issued(number="A044")))
    mirror = Mirror("127.0.0.1:0", "token-1", glass, lambda: state)
    mirror.start()
    session = requests.Session()
    session.headers["Authorization"] = "Bearer token-1"
    try:
        yield mirror, session
    finally:
        session.close()
        mirror.stop()


def test_state_widgets_frame_touch() -> None:
    glass = Glass()
    with mirrored(glass) as (mirror, session):
        assert session.get(f"{mirror.url}/state", timeout=5).json() == {"screen": "done", "number": "A044"}
        widget = {"id": "take", "text": "直接取号", "x": 56, "y": 430, "w": 968, "h": 380, "pressable": True}
        assert session.get(f"{mirror.url}/widgets", timeout=5).json() == [widget]
        frame = session.get(f"{mirror.url}/frame.png", timeout=5)
        assert (frame.content, frame.headers["Content-Type"], frame.headers["X-Frame"]) == (
            b"\x89PNG",
            "image/png",
            "1",
        )
        assert session.post(f"{mirror.url}/touch", json={"x": 540, "y": 600}, timeout=5).status_code == 204
        assert glass.touches == [(540, 600)]


def test_a_frame_is_waited_for() -> None:
    with mirrored(Glass()) as (mirror, session):
        answered = threading.Event()
        found: list[str] = []

        def ask() -> None:
            found.append(session.get(f"{mirror.url}/frame.png?after=1", timeout=8).headers["X-Frame"])
            answered.set()

        thread = threading.Thread(target=ask)
        thread.start()
        assert not answered.wait(0.2)
        mirror.changed()
        assert answered.wait(3)
        thread.join()
        assert found == ["2"]


def test_touches_are_no_faster_than_a_finger() -> None:
    glass = Glass()
    with mirrored(glass) as (mirror, session):
        took = [
            session.post(f"{mirror.url}/touch", json={"x": 1, "y": 1}, timeout=5).elapsed.total_seconds()
            for _ in range(3)
        ]
        assert sum(took[1:]) >= 2 * BETWEEN_TOUCHES_S * 0.9
        assert len(glass.touches) == 3


@pytest.mark.parametrize(
    ("method", "path", "arguments", "status"),
    [
        ("get", "/state", {"headers": {"Authorization": "Bearer wrong"}}, 401),
        ("get", "/state", {"headers": {"Authorization": ""}}, 401),
        ("get", "/else", {}, 404),
        ("post", "/state", {}, 404),
        ("post", "/touch", {"data": b"nonsense"}, 400),
        ("post", "/touch", {"json": {"x": 1}}, 400),
        ("post", "/touch", {"data": b"x" * 5000}, 413),
    ],
)
def test_what_it_refuses(method: str, path: str, arguments: dict[str, Any], status: int) -> None:
    glass = Glass()
    with mirrored(glass) as (mirror, session):
        assert session.request(method, mirror.url + path, timeout=5, **arguments).status_code == status
        assert glass.touches == []


def test_a_glass_that_does_not_answer_is_busy() -> None:
    glass = Glass()
    glass.busy = True
    with mirrored(glass) as (mirror, session):
        assert session.get(f"{mirror.url}/frame.png", timeout=5).status_code == 503


@pytest.mark.parametrize("address", ["0.0.0.0:80", "192.168.1.5:80", "localhost", "127.0.0.1:x", "127.0.0.1:99999", ""])
def test_only_loopback(address: str) -> None:
    with pytest.raises(ConfigurationError, match=r"127\.0\.0\.1:0"):
        loopback(address)
    assert loopback("127.0.0.1:8001") == ("127.0.0.1", 8001)
