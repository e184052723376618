from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.decoder import decode
from drivers.printer.gb_text import (
    Repertoire,
    UnprintableText,
    code_of,
    encode_text,
    name_undrawable,
    normalise,
    runs,
    width_dots,
)


def _typed(repertoire: Repertoire) -> list[str]:
    return [chr(point) for point in range(0x20, 0x10000) if code_of(chr(point), repertoire)]


TYPED = {repertoire: _typed(repertoire) for repertoire in Repertoire}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请A001号到1号窗口", "C7EB41303031BAC5B5BD31BAC5B4B0BFDA"),
        ("测䶮丙", "B2E2FE9FB1FB"),
        ("￥10 元", "A3A4313020D4AA"),
        ("阿·测试—…", "B0A2A1A4B2E2CAD4A1AAA1AD"),
    ],
)
def test_golden_codes(text: str, code: str) -> None:
    assert encode_text(text, Repertoire.GB18030) == bytes.fromhex(code)


def test_what_each_repertoire_knows() -> None:
    assert len([each for each in TYPED[Repertoire.GB2312] if "\u4e00" <= each <= "\u9fff"]) == 6763
    assert len([each for each in TYPED[Repertoire.GBK] if "\u4e00" <= each <= "\u9fa5"]) == 20902
    assert set(TYPED[Repertoire.GB2312]) < set(TYPED[Repertoire.GBK]) < set(TYPED[Repertoire.GB18030])


@pytest.mark.parametrize(
    ("character", "knows"),
    [
        ("·", "gb2312"),
        ("龑", "gbk"),
        ("〇", "gbk"),
        ("䶮", "gb18030"),
        ("㐂", ""),
        ("𬱖", ""),
        ("𠮷", ""),
        ("\ue863", ""),
    ],
)
def test_least_repertoire_of_a_character(character: str, knows: str) -> None:
    assert next((each.value for each in Repertoire if code_of(character, each)), "") == knows


@settings(deadline=None)
@given(st.data(), st.sampled_from(Repertoire))
def test_text_comes_back_from_the_bytes(data: st.DataObject, repertoire: Repertoire) -> None:
    text = normalise(data.draw(st.text(st.sampled_from(TYPED[repertoire]), min_size=1, max_size=40)))
    if any(code_of(each, repertoire) is None for each in text):
        return  # composed into a character outside the repertoire: that one is drawn
    assert decode(encode_text(text, repertoire) + b"\n").lines[0].text == text


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(Repertoire))
def test_runs_lose_nothing_and_never_ask_for_help(text: str, repertoire: Repertoire) -> None:
    found = list(runs(text, repertoire))
    assert "".join(run.text for run in found) == text
    for run in found:
        assert (run.code is None) == any(code_of(each, repertoire) is None for each in run.text)
        assert run.code is None or b"?" not in run.code or "?" in run.text


@settings(deadline=None)
@given(st.text(max_size=60))
def test_normal_text_has_no_controls_and_stays(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not any(ord(each) < 0x20 and each != "\n" for each in once)


def test_signs_that_printers_get_wrong_are_mended() -> None:
    assert normalise("¥10\u00a020–30\t①\x07") == "￥10 20-30 ①"


def test_the_undrawable_is_named_not_boxed() -> None:
    assert name_undrawable("张𠮷", lambda _: False, Repertoire.GB18030) == "张[U+20BB7]"
    assert name_undrawable("张𠮷", lambda _: True, Repertoire.GB18030) == "张𠮷"


def test_typing_the_untypeable_is_an_error_with_its_code_points() -> None:
    with pytest.raises(UnprintableText, match=r"U\+20BB7"):
        encode_text("张𠮷", Repertoire.GB18030)


def test_width_counts_dots() -> None:
    assert width_dots("A012号") == 4 * 12 + 24
