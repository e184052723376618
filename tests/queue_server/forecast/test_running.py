"""The forecast's own choosing beside the hall's: the same ticket, call after call."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from queue_server.domain.choosing import Asking, choose
from queue_server.domain.lines import Entry, LineKey, Lines, Slot
from queue_server.domain.rules import INTEGRATED, MINUTE_US, Rules, WindowConfig
from queue_server.domain.ticket import TicketKind
from queue_server.forecast.line_up import LineUp
from queue_server.forecast.running import NEVER, Arrival, Chances, Run

NEEDS = (frozenset({INTEGRATED}), frozenset({"law"}), frozenset({INTEGRATED, "law"}))
WINDOWS = (
    WindowConfig(1),
    WindowConfig(2, ("law",)),
    WindowConfig(3, (INTEGRATED, "law")),
)
SECOND_US = 1_000_000


@st.composite
def slots(draw: st.DrawFn) -> list[tuple[Slot, int]]:
    """Who waits, each with how often it was overtaken."""
    clocks = draw(st.lists(st.integers(0, 60), min_size=1, max_size=14))
    found = []
    for n, minute in enumerate(sorted(clocks)):
        bound = draw(st.sampled_from((None, None, None, 1, 3)))
        needs = NEEDS[0] if bound == 1 else draw(st.sampled_from(NEEDS))
        until_us = draw(st.sampled_from((None, 70 * MINUTE_US, 90 * MINUTE_US))) if bound else None
        key = LineKey(
            draw(st.sampled_from((TicketKind.GENERAL, TicketKind.BOOKED))),
            draw(st.sampled_from((None, None, "elderly", "hardship"))),
            needs,
            bound,
        )
        found.append((Slot(key, Entry(minute * MINUTE_US, "A", n, 0, f"t{n}"), until_us), draw(st.integers(0, 3))))
    return found


def laid_out(waiting: list[tuple[Slot, int]], rules: Rules, granted_in_row: int) -> LineUp:
    laid = LineUp(rules.max_granted_in_row, rules.max_overtaken, granted_in_row)
    for slot, overtaken in waiting:
        bound = None if slot.key.bound is None else (slot.key.bound, slot.until_us)
        laid.put(slot.entry, laid.put_line(rules, slot.key, bound), "", overtaken)
    return laid


class Hall:
    """The domain's lines with the counting that the fold does."""

    def __init__(self, waiting: list[tuple[Slot, int]], rules: Rules, granted_in_row: int) -> None:
        self.rules, self.in_row = rules, granted_in_row
        self.lines = Lines()
        self.overtaken = {slot.entry.ticket: overtaken for slot, overtaken in waiting}
        for slot, overtaken in waiting:
            self.lines.put(slot, limited=overtaken >= rules.max_overtaken)

    def call(self, window: WindowConfig, now_us: int) -> str | None:
        choice = choose(self.lines, Asking(window, now_us, self.in_row, frozenset()), self.rules)
        if choice is None:
            return None
        self.in_row = self.in_row + 1 if choice.reason.ground is not None else 0
        self.lines.drop(choice.ticket)
        for each in choice.overtaken:
            self.overtaken[each] += 1
            if self.overtaken[each] >= self.rules.max_overtaken:
                self.lines.limit(each)
        return choice.ticket


@settings(max_examples=60, deadline=None)
@given(slots(), st.integers(0, 3), st.lists(st.tuples(st.sampled_from(WINDOWS), st.integers(0, 9)), max_size=16))
def test_chooses_whom_the_hall_chooses(
    waiting: list[tuple[Slot, int]], granted_in_row: int, calls: list[tuple[WindowConfig, int]]
) -> None:
    rules = Rules(max_overtaken=3)
    hall, laid = Hall(waiting, rules, granted_in_row), laid_out(waiting, rules, granted_in_row)
    serves = {window.number: laid.served_by(window) for window in WINDOWS}
    run = Run(laid, serves, chances(), Random(1))
    now_us = 65 * MINUTE_US
    for window, minutes in calls:
        now_us += minutes * MINUTE_US
        index = run.choose(window.number, now_us)
        assert hall.call(window, now_us) == (None if index is None else laid.entries[index].ticket)
        if index is not None:
            run.called(index, window.number, now_us)


def chances(took_s: int = 600, cancelled: float = 0.0) -> Chances:
    return Chances({"": (took_s * SECOND_US,)}, [(0,)] * 48, [1.0] * 24, 0, cancelled)


def in_line(count: int, rules: Rules, *, asked: int = 0) -> LineUp:
    laid = LineUp(rules.max_granted_in_row, rules.max_overtaken)
    line = laid.line(rules, "general", None, NEEDS[0])
    for n in range(count + asked):
        index = laid.put(Entry(n, "A", n, 0, f"t{n}"), line, "")
        if n >= count:
            laid.shadows.add(index)
    return laid


def test_every_turn_takes_its_time_at_a_window() -> None:
    laid = in_line(4, Rules(), asked=1)
    run = Run(laid, {1: [0], 2: [0]}, chances(), Random(1))
    waits = run.waits({1: 0, 2: 300 * SECOND_US}, (), 1.0, 0, 10**12)
    assert [wait / SECOND_US for wait in waits] == [0, 300, 600, 900, 1200]


def test_who_only_asks_takes_nobodys_time() -> None:
    rules = Rules()
    laid = in_line(1, rules, asked=3)
    run = Run(laid, {1: [0]}, chances(), Random(1))
    assert [wait / SECOND_US for wait in run.waits({1: 0}, (), 1.0, 0, 10**12)] == [0, 600, 600, 600]


def test_a_granted_arrival_goes_first_and_the_pace_stretches_turns() -> None:
    rules = Rules()
    laid = in_line(3, rules)
    granted = laid.line(rules, "general", "elderly", NEEDS[0])
    run = Run(laid, {1: [0, granted]}, chances(), Random(1))
    waits = run.waits({1: 0}, [Arrival(60 * SECOND_US, granted, "")], 2.0, 0, 10**12)
    assert [wait / SECOND_US for wait in waits[:3]] == [0, 2400, 3600]


def test_who_is_early_for_a_booking_stands_behind_whoever_comes_before_the_slot() -> None:
    """Early: counts from minute 30 on. Somebody comes now, somebody else at minute 5."""
    rules = Rules()
    laid = LineUp(rules.max_granted_in_row, rules.max_overtaken)
    booked = laid.line(rules, "booked", None, NEEDS[0])
    early, now = (laid.put(Entry(m * MINUTE_US, "Y", m, 0, f"t{m}"), booked, "") for m in (30, 0))
    run = Run(laid, {1: [booked]}, chances(), Random(1))
    waits = run.waits({1: 0}, [Arrival(5 * MINUTE_US, booked, "")], 1.0, 0, 10**12)
    assert (waits[now] / MINUTE_US, waits[early] / MINUTE_US) == (0, 20)


def test_whom_nobody_can_serve_in_time_waits_for_ever() -> None:
    laid = in_line(3, Rules())
    run = Run(laid, {1: [0]}, chances(), Random(1))
    assert run.waits({1: 0}, (), 1.0, 0, 700 * SECOND_US)[2] == NEVER
    assert Run(laid, {1: []}, chances(), Random(1)).waits({1: 0}, (), 1.0, 0, 10**12) == [NEVER] * 3


def test_a_cancelled_number_takes_no_time() -> None:
    laid = in_line(3, Rules())
    run = Run(laid, {1: [0]}, chances(cancelled=1.0), Random(1))
    assert run.waits({1: 0}, (), 1.0, 0, 10**12) == [0, 0, 0]
