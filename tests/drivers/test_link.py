"""The link over real lines: loss and return, commands, deadlines, stopping."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from drivers.errors import DeviceSilent, LinkBusy, PortMissing, ProtocolError
from drivers.link import COMMANDS_LIMIT, Backoff, Condition, Health, Link
from drivers.listening import Listener, PtyListener, Station, TcpListener
from drivers.transport import Transport, open_port
from tests.support.mailbox import Mailbox

QUICK = Backoff(first_s=0.02, limit_s=0.05)


class Shout:
    """A core that greets, gives back what it hears, and does what it is told."""

    def __init__(self) -> None:
        self._condition = Condition("unknown")
        self._out = b""
        self._wake_at: float | None = None

    @property
    def condition(self) -> Condition:
        return self._condition

    def connected(self, now: float) -> None:
        self._condition = Condition("unknown")
        self._out = b"hello"

    def disconnected(self, now: float) -> Sequence[object]:
        return ["gone"]

    def receive(self, data: bytes, now: float) -> Sequence[object]:
        if b"!" in data:
            raise ProtocolError("shouting")
        if b"?" in data:
            raise ZeroDivisionError("700000199001010013")
        self._condition = Condition("ok")
        return [data]

    def outgoing(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def deadline(self) -> float | None:
        return self._wake_at

    def wake(self, now: float) -> Sequence[object]:
        self._wake_at = None
        return ["woken"]

    def say(self, text: bytes) -> Sequence[object]:
        self._out += text
        return ["said"]

    def wake_in(self, seconds: float, now: float) -> Sequence[object]:
        self._wake_at = now + seconds
        return []


class Bench:
    def __init__(self, listener: Listener) -> None:
        self.station = Station(listener, self._echo, baud=None, name="echo")
        self.box: Mailbox[object] = Mailbox()
        self.core = Shout()
        self.link: Link[object] = Link(
            self.core,
            lambda: open_port(self.station.port_name),
            name="test",
            on_event=self.box.put,
            on_health=self.box.put,
            backoff=QUICK,
        )

    def _echo(self, line: Transport) -> None:
        while not (self.station.pulled.is_set() or self.station.stopping.is_set()):
            data = line.read(4096, 0.2)
            if data:
                line.write(data, 1.0)


@pytest.fixture(params=[TcpListener, PtyListener], ids=["tcp", "pty"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = Bench(request.param())
    made.station.start()
    made.link.start()
    yield made
    made.link.stop()
    made.station.stop()


def expect_health(bench: Bench, state: str, code: str = "") -> None:
    bench.box.wait_for(lambda each: isinstance(each, Health) and (each.state, each.code) == (state, code))


def test_a_device_is_well_once_it_has_answered(bench: Bench) -> None:
    expect_health(bench, "ok")
    assert bench.link.health.state == "ok"


def test_a_pulled_cable_is_told_and_its_return_too(bench: Bench) -> None:
    expect_health(bench, "ok")
    bench.station.pull()
    expect_health(bench, "down", "port_lost")
    bench.box.wait_for(lambda each: each == "gone")
    expect_health(bench, "down", "port_missing")
    bench.station.plug()
    expect_health(bench, "ok")


def test_commands_run_in_order_with_the_line_and_without_it(bench: Bench) -> None:
    expect_health(bench, "ok")
    bench.link.post(lambda _now: bench.core.say(b"one"))
    bench.box.wait_for(lambda each: each == "said")
    bench.box.wait_for(lambda each: each == b"one")
    bench.station.pull()
    expect_health(bench, "down", "port_missing")
    bench.link.post(lambda _now: bench.core.say(b""))
    bench.box.wait_for(lambda each: each == "said")


def test_deadlines_are_kept_with_the_line_and_without_it(bench: Bench) -> None:
    expect_health(bench, "ok")
    bench.link.post(lambda now: bench.core.wake_in(0.05, now))
    bench.box.wait_for(lambda each: each == "woken")
    bench.station.pull()
    expect_health(bench, "down", "port_missing")
    bench.link.post(lambda now: bench.core.wake_in(0.05, now))
    bench.box.wait_for(lambda each: each == "woken")


@pytest.mark.parametrize(("text", "code"), [(b"!", "protocol"), (b"?", "internal")])
def test_a_spoilt_talk_costs_the_line_and_begins_anew(
    bench: Bench, text: bytes, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    expect_health(bench, "ok")
    bench.link.post(lambda _now: bench.core.say(text))
    expect_health(bench, "down", code)
    expect_health(bench, "ok")
    assert "700000" not in caplog.text


def test_stop_is_quick_and_may_be_repeated(bench: Bench) -> None:
    expect_health(bench, "ok")
    begun = time.monotonic()
    bench.link.stop()
    assert time.monotonic() - begun < 1.0
    bench.link.stop()
    assert not any(thread.name == "link-test" for thread in threading.enumerate())


def test_too_many_commands_are_refused() -> None:
    bench = Bench(TcpListener())
    for _ in range(COMMANDS_LIMIT):
        bench.link.post(lambda _now: [])
    with pytest.raises(LinkBusy):
        bench.link.post(lambda _now: [])
    bench.link.stop()
    bench.station.stop()


def test_a_port_that_is_not_there_is_down_from_the_start() -> None:
    box: Mailbox[Health] = Mailbox()
    attempts = threading.Semaphore(0)

    def refuse() -> Transport:
        attempts.release()
        raise PortMissing("nowhere")

    link: Link[object] = Link(Shout(), refuse, name="test", on_event=lambda _: None, on_health=box.put, backoff=QUICK)
    assert link.health.state == "unknown"
    link.start()
    assert box.wait_for(lambda _: True).code == "port_missing"
    for _ in range(4):
        assert attempts.acquire(timeout=5.0)
    link.stop()
    assert [health.code for health in box.seen] == ["port_missing"]


def test_waits_double_to_their_limit() -> None:
    backoff = Backoff(jitter=lambda: 0.5)
    assert [round(backoff.wait_s(n), 2) for n in (1, 2, 3, 4, 5, 6, 99)] == [0.55, 1.1, 2.2, 4.4, 8.8, 11.0, 11.0]


def test_errors_say_what_to_do() -> None:
    assert "1.8 s" in str(DeviceSilent("SAM status", 1.8))
    assert str(COMMANDS_LIMIT) in str(LinkBusy(COMMANDS_LIMIT))
