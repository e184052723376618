from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.gb_text import normalise, width_dots
from drivers.printer.slip import Align, Feed, Qr, Row, Slip, SlipWrong, Text
from drivers.printer.typeset import NO_START, Line, balanced, typeset, wrap
from tests.drivers.printer.slips import filled

WORDS = st.text(st.sampled_from("窗口办理，。（）《》、A1b9 -/:"), max_size=80)
TEXTS = st.one_of(WORDS, st.text(max_size=60))


@settings(deadline=None)
@given(TEXTS, st.integers(24, 600))
def test_wrapping_never_overflows_and_loses_only_spaces(text: str, limit: int) -> None:
    clean = normalise(text)
    lines = list(wrap(clean, limit))
    assert all(width_dots(line) <= limit for line in lines)
    assert "".join(lines).replace(" ", "") == clean.replace(" ", "").replace("\n", "")


def test_no_line_begins_with_closing_punctuation() -> None:
    lines = list(wrap("到导办台或取号机报到，隔三个号再叫您。今天可报到两次，大厅关门前有效。" * 3, 240))
    assert len(lines) > 5
    assert not any(line[0] in NO_START for line in lines)


def test_words_and_numbers_stay_whole() -> None:
    assert list(wrap("本厅电话 010-0000-0000 转 8001", 200)) == ["本厅电话", "010-0000-0000 转", "8001"]


def test_titles_break_into_even_lines() -> None:
    assert balanced("安和镇政务服务大厅", 192) == ["安和镇政务", "服务大厅"]
    assert balanced("Social insurance", 150) == ["Social", "insurance"]


BLOCKS = st.lists(
    st.one_of(
        st.builds(
            Text,
            text=TEXTS,
            size=st.integers(1, 7),
            align=st.sampled_from(Align),
            bold=st.booleans(),
            inverted=st.booleans(),
            shrink=st.booleans(),
        ),
        st.builds(Row, label=TEXTS, value=TEXTS, size=st.integers(1, 3)),
    ),
    min_size=1,
    max_size=5,
)


@settings(deadline=None)
@given(BLOCKS, st.sampled_from([384, 512, 576]))
def test_no_line_is_wider_than_the_paper(blocks: list[Text | Row], paper: int) -> None:
    for line in typeset(Slip("any", tuple(blocks)), paper):
        assert isinstance(line, Line)
        assert line.dots <= paper


def test_values_stand_in_one_column() -> None:
    rows = [line for line in typeset(filled(), 576) if isinstance(line, Line) and len(line.pieces) == 2]
    assert [line.pieces[0].text for line in rows] == ["前面等候  ", "预计等候  ", "办理窗口  ", "取号时间  "]
    assert {line.pieces[0].dots for line in rows} == {120}


def test_a_number_shrinks_rather_than_breaks() -> None:
    for number, paper, size in (("A044", 576, 7), ("A1044", 576, 7), ("A044", 384, 7), ("A1044", 384, 6)):
        lines = [line for line in typeset(filled(number=number), paper) if isinstance(line, Line)]
        assert [line.pieces[0].size for line in lines if line.pieces[0].text == number] == [size]


@pytest.mark.parametrize(
    "block", [Text("x", size=8), Text("x", size=0), Row("a", "b", size=9), Qr(""), Qr("号"), Qr("x" * 181), Feed(0)]
)
def test_slips_that_nobody_can_print_are_refused(block: Text | Row | Qr | Feed) -> None:
    with pytest.raises(SlipWrong):
        Slip("wrong", (block,))
