"""Numbers: the one place where the string on paper, screen and voice is made (DESIGN 4.7).

A letter and three digits per business day, four after 999: ``A012``, ``A1000``. No ``I`` and ``O``: they read as
digits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
OFFLINE_LETTERS = "LMNPQRSTUVWZBDEFGHJK"
"""Letters for kiosks' offline numbers in the order they are given out: they sound unlike A, Y, C and each other."""
LAST_SERIAL = 9999


def next_offline_letter(taken: Container[str], retired: Container[str]) -> str | None:
    """The letter of a new kiosk: one that nobody has; those ``retired`` with their kiosks only when no other is left.

    None when all are taken.
    """
    free = [letter for letter in OFFLINE_LETTERS if letter not in taken]
    return next((letter for letter in free if letter not in retired), free[0] if free else None)


def number_text(letter: str, serial: int) -> str:
    """``number_text("A", 12) == "A012"``; ``number_text("A", 1000) == "A1000"``."""
    return f"{letter}{serial:03d}"


def number_order(number: str) -> tuple[str, int]:
    """Sort key: ``A999`` comes before ``A1000``. Raises ValueError for what is no number."""
    return number[:1], int(number[1:])


def free_number(letter: str, first: int, taken: Container[str]) -> str | None:
    """First number from serial ``first`` on that nobody holds (offline numbers may have used some); None: all used."""
    for serial in range(first, LAST_SERIAL + 1):
        number = number_text(letter, serial)
        if number not in taken:
            return number
    return None


def bad_letter(letters: Mapping[str, str]) -> str | None:
    """The first owner whose letter is no letter of ours or already belongs to another; None when all are good."""
    seen: set[str] = set()
    for owner, letter in letters.items():
        if len(letter) != 1 or letter not in LETTERS or letter in seen:
            return owner
        seen.add(letter)
    return None
