"""Reader and simulator over real sockets and pseudo-terminals."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator

import pytest

from drivers.control import BadRequest, ControlClient
from drivers.idcard.events import CardLifted, CardPresented, CardTrouble, ReaderEvent, ReaderHealth
from drivers.idcard.reader import CardReader
from drivers.idcard.samples import SAMPLES
from drivers.idcard.simulator import SAM_NUMBER, IdCardSimulator
from drivers.link import Backoff
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.transport import open_port
from tests.support.mailbox import Mailbox

READ_S = 0.2
OK = ReaderHealth("ok", "")


class Desk:
    """A simulated reader and the program's side of it."""

    def __init__(self, listener: Listener, *, baud: int | None = 115200) -> None:
        self.simulator = IdCardSimulator(listener, read_s=READ_S)
        self.simulator.start()
        self.hand = ControlClient(self.simulator.control_address)
        self.box: Mailbox[ReaderEvent] = Mailbox()
        self.reader = CardReader(
            self.simulator.port_name, on_event=self.box.put, baud=baud, backoff=Backoff(first_s=0.05, limit_s=0.1)
        )
        self.reader.start()

    def expect(self, event: ReaderEvent) -> None:
        self.box.wait_for(lambda told: told == event)

    def close(self) -> None:
        self.reader.stop()
        self.hand.close()
        self.simulator.stop()


@pytest.fixture(params=[TcpListener, PtyListener], ids=["tcp", "pty"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(request.param())
    yield made
    made.close()


@pytest.mark.parametrize("name", ["mainland", "mainland_rare", "hmt", "fpr_2017", "fpr_2023"])
def test_a_laid_card_is_presented_and_its_lifting_told(desk: Desk, name: str) -> None:
    desk.expect(OK)
    desk.hand.ask("lay", card=name)
    desk.expect(CardPresented(SAMPLES[name]))
    assert desk.hand.ask("state")["card"] == name
    desk.hand.ask("lift")
    desk.expect(CardLifted())
    assert desk.reader.sam_number == SAM_NUMBER
    assert desk.reader.health.state == "ok"


def test_an_unplugged_reader_comes_back_after_replugging(desk: Desk) -> None:
    desk.expect(OK)
    desk.hand.ask("fault", name="unplug")
    desk.expect(ReaderHealth("down", "port_lost"))
    desk.expect(ReaderHealth("down", "port_missing"))
    assert desk.hand.ask("state")["plugged"] is False
    desk.hand.ask("replug")
    desk.expect(OK)
    desk.hand.ask("lay", card="mainland")
    desk.expect(CardPresented(SAMPLES["mainland"]))


def test_a_card_presented_when_the_cable_goes_counts_as_lifted(desk: Desk) -> None:
    desk.expect(OK)
    desk.hand.ask("lay", card="mainland")
    desk.expect(CardPresented(SAMPLES["mainland"]))
    desk.hand.ask("fault", name="unplug")
    desk.expect(CardLifted())


def test_a_silent_reader_is_told_and_comes_back(desk: Desk) -> None:
    desk.expect(OK)
    desk.hand.ask("fault", name="silent")
    desk.expect(ReaderHealth("down", "silent"))
    desk.hand.ask("clear")
    desk.expect(OK)


def test_a_reader_of_unknown_speed_is_found() -> None:
    desk = Desk(TcpListener(), baud=None)
    desk.expect(OK)
    desk.close()


def test_the_simulator_takes_the_time_of_wire_and_module(desk: Desk) -> None:
    desk.expect(OK)
    begun = time.monotonic()
    desk.hand.ask("lay", card="mainland")
    desk.expect(CardPresented(SAMPLES["mainland"]))
    assert time.monotonic() - begun >= 1295 * 10 / 115200 + READ_S - 0.01


def test_nothing_personal_is_logged_whatever_happens(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.expect(OK)
    desk.hand.ask("lay", card="mainland")
    desk.expect(CardPresented(SAMPLES["mainland"]))
    for fault in ("truncated", "read_fails"):
        desk.hand.ask("lift")
        desk.expect(CardLifted()) if fault == "truncated" else None
        desk.hand.ask("fault", name=fault)
        desk.hand.ask("lay", card="mainland")
        desk.box.wait_for(lambda told: isinstance(told, CardTrouble))
    shown = caplog.text + repr(desk.box.seen)
    assert SAMPLES["mainland"].number not in shown
    assert SAMPLES["mainland"].name not in shown
    assert "7***************13" in repr(desk.box.seen)


def test_wrong_requests_on_the_control_channel_are_answered(desk: Desk) -> None:
    for fields in ({"do": "lay", "card": "none"}, {"do": "fault", "name": "none"}, {"do": "dance"}, {"do": "lay"}):
        with pytest.raises(BadRequest):
            desk.hand.ask(**fields)
    assert desk.hand.ask("state")["fault"] is None


def test_control_lines_that_are_no_json_are_answered() -> None:
    simulator = IdCardSimulator(TcpListener())
    simulator.start()
    line = open_port(f"socket://{simulator.control_address}")
    line.write(b"hello\n", 1.0)
    assert b'"ok":false' in line.read(4096, 5.0)
    line.close()
    simulator.stop()
