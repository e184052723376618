from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.printer.decoder import CutMark, Paper, decode
from drivers.printer.stream import Command, LineFeed, Operation, Typed, next_operation
from tests.drivers.printer.slips import bytes_of, filled


def in_pieces(data: bytes, cuts: list[int]) -> list[Operation]:
    """Operations when the bytes arrive cut at these places; neighbouring texts are joined."""
    found: list[Operation] = []
    buffer = b""
    for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
        buffer += data[start:end]
        while (step := next_operation(buffer)) is not None:
            operation, length = step
            buffer = buffer[length:]
            if isinstance(operation, Typed) and found and isinstance(found[-1], Typed):
                operation = Typed(found.pop().data + operation.data)  # type: ignore[union-attr]
            found.append(operation)
    assert buffer == b""
    return found


def test_worked_example() -> None:
    assert in_pieces(bytes.fromhex("1B61 01 41 0A"), []) == [Command(b"\x1ba", b"\x01"), Typed(b"A"), LineFeed()]


@settings(deadline=None)
@given(st.data())
def test_any_cutting_gives_the_same(data: st.DataObject) -> None:
    slip = bytes_of(filled(), "gbk-raster-qr")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(slip)), max_size=20)))
    assert in_pieces(slip, cuts) == in_pieces(slip, [])


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_decode_to_something(data: bytes) -> None:
    decoded = decode(data)
    assert isinstance(decoded.text, str)
    assert decode(data + b"\n").cuts >= decoded.cuts or data[-2:-1] == b"\x1d"


@pytest.mark.parametrize(
    ("data", "full"), [("1D5600", True), ("1D5601", False), ("1D564100", True), ("1D564200", False), ("1D5630", True)]
)
def test_cuts(data: str, full: bool) -> None:
    assert decode(b"A\n" + bytes.fromhex(data)).items[-1] == CutMark(full)


def test_what_others_send_is_understood() -> None:
    decoded = decode(bytes.fromhex("1B40 1B2130 1C26 BAC5 0A 1B2100 1B6403 1B2D01 41 0A 1C2E 41 0A"))
    assert decoded.text == "号\nA\nA"
    assert (decoded.lines[0].spans[0].wide, decoded.lines[0].spans[0].high) == (2, 2)
    assert decoded.lines[1].spans[0].underlined
    assert Paper(90) in decoded.items


def test_slips_are_cut_apart() -> None:
    slips = decode(b"A\n\x1dVB\x00B\n\x1dVB\x00C\n").slips()
    assert [slip.text for slip in slips] == ["A", "B", "C"]
