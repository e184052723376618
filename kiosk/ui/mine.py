"""The number of a scanned slip: how it stands, and what its holder may do now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import key, note
from .ends import end_key, side_by_side
from .nodes import Node, Space, Text
from .page import Page, Parts, Say
from .slip import number_slip
from .stacks import column

if TYPE_CHECKING:
    from kiosk.flow.screens import MyNumber

GOOD = frozenset({"waiting", "serving", "done"})
"""States with nothing to do but wait or go."""


def parts(page: Page, screen: MyNumber) -> Parts:
    slip = number_slip(page, screen.issued)
    stands = note(page, "check" if screen.state in GOOD else "info", _say(page, screen), colour=_colour(screen))
    refused = Text(text=screen.say, size=page.k("k3"), bold=True, colour="amber") if screen.say else None
    rejoin = key(
        page,
        "rejoin",
        page.say("mine.rejoin"),
        sub=page.say("mine.rejoin_sub", n=screen.missed_after, m=screen.rejoins_left),
        icon="undo",
        side=72,
        size="k4",
        sub_size=page.k("k1"),
        variant="main",
        h=168,
        least=page.target,
        arrange="center",
        pad=12,
        both_subs=not page.elder,
    )
    looks = (("reprint", "normal"), ("finish", "quiet"))
    two = side_by_side(*(end_key(page, name, page.say(f"mine.{name}"), variant=look) for name, look in looks))
    if page.landscape:
        keys = column(stands, refused, Space(grow=1), rejoin, two, gap=24, grow=1)
        return Parts(info=slip, keys=keys, keys_at_end=False, info_w=1000)
    told: tuple[Node | None, ...] = (stands, refused)
    return Parts(info=column(slip, *told, gap=24), keys=column(rejoin, two, gap=24))


def _say(page: Page, screen: MyNumber) -> Say:
    name = f"mine.{screen.state}"
    known = name if page.texts.has(name) else "mine.waiting"
    if screen.state in {"called", "serving"} and screen.window is None:
        known = "mine.called_where"
    return page.say(known, n=screen.window or "")


def _colour(screen: MyNumber) -> str:
    return "green" if screen.state in {"waiting", "called", "serving", "done"} else "amber"
