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
    _step_back()
    try:
        work(sys.stdin.buffer, sys.stdout.buffer)
    except (QueueError, msgspec.MsgspecError) as error:
        sys.stderr.write(f"forecast: {type(error).__name__}: {error}\n")
        return 1
    except BrokenPipeError:
        return 0
    return 0


def _step_back() -> None:
    """Linux hands the processor to whoever else wants it at once; elsewhere this one only gets a smaller share."""
    if sys.platform == "linux":
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    elif hasattr(os, "nice"):
        os.nice(NICE)


if __name__ == "__main__":
    sys.exit(main())
