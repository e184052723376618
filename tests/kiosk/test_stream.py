"""Listening to the hall: heartbeats, loss, coming back; the events' parser cut anywhere."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.deadline import Line
from kiosk.errors import ServerError
from kiosk.hall_time import HallTime
from kiosk.sse import EVENT_BYTES_MAX, EventParser, LinkWatch, StreamEvent
from kiosk.stream import HallStream
from queue_server.wire import HallState, Heartbeat, StreamSnapshot
from tests.kiosk.hall import AT, hall
from tests.kiosk.servers import LocalServer, Request, Talk, serving

BEAT_S = 0.2
STEADY_S = 0.8


def event(name: str, value: Any) -> bytes:
    return f"event: {name}\ndata: ".encode() + msgspec.json.encode(value) + b"\n\n"


SNAPSHOT = event("snapshot", StreamSnapshot(seq=1, at=AT, epoch="e", hall=hall()))
BEAT = event("heartbeat", Heartbeat(at=AT, seq=1))


class Ear:
    """A stream with what it told; ``said`` is ``("link", True)``, ``("hall", 11)``, ``("time", at)``."""

    def __init__(self, url: str) -> None:
        self.said: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.stream = HallStream(
            lambda: Line(url, "secret"),
            time.monotonic,
            on_hall=self._hall,
            on_link=lambda online: self.said.put(("link", online)),
            on_time=lambda at: None,
            on_beat=lambda: self.said.put(("beat", None)),
            online_after_s=STEADY_S,
            heartbeat_s=BEAT_S,
        )

    def _hall(self, state: HallState) -> None:
        self.said.put(("hall", state.waiting))

    def wait_for(self, name: str) -> Any:
        until_s = time.monotonic() + 10
        while True:
            said, value = self.said.get(timeout=max(0.01, until_s - time.monotonic()))
            if said == name:
                return value


@contextmanager
def listening(server: LocalServer) -> Iterator[Ear]:
    ear = Ear(server.url)
    ear.stream.start()
    try:
        yield ear
    finally:
        ear.stream.stop()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def beating(talk: Talk, request: Request) -> None:
    """As our server does it: chunked, snapshot first, then heartbeats."""
    talk.send(HEAD + chunk(b"retry: 1000\n\n") + chunk(SNAPSHOT))
    while not talk.over.wait(BEAT_S / 2):
        talk.socket.sendall(chunk(BEAT))


def once_then_silent(talk: Talk, request: Request) -> None:
    talk.send(HEAD + chunk(SNAPSHOT))
    talk.over.wait(30)


def once_then_dribbling(talk: Talk, request: Request) -> None:
    talk.send(HEAD + chunk(SNAPSHOT))
    while not talk.over.wait(0.05):
        talk.socket.sendall(chunk(b":"))


def head_by_bytes(talk: Talk, request: Request) -> None:
    talk.trickle(HEAD * 100, 0.05)


def test_snapshot_then_online_then_beats() -> None:
    with serving(beating) as server, listening(server) as ear:
        assert ear.wait_for("hall") == 11
        assert ear.wait_for("link") is True
        ear.wait_for("beat")
        assert server.requests[0].path == "/stream?topics=hall"
        assert server.requests[0].headers["authorization"] == "Bearer secret"


@pytest.mark.parametrize("behaviour", [once_then_silent, once_then_dribbling], ids=lambda each: each.__name__)
def test_three_missed_heartbeats_are_offline(behaviour: Any) -> None:
    with serving(behaviour) as server, listening(server) as ear:
        assert ear.wait_for("link") is True
        started_s = time.monotonic()
        assert ear.wait_for("link") is False
        assert time.monotonic() - started_s < 3 * BEAT_S + 1.5


def test_a_head_that_never_ends_is_offline() -> None:
    with serving(head_by_bytes) as server, listening(server) as ear:
        assert ear.wait_for("link") is False


def test_a_refused_stream_is_offline() -> None:
    with serving(lambda talk, _: talk.answer(401, b"{}")) as server, listening(server) as ear:
        assert ear.wait_for("link") is False


def test_loss_and_return_take_the_steady_time() -> None:
    silent = [False]

    def behaviour(talk: Talk, request: Request) -> None:
        (once_then_silent if silent[0] else beating)(talk, request)

    with serving(behaviour) as server, listening(server) as ear:
        assert ear.wait_for("link") is True
        silent[0] = True
        server.cut()
        assert ear.wait_for("link") is False
        silent[0] = False
        back_s = time.monotonic()
        assert ear.wait_for("link") is True
        assert time.monotonic() - back_s >= STEADY_S - BEAT_S


def test_a_short_cut_is_no_loss() -> None:
    with serving(beating) as server, listening(server) as ear:
        assert ear.wait_for("link") is True
        server.cut()
        assert ear.wait_for("hall") == 11
        ear.wait_for("beat")
        assert ("link", False) not in list(ear.said.queue)


def test_stop_ends_a_silent_stream_soon() -> None:
    with serving(once_then_silent) as server, listening(server) as ear:
        ear.wait_for("hall")
        started_s = time.monotonic()
        ear.stream.stop()
        assert time.monotonic() - started_s < 2


# ---- the parser and the watch ----------------------------------------------------------------------------------------


@given(st.data())
def test_cut_anywhere_the_same_events(data: st.DataObject) -> None:
    whole = b"retry: 1000\n\n" + SNAPSHOT + BEAT + b"event: bye\r\ndata: {}\r\n\r\n: comment\n\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=20)))
    parser = EventParser()
    found: list[StreamEvent] = []
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        found += parser.receive(whole[start:end])
    assert [each.name for each in found] == ["snapshot", "heartbeat", "bye"]
    assert found[2].data == b"{}"


@given(st.binary(max_size=300))
def test_any_bytes_are_events_or_nothing(noise: bytes) -> None:
    parser = EventParser()
    parser.receive(noise)
    found = parser.receive(b"\n\n" + BEAT)
    assert found[-1] == StreamEvent("heartbeat", BEAT.splitlines()[1].removeprefix(b"data: "))


def test_an_endless_event_is_refused() -> None:
    parser = EventParser()
    with pytest.raises(ServerError, match="too_long"):
        parser.receive(b"data: " + b"x" * EVENT_BYTES_MAX)


def test_watch() -> None:
    watch = LinkWatch(heartbeat_s=1, steady_s=10, started_s=0)
    assert watch.passed(2.9) is None
    assert watch.passed(3) is False
    assert watch.passed(4) is None
    answers = [watch.heard(5 + second) for second in range(12)]
    assert answers == [None] * 10 + [True, None]
    assert watch.passed(18.9) is None
    assert watch.passed(19.1) is False
    assert watch.heard(20) is None


def test_the_first_word_is_online_at_once() -> None:
    watch = LinkWatch(heartbeat_s=1, steady_s=10, started_s=0)
    assert watch.heard(1) is True


def test_a_gap_begins_the_steady_time_again() -> None:
    watch = LinkWatch(heartbeat_s=1, steady_s=10, started_s=0)
    watch.passed(3)
    for second in (4, 5, 6, 7, 8, 9, 10, 11, 12, 16):
        assert watch.heard(second) is None
    assert [watch.heard(second) for second in range(17, 27)] == [None] * 9 + [True]


def test_hall_time_is_the_servers_plus_what_passed() -> None:
    now_s = [100.0]
    clock = HallTime(lambda: now_s[0])
    assert clock.now() is None
    clock.heard(datetime(2026, 1, 1, tzinfo=UTC))
    now_s[0] = 107.5
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=7.5)
