"""What of a scanner's bytes may be written into a trace: their shape. People show their phones; that is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.trace import written

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGIT, _LETTER, _OTHER, _HIGH = b"0", b"A", b"-", b"\x80"


class ScanTeller:
    """A ``trace.Teller``: digits become 0, letters A, other signs -, bytes above 7E 80; controls stay.

    Enough to see line ends, control characters, length and encoding. Worked example: ``YY-0042`` is ``"AA-0000"``.
    """

    def sent(self, data: bytes) -> Sequence[str]:
        return [written(data)]

    def heard(self, data: bytes) -> Sequence[str]:
        return [written(b"".join(map(_shape, data)))]

    def ended(self) -> Sequence[str]:
        return []


def _shape(byte: int) -> bytes:
    one = bytes((byte,))
    if byte < 0x20:
        return one
    if byte > 0x7E:
        return _HIGH
    if one.isdigit():
        return _DIGIT
    return _LETTER if one.isalpha() else _OTHER
