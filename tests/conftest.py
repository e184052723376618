"""What holds for all tests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import settings

if TYPE_CHECKING:
    import pytest

HERE = Path(__file__).parent

EXAMPLES = int(os.environ.get("HALL_EXAMPLES", "50"))
"""Examples of each property in a test run; more when looking for faults: ``HALL_EXAMPLES=2000``."""

LONG_FIRST = ("journeys/", "queue_server/web/", "simulate/")
"""Begun first: a long file begun last is waited for by all other workers."""

settings.register_profile("hall", max_examples=EXAMPLES, deadline=None)
settings.load_profile("hall")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order within what is long and within the rest."""
    items.sort(key=lambda item: not item.path.relative_to(HERE).as_posix().startswith(LONG_FIRST))
