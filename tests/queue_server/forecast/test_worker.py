"""The worker over a real store: it follows the journal, learns from past days, grades what was printed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from random import Random

import msgspec
import pytest

from queue_server.errors import QueueError
from queue_server.forecast.messages import Answer, Ask, Begin
from queue_server.forecast.worker import Worker, work
from queue_server.store.engine import Store
from tests.queue_server.forecast.conftest import PAST_DAYS, Past

INTEGRATED = frozenset({"integrated"})


@pytest.fixture
def store(past: Past) -> Iterator[Store]:
    store = Store(past.url, readers=1)
    yield store
    store.close()


def test_forecasts_all_who_wait_and_whoever_comes_now(past: Past, store: Store) -> None:
    answer = Worker(past.begin, store, Random(1)).answer(Ask(at_us=past.at_us))
    assert answer.business_day == past.today
    assert set(answer.waiting) == {f"today-{n}" for n in range(12)}
    assert answer.waiting["today-0"][0] == 0 < answer.waiting["today-11"][0]
    new = answer.for_new("general", INTEGRATED, None)
    assert new is not None
    assert new >= answer.waiting["today-11"]
    granted = answer.for_new("general", INTEGRATED, "elder")
    assert granted is not None
    assert answer.for_new("booked", INTEGRATED, "elder") == answer.for_new("collection", INTEGRATED, "elder") == granted
    assert answer.for_new("general", frozenset({"law"}), None) is None


def test_a_second_question_reads_only_what_is_new(past: Past, store: Store) -> None:
    worker = Worker(past.begin, store, Random(1))
    first, second = (worker.answer(Ask(at_us=past.at_us + n)) for n in range(2))
    assert (first.seq, second.seq) == (second.seq, first.seq)
    assert set(first.waiting) == set(second.waiting)


def test_past_days_are_graded_by_what_their_slips_said(past: Past, store: Store) -> None:
    """Only the last of the past days had forecasts; of today's slips none was called yet."""
    answer = Worker(past.begin, store, Random(1)).answer(Ask(at_us=past.at_us))
    (grade,) = answer.grades
    assert grade.business_day < past.today
    assert grade.count > 10
    assert 0.5 < grade.inside <= 1
    assert grade.width_min >= 5


def test_there_is_no_forecast_in_the_first_days(past: Past, store: Store) -> None:
    begin = msgspec.structs.replace(past.begin, after_days=PAST_DAYS + 1)
    answer = Worker(begin, store, Random(1)).answer(Ask(at_us=past.at_us))
    assert (answer.waiting, answer.new) == ({}, ())


def test_answers_line_by_line_until_the_server_is_gone(past: Past) -> None:
    lines = [msgspec.json.encode(each) for each in (past.begin, Ask(at_us=past.at_us), Ask(at_us=past.at_us))]
    answers = io.BytesIO()
    work(io.BytesIO(b"\n".join(lines) + b"\n"), answers)
    first, second = (msgspec.json.decode(line, type=Answer) for line in answers.getvalue().splitlines())
    assert first.seq == second.seq > 0
    assert len(answers.getvalue()) < 4_000


def test_a_store_that_is_away_ends_the_worker(past: Past) -> None:
    begin = msgspec.structs.replace(past.begin, database=f"sqlite:///{past.folder}/nowhere.db")
    with pytest.raises(QueueError):
        work(io.BytesIO(msgspec.json.encode(begin) + b'\n{"at_us":1}\n'), io.BytesIO())


def test_the_password_of_a_database_is_not_in_the_text_of_the_message(past: Past) -> None:
    begin = msgspec.structs.replace(past.begin, database="postgresql+psycopg://hall:secret@db/hall")
    assert "secret" not in repr(begin)
    assert msgspec.json.decode(msgspec.json.encode(begin), type=Begin) == begin
