from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, hall_server


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def hall(tmp_path: Path, clock: HandClock) -> Iterator[HallServer]:
    with hall_server(tmp_path, clock=clock) as server:
        yield server
