"""What a card that was read is good for: its person for the server, what the resident is told, what is only counted.

An expired card, a sex that the number's 17th digit contradicts, a wrong check character: none of them keeps anybody
from a number. Lawful cards with such numbers exist; whether a card is accepted is decided at the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from drivers.idcard.model import Doubt
from drivers.idcard.text import normalise_name, normalise_number
from queue_server.wire import CardPerson

if TYPE_CHECKING:
    from drivers.idcard.model import IdCard

NUMBER_MIN = 8
"""A document number shorter than this was misread."""
WARNINGS = frozenset({Doubt.NUMBER_CHECK, Doubt.SEX_DIGIT, Doubt.DAMAGED_TEXT})
"""Doubts about what was read, as against when the card is valid."""
Policy = Literal["go_on", "without_card"]


@dataclass(frozen=True, slots=True)
class CardFindings:
    """``warnings`` say nothing of the card but that something of it does not fit."""

    person: CardPerson | None
    expired: bool
    warnings: tuple[Doubt, ...]


def look_at_card(card: IdCard, today: date | None, policy: Policy) -> CardFindings | None:
    """None when it was misread. With policy ``without_card`` a doubtful card's person is not sent to the server.

    ``today`` is None while the hall's date is not known: then nobody is told that a card has expired.
    """
    if len(card.number) < NUMBER_MIN or not card.name:
        return None
    doubts = card.doubts(today or date.min)
    warnings = tuple(doubt for doubt in doubts if doubt in WARNINGS)
    person = CardPerson(name=card.name, id_number=normalise_number(card.number), card_type=card.card_type.value)
    return CardFindings(
        person=None if warnings and policy == "without_card" else person,
        expired=Doubt.EXPIRED in doubts,
        warnings=warnings,
    )


def same_person(person: CardPerson, name: str, number: str) -> bool:
    """Whether name and number, typed or from a booking, are this card's: spelling and spaces do not matter."""
    return normalise_name(person.name) == normalise_name(name) and person.id_number == normalise_number(number)
