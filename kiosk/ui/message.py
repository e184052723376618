"""Pages with one thing to say: help, time-out, brake, already, privacy (pictures 14, 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import UNKNOWN, centred, key, note, title, words
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
    size = page.k("k2")
    ends = [
        key(
            page,
            name,
            page.say(f"helping.{name}"),
            size=size,
            variant=look,
            h=136,
            least=page.target,
            arrange="center",
            pad=12,
        )
        for name, look in (("cancel", "quiet"), ("arrived", "main"))
    ]
    return Parts(info=info, keys=column(urgent, also, grid([one for one in ends if one], 2), gap=24))


def still(page: Page, screen: StillThere) -> Parts:
    """The warning before the page is cleared."""
    sub = words(page, page.say("still.sub", n=screen.countdown_s), "k3", align="center")
    info = centred(page, "clock", page.say("still.title"), sub, side=160)
    stay = key(page, "stay", page.say("still.stay"), size="k5", variant="main", h=248, least=160, arrange="center")
    leave = key(
        page,
        "leave",
        page.say("still.leave"),
        size=page.k("k2"),
        variant="quiet",
        h=136,
        least=page.target,
        arrange="center",
    )
    return Parts(info=info, keys=column(stay, leave, gap=24))


def brake(page: Page) -> Parts:
    """Many numbers in a minute: one more?"""
    sub = words(page, page.say("brake.sub"), "k3", align="center")
    info = centred(page, "question", page.say("brake.title"), sub, side=160)
    yes = key(
        page,
        "yes",
        page.say("brake.yes"),
        icon="ticket",
        side=80,
        size="k4",
        variant="main",
        h=200,
        least=136,
        arrange="center",
    )
    no = key(page, "no", page.say("brake.no"), size="k3", variant="quiet", h=152, least=page.target, arrange="center")
    return Parts(info=info, keys=column(yes, no, gap=24))


def already(page: Page, screen: Already) -> Parts:
    """A live number is held today: print it again, or another for something else."""
    say = page.say("already.called" if screen.called else "state.already", no=screen.number)
    number = Text(text=screen.number, size="k6", bold=True, align="center", leading=1.2)
    slip = Ground(child=number, colour="surface", border="line", radius=24, pad=(40, 24, 40, 24))
    info = centred(
        page,
        "ticket",
        page.say("already.title"),
        words(page, say, "k3", align="center"),
        Space(h=32, least=8),
        slip,
        side=160,
    )
    again = key(
        page,
        "reprint",
        page.say("already.reprint", no=screen.number),
        icon="printer",
        side=80,
        size="k4",
        variant="main",
        h=200,
        least=136,
        arrange="center",
    )
    another = key(
        page,
        "another",
        page.say("already.another"),
        icon="plus",
        side=56,
        size=page.k("k3"),
        h=152,
        least=page.target,
        arrange="center",
        pad=12,
    )
    return Parts(info=info, keys=column(again, another, gap=24))


def privacy(page: Page) -> Parts:
    """What is read from a card, what is kept and for how long."""
    say = page.say("privacy.text")
    size = page.k("k3")
    text = [Text(text=say.main, size=size, leading=1.6)]
    if say.beside:
        text.append(Text(text=say.beside, size=page.k("k2"), colour="soft", leading=1.6))
    card = Ground(child=column(*text, gap=24), colour="surface", border="line", radius=16, pad=(48, 40, 48, 40))
    return Parts(info=column(title(page, page.say("privacy.title")), card, gap=24))
