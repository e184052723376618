"""What a broken slip leaves behind, and how it is got rid of: the facts that the talk (``protocol``) acts on."""

from __future__ import annotations

import msgspec

from drivers.printer.encode import encode
from drivers.printer.layout import SlipLayout
from drivers.printer.profile import BuzzerKind, ClearKind, MarkerKind, Profile
from drivers.printer.status import Condition

RASTER = b"\x1dv0"
SCRAP_CUT = b"\x1dVB\0"
CLEAR_BYTES = {
    ClearKind.DLE_DC4: b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
    ClearKind.DLE_ENQ: b"\x10\x05\x02",
    ClearKind.NONE: b"",
}
GO_ON_ALONE = frozenset({Condition.HEAD_HOT, Condition.SILENT})
"""Conditions that may pass by themselves while a slip is printing: waited for, up to the slip's deadline."""
BY_HAND = frozenset({Condition.COVER_OPEN, Condition.PAPER_END, Condition.CUTTER_ERROR, Condition.BROKEN})
"""Conditions after which somebody had his hands in the printer, and half a slip may hang there."""


def check_bytes(profile: Profile) -> bytes:
    """The slip ``check`` for this printer, without end marker and beep. Raises ConfigurationError."""
    quiet = msgspec.structs.replace(profile, marker=MarkerKind.NONE, buzzer=BuzzerKind.NONE, logo="")
    return encode(SlipLayout.load("check").fill({}), quiet).data
