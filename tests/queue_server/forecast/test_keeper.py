"""The real worker in its own process: killed it comes back, and meanwhile there is no forecast."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from queue_server.forecast.keeper import PROGRAM, Keeper
from queue_server.forecast.messages import Answer
from tests.queue_server.forecast.conftest import Past

WAIT_S = 30.0
Told = asyncio.Queue[Answer | None]


async def always() -> bool:
    return True


@asynccontextmanager
async def kept(
    past: Past,
    *,
    program: tuple[str, ...] = PROGRAM,
    worth: Callable[[], Awaitable[bool]] = always,
    answer_s: float = WAIT_S,
) -> AsyncIterator[tuple[Keeper, Told]]:
    told: Told = asyncio.Queue()
    keeper = Keeper(
        past.begin,
        told.put_nowait,
        worth,
        lambda: past.at_us,
        time.monotonic,
        every_s=0.01,
        program=program,
        pause_s=0.01,
        answer_s=answer_s,
    )
    running = asyncio.create_task(keeper.run())
    try:
        yield keeper, told
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


async def next_of(told: Told) -> Answer | None:
    return await asyncio.wait_for(told.get(), WAIT_S)


def test_asked_anew_only_when_something_changed_and_back_when_killed(past: Past) -> None:
    async def story() -> None:
        async with kept(past) as (keeper, told):
            first = await next_of(told)
            assert first is not None
            assert first.new
            assert told.empty()
            keeper.changed()
            assert await next_of(told) is not None
            assert keeper.starts == 1
            assert keeper.pid is not None
            os.kill(keeper.pid, signal.SIGKILL)
            keeper.changed()
            assert await next_of(told) is None
            again = await next_of(told)
            assert again is not None
            assert again.new
            assert keeper.starts == 2
            last = keeper.pid
        assert last is not None
        assert not alive(last)

    asyncio.run(story())


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_one_that_hangs_or_talks_nonsense_is_ended_and_started_again(past: Past) -> None:
    async def story(*program: str) -> None:
        async with kept(past, program=(sys.executable, "-c", *program), answer_s=0.3) as (keeper, told):
            assert await next_of(told) is None
            assert await next_of(told) is None
            assert keeper.starts >= 2

    asyncio.run(story("import sys; sys.stdin.read()"))
    asyncio.run(story("print('{}', flush=True); input(); input()"))
    asyncio.run(story("print('x' * 3_000_000, flush=True); input(); input()"))


def test_none_is_started_while_it_is_not_worth_it(past: Past) -> None:
    """And one that is not worth it any more is ended."""
    answers = [False, True, True, False]

    async def worth() -> bool:
        return answers.pop(0) if answers else False

    async def story() -> None:
        async with kept(past, worth=worth) as (keeper, told):
            keeper.changed()
            assert await next_of(told) is not None
            pid = keeper.pid
            keeper.changed()
            assert await next_of(told) is None
            assert keeper.starts == 1
            assert pid is not None
            assert not alive(pid)

    asyncio.run(story())
