"""Pads and strips of the house on one pair of wires: one port, one thread, each told what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from drivers.bus import Bus, MemberHealth
from drivers.control import ControlClient
from drivers.core import Condition
from drivers.link import Backoff
from drivers.listening import PtyListener
from drivers.pad.events import Key, PadDisplay, PadEvent, PadLineHealth, PadPressed
from drivers.pad.line import PadLine
from drivers.pad.member import PadMember
from drivers.pad.protocols.house import PROTOCOL as PADS
from drivers.pad.simulator import SimulatedPad
from drivers.strip.events import StripEvent, StripLineHealth, StripText
from drivers.strip.line import StripLine
from drivers.strip.member import StripMember
from drivers.strip.protocols.house import PROTOCOL as STRIPS
from drivers.strip.simulator import StripSimulator, strips
from tests.support.far_talk import FarTalk
from tests.support.mailbox import Mailbox
from tests.support.wires import ByteByByte

PAD_AT, STRIP_AT = range(1, 9), range(11, 19)


def test_eight_windows_on_one_pair_are_as_quick_as_pads_alone() -> None:
    members: list[Any] = [PadMember(address, PADS) for address in PAD_AT]
    signs = {address: StripMember(address, STRIPS) for address in STRIP_AT}
    bus: Bus[Any, Any] = Bus([*members, *signs.values()], PADS.finder(), baud=9600, answer_s=0.06)
    far = strips(STRIP_AT, pads=PAD_AT)
    talk: FarTalk[Any] = FarTalk(ByteByByte(9600), bus, far)
    talk.run(4.0)
    assert bus.condition == Condition("ok")
    signs[18].show(StripText("请A012号办理", flash=True))
    bus.hurry(18, talk.now)
    pad, at = far.devices[8], talk.now
    assert isinstance(pad, SimulatedPad)
    pad.press("NEXT", at)
    talk.run(1.0)
    ((told_at, _),) = [(when, event) for when, event in talk.events if isinstance(event, PadPressed)]
    assert told_at - at <= 0.6  # a turn of each of eight pads, and the text in between
    assert far.devices[18].state(talk.now)["text"] == "请A012号办理"


class Wires:
    """One port with pads 1 and 2 and strips 11 and 12, and the program's side of it."""

    def __init__(self) -> None:
        self.simulator = StripSimulator(PtyListener(), (11, 12), pads=(1, 2))
        self.simulator.start()
        self.hand = ControlClient(self.simulator.control_address)
        self.pad_box: Mailbox[PadEvent] = Mailbox()
        self.strip_box: Mailbox[StripEvent] = Mailbox()
        self.pads = PadLine(
            self.simulator.port_name,
            (1, 2),
            on_event=self.pad_box.put,
            answer_s=0.3,
            backoff=Backoff(first_s=0.05, limit_s=0.1),
        )
        self.strips = StripLine("", (11, 12), on_event=self.strip_box.put, poll_s=0.1, beside=self.pads)
        for line in (self.pads, self.strips):
            line.start()

    def state(self, address: int) -> Any:
        return self.hand.ask("state")["devices"][str(address)]

    def close(self) -> None:
        for line in (self.strips, self.pads):
            line.stop()
        self.hand.close()
        self.simulator.stop()


@pytest.fixture
def wires() -> Iterator[Wires]:
    made = Wires()
    yield made
    made.close()


def test_each_kind_is_told_of_its_own_devices_only(wires: Wires) -> None:
    wires.strips.show(11, "请A012号办理", flash=True)
    wires.pads.show(2, PadDisplay("A013", 3))
    wires.pad_box.wait_for(lambda told: told == PadLineHealth("ok", ""))
    wires.strip_box.wait_for(lambda told: told == StripLineHealth("ok", ""))
    assert wires.state(11)["text"] == "请A012号办理"

    wires.hand.ask("power", address=12, on=False)
    wires.strip_box.wait_for(lambda told: told == StripLineHealth("degraded", "some_silent"))
    assert wires.strips.member_health(12) == MemberHealth(12, "down", "silent")
    assert wires.pads.health.state == "ok"
    wires.hand.ask("press", address=2, key="NEXT")
    pressed = wires.pad_box.wait_for(lambda told: isinstance(told, PadPressed))
    assert isinstance(pressed, PadPressed)
    assert (pressed.address, pressed.key) == (2, Key.NEXT)
    assert wires.state(2)["next_number"] == "A013"

    wires.hand.ask("fault", name="unplug")
    wires.pad_box.wait_for(lambda told: told == PadLineHealth("down", "port_lost"))
    wires.strip_box.wait_for(lambda told: told == StripLineHealth("down", "port_lost"))
    wires.strips.show(11, "空闲")
    wires.hand.ask("replug")
    wires.pad_box.wait_for(lambda told: told == PadLineHealth("ok", ""))
    wires.strip_box.wait_for(lambda told: told == MemberHealth(11, "ok", ""))
    assert wires.state(11)["text"] == "空闲"
    with pytest.raises(KeyError):
        wires.pads.member_health(11)


@pytest.mark.parametrize(("address", "protocol", "why"), [(2, "house", "taken"), (12, "onbon", "two protocols")])
def test_what_cannot_share_wires_is_refused_at_once(address: int, protocol: str, why: str) -> None:
    pads = PadLine("/dev/none", (1, 2), on_event=lambda _: None)
    with pytest.raises(ValueError, match=why):
        StripLine("", (address,), protocol=protocol, beside=pads)
