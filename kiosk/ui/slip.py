# ruff: noqa: ARG002  every node answers the same questions, also where an argument does not matter
"""The number slip on glass and the figures under it. The number is the product: the largest thing on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .blocks import UNKNOWN, figure, figures
from .nodes import Ground, Node, Setting, Space, Text
from .page import Page, Say
from .pieces import Box, Fill, Piece
from .stacks import column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kiosk.flow.screens import Issued

NOTCH = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Tear(Node):
    """Where the slip tears: a dotted line between two half circles cut from the slip's sides."""

    bleed: float = 2
    ground: str = "paper"

    def tall(self, cx: Setting, width: float) -> float:
        return 2.0 * NOTCH

    def place(self, cx: Setting, box: Box) -> Iterator[Piece]:
        middle = box.y + box.h / 2
        step = 8.0
        left, right = box.x + 40, box.right - 40
        at = left
        while at < right:
            yield Fill(Box(at, middle - 2, 4, 4), "line", (2, 2, 2, 2))
            at += step
        for side in (-1, 1):
            x = box.x - self.bleed if side < 0 else box.right + self.bleed - NOTCH
            ring = (0.0, NOTCH, NOTCH, 0.0) if side < 0 else (NOTCH, 0.0, 0.0, NOTCH)
            yield Fill(Box(x, middle - NOTCH, NOTCH, 2 * NOTCH), "line", ring)
            inner = Box(x if side < 0 else x + 2, middle - NOTCH + 2, NOTCH - 2, 2 * NOTCH - 4)
            cut = (0.0, NOTCH - 2.0, NOTCH - 2.0, 0.0) if side < 0 else (NOTCH - 2.0, 0.0, 0.0, NOTCH - 2.0)
            yield Fill(inner, self.ground, cut)


def number_slip(page: Page, issued: Issued, *, under: Node | None = None) -> Node:
    """White paper with the number on it, what it is for, and the figures below the tear."""
    yours = page.say("done.yours")
    caption = Text(text=f"{yours.main}　{yours.beside}".strip(), size="k3", colour="soft", align="center")
    number = Text(text=issued.number, size="k7", bold=True, align="center", leading=0.82, lines=1, floor="k7")
    label = Text(text=issued.label, size=page.k("k3"), bold=True, align="center", lines=2) if issued.label else None
    body = column(
        Space(h=36, least=4),
        caption,
        Space(h=36, least=0),
        number,
        Space(h=36, least=0),
        label,
        Space(h=40, least=2),
        Tear(),
        Ground(child=_figures(page, issued), pad=(40, 16, 24, 20)),
        under,
    )
    return Ground(child=body, colour="surface", border="line", radius=24, pad=(2, 2, 2, 2))


def _figures(page: Page, issued: Issued) -> Node:
    ahead = UNKNOWN if issued.ahead is None else str(issued.ahead)
    wait = issued.wait.text if issued.wait else UNKNOWN
    people = Say("") if page.english else page.say("common.people")
    cells = [
        figure(page, page.say("done.ahead"), ahead, people, grow=26),
        figure(page, page.say("common.expected"), wait, page.say("common.minutes"), grow=42),
        figure(
            page,
            page.say("done.where"),
            issued.windows or UNKNOWN,
            Say("") if page.english else page.say("common.window_no"),
            grow=30,
        ),
    ]
    return figures(*cells)
