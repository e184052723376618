"""Colours keep their contrast; every look uses only pairs that were measured."""

from __future__ import annotations

import tomllib

import pytest

from kiosk.ui.assets import ASSETS, Assets
from kiosk.ui.errors import AssetMissingError
from kiosk.ui.theme import NIGHT, VARIANTS, contrast, elder_size

TOKENS = tomllib.loads((ASSETS / "tokens.toml").read_text("utf-8"))


@pytest.mark.parametrize("pair", TOKENS["contrast"]["text"], ids=lambda pair: f"{pair['fg']} on {pair['bg']}")
def test_text_pairs_are_seven_to_one(assets: Assets, pair: dict[str, object]) -> None:
    ratio = contrast(assets.theme.colours[str(pair["fg"])], assets.theme.colours[str(pair["bg"])])
    assert ratio >= 7.0
    assert ratio == pytest.approx(pair["ratio"], abs=0.01)


def test_looks_of_keys_use_measured_pairs(assets: Assets) -> None:
    colours = assets.theme.colours
    for looks, ground in ((VARIANTS, "sand"), (NIGHT, "night")):
        for name, look in looks.items():
            for text in (look.text, look.soft):
                assert contrast(colours[text], colours[look.face or ground]) >= 7, name
                assert contrast(colours[text], colours[look.pressed or ground]) >= 7, name


def test_unknown_names_are_errors(assets: Assets) -> None:
    with pytest.raises(AssetMissingError, match="pink"):
        assets.theme.rgba("pink")
    with pytest.raises(AssetMissingError, match="rocket"):
        assets.icon("rocket")


def test_elder_sizes_begin_at_44_px(assets: Assets) -> None:
    assert all(assets.theme.px(elder_size(size)) >= 44 for size in assets.theme.sizes)


def test_sizes_step_down_to_the_floor(assets: Assets) -> None:
    assert assets.theme.smaller("k4", floor="k2") == ("k4", "k3", "k2")
    assert assets.theme.smaller("k1", floor="k3") == ("k1",)


def test_languages_have_the_same_words(assets: Assets) -> None:
    tables = assets.texts._tables
    assert set(tables["zh"]) == set(tables["en"])
    for key, text in tables["zh"].items():
        places = {part.split("}")[0] for part in text.split("{")[1:]}
        assert places == {part.split("}")[0] for part in tables["en"][key].split("{")[1:]}, key
