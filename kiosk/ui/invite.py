"""Where a card is invited: a dotted field, since it is not a key, and what happened to the card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import note, words
from .nodes import Ground, Space
from .stacks import column

if TYPE_CHECKING:
    from .nodes import Node
    from .page import Page
    from .theme import Size


def felt(page: Page, *, reading: bool, trouble_key: str, size: Size) -> Node | None:
    """What the reader felt; None: nothing yet."""
    if reading:
        return words(page, page.say("state.loading"), size, bold=True, align="center", colour="blue")
    return note(page, "warning", page.say(trouble_key)) if trouble_key else None


def invitation(*inside: Node, gap: float, pad: tuple[float, float, float, float]) -> Node:
    """As large as the page allows, ``inside`` in its middle."""
    return Ground(
        child=column(Space(grow=1), *inside, Space(grow=1), gap=gap),
        colour="surface",
        radius=16,
        border="blue",
        border_px=4,
        style="dotted",
        pad=pad,
        grow=1,
    )
