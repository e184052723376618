"""Where commands wait for the gate: in order, bounded, many callers gathered and a lone one never."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from queue_server.domain.commands import StopIssuing
from queue_server.errors import GateStopped
from queue_server.service.batch import Job
from queue_server.service.intake import BATCH_MAX, Intake

LONG_S = 60.0
"""Longer than a test may take: who waits for it hangs."""
WITHIN_S = 20.0


def job() -> Job:
    return Job(StopIssuing(), None, "clerk:1", (), Future(), 0.0)


def open_intake(gather_s: float = LONG_S) -> Intake:
    intake = Intake(gather_s=gather_s)
    intake.open("serving")
    return intake


def entered(intake: Intake, count: int) -> list[Job]:
    jobs = [job() for _ in range(count)]
    for each in jobs:
        intake.enter(each)
    return jobs


def test_a_lone_caller_never_waits_for_others() -> None:
    intake = open_intake()
    for _ in range(3):
        (alone,) = entered(intake, 1)
        assert intake.take(LONG_S) == [alone]


def test_as_many_as_last_time_are_taken_at_once() -> None:
    intake = open_intake()
    entered(intake, 20)
    intake.take(LONG_S)
    again = entered(intake, 20)
    assert intake.take(LONG_S) == again


def test_after_several_the_rest_of_them_is_waited_for() -> None:
    intake = open_intake()
    entered(intake, 20)
    intake.take(LONG_S)
    with ThreadPoolExecutor(1) as gate:
        taken: Future[Any] = gate.submit(intake.take, LONG_S)
        jobs = entered(intake, 20)
        assert taken.result(WITHIN_S) == jobs, "the twentieth wakes the gate, whenever it began to wait"


def test_when_nobody_else_comes_it_goes_on() -> None:
    intake = open_intake(gather_s=0.001)
    entered(intake, 20)
    intake.take(LONG_S)
    few = entered(intake, 3)
    assert intake.take(LONG_S) == few


def test_a_batch_has_a_ceiling_and_keeps_the_order() -> None:
    intake = open_intake()
    jobs = entered(intake, BATCH_MAX + 5)
    assert intake.take(LONG_S) == jobs[:BATCH_MAX]
    entered(intake, BATCH_MAX)
    assert intake.take(LONG_S)[:5] == jobs[BATCH_MAX:]


def test_who_gave_up_is_dropped_and_who_came_too_late_is_told() -> None:
    intake = open_intake()
    jobs = entered(intake, 3)
    jobs[1].future.cancel()  # type: ignore[attr-defined] # a Future
    assert intake.take(LONG_S) == [jobs[0], jobs[2]]
    intake.stop()
    with pytest.raises(GateStopped):
        intake.enter(job())
    assert intake.take(LONG_S) == []
