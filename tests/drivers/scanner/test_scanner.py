"""Scanner and simulator over real sockets and pseudo-terminals."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from drivers.control import BadRequest, ControlClient
from drivers.link import Backoff
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.scanner.events import ScanCode, ScannerEvent, ScannerHealth, ScanRead, ScanTrouble
from drivers.scanner.scanner import Scanner
from drivers.scanner.simulator import ScannerSimulator
from tests.support.mailbox import Mailbox


class Desk:
    """A simulated scanner and the program's side of it."""

    def __init__(self, listener: Listener) -> None:
        self.simulator = ScannerSimulator(listener, encoding="gb18030")
        self.simulator.start()
        self.hand = ControlClient(self.simulator.control_address)
        self.box: Mailbox[ScannerEvent] = Mailbox()
        self.scanner = Scanner(
            self.simulator.port_name, on_event=self.box.put, backoff=Backoff(first_s=0.05, limit_s=0.1)
        )
        self.scanner.start()

    def expect(self, event: ScannerEvent) -> None:
        self.box.wait_for(lambda told: told == event)

    def close(self) -> None:
        self.scanner.stop()
        self.hand.close()
        self.simulator.stop()


@pytest.fixture(params=[TcpListener, PtyListener], ids=["tcp", "pty"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(request.param())
    yield made
    made.close()


def test_scans_arrive_and_health_says_what_is_known(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk.expect(ScannerHealth("unknown", "not_asked"))
    desk.hand.ask("scan", text="预约YY-0042")
    desk.expect(ScanRead("预约YY-0042"))
    desk.expect(ScannerHealth("ok", ""))
    desk.hand.ask("fault", name="garbled")
    desk.hand.ask("scan", text="YY-0043")
    desk.expect(ScanTrouble(ScanCode.UNREADABLE))
    assert desk.hand.ask("state")["scanned"] == 2
    assert "YY-" not in caplog.text + repr(desk.box.seen)


def test_an_unplugged_scanner_comes_back(desk: Desk) -> None:
    desk.expect(ScannerHealth("unknown", "not_asked"))
    desk.hand.ask("fault", name="unplug")
    desk.expect(ScannerHealth("down", "port_missing"))
    desk.hand.ask("scan", text="YY-0041")
    desk.hand.ask("replug")
    desk.expect(ScannerHealth("unknown", "not_asked"))
    desk.hand.ask("scan", text="YY-0042")
    desk.expect(ScanRead("YY-0042"))
    assert ScanRead("YY-0041") not in desk.box.seen


def test_wrong_requests_are_answered(desk: Desk) -> None:
    for fields in ({"do": "fault", "name": "none"}, {"do": "scan"}, {"do": "dance"}):
        with pytest.raises(BadRequest):
            desk.hand.ask(**fields)
    assert desk.scanner.health.state == "unknown"
