from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drivers.scanner.tracing import ScanTeller
from drivers.trace import written

SIGNS = frozenset(b"0A-\x80")


def test_the_shape_of_a_scan_is_written_and_not_what_it_says() -> None:
    teller = ScanTeller()
    assert teller.heard(b"YY-0042\r\n") == ['"AA-0000\\r\\n"']
    assert teller.heard(b"\x02" + "测1".encode() + b"\r") == ["02 80 80 80 30 0D"]
    assert teller.ended() == []


@given(st.binary(max_size=60))
def test_contents_that_look_alike_are_written_alike(data: bytes) -> None:
    def other(byte: int) -> int:
        one = chr(byte)
        if byte < 0x20:
            return byte
        return 0x80 if byte > 0x7E else ord("0" if one.isdigit() else "A" if one.isalpha() else "-")

    shape = bytes(map(other, data))
    assert ScanTeller().heard(data) == ScanTeller().heard(shape) == [written(shape)]
    assert all(byte in SIGNS or byte < 0x20 for byte in shape)
