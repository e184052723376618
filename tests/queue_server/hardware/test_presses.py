"""What each key asks for in each state of its window, and what stands on strip and pad: no I/O."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.pad.events import Key, PadDisplay
from drivers.strip.events import StripText
from queue_server.domain import commands as c
from queue_server.domain.day_view import DayView
from queue_server.hardware.hardware import load_strip_words
from queue_server.hardware.presses import closing_last, command_for, key_of_press
from queue_server.hardware.settings import HardwareSettings
from queue_server.hardware.texts import StripWords, pad_display, strip_text
from queue_server.store.journal import same_request
from tests.queue_server.domain.a_hall import AHall

SECOND_US = 1_000_000
WORDS = load_strip_words()
ENGLISH = load_strip_words("en")
AT_SOMEBODY = (Key.RECALL, Key.MISS, Key.START, Key.FINISH, Key.HOLD)


def asks(hall: AHall, key: Key, window: int = 1, *, new: str = "new", remind_min: int = 10) -> c.Command | None:
    settings = HardwareSettings(hold_remind_min=remind_min)
    day = hall.day.snapshot()
    return command_for(key, window, day, lambda kind: f"{kind}_{new}", settings=settings, now_us=hall.now_us)


def shows(hall: AHall, window: int = 1, words: StripWords = WORDS) -> StripText:
    return strip_text(hall.day.snapshot(), window, hall.now_us, words)


@pytest.fixture
def hall() -> AHall:
    """An open day, clerk 1 at the open window 1, nobody at window 2."""
    hall = AHall(2).opened(windows=False)
    hall.sign_on(1)
    return hall


def test_without_a_shift_only_help_asks_for_anything(hall: AHall) -> None:
    hall.issue()
    assert {key: asks(hall, key, 2) for key in Key if key is not Key.HELP} == dict.fromkeys(set(Key) - {Key.HELP})
    assert asks(hall, Key.HELP, 2) == c.RequestHelp(help="h_new", place="window:2")


def test_keys_about_somebody_ask_for_nothing_while_nobody_is_there(hall: AHall) -> None:
    for key in (*AT_SOMEBODY, Key.RESUME, Key.UNDO):
        assert asks(hall, key) is None
    assert asks(hall, Key.NEXT) == c.CallNext(window=1, announcement="n_new")
    assert asks(hall, Key.PAUSE) == c.PauseWindow(window=1, ground="errand")
    assert asks(hall, Key.OPEN) == c.OpenWindow(window=1)


def test_each_key_asks_for_what_the_page_sends(hall: AHall) -> None:
    ticket = hall.issue()
    hall.call_next()
    asked = {key: asks(hall, key) for key in (*AT_SOMEBODY, Key.NEXT, Key.UNDO)}
    assert asked == {
        Key.NEXT: c.CallNext(window=1, announcement="n_new", ticket=ticket),
        Key.RECALL: c.RecallTicket(window=1, ticket=ticket, announcement="n_new"),
        Key.MISS: c.MissTicket(window=1, ticket=ticket),
        Key.START: c.StartService(window=1, ticket=ticket),
        Key.FINISH: c.FinishService(window=1, ticket=ticket),
        Key.HOLD: c.HoldTicket(window=1, ticket=ticket, remind_at_us=hall.now_us + 10 * 60 * SECOND_US),
        Key.UNDO: c.UndoLastAct(window=1, ticket=ticket),
    }
    assert asks(hall, Key.HOLD, remind_min=0) == c.HoldTicket(window=1, ticket=ticket)


def test_a_miss_is_undone_and_a_held_one_resumed(hall: AHall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.miss(ticket)
    assert asks(hall, Key.UNDO) == c.UndoLastAct(window=1, ticket=ticket)
    other = hall.issue()
    hall.call_next()
    hall.do(c.StartService(window=1, ticket=other))
    hall.do(c.HoldTicket(window=1, ticket=other))
    assert asks(hall, Key.RESUME) == c.ResumeTicket(window=1, ticket=other)


def test_pressing_help_again_asks_for_the_same_help(hall: AHall) -> None:
    asked = asks(hall, Key.HELP)
    assert isinstance(asked, c.RequestHelp)
    hall.do(asked)
    assert asks(hall, Key.HELP, new="other") == asked
    hall.do(c.FinishHelp(help=asked.help))
    assert asks(hall, Key.HELP, new="other") == c.RequestHelp(help="h_other", place="window:1")


def test_next_over_somebody_called_does_what_the_hall_chose() -> None:
    assert closing_last("finish", 1, "t") == c.FinishService(window=1, ticket="t")
    assert closing_last("miss", 1, "t") == c.MissTicket(window=1, ticket="t")
    assert closing_last("refuse", 1, "t") is None


def test_the_commands_of_a_press_told_twice_are_the_same_request(hall: AHall) -> None:
    first, again = asks(hall, Key.NEXT), asks(hall, Key.NEXT)
    assert first is not None
    assert again is not None
    assert same_request(first, again)


@given(st.integers(1, 99), st.integers(0, 999), st.sampled_from(Key), st.integers(0, 2**52))
def test_keys_fit_the_wire_and_tell_presses_apart(window: int, press: int, word: Key, at_us: int) -> None:
    key = key_of_press(window, press, word, at_us)
    assert 8 <= len(key) <= 48
    assert key.replace("-", "").isalnum()
    assert key == key_of_press(window, press, word, at_us)
    others = {
        key_of_press(window, (press + 1) % 1000, word, at_us),
        key_of_press(window + 1, press, word, at_us),
        key_of_press(window, press, word, at_us + 10 * SECOND_US),
        key_of_press(window, press, Key.UNDO if word is Key.NEXT else Key.NEXT, at_us),
    }
    assert key not in others


# ---- strip ---------------------------------------------------------------------------------------------------------


def test_a_strip_says_how_its_window_is(hall: AHall) -> None:
    assert shows(hall) == StripText("空闲")
    assert shows(hall, 2) == StripText("暂停服务")
    hall.do(c.PauseWindow(window=1, ground="meal"))
    assert shows(hall) == StripText("暂停服务")
    hall.do(c.OpenWindow(window=1))
    ticket = hall.issue()
    hall.call_next()
    assert shows(hall) == StripText("请A001号办理", flash=True)
    hall.do(c.StartService(window=1, ticket=ticket))
    hall.do(c.PauseWindow(window=1, ground="meal"))
    assert shows(hall) == StripText("正在办理A001")
    hall.do(c.FinishService(window=1, ticket=ticket))
    assert shows(hall) == StripText("暂停服务")


def test_a_withdrawn_call_says_please_wait_for_a_while(hall: AHall) -> None:
    ticket = hall.issue()
    hall.call_next()
    hall.do(c.UndoLastAct(window=1, ticket=ticket))
    assert shows(hall) == StripText("请A001号继续等候")
    hall.wait(hall.rules.please_wait_s)
    assert shows(hall) == StripText("空闲")


def test_a_closed_hall_says_so_on_its_day_and_is_dark_else(hall: AHall) -> None:
    hall.do(c.CloseDay(force=True))
    assert shows(hall) == StripText("今日已结束")
    hall.wait(24 * 3600)
    assert shows(hall) == StripText("")
    assert strip_text(None, 1, hall.now_us, WORDS) == StripText("")


@pytest.mark.parametrize("words", [WORDS, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("number", ["A001", "Y999", "A1000"])
def test_every_sentence_fits_the_strip(words: StripWords, number: str) -> None:
    for name in StripWords.__dataclass_fields__:
        sentence: str = getattr(words, name)
        if name != "please_wait" or number != "A1000":
            assert StripText(sentence.replace("{no}", number)).text


def test_a_sentence_that_is_too_long_leaves_the_number(hall: AHall) -> None:
    hall.issue()
    hall.call_next()
    long = StripWords(**dict.fromkeys(StripWords.__dataclass_fields__, "这句话长得放不下：{no}"))
    assert shows(hall, words=long) == StripText("A001", flash=True)


# ---- pad -----------------------------------------------------------------------------------------------------------


def displays(day: DayView | None, hall: AHall, window: int = 1) -> PadDisplay:
    return pad_display(day, window, hall.now_us)


def test_a_pad_shows_whom_its_window_would_get_and_how_many_wait(hall: AHall) -> None:
    assert displays(hall.day.snapshot(), hall) == PadDisplay("", 0)
    hall.issue()
    hall.issue()
    day = hall.day.snapshot()
    assert displays(day, hall) == PadDisplay("A001", 2)
    assert displays(day, hall, 2) == PadDisplay("", 2)
    hall.call_next()
    assert displays(hall.day.snapshot(), hall) == PadDisplay("A002", 1)
    hall.do(c.PauseWindow(window=1, ground="meal"))
    assert displays(hall.day.snapshot(), hall) == PadDisplay("", 1)
    assert displays(None, hall) == PadDisplay()
