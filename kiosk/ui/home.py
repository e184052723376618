"""Home: the live line and all services in one view (pictures 01, 02, 09, 12, 13, 16)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.hours import AT_WORK

from .blocks import UNKNOWN, band, bar, figure, figures, key, words
from .nodes import Ground, Line, Node, Rule, Space, Span, Text
from .page import Page, Parts, Say
from .stacks import column, grid, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Home

    from .nodes import Key
    from .theme import Size

SMALL = (("booked", "booking"), ("collect", "collect"), ("progress", "progress"), ("feedback", "feedback"))


def parts(page: Page, home: Home) -> Parts:
    if page.elder and not page.landscape:
        return _elder(page, home)
    if page.lowered:
        return _low(page, home)
    return _wide(page, home) if page.landscape else _upright(page, home)


def bar_of(page: Page) -> Node:
    """On home the elder mode has 找人帮忙 among its six keys, so the bar does not repeat it."""
    return bar(page, help_key=not (page.elder and not page.landscape))


def _elsewhere(page: Page, home: Home, name: str) -> Say | None:
    """Where a flat service is to be had, on the pages whose keys have no second line."""
    return _sub(page, home, name) if name in page.state.flat and dict(home.sub_keys).get(name) else None


def _sub(page: Page, home: Home, name: str) -> Say:
    for key_id, words_key in home.sub_keys:
        if key_id == name:
            return page.say(words_key)
    return page.say(f"home.{name}_sub")


def _upright(page: Page, home: Home) -> Parts:
    modes = grid(_modes(page), 2) if _modes(page) else None
    small = grid(_small(page, home), 2)
    keys = column(_take(page, home), _matter(page, home), small, modes, gap=32 if not page.english else 28)
    return Parts(info=_info(page, home), keys=column(Space(h=8), keys), keys_at_end=False)


def _wide(page: Page, home: Home) -> Parts:
    matter = _matter(page, home)
    keys = column(
        replace(matter, grow=1) if matter else None,
        grid([replace(one, grow=1) for one in _small(page, home)], 2, grow=2),
        grid(_modes(page), 2) if _modes(page) else None,
        gap=24,
        grow=1,
    )
    size: Size = "k5" if page.english else "k6"
    take = key(
        page,
        "take",
        page.say("home.take"),
        sub=_take_sub(page, home),
        icon="ticket",
        side=96 if page.elder else 144,
        size=size,
        sub_size=page.k("k2"),
        variant="main",
        h=300,
        least=160,
        arrange="stack",
        both_subs=not page.english,
        grow=1,
    )
    return Parts(
        info=column(_elder_line(page, home) if page.elder else _info(page, home), take, gap=24, grow=1),
        keys=keys,
        keys_at_end=False,
    )


def _take_sub(page: Page, home: Home) -> Say:
    return page.say("home.take_sub") if home.link != "offline" else page.say("offline.take_sub")


def _take(page: Page, home: Home) -> Key | None:
    size: Size = "k5" if page.english else "k6"
    sub = _take_sub(page, home)
    return key(
        page,
        "take",
        page.say("home.take"),
        sub=sub,
        icon="ticket",
        side=144,
        size=size,
        sub_size="k1" if page.english else "k2",
        variant="main",
        h=344 if page.english else 384,
        least=240,
        pad=56,
        gap=56,
        both_subs=True,
    )


def _matter(page: Page, home: Home) -> Key | None:
    return key(
        page,
        "matter",
        page.say("home.matter"),
        sub=_sub(page, home, "matter"),
        sub_size=page.k("k1"),
        icon="guide",
        side=96,
        size="k3" if page.english else "k4",
        pad=40,
        gap=32,
        least=128,
    )


def _small(page: Page, home: Home) -> list[Key]:
    size: Size = "k3" if page.english else "k4"
    made = (
        key(
            page,
            name,
            page.say(f"home.{name}"),
            sub=_sub(page, home, name),
            sub_size=page.k("k1"),
            icon=icon,
            size=size,
            least=128,
        )
        for name, icon in SMALL
    )
    return [one for one in made if one]


def _modes(page: Page) -> list[Key]:
    language = page.say("home.english")
    names = (
        ("elder", "elder", page.say("home.elder")),
        ("english", "globe", Say(language.main, page.say("home.english_sub").main if page.english else "")),
    )
    made = (
        key(
            page,
            name,
            say,
            sub=page.say(f"home.{name}_sub"),
            sub_size=page.k("k1"),
            icon=icon,
            size="k3",
            variant="quiet",
            h=136 if page.landscape else 152,
            least=112,
        )
        for name, icon, say in names
    )
    return [one for one in made if one]


# ---- the live line ---------------------------------------------------------------------------------------------------


def _info(page: Page, home: Home) -> Node:
    news = Text(text=home.notice, size=page.k("k2"), lines=2) if home.notice else None
    if home.link == "offline":
        return column(_away(page, home), news, gap=16)
    return column(_live(page, home), news, gap=16)


def _away(page: Page, home: Home) -> Node:
    """The server is away: numbers are given all the same, and how."""
    told = (page.say("offline.sub", letter=home.letter), page.say("offline.no_estimate"))
    return band(page, "offline", page.say("offline.title"), *told)


def _values(page: Page, home: Home) -> tuple[tuple[Say, str, Say, float], ...]:
    waiting = UNKNOWN if home.waiting is None else str(home.waiting)
    opened = UNKNOWN if home.open_windows is None else str(home.open_windows)
    wait = home.wait.text if home.wait else UNKNOWN
    none = Say("")
    people, windows = (none, none) if page.english else (page.say("common.people"), page.say("common.windows"))
    return (
        (page.say("common.waiting"), waiting, people, 25),
        (page.say("common.expected"), wait, page.say("common.minutes"), 52 if page.english else 45),
        (page.say("common.open_windows"), opened, windows, 25),
    )


def _state(page: Page, home: Home) -> Node:
    """The green dot with 正在办理, or what there is to say instead."""
    if home.line_key:
        say = page.say(home.line_key)
    elif home.hours:
        say = page.say(f"home.{home.service}", hours=home.hours, time=home.resumes)
    else:
        say = page.say("state.loading")
    return row(
        _dot("green" if home.link == "online" and home.service in AT_WORK else "amber_mark"),
        column(words(page, say, "k2", bold=True, beside="k2"), grow=1),
        gap=16,
    )


def _live(page: Page, home: Home) -> Node:
    pad = 24.0 if page.landscape else 32.0
    cells = [figure(page, caption, value, unit, grow=share) for caption, value, unit, share in _values(page, home)]
    body = column(_state(page, home), Space(h=16), figures(*cells, pad=pad))
    return Ground(child=body, colour="sand", radius=16, pad=(40, 28, 24, 24))


# ---- elder and lowered -----------------------------------------------------------------------------------------------


def _elder_line(page: Page, home: Home) -> Node:
    news = Text(text=home.notice, size=page.k("k2"), lines=2) if home.notice else None
    if home.link == "offline":
        told = (page.say("offline.sub", letter=home.letter),)
        return column(band(page, "offline", page.say("offline.title"), *told), news, gap=16)
    if home.line_key or home.service not in AT_WORK or home.waiting is None or home.wait is None:
        body = _state(page, home)
    elif page.english or page.landscape:
        say = page.say("elder.state", n=home.waiting, range=home.wait.text)
        body = row(_dot("green"), column(words(page, say, "k3", bold=True), grow=1), gap=16)
    else:
        body = row(_dot("green"), Line(spans=_elder_spans(page, home.waiting, home.wait.text), grow=1), gap=16)
    return column(Ground(child=body, colour="sand", radius=16, pad=(40, 28, 24, 28)), news, gap=16)


def _elder_spans(page: Page, waiting: int, wait: str) -> tuple[Span, ...]:
    """The sentence with its two figures larger."""
    before, rest = page.texts.say("elder.state", page.state.modes.language).split("{n}")
    middle, after = rest.split("{range}")
    return (
        Span(before, "k3"),
        Span(str(waiting), "k4", bold=True),
        Span(middle, "k3"),
        Span(wait, "k4", bold=True),
        Span(after, "k3"),
    )


def _dot(colour: str) -> Node:
    return column(Ground(child=Space(), colour=colour, radius=12, w=24, h=24), justify="center")


def _elder(page: Page, home: Home) -> Parts:
    small = page.lowered
    four = [one for one in _elder_four(page, home, small=small) if one]
    take = key(
        page,
        "take",
        page.say("elder.take"),
        sub=page.say("elder.take_sub"),
        icon="ticket",
        side=96 if small else 192,
        size="k5" if small or page.english else "k6",
        sub_size="k3",
        variant="main",
        h=200 if small else 424,
        least=160,
        arrange="center",
        gap=56,
        both_subs=not small,
    )
    helping = key(
        page,
        "help",
        page.say("elder.help"),
        sub=None if small else page.say("elder.help_sub"),
        icon="help",
        side=72 if small else 112,
        size="k5",
        sub_size="k3",
        variant="ink",
        h=144 if small else 232,
        least=136,
        arrange="center",
        gap=40,
        both_subs=not page.english,
    )
    gap = 16 if small else 32
    keys = column(take, grid(four, 2, gap=(32, gap)), helping, gap=gap)
    return Parts(
        info=_elder_line(page, home), keys=column(None if small else Space(h=8), keys), keys_at_end=False, split=True
    )


def _elder_four(page: Page, home: Home, *, small: bool) -> list[Key | None]:
    return [
        key(
            page,
            name,
            page.say(text),
            sub=None if small else _elsewhere(page, home, name),
            icon=icon,
            side=56 if small else 112,
            size="k4" if page.english else "k5",
            sub_size="k3",
            h=144 if small else 304,
            least=136,
            arrange="row" if small else "stack",
            gap=8,
            pad=16,
        )
        for name, text, icon in (
            ("matter", "elder.guide", "guide"),
            ("collect", "elder.collect", "collect"),
            ("booked", "elder.booked", "booking"),
            ("progress", "elder.progress", "progress"),
        )
    ]


def _low(page: Page, home: Home) -> Parts:
    if home.link == "offline":
        info: Node = column(Space(grow=1), _info(page, home), Space(grow=1), grow=1)
    else:
        rows: list[Node] = []
        for caption, value, unit, _share in _values(page, home):
            tail = f" {unit.main} {unit.beside}".rstrip() if value != UNKNOWN and unit.main else ""
            spans = (Span(value, "k5", bold=True), *((Span(tail, "k2"),) if tail else ()))
            both = Say(f"{caption.main}　{caption.beside}".strip())
            rows += [
                Rule(),
                row(words(page, both, "k3"), Space(grow=1), Line(spans=spans, align="right", h=160, least=110)),
            ]
        inner = column(Space(grow=1), _state(page, home), Space(h=32, least=8), *rows, Space(grow=1), grow=1)
        info = Ground(child=inner, colour="sand", radius=16, pad=(56, 24, 56, 24), grow=1)
    take = key(
        page,
        "take",
        page.say("home.take"),
        icon="ticket",
        side=96,
        size="k4" if page.english else "k5",
        variant="main",
        h=224,
        least=120,
        arrange="center",
        gap=56,
    )
    names = (("matter", "guide"), *SMALL, ("elder", "elder"), ("english", "globe"))
    rest = [
        key(
            page,
            name,
            page.say(f"home.{name}"),
            sub=_elsewhere(page, home, name),
            icon=icon,
            side=56,
            size="k2" if page.english else "k3",
            h=112,
            least=96,
        )
        for name, icon in names
    ]
    some = [one for one in rest if one]
    wide, pairs = (some[:1], some[1:]) if some and some[0].key == "matter" else ([], some)
    keys = column(take, *wide, grid(pairs, 2, gap=(24, 16)), gap=16)
    return Parts(info=info, keys=keys, keys_at_end=False, split=True)
