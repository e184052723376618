"""A matter's guide: facts at a glance, every document, the eight items in the set order (picture 04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .blocks import key, note, pager, title
from .nodes import Ground, Node, Rule, Space, Text
from .page import Page, Parts, Say
from .stacks import Column, column, grid, row

if TYPE_CHECKING:
    from kiosk.flow.screens import Guide, GuideItem, MaterialRow

    from .nodes import Key
    from .theme import Size


def parts(page: Page, screen: Guide) -> Parts:
    matter = screen.matter
    name = Say(matter.name, matter.name_en if page.english and not page.landscape and not page.elder else "")
    changed = note(page, "info", page.say("state.guide_changed")) if screen.changed else None
    materials = _materials(page, screen) if screen.materials else None
    items = _items(page, screen) if screen.items else None
    take = key(
        page,
        "take",
        page.say("guide.take"),
        icon="ticket",
        side=80,
        size="k4" if page.english else "k5",
        variant="main",
        h=112 if page.landscape else 144,
        least=page.target,
        arrange="center",
        gap=32,
    )
    size: Size = "k1" if page.english and page.landscape and not page.elder else page.k("k2")
    more = [
        key(
            page,
            which,
            _short(page, f"guide.{which}"),
            sub=_elsewhere(page, which),
            icon=icon,
            side=64,
            size=size,
            h=120,
            least=page.target,
            arrange="center",
            gap=16,
            pad=4,
        )
        for which, icon in (("print", "printer"), ("phone", "phone"))
    ]
    two = grid([one for one in more if one], 2) if any(more) else None
    turn = pager(page, screen.page, screen.pages)
    keys = column(take, _wide_row(page, more), gap=24) if page.elder else column(turn, take, two, gap=24)
    head: tuple[Node | None, ...] = (
        title(page, name),
        _facts(page, screen),
        changed if not (page.landscape and page.english) else None,
    )
    if page.landscape:
        few = len(screen.materials) <= FEW_MATERIALS
        near, far = (materials, None) if few and not page.elder else (None, materials)
        if page.elder:
            head = (title(page, name), None, None) if page.english else head
        side = column(*head, near, Space(grow=1), take, _wide_row(page, more), gap=16, grow=1)
        return Parts(
            info=side,
            keys=column(far, items, gap=12, grow=1),
            keys_at_end=False,
            info_w=820 if not page.elder else 720 if page.english else 808,
        )
    info = column(*head, materials, items, gap=20, grow=1)
    return Parts(info=info, keys=keys)


def _elsewhere(page: Page, which: str) -> Say | None:
    """Where a flat key's service is to be had; there is room for it on the ordinary upright page."""
    roomy = not (page.elder or page.landscape)
    return page.say(f"guide.{which}_elsewhere") if roomy and which in page.state.flat else None


def _short(page: Page, name: str) -> Say:
    """Words of the narrow keys: in large print English stands alone, three lines would not fit."""
    say = page.say(name)
    return Say(say.main) if page.elder else say


def _facts(page: Page, screen: Guide) -> Node:
    days = screen.matter.days
    limit = page.say("choose.on_spot") if days == 0 else page.say("choose.days", n=days)
    online = page.say("guide.online_yes") if screen.online else Say(UNWRITTEN)
    if page.elder:
        return Ground(
            child=row(
                _fact(page, "guide.fact_limit", limit.main),
                _fact(page, "guide.fact_fee", screen.fee or UNWRITTEN),
                gap=24,
            ),
            colour="sand",
            radius=16,
            pad=(32, 12, 32, 12),
        )
    facts = (
        ("guide.fact_limit", limit.main),
        ("guide.fact_fee", screen.fee or UNWRITTEN),
        ("guide.fact_window", page.say("guide.any_window").main),
        ("guide.fact_online", online.main),
    )
    cells = [_fact(page, name, value) for name, value in facts]
    children: list[Node] = []
    for at, cell in enumerate(cells):
        children += [row(Rule(upright=True), Space(w=24))] * bool(at) + [cell]
    return Ground(child=row(*children), colour="sand", radius=16, pad=(32, 16, 16, 16))


def _wide_row(page: Page, more: list[Key | None]) -> Node:
    """On a landscape panel the pages' keys stand in one row with the two others."""
    turns = [
        key(
            page,
            name,
            _short(page, text),
            size="k3" if page.elder else "k2",
            h=120,
            least=page.target,
            arrange="center",
            pad=4,
        )
        for name, text in (("page:previous", "list.previous"), ("page:next", "list.next"))
    ]
    there = [one for one in (turns[0], *more, turns[1]) if one]
    return grid(there, len(there), gap=(16, 16)) if there else Space()


UNWRITTEN = "–"
FEW_MATERIALS = 3


def _fact(page: Page, name: str, value: str) -> Node:
    say = page.say(name)
    caption = say.main
    texts = (
        Text(text=caption, size=page.k("k1"), colour="soft", lines=1),
        Text(
            text=value,
            size="k1" if page.english and page.landscape and not page.elder else page.k("k2"),
            bold=True,
            lines=2,
            leading=1.3,
        ),
    )
    return Column(children=texts, grow=1)


def _heading(page: Page, name: str, far: str) -> Node:
    say = page.say(name)
    text = say.main if page.elder else f"{say.main}　{say.beside}".strip()
    return row(
        Text(text=text, size=page.k("k2"), bold=True, grow=1, lines=1),
        Text(text=far, size=page.k("k1"), colour="soft", align="right"),
        gap=16,
    )


def _materials(page: Page, screen: Guide) -> Node:
    total = page.say("guide.materials_all", n=screen.materials_all)
    rows: list[Node] = [_heading(page, "guide.materials", total.main), Space(h=8)]
    for at, material in enumerate(screen.materials):
        rows += [Rule(), _material(page, screen.first_material + at, material)]
    return Ground(child=Column(children=tuple(rows)), colour="surface", border="line", radius=16, pad=(32, 12, 32, 8))


def _material(page: Page, number: int, material: MaterialRow) -> Node:
    side = 56 if page.elder else 44
    figure = Text(text=str(number), size=page.k("k1"), bold=True, align="center", leading=1.0, lines=1)
    ring = Ground(
        child=column(figure, justify="center"),
        colour="surface",
        border="ink",
        border_px=3,
        radius=side / 2,
        w=side,
        h=side,
    )
    form = _form(page, material)
    size = page.k("k2")
    body = row(
        column(ring, justify="center"),
        column(Text(text=material.name, size=size, bold=True), grow=1, justify="center"),
        column(Text(text=form, size=size, align="right"), justify="center"),
        gap=16,
    )
    return Ground(child=body, pad=(0, 8, 0, 8))


def _form(page: Page, material: MaterialRow) -> str:
    if "电子" in material.form:
        return page.say("guide.efile").main
    if material.form == "原件":
        return page.say("guide.original", n=material.copies).main
    return f"{material.form} {material.copies} 份"


def _items(page: Page, screen: Guide) -> Node:
    far = page.say("guide.version", v=screen.version, date=screen.date)
    rows: list[Node] = [_heading(page, "guide.eight", far.main), Space(h=6)]
    for item in screen.items:
        rows += [Rule(), _item(page, item)]
    side = 16 if page.elder else 32
    return Ground(child=Column(children=tuple(rows)), pad=(side, 0, side, 0))


def _item(page: Page, item: GuideItem) -> Node:
    say = page.say(item.label_key)
    size = page.k("k1")
    width = (250 if page.english else 200) if page.elder else (216 if page.landscape else 304) if page.english else 152
    leading = 1.22 if page.landscape or (page.elder and page.english) else 1.35
    both = f"{say.main} {say.beside}".strip() if not (page.elder or page.landscape) else say.main
    label = column(Text(text=both, size=size, colour="soft", leading=leading), w=width)
    value = column(Text(text=item.value, size=size, leading=leading), grow=1)
    pad = 4 if page.landscape or (page.elder and page.english) else 8
    return Ground(child=row(label, value, gap=0), pad=(0, pad, 0, pad))
