"""Who is next: credit, ties, the promises, bindings; and that choosing looks at heads only (DESIGN 4.7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.domain.choosing import Asking, Choice, choose
from queue_server.domain.lines import Entry, LineKey, Lines, Slot
from queue_server.domain.rules import INTEGRATED, MINUTE_US, Rules, WindowConfig
from queue_server.domain.ticket import TicketKind
from tests.queue_server.domain.a_hall import AHall

RULES = Rules(grant_weight=2000, grant_head_start=0)
NEEDS = frozenset({INTEGRATED})


def slot(  # one waiting ticket
    name: str,
    clock_min: float,
    *,
    ground: str | None = None,
    kind: TicketKind = TicketKind.GENERAL,
    bound: int | None = None,
    until_min: float | None = None,
    serial: int = 1,
) -> Slot:
    entry = Entry(int(clock_min * MINUTE_US), "A", serial, 0, name)
    until_us = None if until_min is None else int(until_min * MINUTE_US)
    return Slot(LineKey(kind, ground, NEEDS, bound), entry, until_us)


def lines_of(*slots: Slot, limited: str = "") -> Lines:
    lines = Lines()
    for each in slots:
        lines.put(each, limited=each.entry.ticket in limited.split())
    return lines


def asking(now_min: float, *, window: int = 1, in_row: int = 0, closed: tuple[int, ...] = ()) -> Asking:
    return Asking(WindowConfig(window), int(now_min * MINUTE_US), in_row, frozenset(closed))


def chosen(lines: Lines, at: Asking, rules: Rules = RULES) -> Choice:
    choice = choose(lines, at, rules)
    assert choice is not None
    return choice


def test_nobody_waits() -> None:
    assert choose(Lines(), asking(0), RULES) is None


def test_greatest_credit_wins_and_the_reason_says_by_how_much() -> None:
    lines = lines_of(slot("old", 0), slot("granted", 4, ground="disabled"), slot("new", 5))
    early, late = chosen(lines, asking(7)), chosen(lines, asking(9))
    assert (early.ticket, early.overtaken) == ("old", ())
    assert (late.ticket, late.overtaken) == ("granted", ("old",))
    assert (late.reason.promise, late.reason.credit, late.reason.ground) == (None, 10_000, "disabled")
    assert (late.reason.runner_up, late.reason.runner_credit) == ("old", 9_000)


def test_ties_go_to_the_earlier_clock_then_the_number() -> None:
    rules = replace(RULES, kind_head_starts={"booked": 2_000}, kind_weights={"general": 1000, "booked": 1000})
    lines = lines_of(slot("later", 2, kind=TicketKind.BOOKED), slot("earlier", 0))
    assert chosen(lines, asking(10), rules).ticket == "earlier"
    lines = lines_of(slot("a1000", 1, serial=1000), slot("a999", 1, serial=999))
    assert chosen(lines, asking(10)).ticket == "a999"


def test_a_booking_before_its_slot_has_negative_credit_and_is_served_only_when_nobody_else_waits() -> None:
    lines = lines_of(slot("early", 30, kind=TicketKind.BOOKED), slot("walk-in", 9))
    assert chosen(lines, asking(10)).ticket == "walk-in"
    alone = chosen(lines_of(slot("early", 30, kind=TicketKind.BOOKED)), asking(10))
    assert (alone.ticket, alone.reason.credit) == ("early", -40_000)


def test_after_two_granted_in_a_row_an_ordinary_one_has_its_turn() -> None:
    lines = lines_of(slot("g", 0, ground="disabled"), slot("o", 8))
    assert chosen(lines, asking(10, in_row=1)).ticket == "g"
    turn = chosen(lines, asking(10, in_row=2))
    assert (turn.ticket, turn.reason.promise, turn.overtaken) == ("o", "ordinary_turn", ("g",))
    alone = lines_of(slot("g", 0, ground="disabled"))
    assert chosen(alone, asking(10, in_row=2)).reason.promise is None


def test_whoever_was_overtaken_to_the_limit_goes_before_everything() -> None:
    lines = lines_of(
        slot("o", 9), slot("g1", 0, ground="x"), slot("g2", 1, ground="x"), slot("bound", 2, bound=1), limited="o g2"
    )
    choice = chosen(lines, asking(10, in_row=2))
    assert (choice.ticket, choice.reason.promise) == ("g2", "overtaken")


def test_tickets_bound_here_go_first_and_those_bound_elsewhere_not_at_all() -> None:
    lines = lines_of(slot("free", 0), slot("here", 5, bound=1), slot("there", 1, bound=2))
    here = chosen(lines, asking(10))
    assert (here.ticket, here.reason.promise, here.overtaken) == ("here", "bound", ("free",))
    lines.drop("here")
    assert chosen(lines, asking(10)).ticket == "free"
    assert chosen(lines, asking(10, closed=(2,))).overtaken == ()
    lines.drop("free")
    assert choose(lines, asking(10), RULES) is None
    assert chosen(lines, asking(10, closed=(2,))).ticket == "there"


def test_a_binding_ends_with_its_minute_even_behind_others_of_its_line() -> None:
    lines = lines_of(slot("long", 0, bound=2, until_min=60), slot("short", 1, bound=2, until_min=10), slot("free", 2))
    assert chosen(lines, asking(9)).ticket == "free"
    ended = chosen(lines, asking(10))
    assert (ended.ticket, ended.reason.runner_up) == ("short", "free")
    assert chosen(lines, asking(10, window=2)).ticket == "long"
    lines.drop("short")
    assert chosen(lines, asking(10)).ticket == "free"
    assert lines_of(slot("only", 0, bound=1, until_min=5)).ended(5 * MINUTE_US)
    assert chosen(lines_of(slot("only", 0, bound=1, until_min=5)), asking(5)).reason.promise is None


def test_a_ticket_at_the_limit_whose_binding_has_ended_goes_first() -> None:
    lines = lines_of(slot("free", 0), slot("stray", 3, bound=2, until_min=5), limited="stray")
    assert chosen(lines, asking(4)).ticket == "free"
    choice = chosen(lines, asking(5))
    assert (choice.ticket, choice.reason.promise, choice.reason.runner_up) == ("stray", "overtaken", "free")


class CountedList(list[Any]):
    """Counts how many of its places are looked at."""

    looked = 0

    def __getitem__(self, at: Any) -> Any:
        CountedList.looked += 1
        return super().__getitem__(at)

    def __iter__(self) -> Any:
        for each in super().__iter__():
            CountedList.looked += 1
            yield each


def looks(waiting: int) -> int:
    lines = lines_of(
        *(slot(f"t{n}", n / 100, serial=n, ground=("x" if n % 7 == 0 else None)) for n in range(1, waiting + 1))
    )
    for line in lines.lines.values():
        line.entries = CountedList(line.entries)
    CountedList.looked = 0
    assert chosen(lines, asking(100)).ticket == "t7"
    return CountedList.looked


def test_choosing_among_two_thousand_looks_no_further_than_among_twenty() -> None:
    few, many = looks(20), looks(2000)
    assert few <= many <= few + 16  # a bisection for the overtaken may look at a few more places


acts = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.sampled_from([None, None, None, "elder", "disabled", "soldier"])),
        st.tuples(st.just("call"), st.sampled_from([1, 2, 3])),
        st.tuples(st.just("wait"), st.integers(1, 600)),
    ),
    min_size=20,
    max_size=150,
)


@given(acts, st.integers(0, 3), st.integers(1, 4))
def test_promises_hold_for_every_call_by_the_rule(acts: list[tuple[str, Any]], in_row: int, overtaken: int) -> None:
    rules = Rules(
        max_granted_in_row=in_row,
        max_overtaken=overtaken,
        grant_weights={"elder": 2000, "disabled": 9000},
        matter_skills={"LAW-1": "law"},
    )
    configs = [WindowConfig(1), WindowConfig(2), WindowConfig(3, ("integrated", "law"))]
    hall = AHall(configs, rules).opened()
    for number, (act, value) in enumerate(acts):
        match act:
            case "issue":
                hall.issue(ground=value, matters=("LAW-1",) if number % 5 == 0 else ())
            case "wait":
                hall.wait(value)
            case _:
                assert_call_by_the_rule(hall, value)


def assert_call_by_the_rule(hall: AHall, window: int) -> None:
    """Call by the rule and look at the promises with nothing but the tickets themselves."""
    present = hall.at(window)
    if present is not None:
        hall.do(c.FinishService(window=window, ticket=present))
    able, rules = hall.day.configs[window].able, hall.rules
    waiting = {t.id: t for t in hall.day.snapshot().waiting() if hall.day.needs_of(t) <= able}
    run = hall.day.granted_in_row
    hall.wait(11)
    called = hall.call_next(window)
    if called is None:
        assert not waiting
        return
    ticket, call = waiting[called], hall.day.announcements[hall.ticket(called).announcement or ""]
    earlier = {t.id for t in waiting.values() if t.clock_us < ticket.clock_us}
    assert set(call.overtaken) == earlier
    assert all(waiting[name].overtaken < rules.max_overtaken for name in earlier)
    assert call.reason is not None
    ordinary_waits = any(t.grant is None for t in waiting.values())
    if ticket.grant is not None and run >= rules.max_granted_in_row and ordinary_waits:
        assert call.reason.promise == "overtaken"
        assert ticket.overtaken >= rules.max_overtaken
