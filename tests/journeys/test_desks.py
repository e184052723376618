"""Two clerks at once, one press many times, an act that comes too late: one server, real HTTP."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from tests.bench.hall import BenchHall, Desk, bench_hall, make_clerks, sign_on
from tests.journeys.crowd import Crowd, at_once, crowd
from tests.support.server import new_key

pytestmark = pytest.mark.journey
ROUNDS = 40
PARALLEL = 50


@pytest.fixture(scope="module")
def hall() -> Iterator[BenchHall]:
    with bench_hall(windows=4) as hall:
        yield hall


@pytest.fixture(scope="module")
def desks(hall: BenchHall) -> tuple[Desk, Desk]:
    first, second = make_clerks(hall.made, 2)
    return sign_on(hall.url, first, 1), sign_on(hall.url, second, 2)


@pytest.fixture
def kiosks(hall: BenchHall) -> Iterator[Crowd]:
    with crowd(hall, PARALLEL) as kiosks:
        yield kiosks


def issue(kiosks: Crowd, count: int) -> list[dict[str, Any]]:
    answers = [kiosks.post("/tickets", {"key": new_key()}) for _ in range(count)]
    return [answer.json()["ticket"] for answer in answers]


def serve(desk: Desk, called: dict[str, Any]) -> None:
    for act in ("start", "finish"):
        desk.act(act, ticket=called["id"]).raise_for_status()


def calls_in_journal(hall: BenchHall) -> list[str]:
    """Ids of tickets in the order of their calls."""
    with sqlite3.connect(f"file:{hall.database}?mode=ro", uri=True) as connection:
        rows = connection.execute("select events from journal order by seq").fetchall()
    connection.close()
    events = [event for (text,) in rows if text for event in json.loads(text)]
    return [event["ticket"] for event in events if event["type"] == "TicketCalled"]


def test_two_clerks_pressing_at_once_never_call_the_same(
    hall: BenchHall, desks: tuple[Desk, Desk], kiosks: Crowd
) -> None:
    waiting = {ticket["id"] for ticket in issue(kiosks, 2 * ROUNDS)}
    for _ in range(ROUNDS):
        answers = at_once(*(partial(desk.act, "call-next") for desk in desks))
        called = [answer.json()["ticket"] for answer in answers]
        assert called[0]["id"] != called[1]["id"]
        at_once(*(partial(serve, desk, ticket) for desk, ticket in zip(desks, called, strict=True)))
    calls = calls_in_journal(hall)
    assert len(calls) == 2 * ROUNDS
    assert set(calls) == waiting
    for desk in desks:
        assert desk.act("call-next").json()["ticket"] is None


def test_two_clerks_pick_the_same_ticket(hall: BenchHall, desks: tuple[Desk, Desk], kiosks: Crowd) -> None:
    for ticket in issue(kiosks, 10):
        answers = at_once(*(partial(desk.act, "call", ticket=ticket["id"], ground="urgent") for desk in desks))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        first = next(desk for desk, answer in zip(desks, answers, strict=True) if answer.ok)
        refusal = next(answer.json() for answer in answers if not answer.ok)
        assert refusal["code"] in ("wrong_state", "stale")
        assert ticket["number"] in refusal["say"]
        serve(first, ticket)


def test_one_press_fifty_times_is_one_ticket(hall: BenchHall, kiosks: Crowd) -> None:
    before = len(hall.manager.get("/tickets")["tickets"])
    key = new_key()
    meeting = threading.Barrier(PARALLEL)

    def press(_: int) -> Any:
        meeting.wait(20)
        return kiosks.post("/tickets", {"key": key, "kind": "general"})

    answers = kiosks.do(press, range(PARALLEL))
    assert sorted(answer.status_code for answer in answers) == [200] * (PARALLEL - 1) + [201]
    assert len({answer.json()["ticket"]["id"] for answer in answers}) == 1
    assert len(hall.manager.get("/tickets")["tickets"]) == before + 1
    other = kiosks.post("/tickets", {"key": key, "kind": "collection"})
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_act_on_a_ticket_that_is_gone_is_told_what_is_there_now(
    hall: BenchHall, desks: tuple[Desk, Desk], kiosks: Crowd
) -> None:
    desk = desks[0]
    issue(kiosks, 2)
    seen = desk.act("call-next").json()["ticket"]
    serve(desk, seen)
    now = desk.act("call-next").json()["ticket"]
    for act in ("start", "recall", "finish", "miss", "hold"):
        late = desk.act(act, ticket=seen["id"])
        assert (late.status_code, late.json()["code"]) == (409, "stale"), late.text
        assert late.json()["window"]["ticket"]["id"] == now["id"]
        assert "请看最新状态" in late.json()["say"]
    assert desk.act("start", ticket=now["id"]).status_code == 200
