"""Lay the card or go on without: both halves as large and as near (picture 05)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import art
from .blocks import key, title
from .invite import felt, invitation
from .nodes import Node, Space, Text
from .page import Page, Parts
from .stacks import column, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Card


def parts(page: Page, screen: Card) -> Parts:
    low = page.lowered
    put = _put(page, screen)
    skip = key(
        page,
        "skip",
        page.say("card.skip"),
        sub=page.say("card.skip_sub"),
        icon="ticket",
        side=96 if low or page.elder else 192,
        size="k4" if page.english else "k5",
        sub_size=page.k("k2"),
        h=260 if low else 420,
        least=160,
        arrange="stack",
        gap=16 if low else 40,
        both_subs=not page.elder,
    )
    priority = key(
        page,
        "priority",
        page.say("card.priority"),
        sub=page.say("card.priority_sub"),
        icon="people",
        side=72,
        size=page.k("k3"),
        sub_size=page.k("k1"),
        variant="quiet",
        h=128,
        least=page.target,
        pad=40,
        both_subs=not page.elder,
    )
    privacy = _privacy(page)
    head = title(page, page.say("card.title"))
    if page.landscape:
        grown = replace(skip, grow=1) if skip else None
        return Parts(
            info=column(head, put, gap=16, grow=1),
            keys=column(grown, priority, privacy, gap=24, grow=1),
            keys_at_end=False,
            info_w=880,
        )
    if low:
        return Parts(info=column(head, put, gap=24, grow=1), keys=column(skip, priority, privacy, gap=24), split=True)
    grown = replace(skip, grow=1, h=520) if skip else None
    body = column(head, put, grown, priority, privacy, gap=24, grow=1)
    return Parts(info=body)


def _put(page: Page, screen: Card) -> Node:
    """The invitation, or what happened to the card."""
    drawing = replace(_cabinet(page), least=100 if page.landscape else 200)
    said = felt(page, reading=screen.reading, trouble_key=screen.trouble_key, size="k5") or _invited(page)
    return invitation(drawing, Space(h=8), said, gap=8, pad=(40, 24, 40, 20))


def _invited(page: Page) -> Node:
    say, sub = page.say("card.put"), page.say("card.put_sub")
    return column(
        Text(text=say.main, size="k4" if page.english else "k5", bold=True, align="center"),
        Text(text=say.beside, size=page.k("k2"), colour="soft", align="center") if say.beside else None,
        None if page.elder else Text(text=sub.main, size="k2", colour="soft", align="center"),
    )


def _cabinet(page: Page) -> art.Art:
    """The drawing with its words; in elder mode only what is large enough to read."""
    names = ("art_screen", "art_slot", "art_reader")
    screen, slot, reader = ("" if page.elder else page.say(f"card.{name}").main for name in names)
    return art.cabinet(screen, slot, reader, size="k1")


def _privacy(page: Page) -> Node:
    say = page.say("card.privacy")
    text = Text(text="" if page.elder else say.main, size="k1", colour="soft")
    more = key(
        page,
        "privacy",
        page.say("card.privacy_more"),
        size=page.k("k1"),
        variant="quiet",
        h=96,
        least=page.target,
        arrange="center",
        pad=24,
    )
    return row(
        column(text, grow=1, justify="center"),
        replace(more, grow=1 if page.elder else 0, w=None if page.elder else 420 if page.english else 264)
        if more
        else None,
        gap=32,
    )
