"""Closed: no numbers; when it opens, and what can still be done (picture 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import key, words
from .nodes import Node, Picture, Space, Text
from .page import Page, Parts, Say
from .stacks import Column, column, grid, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Night

    from .nodes import Key

SERVICES = (("book", "booking"), ("progress", "progress"), ("visit", "visit"), ("feedback", "feedback"))


def parts(page: Page, screen: Night) -> Parts:
    head = _head(page, screen)
    can = Text(text=_both(page.say("night.can")), size=page.k("k2"), colour="night_soft")
    low = page.lowered or page.landscape
    guide = key(
        page,
        "guide",
        page.say("night.guide"),
        sub=page.say("night.guide_sub"),
        icon="guide",
        side=112 if not low else 72,
        size="k4" if page.english or low else "k5",
        sub_size=page.k("k1" if low else "k2"),
        h=112 if low else 248,
        least=page.target,
        pad=48,
        gap=40,
    )
    four = [_service(page, name, icon, h=100 if low else 208) for name, icon in SERVICES]
    phone = _service(page, "phone", "phone", h=100 if low else 200, side=96)
    modes = [
        key(page, name, page.say(f"home.{name}"), icon=icon, size="k3", h=100 if low else 136, least=page.target)
        for name, icon in (("elder", "elder"), ("english", "globe"))
    ]
    if low and page.elder:
        four, guide, phone = [guide, phone, *four], None, None
    pairs = grid([one for one in four if one], 2, gap=(24, 16 if low else 24))
    two = grid([one for one in modes if one], 2)
    keys = column(guide, pairs, phone, two, gap=16 if low else 24)
    if low:
        return Parts(
            info=column(Space(grow=1), head, Space(h=40), can, Space(grow=1), grow=1),
            keys=keys,
            keys_at_end=page.lowered,
            split=True,
        )
    return Parts(info=column(head, can, gap=32), keys=keys, keys_at_end=False)


def _both(say: Say) -> str:
    return f"{say.main}　{say.beside}".strip()


def _head(page: Page, screen: Night) -> Node:
    name = {"closed": "night.title", "stopped": "night.stopped", "clock_doubt": "night.clock"}[screen.why]
    say = page.say(name)
    texts: list[Node] = [Text(text=say.main, size="k5", bold=True, colour="night_ink")]
    if say.beside:
        texts.append(Text(text=say.beside, size="k3", colour="night_soft"))
    if screen.opens:
        opens = page.say(f"night.{screen.opens.day}", date=screen.opens.date, time=screen.opens.time)
        texts.append(Text(text=opens.main, size=page.k("k3"), colour="night_ink"))
    elif screen.hours:
        hours = page.say("night.hours", hours=screen.hours)
        texts.append(words(page, hours, "k3"))
    told = Column(children=tuple(texts), grow=1, justify="center")
    icon = "clock" if screen.why == "clock_doubt" else "moon"
    body = row(Picture(name=icon, side=144, colour="night_amber"), told, gap=48)
    return column(Space(h=24), body, Space(h=24))


def _service(page: Page, name: str, icon: str, *, h: float, side: float = 72) -> Key | None:
    """A service of the night; flat ones say where else it can be done."""
    sub = page.say("night.desk_sub" if name in page.state.flat else f"night.{name}_sub")
    low = h < 160
    size = page.k("k3") if low else "k4"
    return key(
        page,
        name,
        page.say(f"night.{name}"),
        sub=None if low and page.elder else sub,
        icon=icon,
        side=56 if low else side,
        size="k3" if page.english else size,
        sub_size=page.k("k1"),
        h=h,
        least=page.target,
        pad=24 if low else 32,
    )
