"""Finding matters, and which letters may follow."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.guide_pages import guide_pages
from kiosk.flow.screens import LETTERS
from kiosk.flow.search import TYPED_MAX, index_catalogue
from tests.kiosk.hall import catalogue, matter

INDEX = index_catalogue(catalogue())


def codes(typed: str) -> list[str]:
    return [row.code for row in INDEX.find(typed)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", []),
        ("sbk", ["SB-001", "SB-002", "SB-003"]),
        ("SBK", ["SB-001", "SB-002", "SB-003"]),
        ("sbkgs", ["SB-003"]),
        ("bkg", ["SB-003"]),
        ("社保卡", ["SB-001", "SB-002", "SB-003"]),
        ("高龄", ["MZ-001"]),
        ("zzz", []),
    ],
)
def test_what_is_found_and_in_which_order(typed: str, found: list[str]) -> None:
    assert codes(typed) == found


def test_a_whole_term_comes_before_a_beginning_before_an_inside() -> None:
    made = msgspec.structs.replace(
        catalogue(),
        matters=(
            matter("A-1", "甲", "xsbk", popularity=5),
            matter("A-2", "乙", "sbkx", popularity=4),
            matter("A-3", "丙", "sbk", popularity=1),
        ),
    )
    assert [row.code for row in index_catalogue(made).find("sbk")] == ["A-3", "A-2", "A-1"]


def test_english_words_are_found_by_their_beginning() -> None:
    made = msgspec.structs.replace(
        catalogue(),
        matters=(matter("A-1", "甲", name_en="Replacing a lost card"), matter("A-2", "乙", name_en="Marriage")),
    )
    index = index_catalogue(made)
    assert [row.code for row in index.find("LOST")] == ["A-1"]
    assert [row.code for row in index.find("ralc")] == ["A-1"]
    assert [row.code for row in index.find("marr")] == ["A-2"]


@given(st.lists(st.sampled_from(LETTERS), max_size=TYPED_MAX).map("".join))
def test_a_letter_is_live_exactly_when_something_would_be_found(typed: str) -> None:
    live = INDEX.next_letters(typed)
    if len(typed) < TYPED_MAX:
        assert live == {letter for letter in LETTERS if INDEX.find(typed + letter)}
    else:
        assert live == frozenset()


def test_out_of_season_and_without_a_date_what_is_asked_most_comes_first() -> None:
    popular = [row.code for row in INDEX.most_asked(3, None)]
    assert popular == [row.code for row in INDEX.most_asked(3, date(2026, 9, 1))]
    assert [row.season for row in INDEX.most_asked(3, None)] == ["", "", ""]
    assert INDEX.most_asked(1, date(2026, 1, 14))[0].season == "2月28日前"
    assert INDEX.most_asked(1, date(2026, 1, 14), "en")[0].season == "by 28 Feb"


def test_the_season_comes_first_then_what_is_asked_most() -> None:
    assert [row.code for row in INDEX.most_asked(3, date(2026, 1, 14))] == ["SB-004", "SB-001", "SB-002"]


def test_departments_by_their_matters() -> None:
    assert [(row.code, row.count) for row in INDEX.departments[:2]] == [("SB", 8), ("MZ", 2)]
    assert INDEX.department("none") is None


@pytest.mark.parametrize("elder", [False, True])
@pytest.mark.parametrize("code", ["SB-001", "SF-001"])
def test_every_item_and_material_of_a_guide_stands_on_exactly_one_page(code: str, elder: bool) -> None:
    pages = guide_pages(INDEX.matters[code], "社保", elder=elder)
    labels = [item.label_key for page in pages for item in page.items]
    assert labels == [
        f"guide.{name}"
        for name in ("name", "basis", "conditions", "level", "department", "procedure", "scope", "limit")
    ]
    assert [m.name for page in pages for m in page.materials] == ["户口簿", "居民身份证"]
    assert len(pages) >= (2 if elder else 1)


def test_a_missing_item_says_so() -> None:
    (page,) = guide_pages(matter("A-1", "甲", scope="", materials=()), "", elder=False)
    assert [item.value for item in page.items if item.label_key in {"guide.scope", "guide.department"}] == ["暂无"] * 2
