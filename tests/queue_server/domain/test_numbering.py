from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.domain.numbering import (
    LETTERS,
    OFFLINE_LETTERS,
    bad_letter,
    free_number,
    number_order,
    number_text,
)
from queue_server.domain.refusals import RefusalCode
from queue_server.domain.rules import Rules
from tests.queue_server.domain.a_hall import AHall


def test_three_digits_then_four() -> None:
    texts = [number_text("A", n) for n in (1, 12, 999, 1000, 9999)]
    assert texts == ["A001", "A012", "A999", "A1000", "A9999"]


@given(st.lists(st.tuples(st.sampled_from(LETTERS), st.integers(1, 9999)), max_size=50))
def test_order_is_by_letter_and_count_not_by_text(made: list[tuple[str, int]]) -> None:
    texts = [number_text(letter, serial) for letter, serial in made]
    assert sorted(texts, key=number_order) == [number_text(letter, serial) for letter, serial in sorted(made)]


def test_free_number_skips_the_taken_and_ends() -> None:
    assert free_number("A", 1, {"A001", "A002", "A004"}) == "A003"
    assert free_number("A", 9999, {"A9999"}) is None
    assert free_number("A", 10_000, ()) is None


def test_kiosks_own_letters_meet_no_kinds_letter_and_no_digit_lookalike() -> None:
    kiosks = {f"kiosk:{n}": letter for n, letter in enumerate(OFFLINE_LETTERS)}
    assert bad_letter({**Rules().letters, **kiosks}) is None
    assert bad_letter({"kiosk:1": "L", "kiosk:2": "L"}) == "kiosk:2"


def test_a_day_of_more_than_a_thousand_numbers() -> None:
    hall = AHall().opened(windows=False)
    made = [hall.ticket(hall.issue()).number for _ in range(1002)]
    assert made[998:] == ["A999", "A1000", "A1001", "A1002"]
    assert len(set(made)) == 1002
    assert hall.day.serials["A"] == 1003, "the next one is known, not searched for"
    assert [t.number for t in hall.day.snapshot().waiting()] == made


def test_when_all_numbers_are_out_it_says_so() -> None:
    hall = AHall().opened(windows=False)
    hall.day.serials["A"] = 10_000
    assert hall.refused(c.IssueTicket(ticket="x", track="x")) is RefusalCode.LIMIT_REACHED
