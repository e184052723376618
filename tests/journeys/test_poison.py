"""One command that cannot be done among good ones, all in the same transaction: it alone fails."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests

from queue_server.domain.commands import ChangeRecord, JoinTicket
from queue_server.service import local_door
from queue_server.service.local_door import LocalCommand
from queue_server.store.journal import encode_command
from queue_server.store.rows import RowWrite
from tests.bench.hall import BenchHall, bench_hall
from tests.journeys.crowd import Crowd, crowd
from tests.journeys.waiting import wait_until
from tests.support.server import new_key

pytestmark = pytest.mark.journey
NEIGHBOURS = 20
UNDECIDABLE = JoinTicket(ticket="t-poison", track="POISON", number="测试甲", issued_at_us=2**63)
"""No number that a kiosk could have printed; the API lets nothing like it in."""
UNWRITABLE = ChangeRecord(table="device", id="99", version=1, content_hash="0" * 64)


@contextmanager
def writer_held(database: Path) -> Iterator[None]:
    """The database is locked: the server's transaction waits in its BEGIN and everything else behind it."""
    with closing(sqlite3.connect(database, isolation_level=None, timeout=5)) as other:
        other.execute("begin immediate")
        try:
            yield
        finally:
            other.execute("rollback")


def send_poison(hall: BenchHall, body: LocalCommand) -> requests.Response:
    """By the technician's door, which trusts who can read the server's token."""
    note = local_door.read_note(local_door.note_path(hall.database, "demo"))
    assert note is not None
    headers = {"Authorization": f"Bearer {note.token}", "Content-Type": "application/json"}
    return requests.post(note.url + local_door.PATH, data=msgspec.json.encode(body), headers=headers, timeout=20)


def readiness(hall: BenchHall) -> dict[str, Any]:
    return dict(requests.get(f"{hall.url}/readyz", timeout=5).json())


def stuck(hall: BenchHall) -> bool:
    """Something is being done: the first command, or a note the server makes each second of whom it heard."""
    return bool(readiness(hall)["oldest_s"] > 0)


def waiting(hall: BenchHall) -> int:
    return int(readiness(hall)["waiting"])


@pytest.fixture(scope="module")
def hall() -> Iterator[BenchHall]:
    with bench_hall() as hall:
        yield hall


@pytest.fixture
def kiosks(hall: BenchHall) -> Iterator[Crowd]:
    with crowd(hall, NEIGHBOURS + 1) as kiosks:
        yield kiosks


@pytest.mark.parametrize(
    "poison",
    [
        pytest.param((UNDECIDABLE, ()), id="the rules fail on it"),
        pytest.param((UNWRITABLE, (RowWrite("device", {"id": 99, "kind": None}),)), id="the database refuses its row"),
    ],
)
def test_poison_harms_only_itself(
    hall: BenchHall, kiosks: Crowd, bad_day: Callable[..., None], poison: tuple[Any, tuple[RowWrite, ...]]
) -> None:
    command, rows = poison
    body = LocalCommand(key=new_key(), command=encode_command(command), rows=local_door.to_local(rows))

    def issue(_: int) -> requests.Response:
        return kiosks.post("/tickets", {"key": new_key()})

    with ThreadPoolExecutor(NEIGHBOURS + 2) as pool:
        with writer_held(hall.database):
            first = pool.submit(issue, 0)
            wait_until(lambda: stuck(hall), "the first command at the locked database", seconds=4)
            good = [pool.submit(issue, n) for n in range(NEIGHBOURS // 2)]
            wait_until(lambda: waiting(hall) >= NEIGHBOURS // 2, "neighbours before it", seconds=4)
            bad = pool.submit(send_poison, hall, body)
            wait_until(lambda: waiting(hall) >= NEIGHBOURS // 2 + 1, "the poisoned command", seconds=4)
            good += [pool.submit(issue, n) for n in range(NEIGHBOURS // 2)]
            wait_until(lambda: waiting(hall) >= NEIGHBOURS + 1, "neighbours after it", seconds=4)
        answers = [future.result(20) for future in (first, *good)]
    assert [answer.status_code for answer in answers] == [201] * (NEIGHBOURS + 1)
    assert len({answer.json()["ticket"]["number"] for answer in answers}) == NEIGHBOURS + 1
    assert bad.result(20).status_code == 500
    assert bad.result(20).json()["code"] == "internal"
    said = hall.server.log.read_text(encoding="utf-8")
    assert f"{type(command).__name__} failed inside" in said
    assert "测试甲" not in said
    assert requests.get(f"{hall.url}/readyz", timeout=5).status_code == 200
    staff = bad.result(20).json()["say"]
    bad_day(f"poisoned {type(command).__name__}", state="rolled back alone", kiosk="–", staff=staff, seconds=0)
