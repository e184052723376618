"""A bad day is told in one row: what broke, what people saw, how long it took."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def bad_day(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., None]:
    """Adds a row to the file that HALL_BAD_DAYS names (one JSON object a line), else to one of the test's own."""
    asked = os.environ.get("HALL_BAD_DAYS")
    rows = Path(asked) if asked else tmp_path / "bad_days.jsonl"

    def tell(fault: str, *, state: str, kiosk: str, staff: str, seconds: float) -> None:
        row = {"fault": fault, "state": state, "kiosk": kiosk, "staff": staff, "recovered_s": round(seconds, 1)}
        with rows.open("a", encoding="utf-8") as file:
            file.write(json.dumps({**row, "test": request.node.name}, ensure_ascii=False) + "\n")

    return tell
