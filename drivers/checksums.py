"""Check values of the lines: one function each, the source beside it."""

from __future__ import annotations

from functools import reduce
from operator import xor

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
NUMBER_LENGTH = 18


def xor8(data: bytes | bytearray | memoryview) -> int:
    """XOR of all bytes (SAM frames). ``00 03 11 FF`` gives ``ED``."""
    return reduce(xor, data, 0)


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC (polynomial 8005 reflected, start 0, as Onbon's frames use). ``b"123456789"`` gives ``BB3D``."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def mod11_2(digits: str) -> str:
    """The check character of a citizen number's 17 digits (GB 11643, ISO 7064 MOD 11-2).

    ``11010519491231002`` gives ``X``. Raises ValueError when ``digits`` is not 17 ASCII digits.
    """
    if len(digits) != len(_WEIGHTS) or not (digits.isascii() and digits.isdigit()):
        raise ValueError("17 digits needed")
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True))
    return _CHECK_CHARACTERS[total % 11]


def number_checks(number: str) -> bool:
    """Whether an 18-character citizen number carries its right check character; False for anything else."""
    body = number[:-1]
    right_shape = len(number) == NUMBER_LENGTH and body.isascii() and body.isdigit()
    return right_shape and mod11_2(body) == number[-1]
