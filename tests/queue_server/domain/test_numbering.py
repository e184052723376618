from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import commands as c
from queue_server.domain.numbering import (
    LETTERS,
    bad_letter,
    free_serial,
    kiosk_letters,
    number_order,
    number_text,
)
from queue_server.domain.refusals import RefusalCode
from tests.queue_server.domain.a_hall import AHall


def test_three_digits_then_four() -> None:
    texts = [number_text("A", n) for n in (1, 12, 999, 1000, 9999)]
    assert texts == ["A001", "A012", "A999", "A1000", "A9999"]


@given(st.lists(st.tuples(st.sampled_from(LETTERS), st.integers(1, 9999)), max_size=50))
def test_order_is_by_letter_and_count_not_by_text(made: list[tuple[str, int]]) -> None:
    texts = [number_text(letter, serial) for letter, serial in made]
    assert sorted(texts, key=number_order) == [number_text(letter, serial) for letter, serial in sorted(made)]


def test_free_serial_skips_the_taken_and_ends() -> None:
    assert free_serial("A", 1, {"A001", "A002", "A004"}) == 3
    assert free_serial("A", 9999, {"A9999"}) is None


def test_kiosks_get_the_first_free_letters_and_none_beyond_the_alphabet() -> None:
    assert kiosk_letters(["kiosk:1", "kiosk:2"], "AYC") == {"kiosk:1": "B", "kiosk:2": "D"}
    many = kiosk_letters([f"kiosk:{n}" for n in range(40)], "AYC")
    assert len(many) == len(LETTERS) - 3
    assert bad_letter({"general": "A", "booked": "Y", "collection": "C", **many}) is None
    assert not set(many.values()) & set("IO")


def test_a_day_of_more_than_a_thousand_numbers() -> None:
    hall = AHall().opened(windows=False)
    made = [hall.ticket(hall.issue()).number for _ in range(1002)]
    assert made[998:] == ["A999", "A1000", "A1001", "A1002"]
    assert len(set(made)) == 1002
    assert [t.number for t in hall.day.snapshot().waiting()] == made


def test_when_all_numbers_are_out_it_says_so() -> None:
    hall = AHall().opened(windows=False)
    hall.day.serials["A"] = 10_000
    assert hall.refused(c.IssueTicket(ticket="x", track="x")) is RefusalCode.LIMIT_REACHED
