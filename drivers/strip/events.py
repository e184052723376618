"""What a strip can be told, and what a line of strips tells."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.bus import MemberHealth
from drivers.core import State
from drivers.errors import DriverError

COLUMNS = 16
"""Half-width cells of a strip of 128 × 16 dots: eight Chinese characters."""
_TWO_BYTES = 2


class StripTextWrong(DriverError):
    """A text that a strip cannot show; ``fault`` says why."""

    code = "strip_text"

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault

    def __str__(self) -> str:
        return f"a strip cannot show this text: {self.fault}. Shorten it or use other words."


def cells(text: str) -> int:
    """Half-width cells that ``text`` fills. Raises UnicodeEncodeError for a lone surrogate."""
    return len(text.encode("gb18030"))


@dataclass(frozen=True, slots=True)
class StripText:
    """Eight characters at most, two Latin ones counting as one. ``flash`` draws the eye; empty is a dark strip."""

    text: str = ""
    flash: bool = False

    def __post_init__(self) -> None:
        """Raises StripTextWrong."""
        try:
            encoded = [character.encode("gb18030") for character in self.text]
        except UnicodeEncodeError:
            raise StripTextWrong("not text") from None
        if any(len(data) > _TWO_BYTES or data < b" " or data == b"\x7f" for data in encoded):
            raise StripTextWrong("a character that strips have no glyph for")
        if sum(map(len, encoded)) > COLUMNS:
            raise StripTextWrong(f"longer than {COLUMNS // 2} characters")


@dataclass(frozen=True, slots=True)
class StripLineHealth:
    """How the line with all its strips is."""

    state: State
    code: str


StripHealth = MemberHealth
StripEvent = StripHealth | StripLineHealth
