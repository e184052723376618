"""The parts screens are built of: header, bar, keys, bands, figures. Nodes only, no Kivy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from .nodes import Ground, Key, Line, Node, Picture, Rule, Space, Span, Text
from .page import GAP, MARGIN, Page, Say
from .stacks import Column, column, row

if TYPE_CHECKING:
    from .nodes import Align
    from .theme import Size

UNKNOWN = "–"
LONG_FIGURE = 7
"""Characters of a figure from which it is wrapped: 105–140 stays one line, a list of windows may not."""
Arrange = Literal["row", "center", "stack"]


def header(page: Page) -> Node:
    """Mark, hall, kiosk; time and date."""
    head = page.state.header
    place = f"{head.centre}　{page.say('common.kiosk', n=head.kiosk).main}" if head.centre else ""
    small: Size = "k3" if page.elder else "k1"
    names = column(
        Text(text=head.hall, size="k3", bold=True, h=56, colour=page.ink, lines=1, leading=1.2),
        Text(text=place or page.say("common.kiosk", n=head.kiosk).main, size=small, colour=page.soft, lines=1),
        grow=1,
        justify="center",
    )
    times = column(
        Text(text=head.time, size="k4", bold=True, h=56, colour=page.ink, align="right", leading=1.0),
        Text(text=head.date, size=small, colour=page.soft, align="right", lines=1),
        justify="center",
    )
    mark = Picture(name="mark", side=72)
    training = _training(page) if head.training else None
    return Ground(
        child=row(mark, names, training, times, gap=GAP), pad=(MARGIN, 0, MARGIN, 0), h=120 if page.landscape else 136
    )


def _training(page: Page) -> Node:
    word = Text(text=page.say("common.training").main, size=page.k("k2"), bold=True, colour="amber", align="center")
    return column(Ground(child=word, colour="amber_tint", radius=8, pad=(16, 4, 16, 4)), justify="center")


def bar(page: Page, *, help_key: bool = True) -> Node:
    """The same four keys on every page."""
    low = page.state.modes.lowered
    beside = page.landscape or not (page.elder and help_key)
    keys = [
        _bar_key(page, "back", "common.back", "back", "quiet", beside=beside),
        _bar_key(page, "read", *_reading(page), "quiet", beside=beside),
        _bar_key(
            page,
            "lower",
            "common.raise" if low else "common.lower",
            "raiseup" if low else "lower",
            "quiet",
            beside=beside,
        ),
        _bar_key(page, "help", "common.help", "help", "ink", beside=beside) if help_key else None,
    ]
    pad = 16 if page.landscape else 24
    colour = "deep_night" if page.night else "sand"
    return Ground(child=row(*keys, gap=GAP), colour=colour, pad=(MARGIN, pad, MARGIN, pad), h=_bar_height(page))


def _reading(page: Page) -> tuple[str, str]:
    """Words and icon of the key that reads aloud: while it reads, a press stops it."""
    return ("common.read_stop", "close") if page.state.reading else ("common.read", "speaker")


def _bar_height(page: Page) -> float:
    if page.elder:
        return 248 if page.english and not page.landscape else 192
    return 144 if page.landscape else 160


def _bar_key(page: Page, key: str, words: str, icon: str, variant: str, *, beside: bool) -> Node:
    """A place in the bar; empty when the screen does not have the key."""
    if not page.drawn(key):
        return Space(grow=1)
    variant = "off" if key in page.state.flat else variant
    look, say = page.looks(variant), page.say(words)
    size: Size = "k3" if page.elder else "k1" if page.english else "k2"
    align: Align = "left" if page.english and not page.elder else "center"
    title = Text(text=say.main, size=size, bold=True, colour=look.text, align=align, leading=1.2, lines=2)
    under = Text(text=say.beside, size=size, colour=look.text, align=align, leading=1.2) if say.beside else None
    words_node = column(title, under, justify="center")
    if not beside or (page.elder and page.english and not page.landscape):
        picture = None if page.english else Picture(name=icon, side=56, colour=look.icon)
        child: Node = column(picture, words_node, justify="center", gap=4)
    else:
        child = row(
            Picture(name=icon, side=64 if page.elder else 40, colour=look.icon), words_node, gap=8, justify="center"
        )
    return Key(key=key, child=child, variant=variant, pad=(4, 2), grow=1)


def words(
    page: Page,
    say: Say,
    size: Size,
    *,
    bold: bool = False,
    colour: str = "",
    align: Align = "left",
    lines: int | None = None,
    beside: Size | None = None,
) -> Node:
    """A text, with its Chinese under it in the two-language mode."""
    ink = colour or page.ink
    main = Text(text=say.main, size=page.k(size), bold=bold, colour=ink, align=align, lines=lines)
    if not say.beside or (page.elder and size in {"k1", "k2"}):
        return main
    small: Size = "k3" if page.elder else beside or ("k2" if size in {"k3", "k4", "k5", "k6"} else "k1")
    soft = page.soft if ink == page.ink else ink
    return column(main, Text(text=say.beside, size=small, colour=soft, align=align, lines=lines))


def title(page: Page, say: Say) -> Node:
    """A page's title."""
    return words(page, say, "k4", bold=True, lines=2)


def key(
    page: Page,
    name: str,
    say: Say,
    *,
    sub: Say | None = None,
    icon: str = "",
    side: float = 72,
    size: Size = "k4",
    sub_size: Size = "k1",
    variant: str = "normal",
    h: float = 200,
    least: float | None = None,
    arrange: Arrange = "row",
    pad: float = 32,
    gap: float = 24,
    grow: float = 0,
    both_subs: bool = False,
    icon_last: bool = False,
) -> Key | None:
    """A key of the page, flat when the state says so, None when the state does not have it."""
    if not page.drawn(name):
        return None
    if name in page.state.flat:
        variant = "off"
    look = page.looks(variant)
    align: Align = "left" if arrange == "row" or (icon and arrange == "center") else "center"
    stack: list[Node] = [
        Text(text=say.main, size=size, bold=True, colour=look.text, align=align, leading=1.28, lines=2)
    ]
    if say.beside:
        small: Size = "k3" if page.elder else _beside(size)
        bold = variant == "main" and size in {"k5", "k6"}
        stack.append(Text(text=say.beside, size=small, bold=bold, colour=look.soft, align=align, leading=1.3, lines=1))
    if sub and sub.main and (not say.beside or both_subs or (variant == "off" and not page.elder)):
        stack.append(Text(text=sub.main, size=sub_size, colour=look.soft, align=align))
    text = Column(children=tuple(stack), justify="center", grow=1 if arrange == "row" else 0)
    picture = Picture(name=icon, side=side, colour=look.icon) if icon else None
    child: Node
    if arrange == "stack":
        child = column(picture, text, gap=gap, justify="center")
    else:
        order = (text, picture) if icon_last else (picture, text)
        child = row(*order, gap=gap, justify="start" if arrange == "row" else "center")
    low = page.target if least is None else least
    return Key(key=name, child=child, variant=variant, h=page.tall(h), least=low, pad=(pad, 2), grow=grow)


def _beside(size: Size) -> Size:
    return {"k6": "k4", "k5": "k4", "k4": "k2", "k3": "k2", "k2": "k1"}.get(size, "k1")  # type: ignore[return-value]


def band(page: Page, icon: str, title_say: Say, *lines: Say, size: Size = "k4") -> Node:
    """A caution over the page: amber, with an icon and words."""
    texts = [Text(text=title_say.main, size=page.k(size), bold=True, colour="amber", lines=2)]
    if title_say.beside:
        texts.append(Text(text=title_say.beside, size=page.k("k2"), colour="amber", lines=2))
    for say in lines[: 1 if page.elder and page.english else None]:
        texts.append(Text(text=say.main, size=page.k("k2"), colour="ink"))
        if say.beside and not page.elder and not page.landscape:
            texts.append(Text(text=say.beside, size=page.k("k1"), colour="ink"))
    picture = Picture(name=icon, side=96, colour="amber")
    child = row(picture, Column(children=tuple(texts), grow=1, justify="center"), gap=GAP)
    upright = 12 if page.english else 24
    return Ground(child=child, colour="amber_tint", radius=16, edge="amber_mark", pad=(48, upright, 32, upright))


def note(page: Page, icon: str, say: Say, *, colour: str = "amber") -> Node:
    """One sentence about a state, with its icon, on a tinted ground."""
    text = words(page, say, "k2", bold=True, colour=colour)
    ground = {"amber": "amber_tint", "green": "green_tint", "red": "red_tint"}[colour]
    child = row(Picture(name=icon, side=56, colour=colour), column(text, grow=1, justify="center"), gap=GAP)
    return Ground(child=child, colour=ground, radius=16, pad=(32, 16, 32, 16))


def figure(page: Page, caption: Say, value: str, unit: Say, *, grow: float = 25) -> Node:
    """A live figure: small caption, large number, its unit. In English the unit is kept only where it says more."""
    small: list[Node] = [Text(text=caption.main, size=page.k("k1"), colour="soft", lines=2, leading=1.3)]
    if caption.beside and not page.elder:
        small.append(Text(text=caption.beside, size=page.k("k1"), colour="soft", lines=1, leading=1.3))
    both = unit.main if page.elder else f"{unit.main} {unit.beside}".rstrip()
    tail = f" {both}" if value != UNKNOWN and unit.main else ""
    spans = (Span(value or UNKNOWN, "k5", bold=True), *((Span(tail, page.k("k2")),) if tail else ()))
    if len(value) > LONG_FIGURE:
        wrapped = Text(
            text=f"{value}{tail}", size="k4", bold=True, lines=2, floor="k2" if not page.elder else "k3", leading=1.2
        )
        return Column(children=(*small, wrapped), grow=grow)
    return Column(children=(*small, Line(spans=spans)), grow=grow)


def figures(*items: Node, pad: float = 32) -> Node:
    """Figures side by side with thin rules between them."""
    children: list[Node] = []
    for at, item in enumerate(items):
        if at:
            children.append(row(Rule(upright=True), Space(w=pad)))
        children.append(item)
    return row(*children)


def centred(page: Page, icon: str, title_say: Say, *under: Node, side: float = 192, colour: str = "blue") -> Node:
    """A page with one message in its middle."""
    picture = Picture(name=icon, side=side, colour=colour, least=72, h=side)
    head = Text(text=title_say.main, size="k5", bold=True, align="center", colour=page.ink)
    beside = Text(text=title_say.beside, size="k4", align="center", colour=page.soft) if title_say.beside else None
    return column(Space(grow=1), picture, Space(h=40, least=8), head, beside, *under, Space(grow=1), grow=1)


def pager(page: Page, at: int, of: int) -> Node | None:
    """上一页 下一页 with where one is between them; None when there is one page."""
    if of <= 1:
        return None
    tight = page.elder and (page.landscape or page.english)
    back, on = (_turn(page, way, icon="" if tight else icon) for way, icon in TURNS)
    place = words(page, page.say("list.page", n=at + 1, m=of), "k2", colour=page.soft, align="center")
    middle = None if tight else column(place, justify="center", w=300 if page.elder else 240)
    sides = [replace(one, grow=1) if one else Space(grow=1) for one in (back, on)]
    return row(sides[0], middle, sides[1], gap=GAP)


TURNS = (("previous", "chevronleft"), ("next", "chevronright"))


def _turn(page: Page, way: str, *, icon: str) -> Key | None:
    return key(
        page,
        f"page:{way}",
        page.say(f"list.{way}"),
        size=page.k("k2"),
        icon=icon,
        side=48,
        h=112,
        arrange="center",
        gap=8,
        pad=12,
        icon_last=way == "next",
    )
