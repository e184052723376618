"""A listener that takes nothing is dropped after a while and holds up nobody; others hear every beat."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

from queue_server.push.hub import BEAT_SLICE, SEND_WITHIN_S, Hub, Listener
from queue_server.push.stream import _StreamResponse
from queue_server.wire import Heartbeat
from tests.support.hand_clock import HandClock

BEAT = Heartbeat(at=datetime(2026, 1, 14, tzinfo=UTC), seq=1)


def a_listener(hub: Hub, device: str | None = None) -> Listener:
    listener = Listener(frozenset({"board"}), "hall", device, lambda: True)
    hub._listeners.add(listener)
    return listener


async def never_leaves() -> dict[str, Any]:
    await asyncio.Event().wait()
    return {"type": "http.disconnect"}


def test_one_that_takes_nothing_is_dropped_after_its_time() -> None:
    async def scenario() -> None:
        clock = HandClock()
        hub = Hub(cast("Any", None), clock.steady_s)
        listener, stuck, taken = a_listener(hub), asyncio.Event(), []

        async def send(message: Any) -> None:
            taken.append(message)
            if message["type"] == "http.response.body":
                stuck.set()
                await asyncio.Event().wait()

        response = _StreamResponse(hub, listener)
        stream = asyncio.create_task(response(cast("Any", {}), cast("Any", never_leaves), cast("Any", send)))
        await asyncio.wait_for(stuck.wait(), 5)
        clock.forward(SEND_WITHIN_S - 1)
        hub.heartbeat(BEAT, frozenset())
        assert hub.listeners == 1
        clock.forward(1)
        hub.heartbeat(BEAT, frozenset())
        await asyncio.wait_for(stream, 5)
        assert hub.listeners == 0
        assert not stream.cancelled()

    asyncio.run(scenario())


def test_a_server_that_ends_still_cancels_a_stream() -> None:
    async def scenario() -> None:
        hub = Hub(cast("Any", None), HandClock().steady_s)
        listener, begun = a_listener(hub), asyncio.Event()

        async def send(message: Any) -> None:
            begun.set()
            await asyncio.Event().wait()

        response = _StreamResponse(hub, listener)
        stream = asyncio.create_task(response(cast("Any", {}), cast("Any", never_leaves), cast("Any", send)))
        await asyncio.wait_for(begun.wait(), 5)
        stream.cancel()
        await asyncio.wait({stream}, timeout=5)
        assert stream.cancelled()
        assert hub.listeners == 0

    asyncio.run(scenario())


def test_every_one_of_many_hears_the_beat_and_a_new_speaker_hears_it_at_once() -> None:
    async def scenario() -> None:
        hub = Hub(cast("Any", None), HandClock().steady_s)
        many = [a_listener(hub, f"display:{n}") for n in range(3 * BEAT_SLICE)]
        hub.heartbeat(BEAT, frozenset({"display:149"}))
        assert [each.device for each in many if each.waiting] == ["display:149"]
        waits = [asyncio.wait_for(each.wake.wait(), 5) for each in many]
        await asyncio.gather(*waits)
        assert all("heartbeat" in each.waiting for each in many)

    asyncio.run(scenario())
