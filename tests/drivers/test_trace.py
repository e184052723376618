"""The trace: bytes both ways with their time, in files that stay small, and a device that does not care."""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from drivers.errors import PortLost
from drivers.listening import TcpListener
from drivers.trace import KEPT, Trace, written
from drivers.transport import Transport, open_port

NOON = 1_790_000_000.25


def clock() -> float:
    return NOON


class Played:
    """A line that says what it was given, then is gone."""

    name = "played"

    def __init__(self, *says: bytes) -> None:
        self._says = list(says)
        self.closed = False

    def read(self, limit: int, timeout_s: float) -> bytes:
        if not self._says:
            raise PortLost(self.name, "hung up")
        return self._says.pop(0)

    def write(self, data: bytes, timeout_s: float) -> int:
        return min(len(data), 2)

    def discard_input(self) -> None: ...
    def wake(self) -> None: ...

    def close(self) -> None:
        self.closed = True


def test_both_ways_are_written_down_with_their_time(tmp_path: Path) -> None:
    path = tmp_path / "printer.trace"
    played = Played(b"\x12", b"", b"$PAD\r\n")
    line: Transport = Trace(path, wall_clock=clock).around(played)
    assert line.write(b"\x10\x04\x01", 1.0) == 2
    assert [line.read(64, 1.0) for _ in range(3)] == [b"\x12", b"", b"$PAD\r\n"]
    with pytest.raises(PortLost):
        line.read(64, 1.0)
    line.close()
    assert played.closed
    assert path.read_text(encoding="utf-8").splitlines() == [
        f"2026-09-21T14:13:20.250Z {rest}"
        for rest in ("= open played", "> 10 04", "< 12", '< "$PAD\\r\\n"', "= port_lost hung up", "= closed")
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("data", "text"),
    [(b'a"b\\\r\n', '"a\\"b\\\\\\r\\n"'), (b"\x00A", "00 41"), (b"", ""), (b"\xc7\xeb", "C7 EB")],
)
def test_text_is_written_as_text_and_the_rest_as_hex(data: bytes, text: str) -> None:
    assert written(data) == text


def test_the_files_stay_small_and_the_newest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "pads.trace"
    trace = Trace(path, limit_bytes=1000, wall_clock=clock)
    line = trace.around(Played(*[b"%04d" % n for n in range(400)]))
    for _ in range(400):
        line.read(64, 1.0)
    line.close()
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["pads.trace", "pads.trace.1", "pads.trace.2"]
    assert len(files) == KEPT + 1
    assert all(file.stat().st_size <= 1000 for file in files)
    kept = [found for file in reversed(files) for found in re.findall(r'"(\d{4})"', file.read_text(encoding="utf-8"))]
    assert kept == [f"{n:04}" for n in range(400)][-len(kept) :]


def test_a_line_that_is_opened_again_goes_on_in_the_same_file(tmp_path: Path) -> None:
    trace = Trace(tmp_path / "trace", wall_clock=clock)
    for _ in range(2):
        trace.around(Played()).close()
    text = (tmp_path / "trace").read_text(encoding="utf-8")
    assert text.count("= open") == text.count("= closed") == 2


def unwritable_folder(tmp_path: Path) -> Path:
    return tmp_path / "none" / "trace"


def a_folder(tmp_path: Path) -> Path:
    return tmp_path


@pytest.mark.parametrize("place", [unwritable_folder, a_folder])
def test_a_trace_that_cannot_be_written_costs_one_warning_and_nothing_else(
    tmp_path: Path, place: Callable[[Path], Path], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    line = Trace(place(tmp_path), wall_clock=clock).around(Played(b"a", b"b"))
    assert [line.read(1, 1.0), line.read(1, 1.0)] == [b"a", b"b"]
    line.close()
    assert len(caplog.records) == 1
    assert "stopped" in caplog.text


def test_a_full_disk_ends_the_trace_only(caplog: pytest.LogCaptureFixture) -> None:
    line = Trace(Path("/dev/full"), wall_clock=clock).around(Played(b"a", b"b"))
    assert [line.read(1, 1.0), line.read(1, 1.0)] == [b"a", b"b"]
    line.close()
    assert len(caplog.records) == 1


def test_a_real_line_keeps_its_face(tmp_path: Path) -> None:
    listener = TcpListener()
    line = Trace(tmp_path / "trace").around(open_port(listener.port_name))
    far = listener.accept(1.0)
    assert far is not None
    assert line.name == listener.port_name
    far.write(b"old", 1.0)
    while line.read(3, 0.2) != b"old":
        pass
    line.wake()
    assert line.read(1, 5.0) == b""
    line.discard_input()
    assert line.write(b"hello", 1.0) == 5
    assert far.read(64, 1.0) == b"hello"
    for each in (line, far):
        each.close()
    listener.close()
