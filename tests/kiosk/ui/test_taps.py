"""Every key answers a real touch; what is not a touch of one finger on a key does nothing."""

from __future__ import annotations

from typing import Any

import pytest
from kivy.core.window import Window
from kivy.tests.common import UnitTestTouch

from kiosk.ui.pieces import Box
from kiosk.ui.widgets import KeyWidget
from tests.kiosk.ui.conftest import HEIGHT, Glass, pump
from tests.kiosk.ui.samples import Sample, samples, state_of


def _touch(x: float, y: float, *, button: str = "left") -> Any:
    touch = UnitTestTouch(x, y)
    touch.profile = ["pos", "button"]
    touch.button = button
    return touch


def _at(box: Box) -> tuple[float, float]:
    return box.x + box.w / 2, HEIGHT - (box.y + box.h / 2)


def _keys(glass: Glass) -> dict[str, KeyWidget]:
    return {child.key: child for child in glass.stage().children if isinstance(child, KeyWidget)}


@pytest.mark.parametrize("sample", [one for one in samples() if one.only != "elder"], ids=lambda one: one.label)
@pytest.mark.parametrize("lowered", [False, True], ids=["tall", "low"])
def test_each_key_answers_a_touch_and_flat_ones_do_not(fresh: Glass, sample: Sample, lowered: bool) -> None:
    state = state_of(sample, lowered=lowered)
    fresh.stage().show(state)
    for widget in _keys(fresh).values():
        touch = _touch(*_at(widget.piece.box))
        touch.touch_down()
        touch.touch_up()
    assert sorted(fresh.pressed) == sorted(state.keys)


@pytest.fixture
def take(fresh: Glass) -> Any:
    sample = next(one for one in samples() if one.label == "home" and one.only == "plain")
    fresh.stage().show(state_of(sample))
    return _keys(fresh)["take"]


def test_a_long_press_is_a_press(fresh: Glass, take: KeyWidget) -> None:
    touch = _touch(*_at(take.piece.box))
    touch.touch_down()
    assert take.down
    assert fresh.pressed == []
    pump(40)
    touch.touch_up()
    assert fresh.pressed == ["take"]


def test_a_finger_that_slides_off_presses_nothing(fresh: Glass, take: KeyWidget) -> None:
    x, y = _at(take.piece.box)
    touch = _touch(x, y)
    touch.touch_down()
    touch.touch_move(x, y - 900)
    touch.touch_up()
    assert fresh.pressed == []


def test_a_second_finger_and_the_right_button_are_nothing(fresh: Glass, take: KeyWidget) -> None:
    x, y = _at(take.piece.box)
    first, second = _touch(x, y), _touch(x + 40, y)
    first.touch_down()
    second.touch_down()
    second.touch_up()
    assert fresh.pressed == []
    first.touch_up()
    assert fresh.pressed == ["take"]
    right = _touch(x, y, button="right")
    right.touch_down()
    right.touch_up()
    assert fresh.pressed == ["take"]


def test_widgets_of_what_did_not_change_stay(fresh: Glass, take: KeyWidget) -> None:
    stage = fresh.stage()
    before = tuple(stage.children)
    assert stage.state is not None
    stage.show(stage.state)
    assert tuple(stage.children) == before
    sample = next(one for one in samples() if one.label == "home-nobody" and one.only == "plain")
    stage.show(state_of(sample))
    assert take in stage.children


def test_seen_names_keys_and_texts_in_panel_px(fresh: Glass, take: KeyWidget) -> None:
    seen = {one.id: one for one in fresh.stage().seen()}
    key = seen["take"]
    assert key.pressable
    assert "直接取号" in key.text
    assert (key.x, key.y) == (round(take.piece.box.x), round(take.piece.box.y))
    assert any(one.text == "安和镇政务服务大厅" for one in seen.values())
    assert not seen["read"].pressable
    assert Window.size == (1080, 1920)
