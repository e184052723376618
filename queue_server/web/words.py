"""Words on the pages, read from ``assets/locale`` and ``assets/web/locale``: each word stands in one place."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from queue_server.web.errors import WordsError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Words = dict[str, dict[str, str]]

SECTIONS = ("common", "display", "desk", "boss", "strip", "phone", "state")
"""Sections of ``assets/locale`` that pages use; the kiosk's own words stay at home."""


def load_words(assets: Traversable, language: str) -> Words:
    """Words by section and name, with ``{placeholders}``.

    Raises WordsError when the language is unknown or a word stands in both files.
    """
    shared = _read(assets.joinpath("locale", f"{language}.toml"), language)
    own = _read(assets.joinpath("web", "locale", f"{language}.toml"), language)
    words: Words = {section: dict(shared.get(section, {})) for section in SECTIONS}
    for section, entries in own.items():
        known = words.setdefault(section, {})
        if twice := sorted(known.keys() & entries.keys()):
            raise WordsError(language, f"[{section}] {', '.join(twice)}: in two files")
        known.update(entries)
    return words


def _read(file: Traversable, language: str) -> Words:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError as error:
        raise WordsError(language, f"{file.name} is missing") from error
