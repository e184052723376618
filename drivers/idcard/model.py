"""What a card says, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from drivers.checksums import number_checks
from drivers.idcard.codes import NATIONS, SEXES

LONG_TERM = "长期"


class CardType(StrEnum):
    MAINLAND = "mainland"
    """居民身份证"""
    HMT = "hmt"
    """港澳台居民居住证"""
    FPR_2017 = "fpr_2017"
    """外国人永久居留身份证, 2017 version"""
    FPR_2023 = "fpr_2023"
    """外国人永久居留身份证, 2023 version (issued since 2023-12-01)"""


REGIONS = {"81": "HK", "82": "MO", "83": "TW"}


class Doubt(StrEnum):
    """A soft warning: lawful cards can have each of these, so the hall decides."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    VALIDITY_UNREADABLE = "validity_unreadable"
    NUMBER_CHECK = "number_check"
    """The check character is wrong."""
    SEX_DIGIT = "sex_digit"
    """The number's 17th digit says another sex than the card."""
    DAMAGED_TEXT = "damaged_text"
    """Half a character pair stood in a field."""


@dataclass(frozen=True, slots=True, repr=False)
class IdCard:
    """A card that was read. **Personal data**: ``repr`` and ``str`` are masked.

    It may go to the sitting at the kiosk and, in a request, to the server's erasable tables; never into a log, a file
    or an error. Text is as printed on the card, stripped; ``name`` has private-use characters replaced. Fields
    that a card type lacks are empty. Nothing is rejected for its contents: the hall decides.
    """

    card_type: CardType
    name: str
    """The Chinese name; the English one on a foreigner's card without Chinese name. For showing and comparing."""
    number: str
    sex_code: str
    birth: str
    """YYYYMMDD as the card has it."""
    valid_from: str
    valid_to: str
    """YYYYMMDD or 长期."""
    name_raw: str = ""
    """The Chinese name as stored, private-use characters kept: other systems may hold that form."""
    name_en: str = ""
    nation_code: str = ""
    address: str = ""
    newest_address: str = ""
    """The address appended to the card later, if the reader was asked for it and the card has one."""
    issuer: str = ""
    nationality: str = ""
    """Three letters, GB/T 2659."""
    pass_number: str = ""
    issue_count: str = ""
    renewals: str = ""
    old_number_link: str = ""
    card_version: str = ""
    authority_code: str = ""
    damaged_text: bool = field(default=False)
    """Some field held half a character pair; U+FFFD stands there."""

    @property
    def sex(self) -> str:
        return SEXES.get(self.sex_code, SEXES["9"])

    @property
    def nation(self) -> str | None:
        """The nation's name; None when the card has none or the code is unknown."""
        return NATIONS.get(self.nation_code)

    @property
    def region(self) -> str | None:
        """HK, MO or TW on a residence permit."""
        return REGIONS.get(self.number[:2]) if self.card_type is CardType.HMT else None

    @property
    def number_checks(self) -> bool | None:
        """Whether the check character is right; None where the number has no enforced one (2017 foreigner's card)."""
        return None if self.card_type is CardType.FPR_2017 else number_checks(self.number)

    @property
    def long_term(self) -> bool:
        return self.valid_to == LONG_TERM

    def valid_on(self, day: date) -> bool | None:
        """Whether the card is in force on ``day``; None when its dates cannot be read."""
        begins = parse_day(self.valid_from)
        ends = date.max if self.long_term else parse_day(self.valid_to)
        return None if begins is None or ends is None else begins <= day <= ends

    @property
    def sex_fits_number(self) -> bool | None:
        """The 17th digit is odd for men; None where there is no such digit or the sex is not stated."""
        digit = self.number[16:17]
        if self.card_type not in {CardType.MAINLAND, CardType.HMT} or len(self.number) != 18 or not digit.isdecimal():
            return None
        return None if self.sex_code not in {"1", "2"} else int(digit) % 2 == int(self.sex_code) % 2

    def doubts(self, day: date) -> tuple[Doubt, ...]:
        """What a clerk may want to look at twice on ``day``; nothing of it makes the card unusable."""
        begins = parse_day(self.valid_from)
        valid = self.valid_on(day)
        found = (
            (valid is False and begins is not None and begins <= day, Doubt.EXPIRED),
            (valid is False and begins is not None and begins > day, Doubt.NOT_YET_VALID),
            (valid is None, Doubt.VALIDITY_UNREADABLE),
            (self.number_checks is False, Doubt.NUMBER_CHECK),
            (self.sex_fits_number is False, Doubt.SEX_DIGIT),
            (self.damaged_text, Doubt.DAMAGED_TEXT),
        )
        return tuple(doubt for so, doubt in found if so)

    def __repr__(self) -> str:
        return f"IdCard({self.card_type.value}, {mask_name(self.name)}, {mask_number(self.number)})"


def parse_day(text: str) -> date | None:
    """YYYYMMDD as a date; None when it is none."""
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a card's date has no zone
    except ValueError:
        return None


def mask_name(name: str) -> str:
    """The first character and a star for each other: 测**."""
    return name[:1] + "*" * (len(name) - 1)


def mask_number(number: str) -> str:
    """The first character and the last two: 7***************13."""
    return number[:1] + "*" * max(len(number) - 3, 0) + number[-2:] if len(number) > 3 else "*" * len(number)
