from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.errors import ProtocolError
from drivers.idcard.codes import NATIONS, PRIVATE_USE
from drivers.idcard.model import CardType, Doubt, IdCard, mask_name, mask_number, parse_day
from drivers.idcard.samples import SAMPLES
from drivers.idcard.text import (
    FIELDS,
    encode_address,
    encode_block,
    normalise_name,
    normalise_number,
    parse_address,
    parse_block,
)

units = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters=" \u3000\x00\ufffd"), max_size=17)


def fit(text: str, byte_count: int) -> str:
    """As much of ``text`` as fits, no pair cut."""
    while len(text.encode("utf-16-le")) > byte_count:
        text = text[:-1]
    return text


@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_encode_and_parse_are_each_others_inverse(name: str, data: st.DataObject) -> None:
    card = SAMPLES[name]
    texts = {
        field: fit(data.draw(units), length)
        for field, (_, length) in FIELDS[card.card_type].items()
        if field not in {"name_raw", "name_en", "name_en_rest"}
    }
    changed = replace(card, **texts)  # type: ignore[arg-type]
    assert parse_block(encode_block(changed)) == changed


@given(st.binary(min_size=248, max_size=248), st.sampled_from([" ", "I", "J", "Y"]))
def test_any_contents_give_a_card(contents: bytes, character: str) -> None:
    card = parse_block(contents + character.encode("utf-16-le") + bytes(6))
    assert isinstance(card, IdCard)
    assert card.valid_on(date(2026, 1, 1)) in {True, False, None}


def test_fields_named_in_the_layout_exist() -> None:
    names = {field.name for field in fields(IdCard)} | {"name_en_rest"}
    assert all(set(layout) <= names for layout in FIELDS.values())


@pytest.mark.parametrize("samples", SAMPLES.values(), ids=SAMPLES.keys())
def test_samples_survive_their_block(samples: IdCard) -> None:
    assert parse_block(encode_block(samples)) == samples


def test_the_documented_example() -> None:
    assert encode_block(SAMPLES["mainland"])[:6] == bytes.fromhex("4B6DD58B3275")


def test_unknown_type_and_wrong_length_are_refused() -> None:
    block = bytearray(encode_block(SAMPLES["mainland"]))
    block[248:250] = "Q".encode("utf-16-le")
    with pytest.raises(ProtocolError, match="card_type"):
        parse_block(bytes(block))
    with pytest.raises(ProtocolError, match="text_length"):
        parse_block(bytes(255))
    with pytest.raises(ProtocolError, match="address_length"):
        parse_address(bytes(69))


def test_half_a_pair_costs_a_character_not_the_card() -> None:
    block = bytearray(encode_block(SAMPLES["mainland"]))
    block[2:4] = b"\x00\xd8"
    card = parse_block(bytes(block))
    assert card.damaged_text
    assert card.name == "测\ufffd甲"
    assert card.number == SAMPLES["mainland"].number


def test_texts_too_long_for_their_field_are_refused() -> None:
    with pytest.raises(ValueError, match="issuer"):
        encode_block(replace(SAMPLES["mainland"], issuer="样" * 16))
    with pytest.raises(ValueError, match="address"):
        encode_address("样" * 36)
    assert parse_address(encode_address("样" * 35)) == "样" * 35


def test_private_use_table_is_the_published_one() -> None:
    assert (min(PRIVATE_USE), max(PRIVATE_USE), len(PRIVATE_USE)) == (0xE815, 0xE864, 80)
    assert PRIVATE_USE[0xE863] == "䶮"
    agreeing = 0
    for code, character in PRIVATE_USE.items():
        try:
            known = character.encode("gb18030")
        except UnicodeEncodeError:
            continue
        if len(known) == 2:
            agreeing += 1
            index = code - 0xE815
            assert known == bytes([0xFE, 0x50 + index + (index >= 0x2F)])
    assert agreeing >= 60


def test_nation_table() -> None:
    assert len(NATIONS) == 58
    assert (NATIONS["01"], NATIONS["46"], NATIONS["56"]) == ("汉", "德昂", "基诺")
    assert all(name.encode("gb2312") for name in NATIONS.values())


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("150102880730303", "150102198807303035"),
        ("１１０１０５ 19491231-002x", "11010519491231002X"),
        ("uto700090010110", "UTO700090010110"),
    ],
)
def test_typed_numbers_become_those_on_cards(typed: str, number: str) -> None:
    assert normalise_number(typed) == number


@pytest.mark.parametrize("name", ["阿·测试", "阿•测试", "阿・测试", "阿‧测 试", "阿.测试", "阿．测试", " 阿。测试"])
def test_names_compare_across_dots_and_spaces(name: str) -> None:
    assert normalise_name(name) == "阿·测试"


def test_private_use_names_compare() -> None:
    assert normalise_name("测\ue863丙") == normalise_name("测䶮丙")


def test_validity() -> None:
    card = SAMPLES["mainland"]
    assert card.valid_on(date(2020, 1, 1)) is True
    assert card.valid_on(date(2040, 1, 2)) is False
    assert SAMPLES["mainland_long_term"].valid_on(date(2999, 1, 1)) is True
    assert replace(card, valid_to="2040??01").valid_on(date(2030, 1, 1)) is None
    assert parse_day("20230229") is None


def test_nothing_personal_in_repr() -> None:
    for card in SAMPLES.values():
        for shown in (repr(card), str(card), f"{card}"):
            assert card.number not in shown
            assert card.name not in shown
            assert card.birth not in shown
    assert mask_name("测试甲") == "测**"
    assert mask_number("700000199001010013") == "7***************13"
    assert mask_number("12") == "**"


def test_only_the_2017_foreigners_number_is_not_judged() -> None:
    assert SAMPLES["fpr_2017"].number_checks is None
    assert replace(SAMPLES["mainland"], number="700000199001010010").number_checks is False
    assert SAMPLES["hmt"].region == "HK"
    assert SAMPLES["hmt"].card_type is CardType.HMT


DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({}, ()),
        ({"valid_to": "20261121"}, (Doubt.EXPIRED,)),
        ({"valid_to": "20261122"}, ()),
        ({"valid_from": "20261123"}, (Doubt.NOT_YET_VALID,)),
        ({"valid_to": "20400231"}, (Doubt.VALIDITY_UNREADABLE,)),
        ({"valid_to": "长期"}, ()),
        ({"number": "700000199001010010"}, (Doubt.NUMBER_CHECK,)),
        ({"sex_code": "2"}, (Doubt.SEX_DIGIT,)),
        ({"sex_code": "9"}, ()),
        ({"number": ""}, (Doubt.NUMBER_CHECK,)),
        ({"damaged_text": True}, (Doubt.DAMAGED_TEXT,)),
    ],
)
def test_doubts_are_soft_and_named(changes: dict[str, Any], doubts: tuple[Doubt, ...]) -> None:
    assert replace(SAMPLES["mainland"], **changes).doubts(DAY) == doubts


@pytest.mark.parametrize("name", ["fpr_2017", "fpr_2023"])
def test_a_foreigners_number_says_no_sex(name: str) -> None:
    for code in ("1", "2"):
        assert replace(SAMPLES[name], sex_code=code).sex_fits_number is None


def test_the_expired_sample_is_flagged() -> None:
    assert SAMPLES["mainland_expired"].doubts(DAY) == (Doubt.EXPIRED,)
