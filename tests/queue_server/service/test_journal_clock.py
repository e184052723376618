"""Time in the journal: never back, whatever the machine's clock does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.service.journal_clock import DOUBT_US, SETTLE_S, JournalClock
from tests.queue_server.service.a_gate import HandClock


@given(st.lists(st.tuples(st.integers(-(10**12), 10**12), st.floats(0, 1000)), max_size=30))
def test_it_never_runs_back(steps: list[tuple[int, float]]) -> None:
    hand = HandClock()
    clock = JournalClock(hand.wall, hand.steady)
    clock.start(hand.wall_us)
    last = clock.now()
    for jump_us, passed_s in steps:
        hand.wall_us += jump_us
        hand.steady_s += passed_s
        now = clock.now()
        assert now >= last
        if hand.wall_us < last - DOUBT_US:
            assert clock.doubt
        if not clock.doubt:
            assert now == max(last, hand.wall_us)
        last = now


def test_in_doubt_it_goes_on_by_the_steady_clock() -> None:
    hand = HandClock()
    clock = JournalClock(hand.wall, hand.steady)
    clock.start(hand.wall_us)
    start = clock.now()
    hand.wall_us -= 10 * DOUBT_US
    hand.steady_s += 7
    assert clock.now() == start + 7_000_000
    assert clock.doubt


def test_a_jump_ahead_is_believed_only_when_it_stays() -> None:
    hand = HandClock()
    clock = JournalClock(hand.wall, hand.steady)
    clock.start(hand.wall_us - 10**15)
    assert clock.now() == hand.wall_us, "after a start however late"
    start = hand.wall_us
    hand.wall_us += 400 * 86_400 * 1_000_000
    hand.wait(10)
    assert clock.now() == start + 10_000_000
    assert clock.doubt
    hand.wait(SETTLE_S - 1)
    assert clock.doubt
    hand.wait(1)
    assert clock.now() == hand.wall_us
    assert not clock.doubt


def test_a_date_typed_wrongly_and_put_right_leaves_nothing() -> None:
    hand = HandClock()
    clock = JournalClock(hand.wall, hand.steady)
    clock.start(hand.wall_us)
    clock.now()
    year_us = 365 * 86_400 * 1_000_000
    hand.wall_us += year_us
    hand.wait(60)
    clock.now()
    assert clock.doubt
    hand.wall_us -= year_us
    hand.wait(1)
    assert clock.now() == hand.wall_us
    assert not clock.doubt
