"""Strips and simulator over real sockets and pseudo-terminals; what the strip's dots look like."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator

import pytest
from PIL import Image

from drivers.control import BadRequest, ControlClient
from drivers.link import Backoff
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.strip.dots import HEIGHT, WIDTH, rows
from drivers.strip.events import StripEvent, StripHealth, StripLineHealth, StripTextWrong
from drivers.strip.line import StripLine
from drivers.strip.simulator import StripSimulator
from tests.support.mailbox import Mailbox

OK = StripLineHealth("ok", "")


class Desk:
    """A simulated line of two strips and the program's side of it."""

    def __init__(self, listener: Listener, protocol: str) -> None:
        baud = 57600 if protocol == "onbon" else 9600
        self.simulator = StripSimulator(listener, (1, 2), protocol=protocol, baud=baud)
        self.simulator.start()
        self.hand = ControlClient(self.simulator.control_address)
        self.box: Mailbox[StripEvent] = Mailbox()
        self.line = StripLine(
            self.simulator.port_name,
            (1, 2),
            on_event=self.box.put,
            protocol=protocol,
            answer_s=0.3,
            poll_s=0.1,
            backoff=Backoff(first_s=0.05, limit_s=0.1),
        )
        self.line.start()

    def expect(self, event: StripEvent) -> None:
        self.box.wait_for(lambda told: told == event)

    def text(self, address: int) -> object:
        return self.hand.ask("state")["devices"][str(address)]["text"]

    def close(self) -> None:
        self.line.stop()
        self.hand.close()
        self.simulator.stop()


@pytest.fixture(
    params=[(TcpListener, "house"), (PtyListener, "house"), (PtyListener, "onbon")],
    ids=["tcp-house", "pty-house", "pty-onbon"],
)
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    listener, protocol = request.param
    made = Desk(listener(), protocol)
    yield made
    made.close()


def test_a_text_shown_before_the_start_of_the_line_is_shown(desk: Desk) -> None:
    desk.line.show(1, "请A012号办理", flash=True)
    desk.expect(OK)
    desk.hand.ask("fault", name="unplug")
    desk.expect(StripHealth(1, "down", "line_lost"))
    desk.line.show(2, "暂停服务")
    desk.hand.ask("replug")
    desk.expect(OK)
    # A line that is well has answered the order to show what it should: the order comes first.
    assert (desk.text(1), desk.text(2)) == ("请A012号办理", "暂停服务")
    picture = desk.hand.ask("picture", address=1)
    assert picture["text"] == "请A012号办理"
    image = Image.open(io.BytesIO(base64.b64decode(picture["png"])))
    assert image.size == (WIDTH * 6, HEIGHT * 6)


def test_what_strips_cannot_show_is_refused(desk: Desk) -> None:
    with pytest.raises(StripTextWrong):
        desk.line.show(1, "这句话长得任何条屏都放不下")
    with pytest.raises(KeyError):
        desk.line.show(9, "")
    with pytest.raises(BadRequest):
        desk.hand.ask("press", key="NEXT")
    with pytest.raises(BadRequest):
        desk.hand.ask("picture", address=9)
    assert desk.line.member_health(2).address == 2


@pytest.mark.parametrize(("protocol", "address"), [("house", 0), ("house", 100), ("onbon", 0x8000)])
def test_addresses_that_no_strip_can_have_are_refused_at_once(protocol: str, address: int) -> None:
    with pytest.raises(ValueError, match=r"address|sentence"):
        StripLine("/dev/none", (address,), protocol=protocol)


def test_dots_are_drawn_in_cells() -> None:
    drawn = rows("请A012号办理")
    assert (len(drawn), {len(row) for row in drawn}) == (HEIGHT, {WIDTH})
    used = "".join(row[16:112] for row in drawn)  # twelve half cells in the middle
    assert 200 < used.count("#") < 900
    assert all(set(row[:16] + row[112:]) == {"."} for row in drawn)
    assert set("".join(rows(""))) == {"."}
    for cell in (slice(16, 32), slice(32, 40), slice(40, 48), slice(64, 80)):
        assert any("#" in row[cell] for row in drawn)
