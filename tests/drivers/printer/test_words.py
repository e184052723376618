"""Every code a printer can give has a sentence for the resident and one for staff, in each language."""

from __future__ import annotations

import pytest

from drivers import errors
from drivers.printer.words import CODES, Words

KINDS: list[type[errors.DriverError]] = [errors.PortError, *errors.PortError.__subclasses__()]
KINDS += [errors.ProtocolError, errors.DeviceSilent, errors.LinkBusy]
LINK_CODES = {each.code for each in KINDS} | {"internal", "slip"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_code_is_without_words(language: str) -> None:
    words = Words.load(language)
    assert words.code.keys() >= CODES | LINK_CODES
    for code, sentence in words.code.items():
        assert sentence.resident, code
        assert sentence.staff, code
        assert len(sentence.staff) <= (40 if language == "zh" else 100), code
    assert words.of("nobody foresaw this") == words.of("unknown")


def test_languages_have_the_same_codes_and_chinese_is_chinese() -> None:
    chinese, english = Words.load("zh"), Words.load("en")
    assert chinese.code.keys() == english.code.keys()
    assert all(not sentence.resident.isascii() for sentence in chinese.code.values())
    assert all(sentence.resident.isascii() and sentence.staff.isascii() for sentence in english.code.values())
