"""The one-time notice (一次告知单) on its way to paper: coming, there, or what else to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import art
from .blocks import centred, words
from .ends import again_or_finish
from .nodes import Space, Text
from .page import Page, Parts
from .stacks import column

if TYPE_CHECKING:
    from kiosk.flow.screens import Notice

    from .nodes import Node


def parts(page: Page, screen: Notice) -> Parts:
    label = Text(text=screen.label, size=page.k("k3"), bold=True, align="center", lines=2) if screen.label else None
    if screen.stage == "printing":
        return Parts(info=_coming(page, label))
    good = screen.stage == "printed"
    say = page.say(f"notice.{screen.stage}")
    under = words(page, page.say("printing.slot" if good else "notice.otherwise"), "k3", align="center")
    icon, colour = ("checkcircle", "green") if good else ("printer", "amber")
    told = [one for one in (label, under) if one]
    info = centred(page, icon, say, Space(h=16, least=4), *told, side=160, colour=colour)
    left = page.say("notice.countdown", n=screen.countdown_s)
    keys = again_or_finish(page, page.say("notice.again"), page.say("notice.finish"), left)
    return Parts(info=info, keys=keys)


def _coming(page: Page, label: Node | None) -> Node:
    say = page.say("notice.printing")
    head = column(
        Text(text=say.main, size="k5", bold=True, align="center", lines=2),
        Text(text=say.beside, size="k3", colour="soft", align="center") if say.beside else None,
        label,
    )
    where = words(page, page.say("printing.slot"), "k2", colour="soft", align="center")
    return column(Space(grow=1), head, art.slip_coming(""), where, Space(grow=1), gap=40, grow=1)
