"""The talk with a line of pads, without I/O: presses, displays, beeps, every fault, every kind of line."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.bus import DEAD_LINE_S, PROVED, Bus, MemberHealth
from drivers.core import Condition
from drivers.errors import DeviceSilent, ProtocolError
from drivers.pad.events import Beep, Key, PadDisplay, PadDropped, PadKeyEvent, PadPressed
from drivers.pad.member import REPEAT_S, PadMember
from drivers.pad.protocol import Idle, OtherDevice, Pressed
from drivers.pad.protocols.house import PROTOCOL, encode_said
from drivers.pad.simulator import SimulatedPad, pads
from drivers.sentence import Sentence, encode_sentence, parse_sentence
from drivers.simulated_device import Piece
from drivers.simulated_line import FarEnd, Fault
from tests.support.far_talk import FarTalk
from tests.support.wires import ByteByByte, Cut, Honest, Lossy, Noisy, Slow, Wire

Told = PadKeyEvent | MemberHealth
ADDRESSES = (1, 2, 3)


class Line:
    """A bus of pads and its simulated far end."""

    def __init__(self, wire: Wire, addresses: Sequence[int] = ADDRESSES, *, answer_s: float = 0.06) -> None:
        self.members = {address: PadMember(address, PROTOCOL) for address in addresses}
        self.bus: Bus[Sentence, PadKeyEvent] = Bus(
            list(self.members.values()), PROTOCOL.finder(), baud=9600, answer_s=answer_s
        )
        self.far: FarEnd = pads(addresses)
        self.talk: FarTalk[Told] = FarTalk(wire, self.bus, self.far)
        self.run = self.talk.run

    def pad(self, address: int) -> SimulatedPad:
        pad = self.far.devices[address]
        assert isinstance(pad, SimulatedPad)
        return pad

    def press(self, address: int, key: str = "NEXT") -> None:
        assert self.pad(address).press(key, self.talk.now)

    def pressed(self) -> list[tuple[int, str, int]]:
        return [(e.address, e.key, e.press) for _, e in self.talk.events if isinstance(e, PadPressed)]

    def dropped(self) -> list[PadDropped]:
        return [event for _, event in self.talk.events if isinstance(event, PadDropped)]


WIRES: dict[str, tuple[Callable[[], Wire], float]] = {
    "honest": (Honest, 0.06),
    "byte by byte": (lambda: ByteByByte(9600), 0.06),
    "lossy": (lambda: Lossy(0.01), 0.06),
    "noisy": (lambda: Noisy(b"$PAD,03,K,NEXT,"), 0.06),
    "slow": (Slow, 0.3),
    "cut": (lambda: Cut(20), 0.06),
}


@pytest.mark.parametrize(("wire", "answer_s"), WIRES.values(), ids=WIRES.keys())
def test_each_press_is_told_once_over_any_line(wire: Callable[[], Wire], answer_s: float) -> None:
    line = Line(wire(), answer_s=answer_s)
    line.run(2.0)
    expected = []
    for number in range(1, 11):
        for address in ADDRESSES:
            line.press(address, "NEXT" if number % 2 else "RECALL")
            expected.append((address, "NEXT" if number % 2 else "RECALL", number))
        line.run(1.6)
    line.run(3.0)
    told = line.pressed() + [(drop.address, drop.key, drop.press) for drop in line.dropped()]
    assert sorted(told) == sorted(expected)
    assert len(line.dropped()) <= 3  # only what a cut line made too old


@pytest.mark.parametrize("at", range(1, 31))
def test_a_line_cut_in_any_message_tells_each_press_once(at: int) -> None:
    line = Line(Cut(at), (1, 2))
    for _ in range(3):
        line.press(1)
        line.press(2, "MISS")
        line.run(0.7)
    line.run(3.0)
    assert sorted(line.pressed()) == [(1, "NEXT", n) for n in (1, 2, 3)] + [(2, "MISS", n) for n in (1, 2, 3)]
    assert line.dropped() == []


def test_a_press_is_told_within_a_quarter_of_a_second() -> None:
    line = Line(ByteByByte(9600))
    line.run(2.0)
    at = line.talk.now
    line.press(2)
    line.run(1.0)
    ((told_at, _),) = [(t, e) for t, e in line.talk.events if isinstance(e, PadPressed)]
    assert told_at - at <= 0.25


def test_two_presses_of_one_key_are_two_presses() -> None:
    line = Line(Honest())
    line.run(1.0)
    line.press(1)
    line.press(1)
    line.run(1.0)
    assert line.pressed() == [(1, "NEXT", 1), (1, "NEXT", 2)]


def hear(member: PadMember[Sentence], said: Pressed | Idle, now: float) -> list[PadKeyEvent]:
    events, code = member.hear(parse_sentence(encode_said(member.address, said)[:-2]), now)
    assert code in {"", PROVED}
    return list(events)


def test_repeats_are_told_apart_by_the_counter_alone_and_only_for_ten_seconds() -> None:
    member = PadMember(3, PROTOCOL)
    assert hear(member, Pressed("NEXT", 17, 0.0), 100.0) == [PadPressed(3, Key.NEXT, 17, 0.0)]
    assert hear(member, Pressed("NEXT", 17, 2.0), 102.0) == []
    assert hear(member, Pressed("RECALL", 17, 2.0), 102.5) == []
    assert hear(member, Pressed("NEXT", 18, 0.0), 102.6) == [PadPressed(3, Key.NEXT, 18, 0.0)]
    assert hear(member, Pressed("NEXT", 18, 0.1), 102.6 + REPEAT_S) == [PadPressed(3, Key.NEXT, 18, 0.1)]


def test_a_repowered_pad_counts_anew_at_once() -> None:
    line = Line(Honest())
    line.run(1.0)
    line.press(1)
    line.run(0.5)
    line.far.cut_power(1)
    line.far.give_power(1, line.talk.now)
    line.press(1)
    line.run(1.0)
    assert line.pressed() == [(1, "NEXT", 1), (1, "NEXT", 1)]


def test_a_press_made_while_the_line_was_out_is_dropped_with_a_beep() -> None:
    line = Line(Honest())
    line.run(1.0)
    line.far.faults[2] = Fault.SILENT
    line.press(2)
    line.run(5.0)
    line.far.faults.clear()
    line.run(3.0)
    assert line.pressed() == []
    assert line.dropped() == [PadDropped(2, "NEXT", 1, "too_old")]
    assert line.pad(2).beeps == [Beep.REFUSED.value]
    line.press(2)
    line.run(1.0)
    assert line.pressed() == [(2, "NEXT", 2)]


def test_a_pad_that_does_not_say_the_age_is_judged_by_when_it_was_last_quiet() -> None:
    member = PadMember(3, PROTOCOL)
    assert hear(member, Pressed("NEXT", 5), 10.0) == [PadDropped(3, "NEXT", 5, "too_old")]
    hear(member, Idle(1), 20.0)
    assert hear(member, Pressed("NEXT", 6), 21.0) == [PadPressed(3, Key.NEXT, 6, 1.0)]
    assert hear(member, Pressed("NEXT", 7), 24.0) == [PadDropped(3, "NEXT", 7, "too_old")]


def test_an_unknown_key_is_dropped_with_a_beep() -> None:
    line = Line(Honest())
    line.press(1, "F9")
    line.run(1.0)
    assert line.dropped() == [PadDropped(1, "F9", 1, "unknown_key")]
    assert line.pad(1).beeps == [Beep.REFUSED.value]


def test_displays_are_states_that_heal() -> None:
    line = Line(Lossy(0.01))
    line.run(1.0)
    for number in range(12):
        for address in ADDRESSES:
            line.members[address].show(PadDisplay(f"A{number:03d}", number))
    line.run(3.0)
    assert [line.pad(address).display for address in ADDRESSES] == [PadDisplay("A011", 11)] * 3
    line.far.cut_power(2)
    line.run(1.0)
    line.far.give_power(2, line.talk.now)
    line.run(4.0)
    assert line.pad(2).display == PadDisplay("A011", 11)


def test_an_unchanged_display_is_not_sent_again() -> None:
    line = Line(Honest(), (1,))
    line.members[1].show(PadDisplay("A012", 4))
    line.run(1.0)
    line.members[1].show(PadDisplay("A012", 4))
    line.run(2.0)
    assert sum(b",D," in data for _, data in line.talk.asked) == 1


def test_beeps_sound_once() -> None:
    line = Line(Honest())
    line.run(1.0)
    line.members[3].beep(Beep.TAKEN, line.talk.now)
    line.run(1.0)
    assert [line.pad(address).beeps for address in ADDRESSES] == [[], [], ["1"]]


@pytest.mark.parametrize(("gone_s", "heard"), [(1.5, ["3"]), (5.0, [])])
def test_a_beep_outlives_a_line_that_is_late_but_not_the_press(gone_s: float, heard: list[str]) -> None:
    line = Line(Honest())
    line.run(1.0)
    line.far.faults[3] = Fault.SILENT
    line.run(0.3)
    line.members[3].beep(Beep.REFUSED, line.talk.now)
    line.run(gone_s)
    assert health(line, 3) == ("down", "silent")
    line.far.faults.clear()
    line.run(1.2)
    assert line.pad(3).beeps == heard


def health(line: Line, address: int) -> tuple[str, str]:
    found = line.bus.health(address)
    return found.state, found.code


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
def test_a_pad_with_a_fault_is_named_and_comes_back(fault: Fault, state: str, code: str) -> None:
    line = Line(Honest())
    line.run(1.0)
    assert {health(line, address) for address in ADDRESSES} == {("ok", "")}
    line.far.faults[2] = fault
    line.run(5.0)
    assert health(line, 2) == (state, code)
    assert health(line, 1) == health(line, 3) == ("ok", "")
    assert line.bus.condition == Condition("degraded", "some_silent" if state == "down" else "some_degraded")
    told = [event for _, event in line.talk.events if isinstance(event, MemberHealth) and event.address == 2]
    assert [(event.state, event.code) for event in told] == [("ok", ""), (state, code)]
    line.far.faults.clear()
    line.run(6.0)
    assert health(line, 2) == ("ok", "")
    assert line.bus.condition == Condition("ok")


@pytest.mark.parametrize("fault", [Fault.NOISE, Fault.SLOW])
def test_faults_that_only_disturb_change_nothing(fault: Fault) -> None:
    line = Line(Honest())
    line.far.faults[0] = fault
    line.run(2.0)
    line.press(1)
    line.run(1.0)
    assert line.pressed() == [(1, "NEXT", 1)]
    assert line.bus.condition == Condition("ok")


def test_an_adapter_that_hears_itself_changes_nothing() -> None:
    """Cheap RS-485 adapters give back what they send."""

    class Echo(FarEnd):
        def receive(self, data: bytes, now: float) -> list[Piece]:
            return [Piece(0.0, data), *super().receive(data, now)]

    line = Line(Honest())
    line.talk.far = Echo(list(line.far.devices.values()), PROTOCOL.finder())
    line.run(2.0)
    line.press(1)
    line.members[2].show(PadDisplay("A012", 4))
    line.run(1.0)
    assert line.pressed() == [(1, "NEXT", 1)]
    assert line.pad(2).display == PadDisplay("A012", 4)
    assert line.bus.condition == Condition("ok")


def test_pads_that_are_not_plugged_in_do_not_slow_the_others() -> None:
    addresses = tuple(range(1, 21))
    line = Line(ByteByByte(9600), addresses)
    for address in addresses[10:]:
        line.far.cut_power(address)
    line.run(8.0)
    at = line.talk.now
    line.press(1)
    line.run(2.0)
    ((told_at, _),) = [(t, e) for t, e in line.talk.events if isinstance(e, PadPressed)]
    assert told_at - at <= 1.2
    line.far.give_power(20, line.talk.now)
    line.run(4.0)
    assert health(line, 20) == ("ok", "")


def test_another_device_at_the_address_is_named() -> None:
    class Strip:
        address = 2

        def power_on(self, now: float) -> None: ...
        def step(self, now: float) -> None: ...
        def act(self, request: object, now: float) -> bool:
            return False

        def state(self, now: float) -> dict[str, object]:
            return {}

        def receive(self, message: Sentence, now: float) -> bytes:
            return encode_said(2, OtherDevice("LED")) if message.kind == "PNG" else b""

    line = Line(Honest())
    line.far.devices[2] = Strip()
    line.run(20.0)
    assert health(line, 2) == ("down", "wrong_device")
    told = [event for _, event in line.talk.events if isinstance(event, MemberHealth) and event.address == 2]
    assert told == [MemberHealth(2, "down", "wrong_device")]


def test_a_line_dead_for_long_is_opened_anew() -> None:
    line = Line(Honest())
    line.far.faults[0] = Fault.SILENT
    line.run(DEAD_LINE_S + 3.0)
    assert [type(error) for error in line.talk.errors] == [DeviceSilent]
    assert line.bus.condition in {Condition("down", "silent"), Condition("down", "line_lost")}
    line.far.faults.clear()
    line.run(2.0)
    assert line.bus.condition == Condition("ok")


def test_every_question_ends_in_time() -> None:
    line = Line(Noisy(b"$PAD,01,"), answer_s=0.06)
    line.far.faults[0] = Fault.TRUNCATED
    line.run(10.0)
    times = [at for at, _ in line.talk.asked]
    assert max(b - a for a, b in itertools.pairwise(times)) <= 1.2
    assert line.bus.longest_turn_s <= 0.6


said = st.one_of(
    st.binary(max_size=60),
    st.builds(
        encode_said,
        st.integers(0, 5),
        st.one_of(
            st.builds(Pressed, st.sampled_from(["NEXT", "MISS", "F1"]), st.integers(0, 999), st.just(0.0)),
            st.builds(Idle, st.integers(0, 999)),
        ),
    ),
    st.builds(
        lambda *parts: encode_sentence(Sentence("PAD", 1, parts)),
        st.sampled_from(["K", "N", "Q"]),
        st.text("NEXT09", max_size=9),
    ),
)


@settings(max_examples=200, deadline=None)
@given(st.lists(said, max_size=25))
def test_any_bytes_give_events_or_protocol_error_and_end_in_time(pieces: list[bytes]) -> None:
    line = Line(Honest())
    now = 0.0
    try:
        for piece in pieces:
            line.bus.outgoing()
            line.bus.receive(piece, now)
            now += 0.05
            line.bus.wake(now)
        deadline = line.bus.deadline()
        assert deadline is not None
        assert deadline <= now + line.bus.longest_turn_s
    except ProtocolError:
        pass
    line.bus.disconnected(now)
    assert line.bus.deadline() is None
    line.bus.connected(now)
    line.bus.wake(now)
    assert line.bus.outgoing() != b""


@given(
    st.integers(1, 99),
    st.one_of(
        st.builds(
            Pressed,
            st.text("ABCXYZ019", min_size=1, max_size=8).filter(lambda word: word.isupper()),
            st.integers(0, 999),
            st.one_of(st.none(), st.integers(0, 999).map(lambda tenths: tenths / 10)),
        ),
        st.builds(Idle, st.one_of(st.none(), st.integers(0, 999))),
        st.just(OtherDevice("LED")),
    ),
)
def test_answers_come_back_as_they_were_said(address: int, what: Pressed | Idle | OtherDevice) -> None:
    sentence = parse_sentence(encode_said(address, what)[:-2])
    assert (sentence.address, PROTOCOL.parse(sentence)) == (address, what)
