"""The 256-byte text block of a card: UTF-16LE, fixed fields, padded with spaces.

Sources: the field tables of GA/T 490 and of the four card types as several public readers use them. The character at
offset 248 tells the type (space mainland, J, I, Y). Worked example: ``4B 6D D5 8B 32 75`` at offset 0 is 测试甲.
"""

from __future__ import annotations

import unicodedata
from types import MappingProxyType

from drivers.checksums import mod11_2
from drivers.errors import ProtocolError
from drivers.idcard.codes import PRIVATE_USE
from drivers.idcard.model import CardType, IdCard

BLOCK_BYTES = 256
ADDRESS_BYTES = 70
_TYPE_AT = 248
_PADDING = " \u3000\x00"
_MIDDLE_DOTS = dict.fromkeys(map(ord, "•・‧．.｡。"), "·")
_OLD_LENGTH = 15

TYPE_CHARACTERS = MappingProxyType(
    {" ": CardType.MAINLAND, "J": CardType.HMT, "I": CardType.FPR_2017, "Y": CardType.FPR_2023}
)

Field = tuple[int, int]
"""Offset and length in bytes."""

_COMMON: dict[str, Field] = {"name_raw": (0, 30), "sex_code": (30, 2), "birth": (36, 16), "valid_from": (188, 16)}
_COMMON["valid_to"] = (204, 16)
FIELDS: MappingProxyType[CardType, dict[str, Field]] = MappingProxyType(
    {
        CardType.MAINLAND: _COMMON
        | {"nation_code": (32, 4), "address": (52, 70), "number": (122, 36), "issuer": (158, 30)},
        CardType.HMT: _COMMON
        | {"address": (52, 70), "number": (122, 36), "issuer": (158, 30), "pass_number": (220, 18)}
        | {"issue_count": (238, 4)},
        CardType.FPR_2017: {"name_en": (0, 120), "sex_code": (120, 2), "number": (122, 30), "nationality": (152, 6)}
        | {"name_raw": (158, 30), "valid_from": (188, 16), "valid_to": (204, 16), "birth": (220, 16)}
        | {"card_version": (236, 4), "authority_code": (240, 8)},
        CardType.FPR_2023: _COMMON
        | {"renewals": (32, 4), "name_en": (52, 70), "name_en_rest": (220, 22), "number": (122, 36)}
        | {"nationality": (242, 6), "old_number_link": (250, 6)},
    }
)


def parse_block(block: bytes) -> IdCard:
    """The card in a text block. Raises ProtocolError ``text_length`` or ``card_type`` (none of the four)."""
    if len(block) != BLOCK_BYTES:
        raise ProtocolError("text_length")
    card_type = TYPE_CHARACTERS.get(block[_TYPE_AT : _TYPE_AT + 2].decode("utf-16-le", "replace"))
    if card_type is None:
        raise ProtocolError("card_type")
    raw = {name: block[at : at + length] for name, (at, length) in FIELDS[card_type].items()}
    # Joined before anything is stripped: a space may fall on the seam of the English name.
    rest = raw.pop("name_en_rest", b"")
    if rest:
        raw["name_en"] += rest
    fields = {name: _decode(each).rstrip(_PADDING) for name, each in raw.items()}
    damaged = any("\ufffd" in text for text in fields.values())
    return IdCard(
        card_type=card_type,
        name=replace_private_use(fields["name_raw"]) or fields.get("name_en", ""),
        damaged_text=damaged,
        **fields,
    )


def encode_block(card: IdCard) -> bytes:
    """The text block of ``card``, as the chip holds it. Raises ValueError if a text is too long."""
    block = bytearray(" ".encode("utf-16-le") * (BLOCK_BYTES // 2))
    for name, (at, length) in FIELDS[card.card_type].items():
        if name == "name_en_rest":
            continue
        raw = getattr(card, name).encode("utf-16-le")
        rest_at, rest_length = FIELDS[card.card_type].get("name_en_rest", (0, 0)) if name == "name_en" else (0, 0)
        if len(raw) > length + rest_length:
            raise ValueError(f"{name} is too long for its field")
        block[at : at + min(len(raw), length)] = raw[:length]
        if len(raw) > length:
            block[rest_at : rest_at + len(raw) - length] = raw[length:]
    (character,) = (each for each, card_type in TYPE_CHARACTERS.items() if card_type is card.card_type)
    block[_TYPE_AT : _TYPE_AT + 2] = character.encode("utf-16-le")
    return bytes(block)


def parse_address(data: bytes) -> str:
    """The newest address, 70 bytes (answer to 30 03). Raises ProtocolError ``address_length``."""
    if len(data) != ADDRESS_BYTES:
        raise ProtocolError("address_length")
    return _decode(data).rstrip(_PADDING)


def encode_address(text: str) -> bytes:
    """The 70 bytes of an appended address. Raises ValueError if it is longer than 35 units."""
    raw = text.encode("utf-16-le")
    if len(raw) > ADDRESS_BYTES:
        raise ValueError("address is too long for its field")
    return raw + " ".encode("utf-16-le") * ((ADDRESS_BYTES - len(raw)) // 2)


def _decode(raw: bytes) -> str:
    """UTF-16LE with U+FFFD for half a pair, so that one bad character never costs the card."""
    return raw.decode("utf-16-le", "replace")


def replace_private_use(text: str) -> str:
    """``text`` with the private-use characters of old issuing systems as standard ones (U+E863 → 䶮)."""
    return text.translate(PRIVATE_USE)


def normalise_name(name: str) -> str:
    """A name for comparing with bookings: NFC, standard characters, one kind of middle dot, no spaces."""
    plain = unicodedata.normalize("NFC", replace_private_use(name)).translate(_MIDDLE_DOTS)
    return "".join(plain.split())


def normalise_number(typed: str) -> str:
    """A typed number as cards have it: half width, upper case, no spaces or hyphens; 15 digits become 18 (GB 11643).

    ``150102880730303`` gives ``150102198807303035``.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if not c.isspace() and c not in "-‐‑–—−")
    if len(plain) == _OLD_LENGTH and plain.isascii() and plain.isdigit():
        body = f"{plain[:6]}19{plain[6:]}"
        return body + mod11_2(body)
    return plain
