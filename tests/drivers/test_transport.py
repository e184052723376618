"""Real pseudo-terminals and sockets: what opens, what is refused, what a loss looks like."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.errors import PortBusy, PortDenied, PortError, PortLost, PortMissing, PortNameWrong
from drivers.listening import Listener, PacedLine, PtyListener, TcpListener
from drivers.transport import Transport, open_port, parse_address

Kind = Callable[[], Listener]


@pytest.fixture(params=[TcpListener, PtyListener], ids=["tcp", "pty"])
def listener(request: pytest.FixtureRequest) -> Iterator[Listener]:
    made: Listener = request.param()
    yield made
    made.close()


@pytest.fixture
def pair(listener: Listener) -> Iterator[tuple[Transport, Transport]]:
    near = open_port(listener.port_name)
    far = listener.accept(5.0)
    assert far is not None
    yield near, far
    near.close()
    far.close()


def test_bytes_go_both_ways(pair: tuple[Transport, Transport]) -> None:
    near, far = pair
    every = bytes(range(256))
    assert near.write(every, 1.0) == 256
    assert far.read(4096, 1.0) == every
    assert far.write(every[::-1], 1.0) == 256
    assert near.read(10, 1.0) == every[::-1][:10]
    near.discard_input()
    assert near.read(4096, 0) == b""


def test_a_read_ends_at_its_limit(pair: tuple[Transport, Transport]) -> None:
    begun = time.monotonic()
    assert pair[0].read(10, 0.05) == b""
    assert time.monotonic() - begun >= 0.045


def test_wake_ends_a_read_in_another_thread_and_the_next_one(pair: tuple[Transport, Transport]) -> None:
    near, _ = pair
    near.wake()
    assert near.read(10, 30.0) == b""
    done = threading.Event()

    def wait() -> None:
        near.read(10, 30.0)
        done.set()

    thread = threading.Thread(target=wait)
    thread.start()
    near.wake()
    assert done.wait(5.0)
    thread.join(5.0)


def write_often(line: Transport) -> None:
    """The system may take some bytes before it notices."""
    for _ in range(50):
        line.write(b"x", 0.1)


def test_a_hung_up_line_is_lost_for_reader_and_writer(pair: tuple[Transport, Transport]) -> None:
    near, far = pair
    far.close()
    with pytest.raises(PortLost) as caught:
        near.read(10, 5.0)
    assert caught.value.retryable
    with pytest.raises(PortLost):
        write_often(near)
    near.close()
    near.close()
    near.wake()


def test_a_host_that_does_not_read_stops_the_writer_without_error(pair: tuple[Transport, Transport]) -> None:
    near, _ = pair
    taken = 1
    for _ in range(10_000):
        taken = near.write(bytes(4096), 0.05)
        if taken == 0:
            break
    assert taken == 0


def test_a_second_program_is_refused_on_a_tty() -> None:
    listener = PtyListener()
    first = open_port(listener.port_name)
    with pytest.raises(PortBusy) as caught:
        open_port(listener.port_name)
    assert caught.value.name == listener.port_name
    assert "in use" in str(caught.value)
    first.close()
    open_port(listener.port_name).close()
    listener.close()


def test_missing_ports(tmp_path: Path) -> None:
    free = socket.create_server(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    for name in (str(tmp_path / "nothing"), f"socket://127.0.0.1:{port}", "socket://nohost.invalid:1"):
        with pytest.raises(PortMissing) as caught:
            open_port(name)
        assert "hall-devices list" in str(caught.value)


@pytest.mark.parametrize("name", ["", "http://x", "socket://", "socket://host", "socket://h:99999", "socket://h:-1"])
def test_names_that_name_no_port(name: str) -> None:
    with pytest.raises(PortNameWrong):
        open_port(name)


def test_a_file_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PortNameWrong, match="not a serial line"):
        open_port(str(tmp_path / "file"))


def test_denied_ports_say_what_to_do() -> None:
    error = PortDenied("/dev/ttyUSB0", os.strerror(13))
    assert isinstance(error, PortError)
    assert "dialout" in str(error)
    assert not error.retryable


def test_addresses() -> None:
    assert parse_address("127.0.0.1:80") == ("127.0.0.1", 80)
    assert parse_address("[::1]:80") == ("::1", 80)


def test_an_address_in_use_is_told() -> None:
    first = TcpListener()
    _, port = parse_address(first.port_name.removeprefix("socket://"))
    with pytest.raises(PortBusy):
        TcpListener("127.0.0.1", port)
    first.close()


def test_a_shut_door_opens_again_under_the_same_name(listener: Listener) -> None:
    name = listener.port_name
    listener.shut()
    with pytest.raises(PortMissing):
        open_port(name)
    listener.accept(0.01)
    near = open_port(name)
    near.close()
    assert listener.port_name == name


class Recorder:
    """A transport that notes when bytes were handed to it, on a hand-moved clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sent: list[tuple[float, int]] = []
        self.name = "recorder"

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds

    def read(self, limit: int, timeout_s: float) -> bytes:
        return bytes(limit)

    def write(self, data: bytes, timeout_s: float) -> int:
        self.sent.append((self.now, len(data)))
        return len(data)

    def discard_input(self) -> None: ...
    def wake(self) -> None: ...
    def close(self) -> None: ...


@pytest.mark.parametrize("baud", [9600, 115200])
def test_a_paced_line_takes_the_time_of_the_wire(baud: int) -> None:
    recorder = Recorder()
    line = PacedLine(recorder, baud, pause=recorder.pause, clock=recorder.clock)
    assert line.write(bytes(1295), 1.0) == 1295
    wire_s = 1295 * 10 / baud
    assert wire_s - 0.011 <= recorder.now <= wire_s + 0.011
    assert max(size for _, size in recorder.sent) <= baud / 10 * 0.005 + 1
    before = recorder.now
    got = sum(len(line.read(4096, 1.0)) for _ in range(20))
    assert recorder.now - before == pytest.approx(got * 10 / baud, abs=0.011)
