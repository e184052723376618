"""Answers from another thread: each to its own waiter, errors as errors, late ones to nobody."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from queue_server.api.replies import Replies, Reply
from queue_server.domain.refusals import RefusalCode, Refused
from queue_server.errors import GateBusy, GateStopped
from queue_server.service.view import Accepted

MANY = 300
WITHIN_S = 20.0


class Answering:
    """A thread that answers each reply handed in with its place in the row, every seventh with an error."""

    def __init__(self) -> None:
        self._asked: queue.SimpleQueue[tuple[int, Reply] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def ask(self, seq: int, reply: Reply) -> None:
        self._asked.put((seq, reply))

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            seq, reply = asked
            assert reply.set_running_or_notify_cancel()
            if seq % 7 == 0:
                reply.set_exception(GateStopped("stopping"))
            else:
                reply.set_result(Accepted(seq, 0, (), None))
            assert reply.done()

    def stop(self) -> None:
        self._asked.put(None)
        self._thread.join(WITHIN_S)


@pytest.fixture
def gate() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.stop()


def test_each_waiter_gets_its_own_answer(gate: Answering) -> None:
    async def ask_all() -> list[object]:
        replies = Replies(WITHIN_S)
        waits = [replies.of(partial(gate.ask, seq)) for seq in range(MANY)]
        return list(await asyncio.gather(*waits, return_exceptions=True))

    for seq, outcome in enumerate(asyncio.run(ask_all())):
        if seq % 7 == 0:
            assert isinstance(outcome, GateStopped)
        else:
            assert isinstance(outcome, Accepted)
            assert outcome.seq == seq


def test_who_waits_too_long_is_told_and_the_late_answer_harms_nobody() -> None:
    async def ask_late() -> None:
        replies, kept = Replies(0.0), list[Reply]()
        with pytest.raises(TimeoutError):
            await replies.of(kept.append)
        kept[0].set_result(Refused(RefusalCode.NO_DAY))
        answered = replies.of(lambda reply: reply.set_result(Refused(RefusalCode.ISSUING_STOPPED)))
        assert await answered == Refused(RefusalCode.ISSUING_STOPPED)

    asyncio.run(ask_late())


def test_what_is_not_taken_in_is_raised_at_once() -> None:
    def full(reply: Reply) -> None:
        del reply
        raise GateBusy(1)

    async def ask_full() -> None:
        with pytest.raises(GateBusy):
            await Replies(WITHIN_S).of(full)

    asyncio.run(ask_full())


def test_an_answer_after_the_loop_has_ended_is_left() -> None:
    kept: list[Reply] = []

    async def ask_and_leave() -> None:
        handed_in = asyncio.Event()

        def hand_in(reply: Reply) -> None:
            kept.append(reply)
            handed_in.set()

        asking = asyncio.ensure_future(Replies(WITHIN_S).of(hand_in))
        await handed_in.wait()
        asking.cancel()

    asyncio.run(ask_and_leave())
    kept[0].set_exception(GateStopped("stopping"))
    assert kept[0].done()
