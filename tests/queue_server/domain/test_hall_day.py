"""The fold: golden rows, keys, snapshots that stay as they were, and views."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.fold_calls import UndoWithoutAct
from queue_server.domain.hall_day import HallDay, KeyOutcome, RowHeader
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.domain.ticket import TicketKind, TicketState
from queue_server.domain.window import HelpState
from tests.queue_server.domain.a_hall import AHall

GOLDEN = Path(__file__).parent / "golden" / "v1.jsonl"
TYPES: dict[str, type] = {kind.__name__: kind for kind in e.Event.__args__}


def golden() -> list[dict[str, Any]]:
    return [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]


def event_of(fields: dict[str, Any]) -> e.Event:
    rest = {name: value for name, value in fields.items() if name not in {"type", "v"}}
    return msgspec.convert(rest, TYPES[fields["type"]])


def test_golden_rows_of_version_1_fold_to_what_they_meant() -> None:
    day = HallDay(Rules(), [WindowConfig(1), WindowConfig(2)])
    seen = set()
    for row in golden():
        assert row["event"]["v"] == 1
        seen.add(row["event"]["type"])
        header = RowHeader(row["seq"], row["at_us"], row["key"], row["actor"])
        day.apply(header, event_of(row["event"]))
        for path, wanted in row.get("then", {}).items():
            assert plain(day, path) == wanted, (row["seq"], path)
    assert seen == set(TYPES)
    assert day.seq == len({row["seq"] for row in golden()})


def plain(day: HallDay, path: str) -> Any:
    """``tickets.t1.state`` of the day, as JSON would say it."""
    found: Any = day
    for name in path.split("."):
        key = int(name) if name.isdecimal() else name
        found = found.get(key) if isinstance(found, dict) else getattr(found, name)
    return json.loads(msgspec.json.encode(found))


def test_a_key_keeps_its_first_outcome() -> None:
    hall = AHall().opened()
    ticket = hall.issue(key="press-1")
    seq = len(hall.rows)
    hall.do(c.CallNext(window=1, announcement="a"), key="press-2")
    hall.do(c.FinishService(window=1, ticket=ticket), key="press-3")
    other = hall.issue()
    hall.do(c.CallNext(window=1, announcement="b"), key="press-4")
    hall.wait(20)
    hall.do(c.CallNext(window=2, announcement="c"), key="press-5")
    keys = hall.day.keys
    assert keys["press-1"] == KeyOutcome(seq, hall.rows[seq - 1][0].at_us, ticket)
    assert (keys["press-4"].ticket, keys["press-5"].ticket) == (other, None)


def test_a_row_that_finishes_and_calls_is_about_the_one_called() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    hall.call_next()
    hall.start(first)
    hall.wait(10)
    hall.do(c.CallNext(window=1, announcement="n", ticket=first), key="press")
    assert hall.day.keys["press"].ticket == second


def test_a_snapshot_stays_as_it_was() -> None:
    hall = AHall().opened()
    first, second = hall.issue(), hall.issue()
    view = hall.day.snapshot()
    hall.call_next()
    hall.start(first)
    hall.do(c.StopIssuing())
    hall.do(c.CloseDay(force=True))
    assert (view.open, view.issuing, view.seq) == (True, True, 7)
    assert [t.id for t in view.waiting()] == [first, second]
    assert view.windows[1].ticket is None
    assert view.count(TicketState.WAITING) == 2
    assert hall.day.snapshot().count(TicketState.WAITING) == 0


def test_a_snapshot_finds_the_newest_number_and_keeps_its_own() -> None:
    hall = AHall().opened()
    first = hall.issue()
    view = hall.day.snapshot()
    second = hall.issue()
    newer = hall.day.snapshot()
    assert (view.by_number, newer.by_number["A002"]) == ({"A001": (first,)}, (second,))
    assert (set(view.by_track.values()), set(newer.by_track.values())) == ({first}, {first, second})


def test_a_snapshot_shares_the_tickets() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    assert hall.day.snapshot().tickets[ticket] is hall.day.tickets[ticket]


def test_people_ahead_are_counted_by_clock_over_all_lines() -> None:
    hall = AHall().opened()
    first = hall.issue()
    granted = hall.issue(ground="elder")
    booked = hall.issue(kind=TicketKind.BOOKED)
    view = hall.day.snapshot()
    assert [view.ahead_of(t) for t in (first, granted, booked)] == [0, 1, 2]
    hall.call_next()
    assert hall.day.snapshot().ahead_of(hall.at(1) or "") is None
    assert view.count(TicketState.WAITING, TicketKind.BOOKED) == 1
    assert [hall.ticket(t).number for t in (first, booked)] == ["A001", "Y001"]
    assert view.by_track["k" + first] == first


def test_a_row_that_takes_back_what_was_not_done_does_not_fold() -> None:
    hall = AHall().opened()
    ticket = hall.issue()
    with pytest.raises(UndoWithoutAct, match="row 3 is not its window's last act"):
        hall.day.apply(RowHeader(9, hall.now_us, None, "clerk:1"), e.ActUndone("TicketCalled", 3, ticket, 1))


def test_help_done_stays_visible_for_the_day() -> None:
    hall = AHall().opened()
    hall.do(c.RequestHelp(help="h", place="kiosk:1"))
    hall.do(c.FinishHelp(help="h"))
    assert hall.day.snapshot().helps["h"].state is HelpState.DONE
