"""The sentence of a call as it is spoken, also written on boards: 请A零一二号到三号窗口办理."""

from __future__ import annotations

_DIGITS = "零一二三四五六七八九"
TEN = 10


def spell(number: str) -> str:
    """``A012`` → ``A零一二``: sign by sign, as it is read out."""
    return "".join(_DIGITS[int(sign)] if sign.isdecimal() else sign for sign in number)


def count_word(count: int) -> str:
    """1–99 as a Chinese numeral: 3 → 三, 12 → 十二, 40 → 四十."""
    tens, ones = divmod(count, TEN)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def call_sentence(number: str, window: int) -> str:
    return f"请{spell(number)}号到{count_word(window)}号窗口办理"
