"""Keeps the worker: starts it when there is something to learn from, asks every few seconds, outlives its death.

Event loop only. While no worker answers there is no forecast: people are told how many stand before them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from queue_server.forecast.messages import LINE_MAX, Answer, Ask, Begin

if TYPE_CHECKING:
    from asyncio.subprocess import Process

    from queue_server.service.ports import SteadyClock, WallClock

PROGRAM = (sys.executable, "-m", "queue_server.forecast")
ANSWER_S = 60.0
"""The first answer folds the day and learns; a worker that needs longer hangs."""
AGAIN_S = 60.0
"""Asked anew after so long although nothing changed: time went on."""
PAUSE_FIRST_S, PAUSE_MOST_S = 1.0, 60.0
"""Before a worker is started again; doubled each time."""
LIVED_S = 120.0
"""A worker that lived so long was a good one: the pause is short again."""

_log = logging.getLogger(__name__)


class Keeper:
    """``run`` for as long as the hall is served."""

    def __init__(
        self,
        begin: Begin,
        show: Callable[[Answer | None], None],
        worth: Callable[[], Awaitable[bool]],
        wall_clock_us: WallClock,
        steady_clock_s: SteadyClock,
        *,
        every_s: float,
        program: Sequence[str] = PROGRAM,
        pause_s: float = PAUSE_FIRST_S,
        answer_s: float = ANSWER_S,
    ) -> None:
        """``show`` gets each answer, None when there is no forecast any more.

        ``worth`` says whether a day is open and the hall has past days enough to learn from.
        """
        self._begin = begin
        self._show = show
        self._worth = worth
        self._wall_clock_us = wall_clock_us
        self._steady_s = steady_clock_s
        self._every_s = every_s
        self._program = tuple(program)
        self._pause_first_s = pause_s
        self._answer_s = answer_s
        self._changed = asyncio.Event()
        self.starts = 0
        """Workers started so far."""
        self.pid: int | None = None

    def changed(self) -> None:
        """Something happened that a forecast depends on."""
        self._changed.set()

    async def run(self) -> None:
        """Until cancelled."""
        pause_s = self._pause_first_s
        while True:
            while not await self._worth():
                await self._wait_changed(AGAIN_S)
            began_s = self._steady_s()
            try:
                await self._live()
            except (OSError, EOFError, TimeoutError, ValueError) as error:  # ValueError: a line too long or no JSON
                _log.warning("the forecast's worker is gone (%s); again in %.0f s", type(error).__name__, pause_s)
            finally:
                self._show(None)
            if self._steady_s() - began_s > LIVED_S:
                pause_s = self._pause_first_s
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, PAUSE_MOST_S)

    async def _live(self) -> None:
        """One worker from its start to its death, which raises. Returns when it is not worth it any more."""
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*self._program, stdin=pipe, stdout=pipe, limit=LINE_MAX)
        self.starts += 1
        self.pid = process.pid
        try:
            await _say(process, self._begin)
            while await self._worth():
                self._changed.clear()
                await _say(process, Ask(at_us=self._wall_clock_us()))
                self._show(await _heard(process, self._answer_s))
                await asyncio.sleep(self._every_s)
                await self._wait_changed(AGAIN_S)
        finally:
            self.pid = None
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _wait_changed(self, most_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), most_s)
        self._changed.clear()


async def _say(process: Process, message: Begin | Ask) -> None:
    if process.stdin is None:
        raise EOFError
    process.stdin.write(msgspec.json.encode(message) + b"\n")
    await asyncio.wait_for(process.stdin.drain(), ANSWER_S)


async def _heard(process: Process, most_s: float) -> Answer:
    """Raises EOFError when the worker is gone, TimeoutError when it hangs, msgspec's ValueError for nonsense."""
    if process.stdout is None:
        raise EOFError
    line = await asyncio.wait_for(process.stdout.readline(), most_s)
    if not line.endswith(b"\n"):
        raise EOFError
    return msgspec.json.decode(line, type=Answer)
