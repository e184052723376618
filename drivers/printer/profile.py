"""Printer profiles: what one model of printer can do, as data in ``assets/devices/<name>.toml``."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import msgspec

import assets
from drivers import toml_file
from drivers.errors import ConfigurationError
from drivers.printer.gb_text import Repertoire

if TYPE_CHECKING:
    from pathlib import Path


class QrKind(StrEnum):
    NATIVE = "native"
    RASTER = "raster"


class StatusKind(StrEnum):
    DLE_EOT = "dle_eot"
    NONE = "none"


class MarkerKind(StrEnum):
    """What the printer answers when it has come to a place in the stream."""

    GS_R = "gs_r"
    GS_H = "gs_h"
    NONE = "none"


class CutKind(StrEnum):
    PARTIAL = "partial"
    FULL = "full"
    NONE = "none"


class ClearKind(StrEnum):
    """How what waits in the printer's buffer is thrown away, even while it is offline."""

    DLE_DC4 = "dle_dc4"
    DLE_ENQ = "dle_enq"
    NONE = "none"


class BuzzerKind(StrEnum):
    """How the printer is told to beep when the paper is cut."""

    ESC_B = "esc_b"
    EPSON = "epson"
    NONE = "none"


class Profile(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One model of printer. Everything a technician may have to change for a new model is here."""

    title: str
    dots: Annotated[int, msgspec.Meta(ge=384, le=832, multiple_of=8)] = 576
    repertoire: Repertoire = Repertoire.GB18030
    qr: QrKind = QrKind.NATIVE
    status: StatusKind = StatusKind.DLE_EOT
    marker: MarkerKind = MarkerKind.GS_R
    cut: CutKind = CutKind.PARTIAL
    clear: ClearKind = ClearKind.DLE_ENQ
    invert: bool = True
    """GS B works on Chinese too; otherwise inverted bars are drawn."""
    band_rows: Annotated[int, msgspec.Meta(ge=24, le=256)] = 128
    qr_module_dots: Annotated[int, msgspec.Meta(ge=3, le=12)] = 8
    buzzer: BuzzerKind = BuzzerKind.NONE
    buzzer_times: Annotated[int, msgspec.Meta(ge=1, le=9)] = 1
    logo: str = ""
    """A PNG below ``assets/slips``, or an absolute path; empty: none. A logo of 384 × 96 dots is 4.6 KB more a slip."""
    baud: Annotated[int, msgspec.Meta(ge=1200, le=921600)] = 115200
    """Speed of a serial line when the settings do not say; TCP ignores it."""

    @classmethod
    def load(cls, name: str, *, directory: Path | None = None) -> Profile:
        """Read ``<directory>/<name>.toml`` (shipped ones by default), or the file ``name`` if it ends with ``.toml``.

        Raises ConfigurationError with all faults.
        """
        if name.endswith(".toml"):
            return toml_file.load(name, cls, what="printer profile")
        file = (directory or assets.path("devices")) / f"{name}.toml"
        if not file.is_file():
            known = ", ".join(names(directory=file.parent))
            raise ConfigurationError(file, (f"there is none; there are: {known}",), what="printer profile")
        return toml_file.load(file, cls, what="printer profile")


def names(*, directory: Path | None = None) -> list[str]:
    """The profiles there are, in order."""
    return sorted(path.stem for path in (directory or assets.path("devices")).glob("*.toml"))
