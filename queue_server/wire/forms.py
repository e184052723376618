"""What all messages share: the two kinds of struct and the constrained fields."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

API_PREFIX = "/api/v1"
HEARTBEAT_S = 1.0
"""The stream says at least this often that the server lives; three missed mean offline."""

Key = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Id = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_:.-]+$")]
READABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of codes on paper. No I, O, 0, 1: read out at a desk and typed. 32 signs, so each is worth 5 bits."""
TRACK_SIGNS = 8
"""Length of a slip's code."""
PaperCode = Annotated[str, Meta(pattern=rf"^[{READABLE}]{{{TRACK_SIGNS}}}$")]
Number = Annotated[str, Meta(pattern=r"^[A-Z][0-9]{3,4}$")]
WindowNumber = Annotated[int, Meta(ge=1, le=99)]
Kind = Literal["general", "booked", "collection"]
Language = Literal["zh", "en"]
Ground = Annotated[str, Meta(min_length=1, max_length=40)]
"""Code of a ground from the hall's list, not free text."""
Matters = Annotated[tuple[Id, ...], Meta(max_length=10)]
PrintResult = Literal["printed", "not_printed", "unknown"]


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False, forbid_unknown_fields=True):
    """What a client sends: unknown fields are an error that names them."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the server says: clients ignore fields that they do not know."""
