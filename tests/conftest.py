"""What holds for all tests."""

from __future__ import annotations

import os

from hypothesis import settings

EXAMPLES = int(os.environ.get("HALL_EXAMPLES", "50"))
"""Examples of each property in a test run; more when looking for faults: ``HALL_EXAMPLES=2000``."""

settings.register_profile("hall", max_examples=EXAMPLES, deadline=None)
settings.load_profile("hall")
