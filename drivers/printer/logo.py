"""The hall's emblem as dots: loaded once, shrunk to the paper, dithered, never larger than a slip can bear.

Pillow is loaded with the first logo. Printers' own logo stores are not used: they wear out, and clones differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import assets
from drivers.errors import ConfigurationError

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

    from drivers.printer.profile import Profile

FILE_BYTES_LIMIT = 2_000_000
PIXELS_LIMIT = 4_000_000
"""A larger picture is refused before it is unpacked."""
WIDTH_SHARE = 0.75
ROWS_LIMIT = 200
"""25 mm of paper."""


@dataclass(frozen=True, slots=True)
class LogoRows:
    """Dots, 1 is ink, each row in whole bytes."""

    row_bytes: int
    data: bytes

    @property
    def rows(self) -> int:
        return len(self.data) // self.row_bytes


def load_logo(profile: Profile, own: Path | None = None) -> LogoRows | None:
    """The picture of the settings, else the profile's, for this paper; None where there is neither.

    A profile names it below ``assets/slips`` or by an absolute path. Raises ConfigurationError.
    """
    if own is not None:
        return load(own, profile.dots)
    if not profile.logo:
        return None
    return load(assets.path("slips", profile.logo), profile.dots)  # joining an absolute path gives that path


def load(path: Path, paper_dots: int) -> LogoRows:
    """The picture for paper of this width, black on white. Raises ConfigurationError."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - only where there is a logo

    try:
        size = path.stat().st_size
        if size > FILE_BYTES_LIMIT:
            raise _wrong(path, f"{size} bytes; up to {FILE_BYTES_LIMIT} are possible")
        with Image.open(path, formats=("PNG", "BMP")) as picture:
            if picture.width * picture.height > PIXELS_LIMIT:
                raise _wrong(path, f"{picture.width} × {picture.height} pixels; up to {PIXELS_LIMIT} in all")
            return _rows(picture.convert("RGBA"), paper_dots)
    except UnidentifiedImageError as error:
        raise _wrong(path, "neither PNG nor BMP") from error
    except (OSError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _wrong(path, f"cannot be read ({type(error).__name__})") from error


def _wrong(path: Path, fault: str) -> ConfigurationError:
    return ConfigurationError(path, [fault], what="logo")


def _rows(picture: Image.Image, paper_dots: int) -> LogoRows:
    from PIL import Image, ImageChops  # noqa: PLC0415

    white = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(white, picture).convert("L")
    scale = min(paper_dots * WIDTH_SHARE / grey.width, ROWS_LIMIT / grey.height, 1.0)
    if scale < 1.0:
        size = max(int(grey.width * scale), 1), max(int(grey.height * scale), 1)
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    dots = grey.convert("1", dither=Image.Dither.FLOYDSTEINBERG)
    row_bytes = (dots.width + 7) // 8
    whole = Image.new("1", (row_bytes * 8, dots.height), 255)
    whole.paste(dots, (0, 0))
    return LogoRows(row_bytes, ImageChops.invert(whole).tobytes())
