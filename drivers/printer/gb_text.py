"""Text into the two-byte GB codes that Chinese printers take, and the characters they do not know.

A printer in kanji mode takes GB codes directly. What it knows is its *repertoire*: GB2312 only, GBK, or the
two-byte area of GB18030 (four-byte codes are safe nowhere). The rest has to be drawn. Source: printer manuals,
and Python's codecs for the codes. Worked example: ``encode_text("测䶮丙", Repertoire.GB18030)`` is ``B2 E2 FE 9F
B1 FB``; a GBK printer cannot type 䶮.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from drivers.errors import DriverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HALF_DOTS = 12
"""Width of a Latin character of font A at single size."""
FULL_DOTS = 24
"""Width of a Chinese character at single size; both are 24 dots high."""

_REPLACED = str.maketrans(
    {
        "\N{YEN SIGN}": "\N{FULLWIDTH YEN SIGN}",  # U+00A5 has a four-byte code that prints as "06"
        "\N{EN DASH}": "-",  # a full-width dash in the printer's font tears 20-30 apart
        "\N{HYPHEN}": "-",
        "\N{NON-BREAKING HYPHEN}": "-",
        "\N{MINUS SIGN}": "-",
        "\N{NO-BREAK SPACE}": " ",
        "\N{THIN SPACE}": " ",
        "\t": " ",
        "\r": "\n",
        "\N{BULLET}": "\N{MIDDLE DOT}",
        "\N{KATAKANA MIDDLE DOT}": "\N{MIDDLE DOT}",  # GB 01-04 is one dot; names use U+00B7
        "\N{HORIZONTAL BAR}": "\N{EM DASH}",  # GB 01-10 likewise
        "\ufeff": None,
        "\u200b": None,
        "\u200d": None,
        "\ufe0f": None,
    }
)
_ASCII_FIRST, _ASCII_LAST = " ", "~"


class Repertoire(StrEnum):
    """Which two-byte codes the printer has glyphs for."""

    GB2312 = "gb2312"
    GBK = "gbk"
    GB18030 = "gb18030"


class UnprintableText(DriverError):
    """``characters`` have no code in ``repertoire``; the line has to be drawn."""

    code = "unprintable"

    def __init__(self, characters: str, repertoire: Repertoire) -> None:
        super().__init__(characters, repertoire)
        self.characters = characters
        self.repertoire = repertoire

    def __str__(self) -> str:
        points = " ".join(f"U+{ord(each):04X}" for each in self.characters[:8])
        return f"{points} cannot be typed by a {self.repertoire} printer. Draw the line instead."


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring characters that go the same way: ``code`` is what to send, None when they must be drawn."""

    text: str
    code: bytes | None


def normalise(text: str) -> str:
    """``text`` as it will be on paper: composed, fixed signs, no control characters but line feeds."""
    composed = unicodedata.normalize("NFC", text).translate(_REPLACED)
    return "".join(each for each in composed if each == "\n" or unicodedata.category(each) != "Cc")


def name_undrawable(text: str, can_draw: Callable[[str], bool], repertoire: Repertoire) -> str:
    """``text`` with each character that can be neither typed nor drawn written as ``[U+20BB7]``.

    A visible code can be looked up by staff; an empty box or a question mark cannot.
    """
    if all(_code_of(each, repertoire) for each in text):
        return text
    return "".join(
        each if each == "\n" or _code_of(each, repertoire) or can_draw(each) else f"[U+{ord(each):04X}]"
        for each in text
    )


def code_of(character: str, repertoire: Repertoire) -> bytes | None:
    """The one or two bytes a printer with ``repertoire`` prints as ``character``; None when it has none."""
    return _code_of(character, repertoire)


@lru_cache(maxsize=4096)
def _code_of(character: str, repertoire: Repertoire) -> bytes | None:
    if _ASCII_FIRST <= character <= _ASCII_LAST:
        return character.encode("ascii")
    if unicodedata.category(character) in {"Co", "Cs", "Cc", "Cn"}:
        return None  # private use: the printer's own font has blanks there
    try:
        code = character.encode("gb18030")
    except UnicodeEncodeError:
        return None
    if len(code) != 2:
        return None
    if repertoire is Repertoire.GB18030 or _decodes(code, repertoire):
        return code
    return None


def _decodes(code: bytes, repertoire: Repertoire) -> bool:
    """Python's gb2312 *encoder* refuses the middle dot of minority names; its decoder knows the place."""
    try:
        code.decode(repertoire.value)
    except UnicodeDecodeError:
        return False
    return True


def width_dots(text: str) -> int:
    """Width of one normalised line at single size; characters that must be drawn take a full cell."""
    return sum(HALF_DOTS if _ASCII_FIRST <= each <= _ASCII_LAST else FULL_DOTS for each in text)


def runs(text: str, repertoire: Repertoire) -> Iterator[Run]:
    """``text`` cut into runs that can be typed and runs that cannot; their texts joined are ``text``."""
    for typed, group in groupby(text, key=lambda each: _code_of(each, repertoire) is not None):
        part = "".join(group)
        yield Run(part, b"".join(_code_of(each, repertoire) or b"" for each in part) if typed else None)


def encode_text(text: str, repertoire: Repertoire) -> bytes:
    """One normalised line without line feed as bytes for kanji mode. Raises UnprintableText."""
    found = list(runs(text, repertoire))
    missing = "".join(run.text for run in found if run.code is None)
    if missing:
        raise UnprintableText(missing, repertoire)
    return b"".join(run.code or b"" for run in found)
