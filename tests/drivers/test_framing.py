"""Frames in any stream: chunking, noise, and the way back."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.framing import Broken, Found, Frame, FrameFinder, encode_frame

PREAMBLE = bytes.fromhex("AAAAAA9669")
GAP_S = 0.2
bodies = st.binary(min_size=3, max_size=300)
noise = st.lists(st.one_of(st.binary(max_size=12), st.just(PREAMBLE), st.just(PREAMBLE[:3])), max_size=4).map(b"".join)


def new_finder() -> FrameFinder:
    return FrameFinder(PREAMBLE, smallest=4, largest=0x0A00, gap_s=GAP_S)


def find_all(pieces: list[bytes]) -> list[Found]:
    finder = new_finder()
    found = [one for piece in pieces for one in finder.receive(piece, 0.0)]
    assert finder.deadline() in {None, GAP_S}
    found += finder.wake(GAP_S)
    assert finder.deadline() is None
    return found


@given(bodies)
def test_what_was_encoded_is_found(body: bytes) -> None:
    assert find_all([encode_frame(PREAMBLE, body)]) == [Frame(body)]


@settings(deadline=None)
@given(noise, bodies, noise)
def test_a_frame_anywhere_in_noise_is_found(before: bytes, body: bytes, after: bytes) -> None:
    assert Frame(body) in find_all([before + encode_frame(PREAMBLE, body) + after])


@settings(deadline=None)
@given(st.data(), st.lists(st.one_of(noise, bodies.map(lambda body: encode_frame(PREAMBLE, body))), max_size=4))
def test_any_chunking_finds_the_same(data: st.DataObject, parts: list[bytes]) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert find_all(pieces) == find_all([stream])


@given(st.lists(st.binary(max_size=64), max_size=30))
def test_noise_leaves_nothing_behind(pieces: list[bytes]) -> None:
    finder = new_finder()
    for piece in pieces:
        finder.receive(piece, 0.0)
    finder.wake(GAP_S)
    assert finder.deadline() is None
    assert finder.receive(encode_frame(PREAMBLE, b"abc"), 1.0) == [Frame(b"abc")]


def test_the_pause_inside_a_frame_is_counted_from_the_last_byte() -> None:
    finder = new_finder()
    frame = encode_frame(PREAMBLE, b"abc")
    finder.receive(frame[:4], 1.0)
    finder.receive(frame[4:6], 1.15)
    assert finder.deadline() == pytest.approx(1.35)
    assert finder.wake(1.3) == []
    assert finder.receive(frame[6:], 1.3) == [Frame(b"abc")]


def test_a_false_length_hides_a_good_frame_only_until_the_pause() -> None:
    finder = new_finder()
    assert finder.receive(PREAMBLE + b"\x09\x00" + encode_frame(PREAMBLE, b"abc"), 0.0) == []
    assert finder.wake(GAP_S) == [Broken("timeout", 0x0907, 18), Frame(b"abc")]


def test_frames_do_not_show_their_bytes() -> None:
    assert repr(Frame(b"secret")) == "Frame(6 bytes)"


def test_the_documented_example() -> None:
    assert find_all([bytes.fromhex("00FFAAAAAA9669000400008084")]) == [Frame(bytes.fromhex("000080"))]


def test_a_body_that_no_length_can_name_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        encode_frame(PREAMBLE, bytes(0xFFFF))
