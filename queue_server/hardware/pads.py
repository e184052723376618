"""Call pads: presses in, the window's commands to the gate, beeps and displays out. Event loop only.

A driver's thread only hands its event over. Presses of one pad are done one after another; each is decided by the hall
as it is after the one before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, assert_never

from drivers.bus import MemberHealth
from drivers.errors import LinkBusy
from drivers.pad.events import Beep, Key, PadDisplay, PadDropped, PadEvent, PadLineHealth, PadPressed
from drivers.pad.line import PadLine
from drivers.pad.member import FRESH_S
from queue_server.domain.commands import CallNext
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.errors import QueueError
from queue_server.hardware.answers import PressAnswer
from queue_server.hardware.handover import options_of
from queue_server.hardware.presses import SECOND_US, actor_of, closing_last, command_for, key_of_press
from queue_server.hardware.texts import pad_display

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.domain.commands import Command
    from queue_server.domain.day_view import DayView
    from queue_server.hardware.handover import Handover
    from queue_server.hardware.settings import HardwareSettings
    from queue_server.service.gate import Gate
    from queue_server.service.ports import Chance, SteadyClock, WallClock
    from queue_server.service.view import Accepted

_log = logging.getLogger(__name__)
PRESSES_MAX = 8
"""Presses of one pad that wait for the one before; a finger that goes on is refused with a beep."""
Result = Literal["taken", "refused", "repeated", "dropped"]
"""``repeated``: its key was used before, so it was answered before; ``dropped``: too old, or an unknown key."""


@dataclass(slots=True)
class Pad:
    """One pad: its line, address and window."""

    line: PadLine
    address: int
    window: int
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0
    shown: PadDisplay | None = None


@dataclass(frozen=True, slots=True)
class Press:
    """One press on its way: the keys of its commands begin with ``key``; ``fresh_until_s`` on the steady clock."""

    event: PadPressed
    key: str
    fresh_until_s: float


class Pads:
    """All pads of one hall, from ``open`` to ``drop``."""

    def __init__(
        self,
        settings: HardwareSettings,
        gate: Gate,
        handover: Handover,
        *,
        chance: Chance,
        wall_clock_us: WallClock,
        steady_clock_s: SteadyClock,
        count: Callable[[Result], None] = lambda _: None,
    ) -> None:
        """``count`` is told what became of each press."""
        self._settings = settings
        self._gate = gate
        self._handover = handover
        self._chance = chance
        self._wall_clock_us = wall_clock_us
        self._steady_s = steady_clock_s
        self._count = count
        self._pads: dict[tuple[str, int], Pad] = {}
        self._lines: list[PadLine] = []
        self._acts: set[asyncio.Task[None]] = set()

    def open(self) -> list[PadLine]:
        """All lines, still to be started. The handover has its loop."""
        for setting in self._settings.pads:
            line_id, on_event = self._handover.open("pads", setting, self.told)
            line = PadLine(
                setting.port, setting.at, on_event=on_event, protocol=setting.protocol, **options_of(setting)
            )
            self._lines.append(line)
            for address, window in setting.at.items():
                self._pads[line_id, address] = Pad(line, address, window)
        return self._lines

    def drop(self) -> list[PadLine]:
        """Give up presses on their way; the lines, still to be stopped, each within about a second."""
        for act in self._acts:
            act.cancel()
        return self._lines

    def refresh(self) -> None:
        """Show on every pad whom its window would call now, and how many wait."""
        try:
            day = self._gate.view.day
        except QueueError:
            return
        now_us = self._wall_clock_us()
        for pad in self._pads.values():
            wanted = pad_display(day, pad.window, now_us)
            if wanted != pad.shown:
                with contextlib.suppress(LinkBusy):  # shown at the next look
                    pad.line.show(pad.address, wanted)
                    pad.shown = wanted

    # ---- what a line tells ---------------------------------------------------------------------------------------

    def told(self, line_id: str, event: PadEvent, at_s: float) -> None:
        """What a line told at ``at_s`` (steady clock)."""
        match event:
            case PadPressed():
                self._pressed(self._pads[line_id, event.address], event, at_s)
            case PadDropped():
                self._count("dropped")  # the driver has beeped
                _log.info("pad %s/%d: %s dropped, %s", line_id, event.address, event.key, event.code)
            case MemberHealth() | PadLineHealth():
                self._handover.note(line_id, event)
            case _:
                assert_never(event)

    def _pressed(self, pad: Pad, event: PadPressed, at_s: float) -> None:
        if pad.waiting >= PRESSES_MAX:
            self._beep(pad, "refused")
            return
        since_s = event.age_s + self._steady_s() - at_s
        pressed_at_us = self._wall_clock_us() - int(since_s * SECOND_US)
        key = key_of_press(pad.window, event.press, event.key, pressed_at_us)
        pad.waiting += 1
        act = asyncio.ensure_future(self._do(pad, Press(event, key, at_s - event.age_s + FRESH_S)))
        self._acts.add(act)
        act.add_done_callback(self._acts.discard)

    async def _do(self, pad: Pad, press: Press) -> None:
        try:
            async with pad.turn:
                self._beep(pad, await self._result(pad, press))
        finally:
            pad.waiting -= 1

    def _beep(self, pad: Pad, result: Result) -> None:
        self._count(result)
        if result != "repeated":
            with contextlib.suppress(LinkBusy):  # soon or never
                pad.line.beep(pad.address, Beep.TAKEN if result == "taken" else Beep.REFUSED)

    # ---- what becomes of a press ---------------------------------------------------------------------------------

    async def _result(self, pad: Pad, press: Press) -> Result:
        try:
            outcome = await self._act(pad.window, press)
        except QueueError as error:
            _log.warning("pad at window %d: %s was not done: %s", pad.window, press.event.key, error)
            return "refused"
        if outcome is None:
            _log.info("pad at window %d: %s was not begun in time", pad.window, press.event.key)
            return "dropped"
        if isinstance(outcome, Refused):
            _log.info("pad at window %d: %s refused, %s", pad.window, press.event.key, outcome.code)
            return "repeated" if outcome.code is RefusalCode.KEY_REUSED else "refused"
        if outcome.repeated:
            return "repeated"
        # A NEXT that changed nothing found nobody waiting; other keys may find all as it should be.
        return "taken" if outcome.events or press.event.key is not Key.NEXT else "refused"

    async def _act(self, window: int, press: Press) -> Accepted | Refused | None:
        """The key's command; for NEXT over somebody who was called, first what the hall's setting says of that one."""
        command = self._command(window, press)
        if command is None:
            return Refused(RefusalCode.WRONG_STATE, {"window": window})
        outcome = await self._ask(window, command, press.key, press)
        if not (isinstance(outcome, Refused) and outcome.code is RefusalCode.SAY_WHICH):
            return outcome
        ticket = outcome.facts.get("ticket")
        first = closing_last(self._settings.say_which, window, ticket) if isinstance(ticket, str) else None
        if first is None:
            return outcome
        closed = await self._ask(window, first, f"{press.key}-last", press)
        if closed is None or isinstance(closed, Refused):
            return closed
        call = CallNext(window=window, announcement=self._chance.id("n"))
        called = await self._ask(window, call, f"{press.key}-next", press)
        return closed if called is None or isinstance(called, Refused) or not called.events else called

    def _command(self, window: int, press: Press) -> Command | None:
        day: DayView | None = self._gate.view.day
        if day is None or not day.open:
            return None
        now_us = self._wall_clock_us()
        return command_for(press.event.key, window, day, self._chance.id, settings=self._settings, now_us=now_us)

    async def _ask(self, window: int, command: Command, key: str, press: Press) -> Accepted | Refused | None:
        """What the gate says; None when the press was too old before the gate came to it. Raises QueueError."""
        answer = PressAnswer(asyncio.get_running_loop(), lambda: self._steady_s() < press.fresh_until_s)
        self._gate.hand_in(command, answer, key=key, actor=actor_of(window))
        return await answer.came
