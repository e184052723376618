"""What is learned from days that were made by hand."""

from __future__ import annotations

import pytest

from queue_server.forecast.learning import (
    LARGE_MATTER,
    Call,
    DayRecord,
    comings_of,
    learn,
    pace_today,
    rest,
    sort_of,
    turns_of,
)
from queue_server.forecast.ranges import MINUTE_US
from tests.queue_server.forecast.a_past import NINE_US, a_day, person


def test_a_turn_lasts_from_its_call_to_its_end_and_the_gap_to_the_next_call() -> None:
    turns = turns_of(a_day(0, [5, 8, 3], gap_min=2))
    assert [turn.took_us // MINUTE_US for turn in turns] == [5, 8, 3]
    assert [turn.gap_us and turn.gap_us // MINUTE_US for turn in turns] == [2, 2, None]


def test_nobody_knows_a_gap_when_nobody_waited() -> None:
    late = person("b", NINE_US + 40 * MINUTE_US, came_us=NINE_US + 30 * MINUTE_US)
    day = DayRecord(
        0,
        (person("a", NINE_US + 5 * MINUTE_US), late),
        (Call("a", 1, NINE_US), Call("b", 1, NINE_US + 31 * MINUTE_US)),
    )
    assert turns_of(day)[0].gap_us is None


def test_others_who_call_people_that_waited_prove_a_window_away() -> None:
    """Window 1 ends at 9:05 and calls again at 9:31; at 9:20 window 2 called somebody who had waited ten minutes."""
    at = [NINE_US + minute * MINUTE_US for minute in range(60)]
    day = DayRecord(
        0,
        (person("a", at[5]), person("b", at[40], came_us=at[30]), person("c", at[25], came_us=at[10])),
        (Call("a", 1, at[0]), Call("c", 2, at[20]), Call("b", 1, at[31])),
    )
    assert next(turn for turn in turns_of(day) if turn.window == 1).gap_us == 15 * MINUTE_US


def test_a_ticket_called_twice_teaches_by_its_last_call() -> None:
    day = DayRecord(
        0,
        (person("a", NINE_US + 30 * MINUTE_US),),
        (Call("a", 1, NINE_US), Call("a", 1, NINE_US + 20 * MINUTE_US)),
    )
    assert [turn.took_us // MINUTE_US for turn in turns_of(day)] == [10]


def test_one_held_while_others_were_called_taught_until_they_were() -> None:
    """Called at nine, held at 9:05 or so, finished at 9:50; the same window called the next at 9:06."""
    at = [NINE_US + minute * MINUTE_US for minute in range(60)]
    day = DayRecord(0, (person("a", at[50]), person("b", at[12])), (Call("a", 1, at[0]), Call("b", 1, at[6])))
    assert [(turn.took_us // MINUTE_US, turn.gap_us) for turn in turns_of(day)] == [(6, None), (6, None)]


def test_large_matters_are_learned_by_themselves_small_ones_with_their_kind() -> None:
    days = [a_day(n, [4] * LARGE_MATTER, matter="large") for n in range(2)] + [a_day(2, [20, 20], matter="small")]
    learned = learn(days)
    assert learned is not None
    assert (sort_of(learned, "general", "large"), sort_of(learned, "general", "small")) == ("large", "general")
    assert sort_of(learned, "collection", "") == ""
    assert set(learned.took_us["large"]) != set(learned.took_us["general"])
    assert learned.days == 3
    assert learn([]) is None


def test_the_missed_are_no_samples_for_those_being_served() -> None:
    gone = person("g", NINE_US + MINUTE_US, missed=True)
    day = DayRecord(0, (gone, person("a", NINE_US + 9 * MINUTE_US)), (Call("g", 1, NINE_US), Call("a", 2, NINE_US)))
    learned = learn([day])
    assert learned is not None
    assert (len(learned.took_us[""]), len(learned.served_us[""])) == (2, 1)


def test_today_is_as_slow_as_it_shows_itself() -> None:
    learned = learn([a_day(n, [6] * 30) for n in range(5)])
    assert learned is not None
    today = a_day(9, [12] * 60, windows=2)
    evening_us = today.midnight_us + 24 * 60 * MINUTE_US
    assert pace_today(learned, today, evening_us) > 1.6
    assert pace_today(learned, a_day(9, []), evening_us) == pytest.approx(1.0, abs=0.02)


def test_short_turns_end_first_so_only_those_begun_a_while_ago_count() -> None:
    """Five minutes after nine two windows finished quick ones; what they had at nine is no sign of the day's pace."""
    learned = learn([a_day(n, [2, 10] * 20) for n in range(5)])
    assert learned is not None
    today = a_day(9, [2], windows=2)
    assert pace_today(learned, today, today.midnight_us + NINE_US + 5 * MINUTE_US) == learned.pace_lately


def test_the_newest_days_say_what_to_expect_of_today() -> None:
    learned = learn([a_day(n, [6] * 40) for n in range(6)] + [a_day(n, [9] * 40) for n in range(6, 9)])
    assert learned is not None
    assert learned.pace_lately > 1.15


def test_of_those_who_will_come_ordinary_numbers_do_not_matter() -> None:
    people = (
        person("a", None),
        person("b", None, came_us=NINE_US + 5, ground="elderly"),
        person("c", None, came_us=NINE_US + 1, kind="booked"),
        person("d", None, ground="elderly", cancelled=True),
        person("e", None, came_us=NINE_US + 9, kind="collection"),
    )
    found = comings_of(DayRecord(0, people, ()))
    expected = [("booked", None), ("general", "elderly"), ("collection", None)]
    assert [(each.kind, each.ground) for each in found] == expected


def test_what_is_left_is_drawn_from_what_lasted_longer() -> None:
    assert {rest((10, 20, 30), 15, chance) for chance in (0.0, 0.99)} == {5, 15}
    assert rest((10, 20, 30), 40, 0.5) == 20
