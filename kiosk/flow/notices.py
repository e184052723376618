"""一次告知单: a matter's guide on paper. It belongs to no number, so its fate is only told to who waits for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from kiosk.flow import state as at
from kiosk.flow.events import PlaySound, PrintSlip, SlipNotPrinted, SlipPrinted, SlipUnknown
from kiosk.flow.guide_pages import limit_text
from kiosk.flow.hours import format_hours
from kiosk.flow.moves import Handled, enter, go_back, open_page
from kiosk.flow.slips import HALL, NO_STATUS, SlipFate, link_down
from kiosk.flow.texts import format_day, format_moment

if TYPE_CHECKING:
    from kiosk.flow.state import Sitting
    from queue_server.wire import Material

WHERE = "大厅任意综合窗口"
"""Every window of such a hall takes every matter."""


def open_notice(sitting: Sitting, key: str, matter: str) -> Handled:
    """Print the notice of the guide on the screen; the guide stays under the page that says how it goes."""
    return _print(open_page(sitting, at.AtNotice(key, matter)), key, matter)


def again(sitting: Sitting, key: str, place: at.AtNotice) -> Handled:
    return _print(enter(sitting, at.AtNotice(key, place.matter)), key, place.matter)


def _print(sitting: Sitting, key: str, matter: str) -> Handled:
    """A printer that is known to be away is not waited for."""
    world = sitting.world
    if link_down(world):
        failed = at.AtNotice(key, matter, "failed")
        return replace(sitting, place=failed), (PlaySound(sound="trouble"),)
    printing = replace(sitting, slips=sitting.slips + 1, noticed_s=world.now_s)
    return printing, (PrintSlip(key=key, layout="notice", values=notice_values(sitting, key, matter)),)


def notice_told(sitting: Sitting, event: SlipFate) -> Handled:
    """The printer's word on a notice; nobody is told when its resident went away."""

    def told(page: at.Place) -> at.Place:
        if not isinstance(page, at.AtNotice) or page.key != event.key:
            return page
        return replace(page, stage=_fate(event))

    place = told(sitting.place)
    trail = tuple(told(page) for page in sitting.trail)
    if place is sitting.place:
        return replace(sitting, trail=trail), ()
    bad = isinstance(place, at.AtNotice) and place.stage != "printed"
    return enter(replace(sitting, trail=trail), place), ((PlaySound(sound="trouble"),) if bad else ())


def notice_passed(sitting: Sitting, place: at.AtNotice, stood_s: float) -> Handled:
    """Back to the guide by itself; a word that never came counts as unknown."""
    rules = sitting.rules
    if place.stage == "printing":
        lost = SlipUnknown(key=place.key, code="no_word")
        return notice_told(sitting, lost) if stood_s > rules.printing_max_s else (sitting, ())
    limit_s = rules.done_s if place.stage == "printed" else rules.trouble_s
    return (go_back(sitting), ()) if stood_s >= limit_s else (sitting, ())


def _fate(event: SlipFate) -> Literal["printed", "failed", "unknown"]:
    match event:
        case SlipPrinted():
            return "printed"
        case SlipNotPrinted():
            return "failed"
        case SlipUnknown(code=code):
            return "printed" if code == NO_STATUS else "unknown"


def notice_values(sitting: Sitting, key: str, code: str) -> tuple[tuple[str, object], ...]:
    """What the layout ``notice`` is filled with; None leaves its line out."""
    hall, index = sitting.world.hall, sitting.world.index
    if index is None or code not in index.matters:
        return ()
    matter, row = index.matters[code], index.rows[code]
    values: dict[str, object] = {
        "hall": hall.hall if hall else HALL,
        "notice_no": notice_number(sitting, key),
        "date": format_day(sitting.today) if sitting.today and not sitting.world.clock_doubt else None,
        "matter": row.name,
        "full_name": matter.name,
        "materials": tuple((("name", each.name), ("note", _note(each))) for each in matter.materials),
        "limit": limit_text(matter.time_limit_working_days),
        "fee": matter.fee or None,
        "where": WHERE,
        "hours": format_hours(hall, "、") if hall else None,
        "level": matter.level or None,
        "department": row.department or None,
        "scope": matter.scope or None,
        "procedure": matter.procedure or None,
        "conditions": matter.conditions or None,
        "basis": matter.legal_basis or None,
        "version": index.version,
        "published": index.catalogue.date,
        "phone": (hall.phone if hall else "") or None,
        "language": sitting.modes.language,
        "training": bool(hall and hall.training),
    }
    return tuple(values.items())


def notice_number(sitting: Sitting, key: str) -> str:
    """``GZ1-20260114-103615``: kiosk, day and time make it the only one; without a clock the press does."""
    now = sitting.world.at
    if now is None or sitting.world.clock_doubt:
        return f"GZ{sitting.rules.kiosk}-{key[-8:]}"
    return f"GZ{sitting.rules.kiosk}-{format_moment(now, sitting.rules.zone)}"


def _note(material: Material) -> str:
    """``原件1份``; what is a file can be photographed at the window."""
    photo = "，可当场拍" if "电子" in material.form else ""
    return f"{material.form}{material.copies}份{photo}"
