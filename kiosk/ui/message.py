"""Pages with one thing to say: help, time-out, brake, already, privacy (pictures 14, 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import UNKNOWN, centred, key, note, title, words
from .ends import end_key, main_key, side_by_side
from .nodes import Ground, Space, Text
from .page import Page, Parts, Say
from .stacks import column, grid, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Already, Help, StillThere

    from .nodes import Node


def helping(page: Page, screen: Help) -> Parts:
    """Who comes, how long one has waited, urgent need, and the end of it."""
    silent = screen.state == "silent"
    head = page.say("helping.done") if screen.state == "done" else page.say("helping.title")
    sub = words(page, page.say("helping.sub"), "k3", align="center")
    under: list[Node] = [note(page, "warning", page.say("helping.silent"))] if silent else [sub]
    if not silent and screen.state != "done":
        who = page.say("helping.who", name=screen.who) if screen.who else page.say("helping.told")
        name = words(page, Say(UNKNOWN) if screen.state == "asking" else who, "k3", bold=True)
        since = page.say("helping.since")
        waited = Text(text=f"{since.main} {screen.waited}", size=page.k("k3"), align="right")
        line = row(column(name, grow=1, justify="center"), column(waited, justify="center"), gap=24)
        under += [Space(h=32, least=8), Ground(child=line, colour="sand", radius=16, pad=(40, 28, 40, 28))]
    info = centred(page, "help", head, *under)
    urgent = key(
        page,
        "urgent",
        page.say("helping.urgent"),
        sub=page.say("helping.urgent_sub"),
        icon="urgent",
        side=80,
        sub_size=page.k("k1"),
        size="k3" if page.english else "k4",
        variant="urgent",
        h=184,
        least=136,
        pad=40,
        gap=32,
        both_subs=not page.elder,
    )
    also = words(page, page.say("helping.also"), "k2", colour="soft", align="center")
    ends = [
        end_key(page, name, page.say(f"helping.{name}"), size=page.k("k2"), variant=look, h=136)
        for name, look in (("cancel", "quiet"), ("arrived", "main"))
    ]
    return Parts(info=info, keys=column(urgent, also, grid([one for one in ends if one], 2), gap=24))


def still(page: Page, screen: StillThere) -> Parts:
    """The warning before the page is cleared."""
    sub = words(page, page.say("still.sub", n=screen.countdown_s), "k3", align="center")
    info = centred(page, "clock", page.say("still.title"), sub, side=160)
    stay = key(page, "stay", page.say("still.stay"), size="k5", variant="main", h=248, least=160, arrange="center")
    leave = end_key(page, "leave", page.say("still.leave"), size=page.k("k2"), h=136)
    return Parts(info=info, keys=column(stay, leave, gap=24))


def brake(page: Page) -> Parts:
    """Many numbers in a minute: one more?"""
    sub = words(page, page.say("brake.sub"), "k3", align="center")
    info = centred(page, "question", page.say("brake.title"), sub, side=160)
    yes = main_key(page, "yes", page.say("brake.yes"), "ticket")
    no = end_key(page, "no", page.say("brake.no"), size="k3")
    return Parts(info=info, keys=column(yes, no, gap=24))


def already(page: Page, screen: Already) -> Parts:
    """A live number is held today: the matter goes onto it, it is printed again, or another is taken."""
    number = Text(text=screen.number, size="k6", bold=True, align="center", leading=1.2)
    slip = Ground(child=number, colour="surface", border="line", radius=24, pad=(40, 24, 40, 24))
    trouble = screen.trouble
    failed = note(page, "warning", page.say(f"already.add_{trouble}", no=screen.number)) if trouble else None
    asked = failed or words(page, _asked(page, screen), "k3", align="center")
    title_gap, gap = Space(h=24 if failed else 0, least=0), Space(h=32, least=8)
    info = centred(page, "ticket", page.say("already.title"), title_gap, asked, gap, slip, side=160)
    say = page.say("already.reprint", no=screen.number)
    another = page.say("already.another")
    if not page.drawn("add"):
        again = main_key(page, "reprint", say, "printer")
        return Parts(
            info=info, keys=column(again, end_key(page, "another", another, icon="plus", variant="normal"), gap=24)
        )
    sub = page.say("already.add_away" if "add" in page.state.flat else "already.add_sub")
    add = main_key(page, "add", page.say("already.add", no=screen.number), "plus", sub=sub)
    two = side_by_side(end_key(page, "reprint", say, variant="normal"), end_key(page, "another", another))
    return Parts(info=info, keys=column(add, two, gap=24))


def _asked(page: Page, screen: Already) -> Say:
    if screen.matter:
        return page.say("already.add_ask", matter=screen.matter)
    return page.say("already.called" if screen.called else "state.already", no=screen.number)


def privacy(page: Page) -> Parts:
    """What is read from a card, what is kept and for how long."""
    say = page.say("privacy.text")
    size = page.k("k3")
    text = [Text(text=say.main, size=size, leading=1.6)]
    if say.beside:
        text.append(Text(text=say.beside, size=page.k("k2"), colour="soft", leading=1.6))
    card = Ground(child=column(*text, gap=24), colour="surface", border="line", radius=16, pad=(48, 40, 48, 40))
    return Parts(info=column(title(page, page.say("privacy.title")), card, gap=24))
