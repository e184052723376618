"""Memory, threads and handles of a process over time, and how fast they grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psutil

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sample:
    """How a process was after ``done`` pieces of work."""

    done: int
    megabytes: float
    threads: int
    handles: int


def sample(done: int, pid: int | None = None) -> Sample:
    """How process ``pid`` (this one: None) is now."""
    process = psutil.Process(pid)
    return Sample(done, resident_mb(process), process.num_threads(), process.num_fds())


def resident_mb(process: psutil.Process) -> float:
    return round(process.memory_info().rss / MEGABYTE, 2)


def growth_mb(samples: Sequence[Sample], *, per: int = 1000) -> float:
    """Slope of the least-squares line through the samples, MB for each ``per`` pieces of work."""
    if len(samples) < 2:
        return float("nan")
    x_mean = sum(each.done for each in samples) / len(samples)
    y_mean = sum(each.megabytes for each in samples) / len(samples)
    above = sum((each.done - x_mean) * (each.megabytes - y_mean) for each in samples)
    below = sum((each.done - x_mean) ** 2 for each in samples)
    return round(above / below * per, 3)
