"""What a broken slip leaves behind, and how it is got rid of: the facts that the talk (``protocol``) acts on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from drivers.printer import pace
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


@dataclass(slots=True)
class Debris:
    """What may still be in the way of the next slip."""

    scrap: bool = False
    """Part of a broken slip may hang in the printer or wait in its buffer."""
    torn: int = 0
    """Zero bytes that end what the cable was pulled out of; sent first, or a question would be read as a length."""
    lossy: int = 0
    """Zero bytes for a printer that does not answer a clean-up, because the line lost bytes of a broken slip."""
    padding: bool = False
    """A clean-up was not answered: the next one clears the buffer again and goes behind those zero bytes."""
    touched: bool = False
    """Cover, paper or knife were seen to: a test line goes before the next slip."""
    owed: bool = False
    """A marker was asked for that may still come."""

    @property
    def nothing(self) -> bool:
        return not (self.scrap or self.owed or self.touched)


def torn_bytes(chunks: Sequence[bytes]) -> int:
    """So many zero bytes end whatever command of ``chunks`` the printer is still in because bytes of it were lost."""
    return pace.PADDING + max((len(chunk) for chunk in chunks if chunk.startswith(RASTER)), default=0)


def check_bytes(profile: Profile) -> bytes:
    """The slip ``check`` for this printer, without end marker and beep. Raises ConfigurationError."""
    quiet = msgspec.structs.replace(profile, marker=MarkerKind.NONE, buzzer=BuzzerKind.NONE, logo="")
    return encode(SlipLayout.load("check").fill({}), quiet).data
