"""Nobody is told a number that is not on disk: the server's own system calls, request by request."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.bench.hall import BenchHall, bench_hall
from tests.journeys.crowd import crowd

pytestmark = pytest.mark.journey
SINGLE_ISSUES = 200
CALLS = "trace=fdatasync,fsync,read,recvfrom,recvmsg,write,writev,sendto,sendmsg"
TEXT_BYTES = 4096
ASKED = re.compile(r"(?:read|recvfrom|recvmsg)\b.*trace-(\d{4})")
ANSWERED = re.compile(r"(?:write|writev|sendto|sendmsg)\(.*HTTP/1\.1 201 ")
ON_DISK = re.compile(r"(?:fdatasync|fsync)(?:\(\d+<[^>]*hall\.db-wal>|\sresumed>).*\)\s+= 0")


@contextmanager
def traced(hall: BenchHall, trace: Path) -> Iterator[None]:
    """The server's system calls go to ``trace``, in the order in which they ended."""
    command = ["strace", "-f", "-y", "-s", str(TEXT_BYTES), "-e", CALLS, "-o", str(trace)]
    tracer = subprocess.Popen(
        [*command, "-p", str(hall.server.process.pid)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        yield
    finally:
        tracer.send_signal(signal.SIGINT)
        tracer.communicate(timeout=20)


@dataclass
class Request:
    """One request's way: what happened between asking and answering."""

    asked_at: int
    synced_at: list[int] = field(default_factory=list)
    answered_at: int = 0


def read_trace(lines: list[str]) -> dict[str, Request]:
    """Requests by their key. They came one after another, so what stands between belongs to the one under way."""
    requests: dict[str, Request] = {}
    under_way: Request | None = None
    for at, line in enumerate(lines):
        if asked := ASKED.search(line):
            under_way = requests.setdefault(asked.group(1), Request(at))
        elif under_way is not None and ON_DISK.search(line):
            under_way.synced_at.append(at)
        elif under_way is not None and ANSWERED.search(line):
            under_way.answered_at, under_way = at, None
    return requests


def test_each_of_200_answers_follows_its_fdatasync(tmp_path: Path) -> None:
    trace = tmp_path / "calls.txt"
    keys = [f"trace-{n:04d}" for n in range(SINGLE_ISSUES)]
    with bench_hall() as hall, crowd(hall, 1) as kiosk:
        with traced(hall, trace):
            answers = [kiosk.post("/tickets", {"key": key}) for key in keys]
        assert [answer.status_code for answer in answers] == [201] * SINGLE_ISSUES
    requests = read_trace(trace.read_text(encoding="utf-8", errors="replace").splitlines())
    assert len(requests) == SINGLE_ISSUES
    early = {
        key: request
        for key, request in requests.items()
        if not any(request.asked_at < at < request.answered_at for at in request.synced_at)
    }
    assert early == {}
