"""Every reference frame: whole, byte by byte, in its own pieces, and embedded in noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.framing import Broken, Frame, FrameFinder
from drivers.idcard import protocol
from drivers.idcard.model import IdCard
from drivers.idcard.text import encode_block, parse_address, parse_block
from tests.drivers.idcard.vectors import Vector, vectors

NOISE = bytes.fromhex("00FF1355AA96AAAA0D0AAAAAAA96")
"""Ends like a preamble that never comes."""
MANNERS = ("whole", "byte by byte", "own pieces", "in noise")
CARD_FIELDS = {
    "name": "name",
    "name_normalised": "name",
    "name_raw": "name_raw",
    "name_en": "name_en",
    "sex_code": "sex_code",
    "sex": "sex",
    "nation_code": "nation_code",
    "nation": "nation",
    "birth": "birth",
    "address": "address",
    "id_number": "number",
    "id_checksum_ok": "number_checks",
    "issuer": "issuer",
    "valid_from": "valid_from",
    "valid_to": "valid_to",
    "long_term": "long_term",
    "region": "region",
    "nationality": "nationality",
    "pass_number": "pass_number",
    "issue_count": "issue_count",
    "renewals": "renewals",
    "old_number_link": "old_number_link",
    "card_version": "card_version",
    "authority_code": "authority_code",
    "card_type": "card_type",
}


def deliver(vector: Vector, manner: str) -> tuple[list[Frame | Broken], FrameFinder]:
    finder = protocol.answers() if vector.to_host else protocol.requests()
    data = vector.data
    match manner:
        case "whole":
            pieces = [data]
        case "byte by byte":
            pieces = [data[at : at + 1] for at in range(len(data))]
        case "own pieces":
            pieces, rest = [], data
            for size in vector.chunks:
                pieces.append(rest[:size])
                rest = rest[size:]
            pieces.append(rest)
        case _:
            pieces = [NOISE + data + NOISE]
    found = [one for piece in pieces for one in finder.receive(piece, 0.0)]
    return found + finder.wake(protocol.GAP_S), finder


@pytest.mark.parametrize("manner", MANNERS)
@pytest.mark.parametrize("vector", vectors().values(), ids=vectors().keys())
def test_vector_gives_what_the_reference_says(vector: Vector, manner: str) -> None:
    found, finder = deliver(vector, manner)
    frames = [one for one in found if isinstance(one, Frame)]
    expected = vector.expected

    if vector.to_host:
        assert len(frames) == expected.get("frames", 1)
        check_answers(frames, expected)
    else:
        (frame,) = frames
        request = protocol.parse_request(frame.body)
        assert (request.command, request.parameter) == (int(expected["cmd"], 16), int(expected["para"], 16))
        assert request.data == bytes.fromhex(expected["data"])
        assert protocol.encode_request(request) == vector.data
    if not frames and manner != "in noise":
        check_broken([one for one in found if isinstance(one, Broken)], expected)
    if "skipped_bytes" in expected and manner == "whole":
        assert finder.skipped == expected["skipped_bytes"]
    assert not finder.inside


def check_broken(broken: list[Broken], expected: dict[str, object]) -> None:
    assert broken[0].reason in str(expected["error"])
    if "got" in expected:
        assert (broken[0].expected, broken[0].got) == (expected["expected_total"], expected["got"])


def check_answers(frames: list[Frame], expected: dict[str, object]) -> None:
    answers = [protocol.parse_answer(frame.body) for frame in frames]
    if "sw3_list" in expected:
        assert [f"{answer.sw3:02X}" for answer in answers] == expected["sw3_list"]
    if not answers or "sw3" not in expected:
        return
    answer = answers[-1]
    assert f"{answer.sw3:02X}" == expected["sw3"]
    if "sw1" in expected:
        assert [int(str(expected[sw]), 16) for sw in ("sw1", "sw2")] == [answer.sw1, answer.sw2]
    if "error" in expected:
        with pytest.raises(ProtocolError, match=str(expected["error"])):
            protocol.parse_base_record(answer.data)
        return
    check_data(answer.data, expected)


def check_data(data: bytes, expected: dict[str, object]) -> None:
    if "sam_id_text" in expected:
        text = protocol.parse_sam_number(data)
        assert text == expected["sam_id_text"]
        assert protocol.encode_sam_number(text) == data
    if "newest_address" in expected:
        assert parse_address(data) == expected["newest_address"]
    if "sn" in expected:
        number = protocol.parse_card_number(data)
        assert (number.iin, number.sn, number.dn) == (expected.get("iin", ""), expected["sn"], expected["dn"])
    if "card_type" in expected:
        record = protocol.parse_base_record(data)
        assert len(record.text) == expected["text_len"]
        assert len(record.photo) == expected["photo_len"]
        assert len(record.fingerprint) == expected.get("fp_len", 0)
        card = parse_block(record.text)
        check_card(card, expected)
        assert encode_block(card) == record.text


def check_card(card: IdCard, expected: dict[str, object]) -> None:
    for key, attribute in CARD_FIELDS.items():
        if key in expected:
            assert getattr(card, attribute) == expected[key], key
    if "name_cn" in expected:
        assert card.name_raw == expected["name_cn"]
        assert card.name == (expected["name_cn"] or expected["name_en"])


def test_all_seventy_four_frames_are_here() -> None:
    assert len(vectors()) == 74


def test_short_answers_are_encoded_as_the_reference_has_them() -> None:
    for vector in vectors().values():
        if vector.name.startswith("rsp_"):
            answer = protocol.parse_answer(vector.data[7:-1])
            assert protocol.encode_answer(answer) == vector.data


WHOLE = [each for each in vectors().values() if each.to_host and each.expected.get("frames", 1) == 1 and each.data]


@given(
    st.sampled_from(WHOLE), st.binary(max_size=60), st.binary(max_size=20), st.lists(st.integers(0, 2400), max_size=6)
)
def test_each_vector_is_found_anywhere_in_noise_and_in_any_cutting(
    vector: Vector, before: bytes, after: bytes, cuts: list[int]
) -> None:
    stream = before + vector.data + after
    (expected,) = (one for one in deliver(vector, "whole")[0] if isinstance(one, Frame))
    ends = [*sorted(cut for cut in cuts if cut < len(stream)), len(stream)]
    finder = protocol.answers()
    found = [
        one for begin, end in zip([0, *ends[:-1]], ends, strict=True) for one in finder.receive(stream[begin:end], 0.0)
    ]
    found += finder.wake(protocol.GAP_S)
    assert expected in found
    assert not finder.inside
