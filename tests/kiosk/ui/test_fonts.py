"""Rare characters never show as boxes; the faces are the mainland's."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from kiosk.ui.assets import ASSETS, Assets
from kiosk.ui.errors import FontUnreadableError
from kiosk.ui.fonts import BOLD, MISSING, REGULAR, Coverage, Fonts, Run

FONTS = Fonts.load(ASSETS / "fonts")


@pytest.mark.parametrize("face", [REGULAR, BOLD])
def test_coverage_is_the_fonts_own(face: str) -> None:
    covers = FONTS.covers_bold if face == BOLD else FONTS.covers_regular
    ours = {point for first, last in zip(covers.firsts, covers.lasts, strict=True) for point in range(first, last + 1)}
    assert ours == set(TTFont(FONTS.path(face)).getBestCmap())


@pytest.mark.parametrize("face", [REGULAR, BOLD])
def test_faces_are_simplified_chinese(face: str) -> None:
    font = TTFont(FONTS.path(face))
    assert str(font["name"].getDebugName(1)) == "Noto Sans SC"
    cmap = font.getBestCmap()
    assert all(cmap[ord(char)] != ".notdef" for char in "直骨角户令门，。：？")


def test_both_faces_share_one_line() -> None:
    lines = {
        (TTFont(FONTS.path(face))["hhea"].ascent, TTFont(FONTS.path(face))["hhea"].descent) for face in (REGULAR, BOLD)
    }
    assert lines == {(1160, -288)}


def test_bold_falls_to_regular_then_to_code_points() -> None:
    assert FONTS.runs("李㛃镕𠮷A1", bold=True) == [
        Run(BOLD, "李"),
        Run(REGULAR, "㛃镕"),
        Run(MISSING, "U+20BB7"),
        Run(BOLD, "A1"),
    ]


def test_signs_that_are_not_seen_are_left_out() -> None:
    assert FONTS.runs("葛\ufe00\U000e0100\u200b一\n") == [Run(REGULAR, "葛一")]


@given(st.text(max_size=40), st.booleans())
def test_no_run_holds_a_character_its_face_lacks(text: str, bold: bool) -> None:
    for run in FONTS.runs(text, bold=bold):
        if run.face == MISSING:
            assert run.text.startswith("U+")
            continue
        covers = FONTS.covers_bold if run.face == BOLD else FONTS.covers_regular
        assert all(char in covers for char in run.text)


@given(st.lists(st.sampled_from("直骨角AB01，。㛃"), max_size=20))
def test_runs_joined_are_the_text(chars: list[str]) -> None:
    text = "".join(chars)
    assert "".join(run.text for run in FONTS.runs(text, bold=True)) == text


def test_all_words_of_the_product_are_covered(assets: Assets) -> None:
    for language in ("zh", "en"):
        for key in assets.texts._tables[language]:
            text = assets.texts.say(key, language)
            assert all(run.face != MISSING for run in FONTS.runs(text, bold=True)), key


def test_a_file_that_is_no_font_is_named(tmp_path: object) -> None:
    path = ASSETS / "tokens.toml"
    with pytest.raises(FontUnreadableError, match=r"tokens\.toml"):
        Coverage.read(path)
