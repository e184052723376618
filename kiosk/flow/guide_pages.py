"""A matter's guide cut into pages that need no scrolling: which materials and which of the eight items stand where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.screens import GuideItem, MaterialRow

if TYPE_CHECKING:
    from queue_server.wire import Matter

NOTHING = "暂无"
"""A missing item is never hidden."""
CHARACTERS = {False: 24, True: 15}
"""Full-width characters in a line of an item's value, by elder mode; a little less than fits."""
LINES = {False: 24, True: 16}
"""Lines of a page, by elder mode; an item takes one more than its text."""
MATERIAL_LINES = 2


@dataclass(frozen=True, slots=True)
class GuidePage:
    materials: tuple[MaterialRow, ...]
    first_material: int
    items: tuple[GuideItem, ...]


def guide_items(matter: Matter, department: str) -> tuple[GuideItem, ...]:
    """The eight items in the notice's order; 办理期限 is drawn from the row's days where its value is ``days``."""
    values = (
        ("guide.name", matter.name),
        ("guide.basis", matter.legal_basis),
        ("guide.conditions", matter.conditions),
        ("guide.level", matter.level),
        ("guide.department", department),
        ("guide.procedure", matter.procedure),
        ("guide.scope", matter.scope),
        ("guide.limit", limit_text(matter.time_limit_working_days)),
    )
    return tuple(GuideItem(label_key=key, value=value.strip() or NOTHING) for key, value in values)


def limit_text(days: int) -> str:
    """The item's own wording in Chinese; the fact above the guide is in the screen's language."""
    return "当场办结" if days == 0 else f"{days} 个工作日"


def guide_pages(matter: Matter, department: str, *, elder: bool) -> tuple[GuidePage, ...]:
    """At least one page; in elder mode materials and items always stand apart (two pages or more)."""
    materials = tuple(MaterialRow(name=m.name, form=m.form, copies=m.copies) for m in matter.materials)
    pages: list[GuidePage] = []
    shown: list[MaterialRow] = []
    items: list[GuideItem] = []
    first = 1
    room = LINES[elder]

    def close_page() -> None:
        nonlocal first, room
        if shown or items:
            pages.append(GuidePage(tuple(shown), first, tuple(items)))
            first += len(shown)
            shown.clear()
            items.clear()
            room = LINES[elder]

    for material in materials:
        if room < MATERIAL_LINES:
            close_page()
        shown.append(material)
        room -= MATERIAL_LINES
    if elder:
        close_page()
    for item in guide_items(matter, department):
        lines = 1 + -(-len(item.value) // CHARACTERS[elder])
        if lines > room:
            close_page()
        items.append(item)
        room -= lines
    close_page()
    return tuple(pages)
