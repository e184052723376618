"""What can be wrong with the assets the screens are drawn from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class UiError(Exception):
    """Something the screens need is missing or broken; the kiosk cannot start."""


class FontUnreadableError(UiError):
    """A font file without a character table this program can read."""

    def __init__(self, path: Path, why: str) -> None:
        self.path, self.why = path, why
        super().__init__(path, why)

    def __str__(self) -> str:
        return f"font {self.path.name}: {self.why}"


class AssetMissingError(UiError):
    """A name that the committed assets do not have: a colour, an icon, a type size."""

    def __init__(self, kind: str, name: str) -> None:
        self.kind, self.name = kind, name
        super().__init__(kind, name)

    def __str__(self) -> str:
        return f"no {self.kind} is called {self.name!r}"


class GlassBusyError(UiError):
    """The UI thread did not answer; ask again."""

    retryable = True

    def __init__(self, waited_s: float) -> None:
        self.waited_s = waited_s
        super().__init__(waited_s)

    def __str__(self) -> str:
        return f"the screen did not answer within {self.waited_s:g} s"
