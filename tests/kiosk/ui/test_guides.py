"""Every guide of the shipped catalogue fits its pages, in each mode and on both panels."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kiosk.flow.guide_pages import guide_pages
from kiosk.flow.screens import Guide, Language, MatterRow, ScreenState
from kiosk.ui.assets import ASSETS, Assets
from kiosk.ui.ink import KivyPen
from kiosk.ui.screens import picture
from kiosk.ui.writing import Typesetter
from queue_server.wire import Material, Matter
from tests.kiosk.ui.conftest import Glass
from tests.kiosk.ui.samples import Sample, state_of

CATALOGUE = ASSETS / "catalogue" / "matters.csv"


def _matters(path: Path) -> list[Matter]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [_matter(row) for row in csv.DictReader(file)]


def _matter(row: dict[str, str]) -> Matter:
    parts = [part.split("|") for part in row["materials"].split(";") if part]
    return Matter(
        code=row["code"],
        department=row["department"],
        name=row["name"],
        name_en=row["name_en"],
        short_name=row["short_name"],
        public_label=row["short_name"],
        legal_basis=row["legal_basis"],
        conditions=row["conditions"],
        level=row["level"],
        procedure=row["procedure"],
        scope=row["scope"],
        time_limit_working_days=int(row["time_limit_working_days"]),
        legal_time_limit_working_days=int(row["legal_time_limit_working_days"] or 0),
        fee=row["fee"],
        materials=tuple(Material(name=name, form=form, copies=int(copies)) for name, form, copies in parts),
        online=row["online"] == "yes",
        popularity=0,
        average_service_min=0,
        initials=(),
        keywords=(),
    )


@pytest.mark.parametrize("landscape", [False, True], ids=["tall", "wide"])
@pytest.mark.parametrize("elder", [False, True], ids=["plain", "elder"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_guide_fits(glass: Glass, assets: Assets, language: Language, elder: bool, landscape: bool) -> None:
    typesetter = Typesetter(assets.fonts, KivyPen(assets, 1.0), assets.theme)
    bad: list[str] = []
    for matter in _matters(CATALOGUE):
        for state in _states(matter, language, elder=elder):
            drawing = picture(state, assets, typesetter, landscape=landscape)
            bad += [f"{matter.code} {fault}" for fault in drawing.faults]
    assert bad == []


def _states(matter: Matter, language: Language, *, elder: bool) -> list[ScreenState]:
    row = MatterRow(
        code=matter.code,
        name=matter.short_name,
        full_name=matter.name,
        name_en=matter.name_en,
        department=matter.department,
        days=matter.time_limit_working_days,
    )
    pages = guide_pages(matter, matter.department, elder=elder)
    found: list[ScreenState] = []
    for at, page in enumerate(pages):
        guide = Guide(
            matter=row,
            fee=matter.fee,
            online=matter.online,
            materials=page.materials,
            materials_all=len(matter.materials),
            first_material=page.first_material,
            items=page.items,
            version=12,
            date="2026-01-05",
            page=at,
            pages=len(pages),
        )
        turns = ("page:previous",) * (at > 0) + ("page:next",) * (at < len(pages) - 1)
        sample = Sample(f"guide-{matter.code}", guide, ("take", *turns), ("print", "phone"))
        found.append(state_of(sample, language=language, elder=elder))
    return found
