"""The file lock: one holder among processes, free when its process dies, lost when the file is replaced."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from queue_server.store.lock import FileLock, advisory_number

HOLDER = """
import sys
from pathlib import Path
from queue_server.store.lock import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.acquire()
    assert first.acquire()
    assert not second.acquire()
    assert not second.held()
    first.release()
    assert not first.held()
    assert second.acquire()
    second.release()


def test_a_killed_process_frees_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        lock = FileLock(path)
        assert not lock.acquire()
        holder.kill()
        holder.wait(20)
        assert lock.acquire()
        lock.release()


def test_a_replaced_file_is_a_lost_lock(tmp_path: Path) -> None:
    lock, other = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert lock.acquire()
    (tmp_path / "lock").unlink()
    assert not lock.held()
    assert other.acquire()
    assert not lock.held()
    assert other.held()
    lock.release()
    other.release()


def test_advisory_numbers_fit_postgresql_and_differ() -> None:
    numbers = {advisory_number(f"hall-{n}") for n in range(100)}
    assert len(numbers) == 100
    assert all(-(2**63) <= number < 2**63 for number in numbers)
