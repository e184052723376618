"""Sentences in a stream that is cut, noisy, glued."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.checksums import crc16_arc
from drivers.errors import ProtocolError
from drivers.framing import Broken
from drivers.sentence import (
    GAP_S,
    SENTENCE_BYTES,
    Sentence,
    SentenceFinder,
    encode_sentence,
    encode_text,
    parse_sentence,
    parse_text,
)

fields = st.lists(
    st.text(st.characters(min_codepoint=32, max_codepoint=126, blacklist_characters=",*$"), max_size=14), max_size=7
)
sentences = st.builds(
    lambda kind, address, parts: Sentence(kind, address, tuple(parts)),
    st.sampled_from(["PAD", "LED", "PNG", "EVA"]),
    st.integers(0, 99),
    fields,
)


def frames(found: list[Sentence | Broken]) -> list[Sentence]:
    return [one for one in found if isinstance(one, Sentence)]


def test_the_reference_sentences_check() -> None:
    for line in (
        b"$LED,03,S,C7EB41303031BAC5B5BD31BAC5B4B0BFDA*33",
        b"$LED,03,C*0D",
        b"$PAD,03,K,NEXT,017*2C",
        b"$PAD,03,A,017*0D",
        b"$EVA,03,S,5,0042*31",
        b"$PNG,03*76",
        b"$PNG,03,OK,1.0*5D",
    ):
        assert encode_sentence(parse_sentence(line)) == line + b"\r\n"
    assert parse_text("C7EB41303031BAC5B5BD31BAC5B4B0BFDA") == "请A001号到1号窗口"


@given(sentences)
def test_encode_and_parse_are_each_others_inverse(sentence: Sentence) -> None:
    assert parse_sentence(encode_sentence(sentence)[:-2]) == sentence


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=20))
def test_text_fields_come_back(text: str) -> None:
    assert parse_text(encode_text(text)) == text


@given(sentences, st.binary(max_size=200), st.binary(max_size=40))
def test_a_sentence_is_found_anywhere_in_noise(sentence: Sentence, before: bytes, after: bytes) -> None:
    finder = SentenceFinder()
    assert sentence in frames(finder.receive(before + encode_sentence(sentence) + after, 0.0))


@given(st.lists(sentences, max_size=5), st.lists(st.integers(0, 400), max_size=8))
def test_any_cutting_gives_the_same_sentences(said: list[Sentence], cuts: list[int]) -> None:
    stream = b"".join(encode_sentence(one) for one in said)
    finder = SentenceFinder()
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    found = [one for at, to in itertools.pairwise(edges) for one in finder.receive(stream[at:to], 0.0)]
    assert found == said


@given(st.lists(st.binary(max_size=150), max_size=10))
def test_any_bytes_keep_the_buffer_small_and_end_in_time(pieces: list[bytes]) -> None:
    finder = SentenceFinder()
    for piece in pieces:
        finder.receive(piece, 1.0)
    deadline = finder.deadline()
    assert finder.inside == (deadline is not None)
    if deadline is not None:
        assert deadline <= 1.0 + GAP_S
        (broken,) = finder.wake(deadline)
        assert isinstance(broken, Broken)
        assert broken.got <= SENTENCE_BYTES
    assert not finder.inside


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"$PAD,03,P*07\r\n", "checksum"),
        (b"$PAD,03,P\r\n", "checksum"),
        (b"$PAD,03,P*6\r\n", "checksum"),
        (b"$PAD,03\xff,P*06\r\n", "length"),
        (b"$" + b"A" * 140 + b"\r\n", "length"),
        (b"$pad,03,P*26\r\n", "checksum"),
    ],
)
def test_damage_is_named_and_the_next_sentence_is_found(line: bytes, reason: str) -> None:
    found = SentenceFinder().receive(line + b"$PNG,03*76\r\n", 0.0)
    assert isinstance(found[0], Broken)
    assert found[0].reason == reason
    assert found[-1] == Sentence("PNG", 3)


def test_what_cannot_be_said_is_refused() -> None:
    for sentence in (
        Sentence("PAD", 3, ("a,b",)),
        Sentence("PAD", 3, ("a*b",)),
        Sentence("PAD", 3, ("a$b",)),
        Sentence("PAD", 3, ("号",)),
        Sentence("PAD", 3, ("x" * 120,)),
        Sentence("PAD", 100),
        Sentence("pad", 3),
    ):
        with pytest.raises(ValueError):  # noqa: PT011 - the encoder's own word for all of these
            encode_sentence(sentence)
    for field in ("C", "C7", "GG", "FFFF"):
        with pytest.raises(ProtocolError):
            parse_text(field)


def test_the_published_check_value_of_crc16_arc() -> None:
    assert crc16_arc(b"123456789") == 0xBB3D
