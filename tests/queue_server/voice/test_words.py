from __future__ import annotations

import pytest

from queue_server.voice.words import call_clips, english_clips, sentence, window_words


@pytest.mark.parametrize(
    ("window", "said"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (35, "三十五"), (99, "九十九")]
)
def test_windows_are_said_as_numbers(window: int, said: str) -> None:
    assert window_words(window) == said


@pytest.mark.parametrize("window", [0, 100])
def test_a_window_that_cannot_be_said_is_refused(window: int) -> None:
    with pytest.raises(ValueError, match="not within"):
        window_words(window)


def test_digits_of_the_number_are_said_one_by_one() -> None:
    assert sentence("A012", 3) == "请A零一二号到三号窗口办理"
    assert sentence("A1000", 12) == "请A一零零零号到十二号窗口办理"


def test_clips_follow_the_sentence() -> None:
    assert call_clips("A012", 3, windows_with_clip=30) == (
        "please_letter_A", "digit_0", "digit_1", "last_digit_2", "to_window_3",
    )  # fmt: skip
    assert call_clips("Y007", 41, windows_with_clip=30)[-4:] == ("to", "digit_4", "digit_1", "window_handle")
    assert english_clips("A012", 3, windows_with_clip=30)[-3:] == ("en_please", "en_go_to_window", "en_window_3")
