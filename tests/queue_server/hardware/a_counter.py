"""A served hall with simulated pads and strips on pseudo-terminals at windows 3 and 4."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drivers.control import ControlClient
from drivers.listening import PtyListener
from drivers.pad.events import Key
from drivers.pad.simulator import PadSimulator
from drivers.strip.simulator import StripSimulator
from queue_server.hardware.settings import HardwareSettings, LineSetting
from tests.journeys.waiting import wait_until
from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, Prepared, hall_settings, prepare

PAD_OF = {3: 1, 4: 2}
"""Address of the pad by window."""
STRIP_OF = {3: 11, 4: 12}


class Counter:
    """The desks of windows 3 and 4: hands on the pads, eyes on the strips; ``shared``: on one pair of wires."""

    def __init__(self, folder: Path, clock: HandClock, *, shared: bool = False) -> None:
        self.clock = clock
        self.strips = StripSimulator(
            PtyListener(folder / "strips.tty"), STRIP_OF.values(), pads=PAD_OF.values() if shared else ()
        )
        self.pads = self.strips if shared else PadSimulator(PtyListener(folder / "pads.tty"), PAD_OF.values())
        self._simulators = {self.pads, self.strips}
        for simulator in self._simulators:
            simulator.start()
        self.pad_hand = ControlClient(self.pads.control_address)
        self.strip_hand = ControlClient(self.strips.control_address)

    def settings(self, **more: Any) -> HardwareSettings:
        pads_at, strips_at = ({str(address): window for window, address in of.items()} for of in (PAD_OF, STRIP_OF))
        pads = LineSetting(port=self.pads.port_name, windows=pads_at, answer_s=0.5)
        strips = LineSetting(port=self.strips.port_name, windows=strips_at, answer_s=0.5)
        return HardwareSettings(pads=(pads,), strips=(strips,), **more)

    # ---- hands and eyes

    def press(self, key: Key, window: int = 3) -> None:
        self.pad_hand.ask("press", address=PAD_OF[window], key=key.value)

    def pad(self, window: int = 3) -> dict[str, Any]:
        state: dict[str, Any] = self.pad_hand.ask("state")["devices"][str(PAD_OF[window])]
        return state

    def strip(self, window: int = 3) -> str:
        return str(self.strip_hand.ask("state")["devices"][str(STRIP_OF[window])]["text"])

    def hear(self, key: Key, beep: str, window: int = 3) -> None:
        """Press and wait for this sound: ``1`` done, ``3`` not done."""
        before = len(self.pad(window)["beeps"])
        self.press(key, window)
        wait_until(lambda: len(self.pad(window)["beeps"]) > before, f"a beep for {key}")
        assert self.pad(window)["beeps"][before:] == [beep], key

    def see(self, text: str, window: int = 3) -> None:
        wait_until(lambda: self.strip(window) == text, f"{text} over window {window}")

    def shows(self, number: str, waiting: int | None, window: int = 3) -> None:
        def shown() -> bool:
            pad = self.pad(window)
            return (pad["next_number"], pad["waiting"]) == (number, waiting)

        wait_until(shown, f"{number} and {waiting} waiting on the pad, which shows {self.pad(window)}")

    def stop(self) -> None:
        for part in (self.pad_hand, self.strip_hand):
            part.close()
        for simulator in self._simulators:
            simulator.stop()


@contextmanager
def a_counter(folder: Path, clock: HandClock, *, shared: bool = False) -> Iterator[Counter]:
    counter = Counter(folder, clock, shared=shared)
    try:
        yield counter
    finally:
        counter.stop()


@contextmanager
def a_hall(folder: Path, counter: Counter, prepared: Prepared | None = None, **more: Any) -> Iterator[HallServer]:
    """The server with these lines; with ``prepared`` the same hall once more, as after a restart."""
    settings = hall_settings(folder, hardware=counter.settings(**more))
    made = prepared or prepare(settings, counter.clock)
    with HallServer(settings, made, clock=counter.clock) as hall:
        yield hall
