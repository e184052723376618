"""Onbon's frames against the published ones, and in noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.framing import Broken
from drivers.strip.events import StripText
from drivers.strip.onbon_frame import GAP_S, HOST, OnbonFinder, OnbonFrame, encode_frame, parse_frame
from drivers.strip.protocol import Showing
from drivers.strip.protocols import onbon
from drivers.strip.protocols.onbon import PROTOCOL, Area, encode_text, parse_text

HEAD = "A5 A5 A5 A5 A5 A5 A5 A5 01 00 00 80 00 00 00 00 00 00 FE 02 "
WINDOW_ONE = (
    HEAD + "35 00 A3 06 01 30 00 00 01 2C 00 00 00 00 00 00 18 00 20 00 00 00 00 02 00 00 00 00 02 02 03 00 04 05 11 "
    "00 00 00 C7 EB 41 30 30 31 BA C5 B5 BD 31 BA C5 B4 B0 BF DA 3B 93 5A"
)
MOVING = Area(width=24, height=32, single_line=False, wrap=True, mode=onbon.MOVE_LEFT, timeout=2)


def test_the_published_frames_come_out_byte_by_byte() -> None:
    for data, shown in (
        (onbon.PING, "05 00 A2 00 01 00 00 68 F8 5A"),
        (onbon.STATUS, "05 00 A1 02 01 00 00 2D 40 5A"),
        (onbon.CLEAR, "05 00 A3 10 01 00 00 51 F8 5A"),
    ):
        assert encode_frame(OnbonFrame(1, HOST, data)) == bytes.fromhex(HEAD + shown)
    assert PROTOCOL.poll(1) == bytes.fromhex(HEAD + "05 00 A2 00 01 00 00 68 F8 5A")
    text = "请A001号到1号窗口".encode("gb18030")
    assert encode_text(1, MOVING, text) == bytes.fromhex(WINDOW_ONE)
    (frame,) = OnbonFinder().receive(bytes.fromhex(WINDOW_ONE), 0.0)
    assert isinstance(frame, OnbonFrame)
    assert parse_text(frame.data) == (MOVING, text)


def test_a_text_with_a_stated_length_of_zero_is_understood() -> None:
    data = bytearray(bytes.fromhex(WINDOW_ONE)[22:-3])
    data[3:5] = b"\0\0"
    assert parse_text(bytes(data))[0] == MOVING


def test_each_marked_byte_is_escaped() -> None:
    frame = OnbonFrame(0xA5A6, HOST, b"\x5a\x5b\xa5\xa6")
    wire = encode_frame(frame)
    assert b"\x5b\x02\x5b\x01\xa6\x02\xa6\x01" in wire
    assert wire[8:-1].find(b"\xa5") == wire[8:-1].find(b"\x5a") == -1
    assert OnbonFinder().receive(wire, 0.0) == [frame]


frames = st.builds(OnbonFrame, st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(max_size=80))


@given(frames)
def test_encode_and_parse_are_each_others_inverse(frame: OnbonFrame) -> None:
    assert parse_frame(encode_frame(frame)[8:-1]) == frame


areas = st.builds(
    Area,
    x=st.integers(0, 20),
    y=st.integers(0, 64),
    width=st.integers(1, 40),
    height=st.integers(1, 64),
    number=st.integers(0, 7),
    single_line=st.booleans(),
    wrap=st.booleans(),
    mode=st.integers(1, 6),
    speed=st.integers(0, 64),
    stay=st.integers(0, 255),
    timeout=st.integers(0, 0xFFFF),
)


@given(st.integers(1, 0x7FFF), areas, st.binary(max_size=60))
def test_areas_come_back(address: int, area: Area, text: bytes) -> None:
    (frame,) = OnbonFinder().receive(encode_text(address, area, text), 0.0)
    assert isinstance(frame, OnbonFrame)
    assert (frame.address, parse_text(frame.data)) == (address, (area, text))


@given(frames, st.binary(max_size=150), st.binary(max_size=40), st.lists(st.integers(0, 300), max_size=6))
def test_a_frame_is_found_anywhere_in_noise_and_in_any_cutting(
    frame: OnbonFrame, before: bytes, after: bytes, cuts: list[int]
) -> None:
    stream = before + encode_frame(frame) + after
    edges = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    whole, cut = OnbonFinder(), OnbonFinder()
    found = whole.receive(stream, 0.0)
    assert frame in found
    assert [one for at, to in zip(edges, edges[1:], strict=False) for one in cut.receive(stream[at:to], 0.0)] == found  # noqa: RUF007


@given(st.lists(st.binary(max_size=100), max_size=10))
def test_any_bytes_end_in_time(pieces: list[bytes]) -> None:
    finder = OnbonFinder()
    for piece in pieces:
        finder.receive(b"\xa5\xa5\xa5\xa5" + piece, 1.0)
    if (deadline := finder.deadline()) is not None:
        assert deadline <= 1.0 + GAP_S
        finder.wake(deadline)
    assert not finder.inside


def test_an_endless_frame_is_broken_off() -> None:
    found = OnbonFinder().receive(b"\xa5" * 8 + b"\x01" * 10_000, 0.0)
    assert [type(one) for one in found] == [Broken]


@pytest.mark.parametrize(
    "data",
    [b"", b"\xa3\x06", onbon.CLEAR, bytes.fromhex(WINDOW_ONE)[22:-4], b"\xa3\x06\x01\x00\x00\x00\x02\x00\x00"],
)
def test_text_commands_that_do_not_add_up_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_text(data)


def test_our_own_echo_is_no_answer() -> None:
    (echo,) = OnbonFinder().receive(PROTOCOL.poll(1), 0.0)
    assert isinstance(echo, OnbonFrame)
    with pytest.raises(ProtocolError):
        PROTOCOL.parse(echo)
    assert PROTOCOL.parse(OnbonFrame(HOST, 1, b"\xa2\x00")) == Showing()


@pytest.mark.parametrize(
    ("text", "sent"),
    [("空闲", " " * 6 + "空闲"), ("请A1000号办理", " 请A1000号办理"), ("请A012号继续等候", "请A012号继续等候")],
)
def test_what_stands_still_stands_in_the_middle(text: str, sent: str) -> None:
    (frame,) = OnbonFinder().receive(PROTOCOL.show(1, 1, StripText(text)), 0.0)
    assert isinstance(frame, OnbonFrame)
    assert parse_text(frame.data)[1].decode("gb18030") == sent


def test_what_should_flash_moves_and_empty_text_clears() -> None:
    (frame,) = OnbonFinder().receive(PROTOCOL.show(1, 1, StripText("请A012号办理", flash=True)), 0.0)
    assert isinstance(frame, OnbonFrame)
    area, text = parse_text(frame.data)
    assert (area.mode, area.width, area.height, area.timeout) == (onbon.MOVE_LEFT, 16, 16, 30)
    assert text.decode("gb18030") == "请A012号办理"
    assert PROTOCOL.show(1, 1, StripText()) == encode_frame(OnbonFrame(1, HOST, onbon.CLEAR))
