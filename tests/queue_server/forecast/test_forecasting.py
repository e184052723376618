"""From a hall's day to ranges."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from queue_server.domain import commands as c
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.forecast.forecasting import WAITING_MAX, Forecasts, forecast
from queue_server.forecast.learning import Booked, Coming, Learned, learn
from queue_server.forecast.line_up import ANY_GROUND, Asked, common_needs
from queue_server.forecast.ranges import MINUTE_US, Range
from tests.queue_server.domain.a_hall import AHall
from tests.queue_server.forecast.a_past import NINE_US, a_day

INTEGRATED = frozenset({"integrated"})
NEW = Asked("general", None, INTEGRATED)


@pytest.fixture(scope="module")
def learned() -> Learned:
    """Turns of ten minutes, a minute between them, whatever the day."""
    found = learn([a_day(n, [10] * 40) for n in range(5)])
    assert found is not None
    return found


def now(hall: AHall, learned: Learned) -> Forecasts:
    return forecast(hall.day.snapshot(), learned, hall.now_us, Random(1))


def test_the_longer_the_line_the_longer_the_wait(learned: Learned) -> None:
    hall = AHall(2).opened()
    tickets = [hall.issue() for _ in range(8)]
    found = now(hall, learned)
    lows = [found.waiting[each].low_min for each in tickets]
    assert lows == sorted(lows)
    assert found.waiting[tickets[0]] == Range(0, 5)
    assert found.waiting[tickets[7]].high_min >= 35
    assert found.new[NEW].low_min >= found.waiting[tickets[7]].low_min
    assert found.new[Asked("collection", None, INTEGRATED)] == found.new[NEW]
    assert found.seq == hall.day.seq


def test_who_is_granted_waits_less(learned: Learned) -> None:
    hall = AHall(1).opened()
    for _ in range(10):
        hall.issue()
    hall.issue(ground="elderly")
    found = now(hall, learned)
    assert found.new[Asked("general", ANY_GROUND, INTEGRATED)].high_min < found.new[NEW].low_min


def test_a_strong_ground_has_its_own_range(learned: Learned) -> None:
    hall = AHall(1, Rules(grant_weights={"hardship": 9000}, grant_head_starts={"hardship": 60_000})).opened()
    for _ in range(10):
        hall.issue()
    for _ in range(4):
        hall.issue(ground="elder")
    found = now(hall, learned)
    strong, common = (Asked("general", ground, INTEGRATED) for ground in ("hardship", ANY_GROUND))
    assert found.new[strong].high_min < found.new[common].high_min


def test_nothing_is_promised_with_no_window_open_or_no_day(learned: Learned) -> None:
    hall = AHall(2).opened(windows=False)
    hall.issue()
    assert not now(hall, learned).waiting
    hall.do(c.CloseDay(force=True))
    assert not now(hall, learned).new


def test_who_booked_and_has_not_come_yet_goes_before_whoever_comes_now(learned: Learned) -> None:
    """Thirty slots begin in a minute: with all of them coming it takes longer than with none."""
    hall = AHall(1).opened()
    for _ in range(6):
        hall.issue()
    soon = (hall.now_us + 60_000_000,) * 30
    day = hall.day.snapshot()
    none, all_ = (forecast(day, learned, hall.now_us, Random(1), booked=Booked(soon, come)) for come in (0.0, 1.0))
    gone = Booked((hall.now_us - 700_000_000,) * 30, 1.0)
    assert forecast(day, learned, hall.now_us, Random(1), booked=gone).new[NEW] == none.new[NEW]
    assert all_.new[NEW].low_min > none.new[NEW].high_min


def test_nothing_is_promised_to_who_is_called_at_once(learned: Learned) -> None:
    hall = AHall((WindowConfig(1), WindowConfig(2, ("law",))), Rules(matter_skills={"law": "law"})).opened()
    assert now(hall, learned).new == {}
    hall.issue()
    hall.call_next(1)
    found = now(hall, learned)
    assert NEW in found.new
    assert Asked("general", None, frozenset({"law"})) not in found.new


def test_only_windows_that_are_really_open_count(learned: Learned) -> None:
    hall = AHall(3).opened()
    for _ in range(9):
        hall.issue()
    all_open = now(hall, learned).new[NEW]
    for window in (2, 3):
        hall.do(c.CloseWindow(window=window))
    assert now(hall, learned).new[NEW].low_min >= 2 * all_open.low_min


def test_a_matter_that_few_windows_serve_has_its_own_range(learned: Learned) -> None:
    rules = Rules(matter_skills={"law": "law"})
    hall = AHall((WindowConfig(1), WindowConfig(2), WindowConfig(3, ("law",))), rules).opened()
    for _ in range(8):
        hall.issue(matters=("law",))
    found = now(hall, learned)
    law = common_needs(hall.day.snapshot(), "law")
    assert law == frozenset({"law"})
    assert found.new[Asked("general", None, law)].low_min > found.new[NEW].high_min


def test_whom_nobody_open_can_serve_gets_no_range(learned: Learned) -> None:
    hall = AHall((WindowConfig(1), WindowConfig(2, ("law",))), Rules(matter_skills={"law": "law"})).opened()
    hall.do(c.CloseWindow(window=2))
    ticket, other = hall.issue(matters=("law",)), hall.issue()
    found = now(hall, learned)
    assert ticket not in found.waiting
    assert other in found.waiting


def test_a_service_that_goes_on_and_a_break_without_a_word_count(learned: Learned) -> None:
    hall = AHall(1).opened()
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    hall.start(first)
    early = now(hall, learned).waiting[second]
    hall.wait(8 * 60)
    late = now(hall, learned).waiting[second]
    assert early.high_min > late.high_min


def test_a_window_with_nobody_to_call_is_not_away(learned: Learned) -> None:
    """Idle for an hour; then somebody comes, and a second later nobody thinks of a break."""
    hall = AHall(1).opened()
    hall.wait(3600)
    ticket = hall.issue()
    hall.wait(1)
    assert now(hall, learned).waiting[ticket] == Range(0, 5)


def test_a_window_is_free_when_its_ticket_left_it_unfinished(learned: Learned) -> None:
    """Open for an hour, then held or sent on: the next is called soon, whoever that is."""
    for act in ("held", "sent on"):
        hall = AHall(2).opened()
        first, second = hall.issue(), hall.issue()
        hall.call_next(1)
        hall.start(first)
        hall.do(c.PauseWindow(window=2, ground="lunch"))
        hall.wait(3600)
        if act == "held":
            hall.do(c.HoldTicket(window=1, ticket=first))
        else:
            hall.do(c.TransferTicket(window=1, ticket=first, to="window:2"))
        hall.wait(2)
        called_next = second if act == "held" else first  # window 2 has been away too long to bind anybody
        assert now(hall, learned).waiting[called_next] == Range(0, 5), act


def test_who_may_still_come_is_only_who_goes_first(learned: Learned) -> None:
    """Past days had collections all day: by default they weigh no more than others, in this hall's rules they may."""
    found = []
    each_10_min = range(NINE_US - 30 * MINUTE_US, NINE_US + 120 * MINUTE_US, 10 * MINUTE_US)
    busy = replace(learned, comings=(tuple(Coming(at_us, "collection", None, "m1") for at_us in each_10_min),))
    for weight in (1000, 9000):
        weights = {"general": 1000, "booked": 2000, "collection": weight}
        hall = AHall(1, Rules(kind_weights=weights)).opened()
        for _ in range(8):
            hall.issue()
        found.append(now(hall, busy).new[NEW])
    assert found[0] == now(hall, learned).new[NEW]
    assert found[1].high_min > found[0].high_min


def test_more_than_can_be_run_get_no_range_and_nor_do_new_ones(learned: Learned) -> None:
    hall = AHall(30).opened()
    for _ in range(WAITING_MAX + 1):
        hall.issue()
    found = forecast(hall.day.snapshot(), learned, hall.now_us, Random(1), runs=3)
    assert not found.new
    assert 0 < len(found.waiting) <= WAITING_MAX


def test_the_same_chance_gives_the_same_forecast(learned: Learned) -> None:
    hall = AHall(2).opened()
    for _ in range(5):
        hall.issue()
    assert now(hall, learned) == now(hall, learned)
