"""Working: the number is asked for, then kept and printed (picture 06). Nothing here takes a second press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import art
from .blocks import note, words
from .nodes import Ground, Node, Picture, Space, Text
from .page import Page, Parts
from .stacks import column, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Printing


def parts(page: Page, screen: Printing) -> Parts:
    printing = screen.stage == "printing"
    say = page.say("printing.title" if printing else "state.loading")
    head = column(
        Text(text=say.main, size="k5" if page.english else "k6", bold=True, align="center", lines=1),
        Text(text=say.beside, size="k3", colour="soft", align="center") if say.beside else None,
        words(page, page.say("printing.sub"), "k3", align="center") if printing else None,
    )
    number = screen.issued.number if screen.issued else ""
    slow = note(page, "clock", page.say("state.loading_slow")) if screen.slow else None
    where = words(page, page.say("printing.slot"), "k2", colour="soft", align="center")
    picture = art.slip_coming(number) if printing else Picture(name="clock", side=192, h=240, least=96)
    steps = _steps(page) if printing else None
    if page.landscape:
        left = column(Space(grow=1), head, slow, Space(h=24), steps, Space(grow=1), grow=1)
        right = column(Space(grow=1), picture, where if printing else None, Space(grow=1), grow=1)
        return Parts(info=left, keys=right, keys_at_end=False, info_w=900)
    body = column(Space(grow=1), head, picture, where if printing else None, slow, steps, Space(grow=1), gap=40, grow=1)
    return Parts(info=body)


def _steps(page: Page) -> Node:
    """Number kept, printing, take it: what is done, what is under way, what comes."""
    steps = (("step_kept", "green", "check"), ("step_print", "blue", "printer"), ("step_take", "soft", ""))
    return row(*(_step(page, name, colour, icon) for name, colour, icon in steps))


def _step(page: Page, name: str, colour: str, icon: str) -> Node:
    say = page.say(f"printing.{name}")
    line = Ground(child=Space(), colour=colour if icon else "line", h=8)
    text = column(
        Text(text=say.main, size="k3" if page.elder else "k2", bold=bool(icon), colour=colour),
        Text(text=say.beside, size="k1", colour=colour) if say.beside and not page.elder else None,
        justify="center",
    )
    picture = Picture(name=icon, side=40, colour=colour) if icon else None
    return column(line, Space(h=16), row(picture, text, gap=12, justify="center"), grow=1)
