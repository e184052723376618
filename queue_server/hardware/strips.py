"""LED strips over the windows: their texts follow the hall. Event loop only; a driver's thread only hands over."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.errors import LinkBusy
from drivers.strip.line import StripLine
from queue_server.errors import QueueError
from queue_server.hardware.handover import options_of
from queue_server.hardware.texts import strip_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drivers.pad.line import PadLine
    from drivers.strip.events import StripText
    from queue_server.hardware.handover import Handover
    from queue_server.hardware.settings import LineSetting
    from queue_server.hardware.texts import StripWords
    from queue_server.service.gate import Gate
    from queue_server.service.ports import WallClock


@dataclass(slots=True)
class Strip:
    """One strip: its line, address and window."""

    line: StripLine
    address: int
    window: int
    shown: StripText | None = None


class Strips:
    """All strips of one hall, from ``open`` to ``drop``."""

    def __init__(
        self,
        settings: tuple[LineSetting, ...],
        gate: Gate,
        handover: Handover,
        *,
        words: StripWords,
        wall_clock_us: WallClock,
    ) -> None:
        self._settings = settings
        self._gate = gate
        self._handover = handover
        self._words = words
        self._wall_clock_us = wall_clock_us
        self._strips: list[Strip] = []
        self._lines: list[StripLine] = []

    def open(self, beside: Iterable[PadLine]) -> list[StripLine]:
        """All lines, still to be started; on a port that is one of ``beside``'s, the strips share its wires."""
        shared = {line.port: line for line in beside}
        for setting in self._settings:
            _, on_event = self._handover.open("strips", setting, self._handover.note)
            line = StripLine(
                setting.port,
                setting.at,
                on_event=on_event,
                protocol=setting.protocol,
                beside=shared.get(setting.port),
                **options_of(setting),
            )
            self._lines.append(line)
            self._strips += [Strip(line, address, window) for address, window in setting.at.items()]
        return self._lines

    def drop(self) -> list[StripLine]:
        """The lines, still to be stopped, each within about a second; the strips go dark by themselves."""
        return self._lines

    def refresh(self) -> None:
        """Show over every window what is true of it now. The driver repeats it to strips that were away."""
        try:
            day = self._gate.view.day
        except QueueError:
            return
        now_us = self._wall_clock_us()
        for strip in self._strips:
            wanted = strip_text(day, strip.window, now_us, self._words)
            if wanted != strip.shown:
                with contextlib.suppress(LinkBusy):  # shown at the next look
                    strip.line.show(strip.address, wanted.text, flash=wanted.flash)
                    strip.shown = wanted
