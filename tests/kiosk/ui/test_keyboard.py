"""A scanner that types, through Kivy's own key events; a glass that rests is looked at less often."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from kivy.clock import Clock

from kiosk.devices import ScanDesk
from kiosk.flow import events as ev
from kiosk.flow.screens import ScreenState
from kiosk.ui.app import REST_AFTER_S, RESTING_LOOKS_PER_S, KioskApp
from kiosk.ui.assets import Assets
from kiosk.ui.keyboard import character_of
from kiosk.ui.memory import give_back
from kiosk.ui.start import LOOKS_PER_S
from tests.kiosk.ui.conftest import Glass, pump

SHIFT = 304


class HandClock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


class Resting:
    """A flow in which nothing happens."""

    def on_state(self, show: Callable[[ScreenState], None]) -> None:
        """Nothing is shown."""

    def press(self, key_id: str) -> None:
        raise AssertionError(key_id)

    def tick(self) -> None:
        """Time passes."""


class Kiosk:
    def __init__(self, assets: Assets) -> None:
        self.events: list[ev.Event] = []
        self.clock = HandClock()
        self.rests = 0
        scans = ScanDesk("", baud=9600, prefix="", suffix="", new_key=lambda: "scan-0001", post=self.events.append)
        self.app = KioskApp(assets, Resting(), typing=scans, steady_s=self.clock, on_rest=self.rest)

    def rest(self) -> None:
        self.rests += 1

    def type(self, text: str, *, every_s: float = 0.003) -> None:
        """As Kivy tells it: the key without its shift, and the modifiers beside it."""
        shifted = dict(zip('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./", strict=True))
        for character in text:
            self.clock.now_s += every_s
            shift = character.isupper() or character in shifted
            key = 13 if character == "\n" else ord(shifted.get(character, character.lower()))
            if shift:
                self.app._key_down(None, SHIFT, 42, "", ["shift"])
            assert self.app._key_down(None, key, 0, "", ["shift"] if shift else [])


@pytest.fixture
def kiosk(glass: Glass, assets: Assets) -> Iterator[Kiosk]:
    assert glass
    looks = Clock._max_fps
    yield Kiosk(assets)
    Clock._max_fps = looks


@pytest.mark.parametrize(
    ("key", "modifiers", "character"),
    [
        (ord("a"), [], "a"),
        (ord("a"), ["shift"], "A"),
        (ord("a"), ["capslock"], "A"),
        (ord("a"), ["shift", "capslock"], "a"),
        (ord("7"), [], "7"),
        (ord("7"), ["shift"], "&"),
        (ord(";"), ["shift"], ":"),
        (ord("7"), ["numlock", "capslock"], "7"),
        (ord("c"), ["ctrl"], ""),
        (13, [], "\n"),
        (271, [], "\n"),
        (282, [], ""),
        (SHIFT, ["shift"], ""),
    ],
)
def test_what_a_key_means(key: int, modifiers: list[str], character: str) -> None:
    assert character_of(key, modifiers) == character


@pytest.mark.parametrize("text", ["K7F3QD22", "https://hall.example/t/K7F3QD22", "YY-0042|A:1."])
def test_a_scanned_code_arrives_as_it_is(kiosk: Kiosk, text: str) -> None:
    kiosk.type(f"{text}\n")
    assert kiosk.events == [ev.CodeScanned(text=text, key="scan-0001")]


def test_what_a_person_types_does_nothing(kiosk: Kiosk) -> None:
    kiosk.type("hello\n", every_s=0.2)
    kiosk.clock.now_s += 1
    pump()
    assert kiosk.events == []


def test_a_resting_glass_is_looked_at_less_often_until_it_is_touched(kiosk: Kiosk) -> None:
    kiosk.app._tick()
    assert Clock._max_fps == LOOKS_PER_S
    kiosk.clock.now_s += REST_AFTER_S
    kiosk.app._tick()
    kiosk.app._tick()
    assert (Clock._max_fps, kiosk.rests) == (RESTING_LOOKS_PER_S, 1)
    assert kiosk.app._felt() is False
    assert Clock._max_fps == LOOKS_PER_S
    kiosk.app._tick()
    kiosk.clock.now_s += REST_AFTER_S
    kiosk.app._tick()
    assert kiosk.rests == 2


def test_free_memory_goes_back_to_the_system() -> None:
    held = [bytearray(2000) for _ in range(20_000)]
    del held[::2]
    assert give_back() in {True, False}
