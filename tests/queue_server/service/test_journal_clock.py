"""Time in the journal: never back, whatever the machine's clock does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.service.journal_clock import DOUBT_US, JournalClock
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
        assert clock.doubt == (hand.wall_us < last - DOUBT_US)
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
