from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.status import SILENT, Condition, Marker, ReplyParser, StatusByte, StatusRound, parse_status

ALL_WELL = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}


@pytest.mark.parametrize(
    ("answers", "worst"),
    [
        ("12 12 12 12", Condition.PAPER_OK),
        ("1A 32 12 7E", Condition.PAPER_END),
        ("12 12 12 1E", Condition.PAPER_NEAR_END),
        ("1A 16 12 12", Condition.COVER_OPEN),
        ("1A 52 1A 12", Condition.CUTTER_ERROR),
        ("1A 52 52 12", Condition.HEAD_HOT),
        ("1A 52 32 12", Condition.BROKEN),
        ("1A 12 12 12", Condition.OFFLINE),
        ("16 12 12 12", Condition.PAPER_OK),
    ],
)
def test_the_worst_is_named(answers: str, worst: Condition) -> None:
    status = parse_status(dict(enumerate(bytes.fromhex(answers), start=1)))
    assert status.worst is worst
    assert status.can_print == (worst in {Condition.PAPER_OK, Condition.PAPER_NEAR_END})


@settings(deadline=None)
@given(st.sets(st.integers(1, 4), max_size=3))
def test_a_missing_answer_is_silence_never_well(answered: set[int]) -> None:
    assert parse_status(dict.fromkeys(answered, 18)) == SILENT
    assert not SILENT.can_print


@settings(deadline=None)
@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_replies_do_not_depend_on_cutting(data: bytes, cuts: list[int]) -> None:
    places = sorted({min(cut, len(data)) for cut in cuts})
    pieces = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    parser = ReplyParser()
    assert [reply for piece in pieces for reply in parser.receive(piece)] == ReplyParser().receive(data)


def test_replies_are_told_apart() -> None:
    stream = bytes.fromhex("11 12 13 00 37 22 30 30 34 32 00 7E 0F 01 FF")
    assert ReplyParser().receive(stream) == [StatusByte(0x12), Marker(), Marker(42), StatusByte(0x7E), Marker()]


def test_a_round_asks_one_after_the_other() -> None:
    asked = StatusRound(1.0)
    sent = b""
    for now, answer in enumerate((0x1A, 0x32, 0x12, 0x7E)):
        sent += asked.ask(float(now))
        assert asked.deadline == now + 1.0
        done = asked.take(StatusByte(answer))
    assert done
    assert sent == bytes.fromhex("100401 100402 100403 100404")
    assert asked.status.worst is Condition.PAPER_END
