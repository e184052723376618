"""Finds and reads the committed assets the screens are drawn from."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.printer.words import Words
from kiosk.flow.texts import Texts

from .errors import AssetMissingError
from .fonts import Fonts
from .theme import Theme

if TYPE_CHECKING:
    from collections.abc import Mapping

ASSETS = Path(__file__).resolve().parents[2] / "assets"


@dataclass(frozen=True, slots=True)
class Assets:
    """Everything read once at start: tokens, words, what the fonts cover, where each icon lies in the atlas."""

    theme: Theme
    texts: Texts
    fonts: Fonts
    atlas: Path
    icons: Mapping[str, tuple[int, int, int, int]]

    @classmethod
    def load(cls, folder: Path = ASSETS) -> Assets:
        """Read `folder`; raises UiError, OSError or TOMLDecodeError when something committed is missing."""
        index = json.loads((folder / "icons/atlas/icons.atlas").read_text("utf-8"))
        (picture, places), *_more = index.items()
        return cls(
            theme=Theme.load(folder / "tokens.toml"),
            texts=Texts({language: read_words(folder, language) for language in ("zh", "en")}),
            fonts=Fonts.load(folder / "fonts"),
            atlas=folder / "icons/atlas" / picture,
            icons={name: (x, y, w, h) for name, (x, y, w, h) in places.items()},
        )

    def icon(self, name: str) -> tuple[int, int, int, int]:
        """Where the icon lies in the atlas: x, y from below, width, height; raises AssetMissingError."""
        try:
            return self.icons[name]
        except KeyError:
            raise AssetMissingError("icon", name) from None


def read_words(folder: Path, language: str) -> dict[str, str]:
    """`{"common.back": "返回"}` of `locale/<lang>.toml`, and what residents read of the printer as `device.<code>`.

    The printer's sentences are the drivers' own (`devices/words`), so that kiosk and console say the same.
    """
    tables = tomllib.loads((folder / f"locale/{language}.toml").read_text("utf-8"))
    words = {f"{section}.{name}": text for section, words in tables.items() for name, text in words.items()}
    printer = Words.load(language, directory=folder / "devices/words")
    return words | {f"device.{code}": sentence.resident for code, sentence in printer.code.items()}
