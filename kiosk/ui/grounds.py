"""On which ground of the hall's list a number goes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .choose import listed
from .nodes import Key, Node, Picture, Text
from .stacks import Column, row

if TYPE_CHECKING:
    from kiosk.flow.screens import GroundRow, Grounds

    from .page import Page, Parts


def parts(page: Page, screen: Grounds) -> Parts:
    """On which ground of the hall's list one goes first, six a page, with what staff ask to see."""
    rows = [_ground_row(page, one) for one in screen.rows]
    ordinary = page.say("grounds.ordinary")
    return listed(page, page.say("grounds.title"), rows, screen.page, screen.pages, number=ordinary)


def _ground_row(page: Page, ground: GroundRow) -> Key | None:
    name = f"ground:{ground.code}"
    if not page.drawn(name):
        return None
    under = page.say("grounds.proof", proof=ground.proof).main
    if page.english:
        under = ground.name_en
    lines: list[Node] = [
        Text(text=ground.name, size="k3", bold=True, lines=1, leading=1.28),
        Text(text=under, size=page.k("k1"), colour="soft", lines=1),
    ]
    text = Column(children=tuple(lines), justify="center", grow=1)
    child = row(text, Picture(name="chevronright", side=48), gap=24)
    return Key(key=name, child=child, h=page.tall(136), least=page.target, pad=(32, 2))
