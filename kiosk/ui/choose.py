"""Finding a matter: by letters, by department, by season (pictures 03, 03b), and the lists of six."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kiosk.flow.screens import LETTERS

from .blocks import key, pager, title, words
from .nodes import Ground, Key, Node, Picture, Space, Text
from .page import MARGIN, Page, Parts, Say
from .stacks import Column, column, grid, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.flow.screens import Choose, DepartmentList, DepartmentRow, MatterList, MatterRow, Search

    from .nodes import Align
    from .theme import Size

TIGHT = 16
LONG_UNDER = 40
"""Characters of the small line of a matter; a longer one stands in the guide."""
SEASON_LINE = 11
"""Characters of department and season that stand on one line of a key; else the season alone."""
FEW_DEPARTMENTS = 10


def choose(page: Page, screen: Choose) -> Parts:
    """What do you need? The season's matters, the departments, the letters, or a number at once."""
    unsure = key(
        page,
        "unsure",
        page.say("choose.unsure"),
        icon="ticket",
        side=40,
        size=page.k("k3"),
        h=112,
        least=88,
        arrange="center",
        pad=12,
    )
    head = column(title(page, page.say("choose.title")), _field(page, "", "") if screen.letters else None, gap=24)
    if screen.loading:
        waiting = words(page, page.say("state.loading"), "k3", colour="soft", align="center")
        return Parts(info=column(head, Space(grow=1), waiting, Space(grow=1), grow=1), keys=unsure)
    if page.elder:
        return _elder_choose(page, screen, head, unsure)
    season = [_season(page, matter) for matter in screen.season]
    chips = [_chip(page, department) for department in screen.departments]
    tray = _tray(page) if screen.letters else None
    if page.lowered:
        across = 5 if len(chips) <= FEW_DEPARTMENTS else 6
        keys = column(_grid(season, 4), _grid(chips, across), unsure, gap=TIGHT)
        return Parts(info=head, keys=keys, tray=tray, split=True)
    seasons = column(_heading(page, "choose.season"), _grid(season, 2), gap=12) if season else None
    departments = (
        column(_heading(page, "choose.departments"), _grid(chips, 3), gap=0 if page.landscape else 12)
        if chips
        else None
    )
    if page.landscape:
        left = column(head, seasons, Space(grow=1), unsure, gap=24, grow=1)
        return Parts(info=left, keys=departments, tray=tray, keys_at_end=False)
    keys = column(seasons, departments, unsure, Space(h=2), gap=24)
    return Parts(info=head, keys=keys, tray=tray, keys_at_end=False)


def _grid(keys: Sequence[Node | None], across: int) -> Node | None:
    there = [one for one in keys if one is not None]
    return grid(there, across, gap=(24 if across <= 3 else TIGHT, TIGHT)) if there else None


def _heading(page: Page, name: str) -> Node:
    say = page.say(name)
    return Text(text=f"{say.main}　{say.beside}".strip(), size=page.k("k2"), bold=True)


def _elder_choose(page: Page, screen: Choose, head: Node, unsure: Key | None) -> Parts:
    rows = [_matter_key(page, matter, h=152) for matter in screen.season]
    by = key(
        page,
        "by_department",
        page.say("choose.by_department"),
        icon="chevronright",
        side=64,
        size="k4",
        h=152,
        arrange="center",
    )
    if page.english and page.lowered:
        unsure = key(page, "unsure", page.say("home.take"), icon="ticket", side=40, size="k3", h=152, arrange="center")
    unsure = replace(unsure, h=152) if unsure else None
    if page.lowered or page.landscape:
        keys: Node = _grid([*rows, by, unsure], 2) or Space()
    else:
        keys = column(*rows, by, unsure, gap=24)
    return Parts(info=head, keys=keys, keys_at_end=page.lowered or page.landscape, info_w=600, split=True)


# ---- the field and the letters ---------------------------------------------------------------------------------------


def _field(page: Page, typed: str, found: str) -> Node:
    """Where the letters stand. It cannot be pressed, so it has no lip."""
    picture = Picture(name="search", side=48, colour="ink")
    if not typed:
        say = page.say("choose.field")
        hint = column(
            Text(text=say.main, size="k2", colour="soft", lines=1),
            Text(text=say.beside, size="k1", colour="soft", lines=1) if say.beside else None,
            grow=1,
            justify="center",
        )
        return Ground(
            child=row(picture, hint, gap=24), colour="surface", border="edge", radius=8, pad=(40, 8, 32, 8), h=104
        )
    caret = Ground(child=Space(), colour="blue", w=4, h=56)
    letters = row(
        Text(text=" ".join(typed), size="k4", bold=True, lines=1), column(caret, justify="center"), gap=8, grow=1
    )
    count = column(Text(text=found, size="k2", colour="soft", align="right"), justify="center")
    body = row(picture, letters, count, gap=24)
    return Ground(child=body, colour="surface", border="blue", border_px=4, radius=8, pad=(40, 8, 32, 8), h=104)


def _tray(page: Page) -> Node:
    """The letter keys, and 退格 and 清空, on their own ground above the bar."""
    across, h, side = (10, 88, 24) if page.lowered else (7, 88 if page.landscape else 96, MARGIN)
    keys: list[Node] = [
        _letter(
            page,
            f"letter:{letter}",
            Text(
                text=letter,
                size="k3",
                bold=f"letter:{letter}" in page.state.keys,
                colour=_letter_ink(page, f"letter:{letter}"),
                align="center",
            ),
            h,
        )
        for letter in LETTERS
        if page.drawn(f"letter:{letter}")
    ]
    for name, icon in (("erase", "backspace"), ("clear", "close")):
        if page.drawn(name):
            keys.append(_letter(page, name, Picture(name=icon, side=48, colour=_letter_ink(page, name)), h))
    board = grid(keys, across, gap=(TIGHT, TIGHT))
    if page.landscape:
        return Ground(child=board, colour="sand", radius=16, pad=(16, 16, 16, 16))
    return Ground(child=board, colour="sand", pad=(side, 24 if not page.lowered else 16, side, 16))


def _letter_ink(page: Page, name: str) -> str:
    return "ink" if name in page.state.keys else "soft"


def _letter(page: Page, name: str, child: Node, h: float) -> Key:
    variant = "quiet" if name in page.state.keys else "flat"
    return Key(key=name, child=child, variant=variant, h=h, least=page.theme.touch.target, pad=(4, 2))


# ---- rows ------------------------------------------------------------------------------------------------------------


def _season(page: Page, matter: MatterRow) -> Key | None:
    name = f"matter:{matter.code}"
    if not page.drawn(name):
        return None
    size: Size = "k2" if page.lowered else "k3"
    h, pad = (96, 8) if page.lowered else (136, 24)
    under = matter.name_en if page.english and matter.name_en else matter.department
    small: list[Node] = []
    if not matter.season or len(under) + len(matter.season) <= SEASON_LINE:
        small.append(Text(text=under, size="k1", colour="soft", lines=1, grow=0 if matter.season else 1))
    if matter.season:
        small.append(Text(text=matter.season, size="k1", bold=True, colour="amber", lines=1, grow=1))
    align: Align = "center" if page.lowered else "left"
    text = Column(
        children=(
            Text(text=matter.name, size=size, bold=True, lines=2 if page.lowered else 1, align=align, leading=1.2),
            *(() if page.lowered else (row(*small, gap=24),)),
        ),
        justify="center",
        grow=1,
    )
    child = row(text, None if page.lowered else Picture(name="chevronright", side=48), gap=16)
    return Key(key=name, child=child, h=h, least=88 if page.lowered else 112, pad=(pad, 2))


def _chip(page: Page, department: DepartmentRow) -> Key | None:
    name = f"department:{department.code}"
    if not page.drawn(name):
        return None
    size: Size = "k2" if page.lowered else "k3"
    pad = 6 if page.lowered else 24
    title_text = Text(
        text=department.name, size=size, bold=True, lines=1, align="center" if page.lowered else "left", grow=1
    )
    count = Text(text=page.say("choose.count", n=department.count).main, size="k1", colour="soft", align="right")
    child = row(title_text, None if page.lowered else count, gap=8)
    return Key(key=name, child=child, h=96, least=88, pad=(pad, 2))


def _matter_key(page: Page, matter: MatterRow, *, h: float, days: bool = False) -> Key | None:
    """A matter as a wide key: its name, what stands in the list in full, how long it takes."""
    name = f"matter:{matter.code}"
    if not page.drawn(name):
        return None
    under = matter.name_en if page.english and matter.name_en else matter.full_name
    names: list[Node] = [
        Text(
            text=matter.name,
            size="k3" if h < 160 and not page.elder else "k4",
            bold=True,
            lines=2 if page.elder else 1,
            leading=1.28,
        )
    ]
    if not page.elder and under != matter.name and len(under) <= LONG_UNDER:
        names.append(Text(text=under, size="k1", colour="soft", lines=1))
    far: Node | None = None
    if days:
        say = page.say("choose.on_spot") if matter.days == 0 else page.say("choose.days", n=matter.days)
        far = column(Text(text=say.main, size=page.k("k2"), colour="soft", align="right", lines=1), justify="center")
    text = Column(children=tuple(names), justify="center", grow=1)
    half = page.elder and (page.lowered or page.landscape)
    return Key(
        key=name,
        child=text if half else row(text, far, Picture(name="chevronright", side=48), gap=24),
        h=page.tall(h),
        least=page.target,
        pad=(32, 2),
    )


# ---- search and lists ------------------------------------------------------------------------------------------------


def search(page: Page, screen: Search) -> Parts:
    """What the letters find, three a page; never a dead end."""
    say = page.say("choose.found", n=screen.found)
    head = column(title(page, page.say("choose.title")), _field(page, screen.typed, say.main), gap=24)
    results = [_matter_key(page, matter, h=104 if page.lowered else 168, days=True) for matter in screen.results]
    rows = column(*results, gap=TIGHT if page.lowered else 24) if results else None
    say = page.say("state.none_found") if screen.found == 0 else page.say("choose.more_by")
    more = words(page, say, "k2", colour="soft")
    by = key(
        page, "by_department", page.say("choose.by_department"), size="k2", h=120, least=88, arrange="center", pad=8
    )
    take = key(page, "take", page.say("home.take"), size="k2", h=120, least=88, arrange="center", pad=8)
    turn = pager(page, screen.page, screen.pages)
    if page.lowered:
        pages = [
            key(page, name, page.say(words_key), size="k2", h=120, least=88, arrange="center", pad=8)
            for name, words_key in (("page:previous", "list.previous"), ("page:next", "list.next"))
        ]
        four = [one for one in (pages[0], by, take, pages[1]) if one]
        keys = column(rows, _grid(four, len(four)) if four else None, gap=TIGHT)
        return Parts(info=column(head, more, gap=24), keys=keys, tray=_tray(page), split=True)
    two = _grid([by, take], 2)
    if page.landscape:
        keys = column(turn, more, two, gap=24)
        return Parts(info=column(head, rows, gap=24), keys=keys, tray=_tray(page), keys_at_end=False)
    keys = column(rows, turn, more, two, gap=24)
    return Parts(info=head, keys=keys, tray=_tray(page), keys_at_end=False)


def departments(page: Page, screen: DepartmentList) -> Parts:
    """All departments, six a page."""
    return listed(
        page,
        page.say("choose.departments"),
        [_department_row(page, one) for one in screen.rows],
        screen.page,
        screen.pages,
    )


def _department_row(page: Page, department: DepartmentRow) -> Key | None:
    name = f"department:{department.code}"
    if not page.drawn(name):
        return None
    names: list[Node] = [Text(text=department.name, size="k4", bold=True, lines=1, leading=1.28)]
    if page.english and department.name_en and not page.elder:
        names.append(Text(text=department.name_en, size=page.k("k1"), colour="soft", lines=1))
    count = Text(
        text=page.say("choose.count", n=department.count).main, size=page.k("k2"), colour="soft", align="right"
    )
    text = Column(children=tuple(names), justify="center", grow=1)
    child = row(text, count, Picture(name="chevronright", side=48), gap=24)
    return Key(key=name, child=child, h=page.tall(136), least=page.target, pad=(32, 2))


def matters(page: Page, screen: MatterList) -> Parts:
    """One department's matters; beside each a number at once."""
    name = screen.department.name
    rows = [_numbered(page, matter) for matter in screen.rows]
    say = Say(name, screen.department.name_en) if page.english else Say(name)
    return listed(page, say, rows, screen.page, screen.pages)


def _numbered(page: Page, matter: MatterRow) -> Node | None:
    guide = _matter_key(page, matter, h=136, days=not page.lowered)
    if guide is None:
        return None
    number = key(page, f"number:{matter.code}", page.say("list.number"), size="k3", h=136, arrange="center", pad=12)
    if number is None:
        return guide
    return row(replace(guide, grow=1), replace(number, w=176 if not page.english else 220), gap=24)


def listed(
    page: Page,
    head: Say,
    rows: list[Node] | list[Key | None] | list[Node | None],
    at: int,
    of: int,
    *,
    number: Say | None = None,
) -> Parts:
    """``number``: what stands on the key for a number without any of these."""
    take = key(
        page,
        "take",
        number or page.say("choose.unsure"),
        icon="ticket",
        side=40,
        size="k4" if page.elder else "k3",
        h=112,
        least=page.target,
        arrange="center",
        pad=12,
    )
    turn = pager(page, at, of)
    two = page.elder and (page.lowered or page.landscape)
    there: list[Node] = [one for one in rows if one is not None]
    listed = _grid(there, 2) if two else column(*there, gap=TIGHT if page.lowered or page.landscape else 24)
    heading = title(page, head)
    if page.landscape:
        return Parts(
            info=column(heading, Space(grow=1), turn, take, gap=24, grow=1), keys=listed, keys_at_end=False, info_w=700
        )
    if page.lowered:
        return Parts(info=heading, keys=column(listed, _low_turn(page, take), gap=TIGHT), split=True)
    return Parts(info=heading, keys=column(listed, turn, take, gap=24), keys_at_end=False)


def _low_turn(page: Page, take: Key | None) -> Node | None:
    """Page keys and the number key in one row, where the lower half has no place for two."""
    size = page.k("k2")
    pages = [
        key(page, name, page.say(text), size=size, h=112, least=page.target, arrange="center", pad=8)
        for name, text in (("page:previous", "list.previous"), ("page:next", "list.next"))
    ]
    short = key(
        page,
        "take",
        page.say("home.take"),
        icon="ticket",
        side=40,
        size=size,
        h=112,
        least=page.target,
        arrange="center",
        pad=8,
    )
    there = [one for one in (pages[0], short if any(pages) else take, pages[1]) if one]
    return _grid(there, len(there)) if there else None
