"""The server dies without warning among many presses."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from queue_server.__main__ import main
from tests.bench.hall import BenchHall, bench_hall
from tests.journeys.crowd import crowd

pytestmark = pytest.mark.journey
PRESSES = 200
KILLED_AFTER = 60


def press_until_killed(hall: BenchHall, keys: list[str]) -> dict[str, tuple[str, str]]:
    """Numbers answered, by key. The answer number ``KILLED_AFTER`` is the server's last but few."""
    answered: dict[str, tuple[str, str]] = {}
    lock = threading.Lock()
    pid = hall.server.process.pid

    def press(key: str) -> None:
        try:
            answer = kiosks.post("/tickets", {"key": key})
        except (requests.RequestException, OSError):
            return
        assert answer.status_code == 201, answer.text
        ticket = answer.json()["ticket"]
        with lock:
            answered[key] = (ticket["number"], ticket["id"])
            if len(answered) == KILLED_AFTER:
                os.kill(pid, signal.SIGKILL)

    with crowd(hall, 32) as kiosks:
        kiosks.do(press, keys)
    return answered


def run(settings: Path, *arguments: str) -> str:
    """One of the technician's commands; its words. Fails with them when it does not end well."""
    result = CliRunner().invoke(main, [*arguments, "--settings", str(settings)])
    assert result.exit_code == 0, result.output
    return result.output


def test_no_answered_number_is_lost_and_none_given_twice(bad_day: Callable[..., None]) -> None:
    keys = [f"press-{n:04d}" for n in range(PRESSES)]
    with bench_hall() as hall:
        answered = press_until_killed(hall, keys)
        assert KILLED_AFTER <= len(answered) < PRESSES
        killed_s = time.monotonic()
        hall.restart()
        took_s = time.monotonic() - killed_s

        def press_again(key: str) -> tuple[str, str]:
            answer = kiosks.post("/tickets", {"key": key})
            assert answer.status_code in (200, 201), answer.text
            ticket = answer.json()["ticket"]
            return ticket["number"], ticket["id"]

        with crowd(hall, 16) as kiosks:
            given = dict(zip(keys, kiosks.do(press_again, keys), strict=True))
        assert {key: given[key] for key in answered} == answered
        assert len({number for number, _ in given.values()}) == PRESSES
        assert "hold" in run(hall.made.settings, "verify-journal")
        hall.programs.end("server")
        assert "all tables equal the journal" in run(hall.made.settings, "rebuild-tables", "--check")
    bad_day(
        "server killed among 200 presses",
        state=f"{len(answered)} answered before, all kept; {PRESSES} numbers after retries",
        kiosk="–",
        staff="–",
        seconds=took_s,
    )
