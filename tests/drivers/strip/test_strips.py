"""The talk with a line of strips, without I/O: texts that stay true, dark after a minute, every fault and line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bus import Bus, MemberHealth
from drivers.core import Condition
from drivers.errors import ProtocolError
from drivers.sentence import Sentence, encode_sentence, parse_sentence
from drivers.simulated_line import FarEnd, Fault
from drivers.strip.events import StripText, StripTextWrong
from drivers.strip.member import REFRESH_S, StripMember
from drivers.strip.protocol import OtherDevice, Showing, load, names
from drivers.strip.protocols.house import PROTOCOL, encode_showing, parse_order
from drivers.strip.simulator import BLANK_S, SimulatedController, SimulatedStrip, strips
from tests.support.far_talk import FarTalk
from tests.support.wires import ByteByByte, Cut, Honest, Lossy, Noisy, Slow, Wire

ADDRESSES = (1, 2, 3)
CALL = StripText("请A012号办理", flash=True)
SERVING = StripText("正在办理A012")
PAUSED = StripText("暂停服务")
FREE = StripText("空闲")


class Line:
    """A bus of strips and its simulated far end."""

    def __init__(self, wire: Wire, *, protocol: str = "house", far: str = "", answer_s: float = 0.06) -> None:
        chosen = load(protocol)
        self.members: dict[int, StripMember[Any]] = {address: StripMember(address, chosen) for address in ADDRESSES}
        self.bus: Bus[Any, Any] = Bus(
            list(self.members.values()),
            chosen.finder(),
            baud=chosen.baud,
            answer_s=answer_s,
            must_answer=chosen.must_answer,
        )
        self.far: FarEnd = strips(ADDRESSES, protocol=far or protocol)
        self.talk: FarTalk[MemberHealth] = FarTalk(wire, self.bus, self.far)
        self.run = self.talk.run

    def show(self, address: int, text: StripText) -> None:
        self.members[address].show(text)

        def hurry(now: float) -> None:
            self.bus.hurry(address, now)

        self.talk.do(hurry)

    def shown(self) -> list[StripText]:
        for device in self.far.devices.values():
            device.step(self.talk.now)
        return [device.shown for device in self.far.devices.values()]  # type: ignore[attr-defined]

    def device(self, address: int) -> SimulatedStrip | SimulatedController:
        device = self.far.devices[address]
        assert isinstance(device, SimulatedStrip | SimulatedController)
        return device


WIRES: dict[str, tuple[Callable[[], Wire], float]] = {
    "honest": (Honest, 0.06),
    "byte by byte": (lambda: ByteByByte(9600), 0.06),
    "lossy": (lambda: Lossy(0.01), 0.06),
    "noisy": (lambda: Noisy(b"$LED,01,S,"), 0.06),
    "slow": (Slow, 0.3),
    "cut": (lambda: Cut(9), 0.06),
}


@pytest.mark.parametrize("protocol", ["house", "onbon"])
@pytest.mark.parametrize(("wire", "answer_s"), WIRES.values(), ids=WIRES.keys())
def test_strips_show_what_they_should_over_any_line(wire: Callable[[], Wire], answer_s: float, protocol: str) -> None:
    line = Line(wire(), protocol=protocol, answer_s=answer_s)
    line.run(3.0)
    for text in (CALL, SERVING, PAUSED):
        for address in ADDRESSES:
            line.show(address, text)
        line.run(3.0)
    line.show(3, FREE)
    line.run(25.0)
    assert line.shown() == [PAUSED, PAUSED, FREE]
    assert line.bus.condition.state in {"ok", "degraded"}


def test_a_new_text_is_shown_at_once() -> None:
    line = Line(ByteByByte(9600))
    line.run(3.0)
    line.show(2, CALL)
    line.run(0.3)
    assert line.shown()[1] == CALL


def test_an_unchanged_text_is_not_sent_again() -> None:
    line = Line(Honest())
    line.show(1, CALL)
    line.run(30.0)
    line.show(1, CALL)
    line.run(30.0)
    assert line.device(1).orders == 1


@pytest.mark.parametrize("protocol", ["house", "onbon", "onbon-mute"])
def test_a_strip_goes_dark_a_minute_after_the_programs_last_word(protocol: str) -> None:
    line = Line(Honest(), protocol=protocol.partition("-")[0], far=protocol)
    for address in ADDRESSES:
        line.show(address, CALL)
    line.run(200.0)
    assert line.shown() == [CALL] * 3
    strip = line.device(1)
    strip.step(line.talk.now + BLANK_S - REFRESH_S - 1)
    assert strip.shown == CALL
    strip.step(line.talk.now + BLANK_S + 1)
    assert strip.shown == StripText()


@pytest.mark.parametrize("protocol", ["house", "onbon", "onbon-mute"])
def test_a_repowered_strip_gets_its_text_again(protocol: str) -> None:
    line = Line(Honest(), protocol=protocol.partition("-")[0], far=protocol)
    line.show(2, SERVING)
    line.run(5.0)
    line.far.cut_power(2)
    line.run(9.0)
    line.far.give_power(2, line.talk.now)
    assert line.shown()[1] == StripText()
    line.run(REFRESH_S + 3.0)
    assert line.shown()[1] == SERVING


def test_a_controller_that_does_not_answer_is_grey_and_still_told() -> None:
    line = Line(Honest(), protocol="onbon", far="onbon-mute")
    line.run(10.0)
    assert line.bus.condition == Condition("unknown", "no_answer")
    line.show(1, CALL)
    line.run(0.5)
    assert line.shown()[0] == CALL
    sent = line.device(1).orders
    line.run(REFRESH_S * 3)
    assert line.device(1).orders - sent in {2, 3}


@pytest.mark.parametrize(
    ("fault", "state", "code"),
    [
        (Fault.SILENT, "down", "silent"),
        (Fault.LATE, "down", "silent"),
        (Fault.CHECKSUM, "down", "broken_answers"),
        (Fault.TRUNCATED, "down", "broken_answers"),
        (Fault.COLLISION, "down", "broken_answers"),
        (Fault.TWICE, "degraded", "address_twice"),
    ],
)
def test_a_strip_with_a_fault_is_named_and_comes_back(fault: Fault, state: str, code: str) -> None:
    line = Line(Honest())
    line.run(3.0)
    line.far.faults[2] = fault
    line.run(20.0)
    assert (line.bus.health(2).state, line.bus.health(2).code) == (state, code)
    assert line.bus.health(1) == MemberHealth(1, "ok", "")
    line.show(2, SERVING)
    line.far.faults.clear()
    line.run(60.0)
    assert line.bus.condition == Condition("ok")
    assert line.shown()[1] == SERVING


@pytest.mark.parametrize("text", ["请A012号办理好了吗", "A" * 17, "测\U00020bb7", "a\tb", "\ud800", "\u1e3f" * 9])
def test_texts_that_do_not_fit_are_refused(text: str) -> None:
    with pytest.raises(StripTextWrong):
        StripText(text)


@pytest.mark.parametrize("text", ["请A012号办理", "正在办理A012", "暂停服务", "空闲", "A" * 16, "一二三四五六七八"])
def test_the_halls_texts_fit(text: str) -> None:
    assert StripText(text).text == text


texts = st.builds(StripText, st.text("请A012号办理正在暂停服务空闲", max_size=8), flash=st.booleans())


@given(st.integers(1, 99), st.integers(0, 999), texts)
def test_orders_come_back_as_they_were_given(address: int, mark: int, text: StripText) -> None:
    sentence = parse_sentence(PROTOCOL.show(address, mark, text)[:-2])
    shown = text if text.text else StripText()
    assert (sentence.address, parse_order(sentence.fields)) == (address, (shown, mark))


def test_short_orders_of_the_reference_are_understood() -> None:
    full = parse_sentence(b"$LED,03,S,C7EB41303031BAC5B5BD31BAC5B4B0BFDA*33")
    with pytest.raises(ProtocolError):  # seventeen half cells: the reference's sample is for a longer strip
        parse_order(full.fields)
    assert parse_order(("S", "BFD5CFD0")) == (FREE, 0)
    assert parse_order(("S", "BFD5CFD0", "F")) == (StripText("空闲", flash=True), 0)
    assert parse_order(("C",)) == (StripText(), 0)
    for wrong in (("S",), ("S", "BFD5CFD0", "X"), ("S", "BF"), ("C", "1", "2"), ("S", "41" * 17), ("Q",)):
        with pytest.raises(ProtocolError):
            parse_order(wrong)


def test_answers_come_back_as_they_were_said() -> None:
    for showing in (Showing(None), Showing(0), Showing(999)):
        assert PROTOCOL.parse(parse_sentence(encode_showing(7, showing)[:-2])) == showing
    assert PROTOCOL.parse(Sentence("PNG", 3, ("OK", "1.0", "PAD"))) == OtherDevice("PAD")
    assert PROTOCOL.parse(Sentence("PNG", 3, ("OK", "1.0"))) == Showing()
    assert PROTOCOL.parse(Sentence("PAD", 3, ("N",))) == OtherDevice("PAD")
    with pytest.raises(ProtocolError):
        PROTOCOL.parse(Sentence("LED", 3, ("Q",)))


def test_both_protocols_are_found_by_name() -> None:
    assert names() == ["house", "onbon"]


said = st.one_of(
    st.binary(max_size=60),
    st.builds(encode_showing, st.integers(0, 5), st.builds(Showing, st.integers(0, 999))),
    st.builds(
        lambda *parts: encode_sentence(Sentence("LED", 1, parts)),
        st.sampled_from(["N", "Q"]),
        st.text("N09", max_size=5),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["house", "onbon"]), st.lists(said, max_size=25))
def test_any_bytes_give_events_or_protocol_error_and_end_in_time(protocol: str, pieces: list[bytes]) -> None:
    line = Line(Honest(), protocol=protocol)
    now = 0.0
    for piece in pieces:
        line.bus.outgoing()
        line.bus.receive(piece, now)
        now += 0.05
        line.bus.wake(now)
    deadline = line.bus.deadline()
    assert deadline is not None
    assert deadline <= now + 2.0 + line.bus.longest_turn_s
    line.bus.disconnected(now)
    assert line.bus.deadline() is None
