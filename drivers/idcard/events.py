"""What a reader tells the program that uses it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from drivers.idcard.protocol import Status

if TYPE_CHECKING:
    from drivers.core import State
    from drivers.idcard.model import IdCard


class TroubleCode(StrEnum):
    """Why a card on the reader gave nothing. In each case: lift it and put it back, or go on without."""

    SELECT_FAILED = "select_failed"
    READ_FAILED = "read_failed"
    """Usually moved too early."""
    READ_BROKEN = "read_broken"
    """The answer arrived damaged or not at all; the module takes the card for read, so it must be lifted."""
    CARD_REFUSED = "card_refused"
    """Card and module do not accept each other."""
    NOT_ID_CARD = "not_id_card"
    UNSUPPORTED_CARD = "unsupported_card"
    """An ID card of a type that this program does not know."""


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid and read. ``card`` is personal data; its ``repr`` is masked."""

    card: IdCard


@dataclass(frozen=True, slots=True)
class CardLifted:
    """The card that was presented is gone."""


@dataclass(frozen=True, slots=True)
class CardTrouble:
    """A card is there and cannot be used. ``status`` is the module's SW3, None when the fault is on the line."""

    code: TroubleCode
    status: int | None = None


@dataclass(frozen=True, slots=True)
class ReaderHealth:
    """How the reader is: ``ok``, ``degraded``, ``down``, ``unknown``, and a stable code (see the README's table)."""

    state: State
    code: str


CardEvent = CardPresented | CardLifted | CardTrouble
ReaderEvent = CardEvent | ReaderHealth

TROUBLES: MappingProxyType[int, TroubleCode] = MappingProxyType(
    {
        Status.SELECT_FAILED: TroubleCode.SELECT_FAILED,
        Status.CARD_REFUSED_SAM: TroubleCode.CARD_REFUSED,
        Status.SAM_REFUSED_CARD: TroubleCode.CARD_REFUSED,
        Status.VERIFICATION: TroubleCode.CARD_REFUSED,
        Status.FINGERPRINT_VERIFICATION: TroubleCode.CARD_REFUSED,
        Status.INFORMATION_LENGTH: TroubleCode.CARD_REFUSED,
        Status.WRONG_CARD: TroubleCode.NOT_ID_CARD,
        Status.READ_FAILED: TroubleCode.READ_FAILED,
        Status.RANDOM_FAILED: TroubleCode.READ_FAILED,
        Status.NONE: TroubleCode.READ_FAILED,
        Status.NO_CARD: TroubleCode.READ_FAILED,
    }
)
"""SW3 of a failed select or read → what is wrong. The others concern the module, not the card."""
OUT_OF_ORDER: MappingProxyType[int, str] = MappingProxyType(
    {Status.SELF_TEST: "sam_self_test", Status.UNAUTHORISED: "sam_unauthorised"}
)
"""SW3 after which the module takes no commands → health code; staff have to be told."""
