"""Scans out of bytes: ends, encodings, ceilings, noise, every cutting."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.core import Condition
from drivers.scanner.events import TEXT_BYTES, ScanCode, ScanEvent, ScanRead, ScanTrouble
from drivers.scanner.protocol import GAP_S, SAME_S, ScannerCore
from drivers.scanner.simulator import Fault, SimulatedScanner
from tests.support.wires import ByteByByte, Honest, Noisy, Slow, Wire

contents = st.text("ABCXYZ0123456789|-:.", min_size=1, max_size=60)


def feed(core: ScannerCore, *pieces: bytes, at: float = 0.0, pause_s: float = 0.001) -> list[ScanEvent]:
    """The events of these pieces and of the silence behind them."""
    events: list[ScanEvent] = []
    for piece in pieces:
        events += core.receive(piece, at)
        at += pause_s
    return events + core.wake(at + GAP_S)


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b""], ids=["cr", "lf", "crlf", "gap"])
@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"A012", "A012"),
        ("预约｜测试".encode(), "预约｜测试"),
        ("预约测试".encode("gb18030"), "预约测试"),
        (b"\x02A012\x03\t", "A012"),
        (b"  B-1 ", "B-1"),
    ],
)
def test_a_scan_is_read_whatever_its_end_and_encoding(data: bytes, text: str, end: bytes) -> None:
    core = ScannerCore()
    assert feed(core, data + end) == [ScanRead(text)]
    assert core.condition == Condition("ok")
    assert core.deadline() is None


def test_prefix_and_suffix_are_taken_off() -> None:
    core = ScannerCore(prefix=b"]Q1", suffix=b"#")
    assert feed(core, b"]Q1A012#\r\n") == [ScanRead("A012")]
    assert feed(core, b"]Q1B013#]Q1C014#", at=10.0) == [ScanRead("B013"), ScanRead("C014")]
    assert feed(core, b"A012#", at=20.0) == [ScanTrouble(ScanCode.UNFRAMED)]
    assert feed(core, b"]Q1A012\r\n", at=30.0) == [ScanTrouble(ScanCode.UNFRAMED)]


def test_the_same_code_within_three_seconds_is_one_scan() -> None:
    core = ScannerCore()
    assert feed(core, b"A012\r") == [ScanRead("A012")]
    assert feed(core, b"A012\r", at=1.0) == []
    assert feed(core, b"B013\r", at=1.5) == [ScanRead("B013")]
    assert feed(core, b"B013\r", at=1.5 + SAME_S) == [ScanRead("B013")]


def test_contents_end_at_the_ceiling() -> None:
    core = ScannerCore()
    assert feed(core, b"0" * TEXT_BYTES + b"\r") == [ScanRead("0" * TEXT_BYTES)]
    assert feed(core, b"1" * (TEXT_BYTES + 1) + b"\r", at=9.0) == [ScanTrouble(ScanCode.TOO_LONG)]
    assert feed(core, b"2" * 100_000, b"A012\rB013\r", at=19.0) == [ScanTrouble(ScanCode.TOO_LONG), ScanRead("B013")]
    suffixed = ScannerCore(suffix=b"##")
    assert feed(suffixed, b"2" * 2000 + b"#", b"#C014##") == [ScanTrouble(ScanCode.TOO_LONG), ScanRead("C014")]


def test_what_is_no_text_is_trouble_and_three_in_a_row_degrade() -> None:
    core = ScannerCore()
    assert core.condition == Condition("unknown", "not_asked")
    for turn in range(3):
        assert feed(core, b"\xff\xfe\x80\r", at=turn * 10.0) == [ScanTrouble(ScanCode.UNREADABLE)]
    assert core.condition == Condition("degraded", "unreadable_scans")
    assert feed(core, b"A012\r", at=100.0) == [ScanRead("A012")]
    assert core.condition == Condition("ok")


def test_half_a_scan_dies_with_the_line() -> None:
    core = ScannerCore()
    core.receive(b"A0", 0.0)
    assert core.disconnected(0.01) == []
    core.connected(1.0)
    assert feed(core, b"12\r", at=1.0) == [ScanRead("12")]


def test_a_scan_shows_nothing_of_what_was_read() -> None:
    assert "A012" not in repr(ScanRead("A012"))


@given(contents, st.lists(st.integers(0, 70), max_size=6))
def test_any_cutting_gives_the_same_scan(text: str, cuts: list[int]) -> None:
    data = text.encode() + b"\r\n"
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    pieces = [data[at:to] for at, to in zip(edges, edges[1:], strict=False)]  # noqa: RUF007 - as the other cuttings
    text = text.strip()
    assert feed(ScannerCore(), *pieces) == ([ScanRead(text)] if text else [])


@given(contents, st.binary(max_size=300), st.binary(max_size=50))
def test_a_framed_scan_is_found_anywhere_in_noise(text: str, before: bytes, after: bytes) -> None:
    """As the simulators' framing: bytes of noise are not those of the frame."""
    quiet = bytes.maketrans(b"\x02\x03", b"  ")
    core = ScannerCore(prefix=b"\x02", suffix=b"\x03")
    stream = before.translate(quiet) + b"\x02" + text.encode() + b"\x03" + after.translate(quiet)
    assert ScanRead(text) in feed(core, stream)


@given(st.lists(st.binary(max_size=700), max_size=10), st.booleans())
def test_any_bytes_give_events_and_the_core_is_idle_in_time(pieces: list[bytes], framed: bool) -> None:
    core = ScannerCore(prefix=b"\x02", suffix=b"\x03") if framed else ScannerCore()
    at = 0.0
    for piece in pieces:
        at += 0.001
        core.receive(piece, at)
        deadline = core.deadline()
        assert deadline is None or deadline <= at + GAP_S
    core.wake(at + GAP_S)
    assert core.deadline() is None
    assert core.receive(b"\x02A1\x03\r", at + 10.0) == [ScanRead("A1")]


WIRES: dict[str, Wire] = {
    "honest": Honest(),
    "byte by byte": ByteByByte(9600),
    "slow": Slow(8),
    "noisy": Noisy(b"\x02"),
}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES.keys())
def test_the_same_scans_over_any_line(wire: Wire) -> None:
    core = ScannerCore(prefix=b"\x02", suffix=b"\x03")
    scanner = SimulatedScanner(prefix=b"\x02", suffix=b"\x03")
    now, read = 0.0, []
    for number in range(20):
        for piece in scanner.scan(f"YY-{number:04d}"):
            for pause_s, data in wire.carry(piece.data):
                now += pause_s
                read += core.receive(data or b"", now)
        now += 1.0
        read += core.wake(now)
    scans = [event.text for event in read if isinstance(event, ScanRead)]
    assert [text for text in scans if text.startswith("YY-")] == [f"YY-{number:04d}" for number in range(20)]


@pytest.mark.parametrize(
    ("fault", "kinds"),
    [
        (Fault.SILENT, []),
        (Fault.NO_END, ["A012"]),
        (Fault.NOISE, ["unreadable", "A012"]),
        (Fault.SLOW, ["A012"]),
        (Fault.DOUBLE, ["A012"]),
        (Fault.GARBLED, ["unreadable"]),
        (Fault.OVERLONG, ["too_long"]),
    ],
)
def test_every_fault_of_the_simulator(fault: Fault, kinds: list[str]) -> None:
    scanner = SimulatedScanner()
    scanner.fault = fault
    core, now, events = ScannerCore(), 0.0, []
    for piece in scanner.scan("A012"):
        now += piece.after_s
        events += core.receive(piece.data, now)
    events += core.wake(now + GAP_S)
    assert [event.text if isinstance(event, ScanRead) else event.code.value for event in events] == kinds
