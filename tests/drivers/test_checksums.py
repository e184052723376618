from __future__ import annotations

import pytest

from drivers.checksums import mod11_2, number_checks, xor8


def test_xor_of_the_documented_frame() -> None:
    assert xor8(bytes.fromhex("000311FF")) == 0xED


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "440524188001010014", "931586198001010028", "932682198501010017"]
)
def test_textbook_and_specimen_numbers_check(number: str) -> None:
    assert number_checks(number)
    assert mod11_2(number[:17]) == number[17]


@pytest.mark.parametrize(
    "number", ["", "440524188001010015", "44052418800101001", "４40524188001010014", "CAN110081080319"]
)
def test_other_texts_do_not_check(number: str) -> None:
    assert not number_checks(number)


def test_only_seventeen_digits_have_a_check_character() -> None:
    with pytest.raises(ValueError, match="17"):
        mod11_2("123")
