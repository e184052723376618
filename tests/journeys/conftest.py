"""A bad day is told in one row: what broke, what people saw, how long it took. ``--junitxml`` keeps the rows."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest


@pytest.fixture
def bad_day(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    def tell(fault: str, *, state: str, kiosk: str, staff: str, seconds: float) -> None:
        row = {"fault": fault, "state": state, "kiosk": kiosk, "staff": staff, "recovered_s": round(seconds, 1)}
        record_property("bad day", json.dumps(row, ensure_ascii=False))

    return tell
