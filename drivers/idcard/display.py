"""Events of a reader as lines for a terminal or a program: masked unless asked otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

import msgspec

from drivers.idcard.events import CardLifted, CardPresented, CardTrouble, ReaderEvent, ReaderHealth
from drivers.idcard.model import mask_name, mask_number

if TYPE_CHECKING:
    from datetime import date

    from drivers.idcard.model import IdCard


def event_line(event: ReaderEvent, *, as_json: bool, unmasked: bool, today: date) -> str:
    """One line without line end; ``today`` judges the card's validity."""
    fields = event_fields(event, unmasked=unmasked, today=today)
    if as_json:
        return msgspec.json.encode(fields).decode()
    return "  ".join(_words(value) for value in fields.values() if value not in (None, "", []))


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def event_fields(event: ReaderEvent, *, unmasked: bool, today: date) -> dict[str, object]:
    """``{"event": …}`` and what belongs to it."""
    match event:
        case CardPresented(card):
            return {"event": "card_presented", **card_fields(card, unmasked=unmasked, today=today)}
        case CardLifted():
            return {"event": "card_lifted"}
        case CardTrouble(code, status):
            return {"event": "card_trouble", "code": code.value, "status": f"{status:02X}" if status else None}
        case ReaderHealth(state, code):
            return {"event": "reader_health", "state": state, "code": code}
        case _:
            assert_never(event)


def card_fields(card: IdCard, *, unmasked: bool, today: date) -> dict[str, object]:
    """The card's fields; masked: only type, validity, and name and number with stars."""
    shown: dict[str, object] = {
        "card_type": card.card_type.value,
        "name": card.name if unmasked else mask_name(card.name),
        "number": card.number if unmasked else mask_number(card.number),
        "number_checks": card.number_checks,
        "valid_to": card.valid_to,
        "doubts": [doubt.value for doubt in card.doubts(today)],
    }
    if not unmasked:
        return shown
    more = {
        "name_en": card.name_en,
        "sex": card.sex,
        "nation": card.nation,
        "birth": card.birth,
        "address": card.address,
        "newest_address": card.newest_address,
        "issuer": card.issuer,
        "valid_from": card.valid_from,
        "nationality": card.nationality,
        "region": card.region,
        "pass_number": card.pass_number,
    }
    return shown | {name: value for name, value in more.items() if value}
