"""Every declared screen in each language, mode and state: all of it fits, is readable, and can be reached.

The pictures are kept in `out/ui`, to be looked at beside the mock-ups; `HALL_PICTURES=all` paints every case.
"""

from __future__ import annotations

import os
from itertools import combinations, product
from pathlib import Path

import pytest

from kiosk.flow.screens import Language, ScreenState
from kiosk.ui.assets import Assets
from kiosk.ui.ink import KivyPen
from kiosk.ui.page import MIDDLE, Drawing
from kiosk.ui.pieces import Box, KeyFace, Writing, key_faces, writings
from kiosk.ui.screens import picture
from kiosk.ui.theme import contrast
from kiosk.ui.writing import Typesetter
from tests.kiosk.ui.conftest import Glass
from tests.kiosk.ui.samples import Sample, samples, state_of

PICTURES = Path(__file__).resolve().parents[3] / "out" / "ui"
Case = tuple[Sample, Language, bool, bool, bool]


def _cases() -> list[Case]:
    found: list[Case] = []
    for sample, language, elder, shape in product(samples(), ("zh", "en"), (False, True), ("tall", "low", "wide")):
        if sample.only != ("plain" if elder else "elder"):
            found.append((sample, language, elder, shape == "low", shape == "wide"))  # type: ignore[arg-type]
    return found


def _name(case: Case) -> str:
    sample, language, *modes = case
    marks = [word for word, on in zip(("elder", "low", "wide"), modes, strict=True) if on]
    return "-".join((sample.label, language, *marks))


def _state(case: Case) -> ScreenState:
    sample, language, elder, lowered, _landscape = case
    return state_of(sample, language=language, elder=elder, lowered=lowered)


CASES = _cases()
PICTURED = [case for case in CASES if os.environ.get("HALL_PICTURES") == "all" or _name(case).endswith("-zh")]
"""Laying out is checked for each case; painting takes longer and is done for each screen once, or for all on demand."""


@pytest.fixture(scope="session")
def typesetter(glass: Glass, assets: Assets) -> Typesetter:
    assert glass
    return Typesetter(assets.fonts, KivyPen(assets, 1.0), assets.theme)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_screen(typesetter: Typesetter, assets: Assets, case: Case) -> None:
    sample, _language, elder, lowered, landscape = case
    state = _state(case)
    drawing = picture(state, assets, typesetter, landscape=landscape)
    assert drawing.faults == ()
    panel = Box(0, 0, drawing.width, drawing.height)
    _check_texts(assets, drawing, panel, elder=elder)
    _check_apart(drawing)
    keys = key_faces(drawing.pieces)
    _check_keys(assets, state, keys, panel, elder=elder)
    if lowered and not landscape:
        assert [key.key for key in keys if key.box.y < MIDDLE - 1] == []
    if sample.label.startswith("done") and sample.label != "done-long":
        number = next(text for text in writings(drawing.pieces) if text.text in {"A044", "C007", "L003"})
        assert {part.px for part in number.parts} == {assets.theme.px("k7")}


@pytest.mark.parametrize("case", PICTURED, ids=_name)
def test_painted_screen(glass: Glass, assets: Assets, typesetter: Typesetter, case: Case) -> None:
    """What was laid out is painted, on the ground and with ink."""
    *_, landscape = case
    stage = glass.stage(landscape=landscape)
    stage.show(_state(case))
    drawing = picture(_state(case), assets, typesetter, landscape=landscape)
    assert stage.drawing == drawing
    painted = glass.picture(landscape=landscape)
    PICTURES.mkdir(parents=True, exist_ok=True)
    painted.save(PICTURES / f"{_name(case)}.png", compress_level=1)
    for text in writings(drawing.pieces):
        ink = text.ink
        shades = painted.crop((int(ink.x), int(ink.y), int(ink.right) + 1, int(ink.bottom) + 1)).convert("L").tobytes()
        assert not text.text.strip() or max(shades) - min(shades) > 60, text.text


def _check_texts(assets: Assets, drawing: Drawing, panel: Box, *, elder: bool) -> None:
    sizes = set(assets.theme.sizes.values())
    smallest = assets.theme.px("k3" if elder else "k1")
    pairs = set(assets.theme.text_pairs)
    for text in writings(drawing.pieces):
        assert not text.cut, text.text
        assert panel.holds(text.ink), text.text
        assert text.ink.w <= text.box.w + 1, text.text
        assert text.ink.h <= text.box.h + 1.5, text.text
        assert {part.px for part in text.parts} <= sizes
        assert all(part.px >= smallest for part in text.parts), text.text
        assert _legible(assets, pairs, text), (text.text, text.colour, text.bg)


def _legible(assets: Assets, pairs: set[tuple[str, str]], text: Writing) -> bool:
    colours = {part.colour for part in text.parts} | {text.colour}
    return all(
        (colour, text.bg) in pairs or contrast(assets.theme.colours[colour], assets.theme.colours[text.bg]) >= 7
        for colour in colours
    )


def _check_keys(assets: Assets, state: ScreenState, keys: list[KeyFace], panel: Box, *, elder: bool) -> None:
    assert sorted(key.key for key in keys) == sorted((*state.keys, *state.flat))
    assert {key.key for key in keys if key.pressable} == set(state.keys)
    rule = assets.theme.touch
    least = rule.elder_target if elder else rule.target
    for key in keys:
        assert panel.holds(key.box), key.key
        assert min(key.box.w, key.box.h) >= least, (key.key, key.box)
        for text in writings(key.inside):
            assert key.box.holds(text.ink), (key.key, text.text)
    for one, other in combinations(keys, 2):
        assert one.box.apart(other.box) >= rule.gap - 0.5, (one.key, other.key)


def _check_apart(drawing: Drawing) -> None:
    """No text's lines cross another's by more than the leading between two lines."""
    for one, other in combinations(writings(drawing.pieces), 2):
        down = min(one.ink.bottom, other.ink.bottom) - max(one.ink.y, other.ink.y)
        across = min(one.ink.right, other.ink.right) - max(one.ink.x, other.ink.x)
        assert across <= 1 or down <= 12, (one.text, other.text)


def test_pictures_differ(assets: Assets, typesetter: Typesetter) -> None:
    cases = [case for case in CASES if case[1] == "zh" and not any(case[2:])]
    drawings = {_name(case): picture(_state(case), assets, typesetter, landscape=False).pieces for case in cases}
    assert len(set(drawings.values())) == len(drawings)
