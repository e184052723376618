"""When something fails the promise is kept: no paper, printer not sure, server silent (pictures 08, 09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import band, centred, key, words
from .done import carried
from .ends import end_key, main_key
from .nodes import Ground, Node, Picture, Space, Text
from .page import Page, Parts
from .slip import number_slip
from .stacks import column, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Issued, NoPaper, PrinterTrouble, ScanTrouble, ServerTrouble

    from .nodes import Key
    from .theme import Size


def no_paper(page: Page, screen: NoPaper) -> Parts:
    """The number is good without a slip; three ways to keep it."""
    told = "helping.title" if screen.asked else "nopaper.sub"
    size: Size = "k3" if page.english else "k4"
    alarm = band(page, "paperout", page.say_device("paper_end"), page.say(told), size=size)
    slip = number_slip(page, screen.issued)
    ask = key(
        page,
        "ask",
        page.say("nopaper.ask"),
        sub=page.say("nopaper.ask_sub"),
        icon="printer",
        side=72,
        size="k4",
        sub_size=page.k("k1"),
        h=152,
        least=page.target,
        pad=40,
        both_subs=not page.elder,
    )
    return _kept(page, alarm, slip, screen.issued, ask, _remembered(page, screen.countdown_s))


def printer(page: Page, screen: PrinterTrouble) -> Parts:
    """The slip's fate is bad or not known."""
    say = page.say("printer.ready") if screen.fate == "ready" else page.say_device(screen.code)
    known = screen.fate != "unknown"
    title = page.say("printer.title")
    told = (title, say) if known and not (page.elder and page.english) else (say,)
    alarm = band(page, "printer", *told)
    slip = number_slip(page, screen.issued)
    again = key(
        page,
        "again",
        page.say("printer.again"),
        icon="printer",
        side=72,
        size="k4",
        h=152,
        least=page.target,
        arrange="center",
    )
    return _kept(page, alarm, slip, screen.issued, again, _remembered(page, screen.countdown_s))


def _kept(page: Page, alarm: Node, slip: Node, issued: Issued, act: Node | None, end: Key | None) -> Parts:
    if page.elder:
        photo = None if page.english and page.landscape else words(page, page.say("nopaper.photo"), "k3", bold=True)
        heading, ways = photo, None
    else:
        heading, ways = words(page, page.say("nopaper.keep"), "k2", bold=True), _ways(page, issued)
    if page.landscape:
        left, right = (None, alarm) if page.elder else (alarm, None)
        keys = column(right, heading, ways, Space(grow=1), act, end, gap=20, grow=1)
        return Parts(info=column(left, slip, gap=16), keys=keys, keys_at_end=False, info_w=980)
    return Parts(info=column(alarm, slip, heading, ways, gap=20), keys=column(act, end, gap=24))


def _ways(page: Page, issued: Issued) -> Node:
    photo = column(
        Space(grow=1),
        Picture(name="phone", side=112, colour="ink", h=112, least=56),
        words(page, page.say("nopaper.photo"), "k2", align="center"),
        Space(grow=1),
        gap=12,
    )
    phone = carried(page, issued, "nopaper.scan") if issued.qr or issued.track else None
    cells = [
        Ground(child=one, colour="surface", border="line", radius=16, pad=(16, 12, 16, 12), grow=1)
        for one in (phone, photo)
        if one
    ]
    return row(*cells, gap=24)


def _remembered(page: Page, left_s: int) -> Key | None:
    left = page.say("nopaper.countdown", n=left_s)
    return end_key(page, "remembered", page.say("nopaper.remembered"), sub=left, size="k3", h=128)


def scan(page: Page, screen: ScanTrouble) -> Parts:
    """A code was scanned and nothing came of it; what else there is to do."""
    under = words(page, page.say("scan.also"), "k3", align="center")
    icon = "offline" if screen.say_key == "scan.silent" else "info"
    info = centred(page, icon, page.say(screen.say_key), under, colour="amber")
    return Parts(info=info, keys=_home(page, screen.countdown_s))


def server(page: Page, screen: ServerTrouble) -> Parts:
    """No number was given, and what to do now."""
    head = page.say("server.title" if screen.kind == "silent" else "server.refused")
    if screen.say:
        under: Node = Text(text=screen.say, size=page.k("k3"), align="center")
    elif screen.kind == "silent":
        under = words(page, page.say("server.sub"), "k3", align="center")
    else:
        under = words(page, page.say("helping.also"), "k3", align="center")
    info = centred(page, "offline" if screen.kind == "silent" else "info", head, under, colour="amber")
    retry = main_key(page, "retry", page.say("server.retry"), "undo", size="k5")
    return Parts(info=info, keys=column(retry, _home(page, screen.countdown_s), gap=24))


def _home(page: Page, left_s: int) -> Key | None:
    left = page.say("nopaper.countdown", n=left_s)
    return end_key(page, "home", page.say("server.home"), sub=left, icon="home", size="k3")
