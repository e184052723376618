"""Pinyin initials of Chinese words, for finding matters by letters. pypinyin is loaded at the first call only."""

from __future__ import annotations


def initials(text: str) -> str:
    """``社保卡`` → ``sbk``: lower case a–z and 0–9; characters without a reading are left out."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - 60 ms and 20 MB that serving never needs

    letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=lambda rest: rest)
    return "".join(c for part in letters for c in part.lower() if c.isascii() and c.isalnum())
