"""预约签到: card or code above, the keypad under it, and always a number without booking."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .blocks import centred, key, title, words
from .ends import end_key, main_key
from .invite import felt, invitation
from .nodes import Ground, Key, Node, Picture, Space, Text
from .page import Page, Parts
from .stacks import column, grid, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Booked, BookingTrouble

PADS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")
EMPTY = "·"
GROUPS = (3, 3, 4)
"""Ten digits as people read them out."""


def parts(page: Page, screen: Booked) -> Parts:
    head = title(page, page.say("booked.title"))
    field = _field(page, screen.typed)
    board = _board(page)
    h = 120 if page.lowered else 136
    skip = end_key(page, "skip", page.say("booked.skip"), sub=page.say("booked.skip_sub"), icon="ticket", h=h)
    if page.landscape:
        left = column(head, _put(page, screen), skip, gap=24, grow=1)
        return Parts(info=left, keys=column(field, board, gap=24, grow=1), keys_at_end=False, info_w=960)
    if page.lowered:
        return Parts(
            info=column(head, _put(page, screen), field, gap=24, grow=1), keys=column(board, skip, gap=16), split=True
        )
    return Parts(info=column(head, _put(page, screen), gap=24, grow=1), keys=column(field, board, skip, gap=24))


def trouble(page: Page, screen: BookingTrouble) -> Parts:
    """Not found, too early, over: the server's sentence and the ways out."""
    under = Text(text=screen.say, size=page.k("k3"), align="center", colour=page.ink)
    info = centred(page, "booking", page.say("booked.trouble"), Space(h=16), under, colour="amber")
    take = main_key(page, "take", page.say("booked.take"), "ticket", size="k5")
    again = end_key(page, "retype", page.say("booked.again"), icon="undo", variant="normal", h=136)
    left = page.say("nopaper.countdown", n=screen.countdown_s)
    home = end_key(page, "home", page.say("server.home"), sub=left, icon="home", h=136)
    two = grid([one for one in (again, home) if one], 2)
    return Parts(info=info, keys=column(take, two, gap=24))


def _put(page: Page, screen: Booked) -> Node:
    """The invitation, or what happened to the card."""
    invited = page.say("booked.put" if screen.has_reader else "booked.put_code")
    said = felt(page, reading=screen.reading, trouble_key=screen.trouble_key, size="k4")
    picture = Picture(name="idcard" if screen.has_reader else "booking", side=112, colour="blue", least=48, h=112)
    shown = said or words(page, invited, "k3", bold=True, align="center")
    return invitation(picture, shown, gap=16, pad=(40, 16, 40, 16))


def _field(page: Page, typed: str) -> Node:
    """Where the digits stand, grouped; it cannot be pressed."""
    shown, at = [], 0
    for size in GROUPS:
        shown.append("".join(typed[at : at + size].ljust(size, EMPTY)))
        at += size
    hint = page.say("booked.code")
    text = column(
        Text(
            text=hint.main if page.elder else f"{hint.main}　{hint.beside}".strip(),
            size=page.k("k1"),
            colour="soft",
            lines=1,
        ),
        Text(text=" ".join(shown), size="k4", bold=True, lines=1, align="center", colour="ink" if typed else "soft"),
        justify="center",
        grow=1,
    )
    return Ground(
        child=row(text, gap=24),
        colour="surface",
        border="blue" if typed else "edge",
        border_px=4,
        radius=8,
        pad=(32, 8, 32, 8),
        h=136,
    )


def _board(page: Page) -> Node:
    """As on a telephone; where large keys have to lie low, in two rows."""
    flat = page.lowered and page.elder
    h = page.target if flat else 112 if page.lowered else 128
    keys: list[Node] = [_digit(page, one, h) for one in PADS]
    picture = Picture(name="backspace", side=56, colour="ink" if "erase" in page.state.keys else "soft")
    erase, zero = _key(page, "erase", picture, h), _digit(page, "0", h)
    send = key(
        page,
        "send",
        page.say("booked.send"),
        size=page.k("k3"),
        variant="main",
        h=h,
        least=page.target,
        arrange="center",
        pad=4,
    )
    keys += [zero, erase] if flat else [erase, zero]
    keys.append(replace(send, h=h) if send else Space())
    return grid(keys, 6 if flat else 3, gap=(16, 16))


def _digit(page: Page, one: str, h: float) -> Key:
    name = f"digit:{one}"
    colour = "ink" if name in page.state.keys else "soft"
    return _key(page, name, Text(text=one, size="k4", bold=True, colour=colour, align="center", lines=1), h)


def _key(page: Page, name: str, child: Node, h: float) -> Key:
    variant = "quiet" if name in page.state.keys else "flat"
    return Key(key=name, child=column(child, justify="center"), variant=variant, h=h, least=page.target, pad=(4, 2))
