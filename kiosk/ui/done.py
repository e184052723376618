"""The number, huge; how many are before; take the slip (picture 07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import art
from .blocks import note, words
from .ends import again_or_finish
from .nodes import Code, Ground, Node, Space, Text
from .page import Page, Parts
from .slip import number_slip
from .stacks import column, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Done, Issued


def parts(page: Page, screen: Done) -> Parts:
    wide = page.landscape
    slip = number_slip(page, screen.issued, under=None if wide else _under(page, screen.issued))
    crowded = page.elder and (page.english or page.landscape)  # no room for what can wait; to take the card cannot
    said = "done.card" if screen.card_left else "" if crowded else screen.card_key
    icon = "booking" if said.startswith("state.booking") else "idcard"
    card = note(page, icon, page.say(said)) if said else None
    left = page.say("done.countdown", n=screen.countdown_s)
    again = page.say("done.again_added" if screen.added else "done.again")
    two = again_or_finish(page, again, page.say("done.finish"), left, size="k4")
    if screen.added:
        return _added(page, screen, card, two)
    nexts = _nexts(page, screen.issued)
    if wide:
        advice = card or (
            None
            if page.elder and page.english and not screen.issued.offline
            else words(page, page.say(_order(screen.issued)), "k2", bold=True)
        )
        keys = column(advice, Space(grow=1), nexts, two, gap=24, grow=1)
        return Parts(info=slip, keys=keys, keys_at_end=False, info_w=1000)
    return Parts(info=column(slip, Space(h=8), nexts, card, gap=24), keys=two)


def _added(page: Page, screen: Done, card: Node | None, two: Node) -> Parts:
    """No slip is on its way: the one in hand stays good, and so does the place."""
    told = note(page, "checkcircle", page.say("done.added", matter=screen.added), colour="green")
    stays = words(page, page.say("done.added_sub"), "k3", align="center")
    if page.landscape:
        stays = stays if card is None or not (page.elder and page.english) else Space()
        slip = number_slip(page, screen.issued)
        keys = column(told, Space(h=16), stays, card, Space(grow=1), two, gap=24, grow=1)
        return Parts(info=slip, keys=keys, keys_at_end=False, info_w=1000)
    slip = number_slip(page, screen.issued, under=_under(page, screen.issued))
    return Parts(info=column(slip, Space(h=8), told, stays, card, gap=24), keys=two)


def _order(issued: Issued) -> str:
    """What the holder has to know of being called."""
    return "offline.kept" if issued.offline else "done.where_any"


def _under(page: Page, issued: Issued) -> Node:
    """What to do when called, and that the order may change; of a number given off line that it needs no other."""
    first = words(page, page.say(_order(issued)), "k2")
    second = words(page, page.say("offline.no_estimate" if issued.offline else "done.note"), "k1", colour="soft")
    line = Ground(child=Space(), colour="line", h=2)
    return Ground(child=column(line, Space(h=16, least=4), first, second, Space(h=20, least=4)), pad=(40, 0, 40, 0))


def _nexts(page: Page, issued: Issued) -> Node:
    """Where the slip is, and the code that takes the number along on a phone."""
    take = column(
        Space(grow=1),
        None if page.elder and page.english else art.slip_here(),
        words(page, page.say("done.slip"), "k3", bold=True, align="center", beside="k2"),
        None
        if page.elder and page.english
        else words(page, page.say("done.slip_sub"), "k1", colour="soft", align="center"),
        Space(grow=1),
        gap=4,
    )
    phone = carried(page, issued, "done.scan") if issued.qr or issued.track else None
    cells = [Ground(child=one, colour="sand", radius=16, pad=(16, 16, 16, 16), grow=1) for one in (take, phone) if one]
    return row(*cells, gap=24, h=None if page.english or page.elder else 336)


def carried(page: Page, issued: Issued, say: str) -> Node:
    """The code for the phone, or the short code when the hall has no public address."""
    if issued.qr:
        picture: Node = Code(address=issued.qr, side=208, h=208)
        text = words(page, page.say(say), "k1", colour="soft", align="center")
        return column(Space(grow=1, h=16, least=8), picture, Space(h=24), text, Space(grow=1, h=4))
    code = Text(text=issued.track, size="k4", bold=True, align="center", lines=1)
    text = words(page, page.say("done.code"), "k1", colour="soft", align="center")
    return column(Space(grow=1), code, text, Space(grow=1), gap=8)
