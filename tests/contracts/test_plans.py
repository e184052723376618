"""No statement that runs while people wait scans a table, however many years lie in it (DESIGN 10)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from queue_server.domain import commands as c
from queue_server.store import booking_queries, queries
from queue_server.store.engine import Store
from tests.queue_server.service.a_gate import HALL, Driver, HandClock, a_gate

ANY = {"hall": HALL, "after": 3, "most": 10, "day": "2026-03-02", "number": "A001", "id": "x", "ticket": "x", "seq": 5}
ANY |= {"code": "x", "name": "x", "begins_us": 5, "now_us": 5, "days": ["2026-03-02"]}


HOT = {**queries.HOT, **booking_queries.HOT}


@pytest.mark.parametrize("name", sorted(HOT))
def test_hot_queries_search(name: str, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    writer = store.open_writer(HALL)
    sent: list[tuple[str, Any]] = []
    event.listen(
        writer.connection.engine,
        "before_cursor_execute",
        lambda _c, _cur, sql, parameters, *_rest: sent.append((sql, parameters)),
    )
    writer.connection.execute(HOT[name], {**ANY, "keys": ["k1", "k2"], "digest": b"0" * 32})
    sql, parameters = sent[-1]
    plan = [str(row[-1]) for row in writer.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    writer.close()
    store.close()
    assert plan
    assert not [step for step in plan if step.startswith("SCAN")], plan


def test_everything_a_busy_gate_runs_searches(tmp_path: Path) -> None:
    """Each statement that a whole day sends is explained as it was sent."""
    store, clock = Store(f"sqlite:///{tmp_path}/hall.db"), HandClock()
    gate = a_gate(store, clock)
    gate.start()
    hall = Driver(gate, clock)
    hall.open_day()
    sent: set[str] = set()
    engine = gate._writer.connection.engine  # type: ignore[union-attr]
    event.listen(engine, "before_cursor_execute", lambda _c, _cur, sql, *_rest: sent.add(sql))
    hall.desk()
    hall.issue(key="key-00001")
    hall.issue(key="key-00002")
    hall.call(1, "a1")
    hall.do(c.UndoLastAct(window=1, ticket="t1"))
    clock.wait(1)
    hall.call(1, "a2")
    hall.do(c.StartService(window=1, ticket="t1"))
    hall.do(c.FinishService(window=1, ticket="t1"))
    gate.stop()
    plain = sorted(sql for sql in sent if sql.split(" ")[0] in {"SELECT", "INSERT", "UPDATE", "DELETE"})
    assert len(plain) >= 6
    with store.read() as connection:
        for sql in plain:
            blanks: tuple[None, ...] = (None,) * sql.count("?")
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", blanks).all()
            assert not [step for step in plan if str(step[-1]).startswith("SCAN")], sql
    store.close()


def test_readers_cannot_write(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    store.open_writer(HALL).close()
    with store.read() as connection:
        assert connection.execute(text("PRAGMA query_only")).scalar_one() == 1
    store.close()
