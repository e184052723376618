"""What is said for a call, as text for people and as clip names for the joiner (assets/voice/clips.toml).

Words of norms.md N5.1: 请A零一二号到三号窗口办理. Digits are said one by one, the window as a number.
"""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"


def window_words(window: int) -> str:
    """1 → 一, 12 → 十二, 20 → 二十, 35 → 三十五. Raises ValueError outside 1–99."""
    if not 1 <= window <= 99:
        raise ValueError(f"window {window} is not within 1–99")
    tens, ones = divmod(window, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def sentence(number: str, window: int) -> str:
    """The sentence of a call as it is spoken, also shown for those who cannot hear."""
    return f"请{number[0]}{''.join(DIGITS[int(d)] for d in number[1:])}号到{window_words(window)}号窗口办理"


def call_clips(number: str, window: int, *, windows_with_clip: int) -> tuple[str, ...]:
    """Clip names of a Mandarin call; a window without a clip of its own is said from 到, digits and 号窗口办理."""
    said = (f"please_letter_{number[0]}", *(f"digit_{d}" for d in number[1:-1]), f"last_digit_{number[-1]}")
    if window <= windows_with_clip:
        return (*said, f"to_window_{window}")
    return (*said, "to", *(f"digit_{d}" for d in str(window)), "window_handle")


def english_clips(number: str, window: int, *, windows_with_clip: int) -> tuple[str, ...]:
    """Clip names of ``A 0 1 2, please go to window 3``; a larger window is said digit by digit."""
    said = (f"en_letter_{number[0]}", *(f"en_digit_{d}" for d in number[1:]), "en_please", "en_go_to_window")
    if window <= windows_with_clip:
        return (*said, f"en_window_{window}")
    return (*said, *(f"en_digit_{d}" for d in str(window)))
