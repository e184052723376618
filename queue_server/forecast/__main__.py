"""``python -m queue_server.forecast``: started by the server alone; see ``keeper.py``."""

from __future__ import annotations

import os
import signal
import sys

import msgspec

from queue_server.errors import QueueError
from queue_server.forecast.worker import work

NICE = 10
"""Whoever presses or calls goes before whoever computes."""


def main() -> int:
    """Ends with the server: its end of the pipe closes. Exit code 1 when the store cannot be read."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to obey
    if hasattr(os, "nice"):
        os.nice(NICE)
    try:
        work(sys.stdin.buffer, sys.stdout.buffer)
    except (QueueError, msgspec.MsgspecError) as error:
        sys.stderr.write(f"forecast: {type(error).__name__}: {error}\n")
        return 1
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
