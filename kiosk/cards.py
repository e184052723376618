"""What a card that was read is good for: its person for the server, what the resident is told, what is only counted.

An expired card, a sex that the number's 17th digit contradicts, a wrong check character: none of them keeps anybody
from a number. Lawful cards with such numbers exist; whether a card is accepted is decided at the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from drivers.idcard.model import CardType, parse_day
from drivers.idcard.text import normalise_name, normalise_number
from queue_server.wire import CardPerson

if TYPE_CHECKING:
    from datetime import date

    from drivers.idcard.model import IdCard

NUMBER_MIN = 8
"""A document number shorter than this was misread."""
SEX_DIGIT = 16
"""Index of the digit that is odd for men and even for women, in numbers of 18."""
SEX_ODD = {"1": True, "2": False}
Policy = Literal["go_on", "without_card"]


@dataclass(frozen=True, slots=True)
class CardFindings:
    """``warnings`` are codes without any data of the card: ``sex_digit``, ``check_character``, ``damaged_text``."""

    person: CardPerson | None
    expired: bool
    warnings: tuple[str, ...]


def look_at_card(card: IdCard, today: date | None, policy: Policy) -> CardFindings | None:
    """None when it was misread. With policy ``without_card`` a doubtful card's person is not sent to the server."""
    if len(card.number) < NUMBER_MIN or not card.name:
        return None
    warnings = tuple(_warnings(card))
    person = CardPerson(name=card.name, id_number=normalise_number(card.number), card_type=card.card_type.value)
    ends = None if card.long_term else parse_day(card.valid_to)
    return CardFindings(
        person=None if warnings and policy == "without_card" else person,
        expired=today is not None and ends is not None and ends < today,
        warnings=warnings,
    )


def _warnings(card: IdCard) -> list[str]:
    found = []
    odd = SEX_ODD.get(card.sex_code)
    if card.card_type is not CardType.FPR_2017 and len(card.number) > SEX_DIGIT + 1 and odd is not None:
        digit = card.number[SEX_DIGIT]
        if digit.isdecimal() and bool(int(digit) % 2) != odd:
            found.append("sex_digit")
    if card.number_checks is False:
        found.append("check_character")
    if card.damaged_text:
        found.append("damaged_text")
    return found


def same_person(person: CardPerson, name: str, number: str) -> bool:
    """Whether name and number, typed or from a booking, are this card's: spelling and spaces do not matter."""
    return normalise_name(person.name) == normalise_name(name) and person.id_number == normalise_number(number)
