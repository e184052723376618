"""Pads and simulator over real sockets and pseudo-terminals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.control import BadRequest, ControlClient
from drivers.link import Backoff
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.pad.events import Beep, Key, PadDisplay, PadEvent, PadHealth, PadLineHealth, PadPressed
from drivers.pad.line import PadLine
from drivers.pad.simulator import PadSimulator
from tests.support.mailbox import Mailbox

OK = PadLineHealth("ok", "")


class Desk:
    """A simulated line of two pads and the program's side of it."""

    def __init__(self, listener: Listener) -> None:
        self.simulator = PadSimulator(listener, (1, 2))
        self.simulator.start()
        self.hand = ControlClient(self.simulator.control_address)
        self.box: Mailbox[PadEvent] = Mailbox()
        self.line = PadLine(
            self.simulator.port_name,
            (1, 2),
            on_event=self.box.put,
            answer_s=0.3,
            backoff=Backoff(first_s=0.05, limit_s=0.1),
        )
        self.line.start()

    def expect(self, event: PadEvent) -> None:
        self.box.wait_for(lambda told: told == event)

    def press(self, address: int, key: Key) -> PadPressed:
        self.hand.ask("press", address=address, key=key.value)
        event = self.box.wait_for(lambda told: isinstance(told, PadPressed))
        assert isinstance(event, PadPressed)
        return event

    def close(self) -> None:
        self.line.stop()
        self.hand.close()
        self.simulator.stop()


@pytest.fixture(params=[TcpListener, PtyListener], ids=["tcp", "pty"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(request.param())
    yield made
    made.close()


def test_presses_displays_and_beeps_go_over_real_lines(desk: Desk) -> None:
    desk.line.show(1, PadDisplay("A012", 7))
    desk.expect(OK)
    pressed = desk.press(1, Key.NEXT)
    assert (pressed.address, pressed.key, pressed.press) == (1, Key.NEXT, 1)
    assert pressed.age_s <= 3.0
    desk.line.beep(1, Beep.TAKEN)
    assert desk.press(2, Key.MISS).address == 2
    assert desk.press(1, Key.RECALL).press == 2
    pads = desk.hand.ask("state")["devices"]
    assert (pads["1"]["next_number"], pads["1"]["waiting"]) == ("A012", 7)
    assert pads["1"]["beeps"] == ["1"]
    assert pads["2"]["beeps"] == []


def test_an_unplugged_line_comes_back_and_shows_what_it_should(desk: Desk) -> None:
    desk.expect(OK)
    desk.hand.ask("fault", name="unplug")
    desk.expect(PadHealth(1, "down", "line_lost"))
    desk.line.show(2, PadDisplay("Y003", 1))
    desk.hand.ask("replug")
    desk.expect(PadHealth(2, "ok", ""))
    desk.press(2, Key.NEXT)
    desk.press(2, Key.NEXT)
    assert desk.hand.ask("state")["devices"]["2"]["next_number"] == "Y003"


def test_a_pad_can_be_plugged_in_while_all_runs(desk: Desk) -> None:
    desk.expect(OK)
    desk.hand.ask("power", address=2, on=False)
    desk.expect(PadHealth(2, "down", "silent"))
    assert desk.line.member_health(2).state == "down"
    assert desk.line.member_health(1).state == "ok"
    desk.press(1, Key.NEXT)
    desk.hand.ask("power", address=2, on=True)
    desk.expect(PadHealth(2, "ok", ""))
    assert desk.press(2, Key.OPEN).press == 1


def test_wrong_requests_are_answered(desk: Desk) -> None:
    for fields in (
        {"do": "press", "address": 9, "key": "NEXT"},
        {"do": "press", "address": 1, "key": "next"},
        {"do": "press"},
        {"do": "fault", "name": "none"},
        {"do": "fault", "name": "silent", "address": []},
        {"do": "power", "on": True},
        {"do": "dance"},
    ):
        with pytest.raises(BadRequest):
            desk.hand.ask(**fields)


def test_what_a_pad_cannot_show_is_refused() -> None:
    line = PadLine("/dev/none", (1,), on_event=lambda _: None)
    with pytest.raises(ValueError, match="longer"):
        line.show(1, PadDisplay("一二三四五六七八九"))
    with pytest.raises(ValueError, match="nobody"):
        line.show(1, PadDisplay("A012", -1))
    with pytest.raises(KeyError):
        line.show(2, PadDisplay())


@pytest.mark.parametrize("addresses", [(), (0,), (1, 100)])
def test_addresses_that_no_pad_can_have_are_refused_at_once(addresses: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"addresses|sentence"):
        PadLine("/dev/none", addresses, on_event=lambda _: None)
