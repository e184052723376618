"""Fan-out of the hall's states to everybody who listens.

One change makes each listened-to message once; every listener then holds only the newest bytes of each topic, so a slow
one costs a bounded amount of memory and never holds up another. Event loop only.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from queue_server.wire import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from queue_server.push.pictures import Pictures
    from queue_server.service.ports import SteadyClock

LISTENERS_MAX = 2000
SEND_WITHIN_S = 10.0
"""A listener that takes nothing for so long is dropped; it comes back by itself and gets a snapshot."""
BEAT_SLICE = 50
BEAT_APART_S = 0.02
"""Heartbeats go out in slices: five hundred at once would hold up a call for as long as its own push takes."""
URGENT_GAP_S = 0.01
"""At least this long between two pushes, so that answers to presses come between them."""
CALM_GAP_S = 0.2
"""New numbers and slip reports change only counts: they are pushed together."""
LOAD = 2.0
"""A push that took t seconds of this thread is followed by at least LOAD × t for the rest."""


@dataclass(eq=False, slots=True)
class Listener:
    """One open stream. ``waiting`` holds the newest message of each event, at most one each."""

    topics: frozenset[str]
    zone: str
    device: str | None
    allowed: Callable[[], bool]
    """False once the session or device behind it has ended."""
    speaks: bool = False
    """It is the one display that speaks in its zone."""
    waiting: dict[str, bytes] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closing: bool = False
    sending_since_s: float | None = None
    """Steady clock: since when a message is being handed to the connection; None between messages."""
    drop: Callable[[], object] | None = None
    """Cuts the stream while it lasts."""
    dropped: bool = False

    def offer(self, event: str, message: bytes) -> None:
        self.waiting[event] = message
        self.wake.set()

    def take(self) -> bytes:
        """All that waits, joined; called by its stream after ``wake``."""
        joined = b"".join(self.waiting.values())
        self.waiting.clear()
        self.wake.clear()
        return joined

    def drop_if_stuck(self, now_s: float) -> bool:
        """Cut a stream whose listener takes nothing; True when it was."""
        if self.sending_since_s is None or now_s - self.sending_since_s < SEND_WITHIN_S or self.drop is None:
            return False
        self.dropped = self.closing = True
        self.drop()
        return True

    def end(self) -> None:
        """Says goodbye; the stream ends after sending it."""
        self.closing = True
        self.offer("bye", encode_event("bye", b"{}"))


def encode_event(name: str, data: bytes, event_id: str | None = None) -> bytes:
    """One server-sent event; ``data`` is JSON, which never holds a bare line feed."""
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {name}\ndata: ".encode() + data + b"\n\n"


class Hub:
    """Who listens, and what they were told last."""

    def __init__(self, pictures: Pictures, clock: SteadyClock, took: Callable[[float], None] = lambda _: None) -> None:
        """``took`` is told of each urgent push how long after the change everybody's message was ready, seconds."""
        self._took = took
        self._urgent_since_s: float | None = None
        self._pictures = pictures
        self._clock = clock
        self._listeners: set[Listener] = set()
        self._told: dict[tuple[str, str], object] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._due_s = 0.0
        self._free_s = 0.0
        self.pushes = 0
        self.closed = False

    @property
    def listeners(self) -> int:
        return len(self._listeners)

    def attach(self, listener: Listener) -> bool:
        """Takes a new listener and gives it its snapshot; False when there are too many or the server is ending."""
        if self.closed or len(self._listeners) >= LISTENERS_MAX:
            return False
        self._listeners.add(listener)
        snapshot = self._pictures.snapshot(listener)
        event_id = f"{snapshot.epoch}-{snapshot.seq}"
        listener.offer("snapshot", encode_event("snapshot", msgspec.json.encode(snapshot), event_id))
        return True

    def detach(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    def streams_of(self, device: str) -> int:
        return sum(1 for each in self._listeners if each.device == device)

    def now_s(self) -> float:
        """The steady clock that streams are timed by."""
        return self._clock()

    def changed(self, *, urgent: bool) -> None:
        """Something changed; the push follows within a few milliseconds (``urgent``) or a fifth of a second."""
        if self.closed:
            return
        now = self._clock()
        if urgent and self._urgent_since_s is None:
            self._urgent_since_s = now
        due = max(self._free_s, now + (0.0 if urgent else CALM_GAP_S))
        if self._timer is not None:
            if self._due_s <= due:
                return
            self._timer.cancel()
        self._due_s = due
        self._timer = asyncio.get_running_loop().call_later(max(0.0, due - now), self._push)

    def _push(self) -> None:
        self._timer = None
        started = self._clock()
        self.pushes += 1
        for (topic, zone), group in self._by_message().items():
            message = self._news(topic, zone)
            if message is not None:
                for listener in group:
                    listener.offer(topic, message)
        now = self._clock()
        if self._urgent_since_s is not None:
            self._took(now - self._urgent_since_s)
            self._urgent_since_s = None
        self._free_s = now + max(URGENT_GAP_S, LOAD * (now - started))

    def _by_message(self) -> dict[tuple[str, str], list[Listener]]:
        """Listeners by what they get: a topic as seen in a zone."""
        groups: dict[tuple[str, str], list[Listener]] = {}
        for listener in self._listeners:
            if not listener.closing:
                for topic in listener.topics:
                    groups.setdefault((topic, listener.zone), []).append(listener)
        return groups

    def _news(self, topic: str, zone: str) -> bytes | None:
        """The message of ``topic``, or None when it says nothing new."""
        content, data = self._pictures.encoded(topic, zone)
        if self._told.get((topic, zone)) == content:
            return None
        self._told[(topic, zone)] = content
        return encode_event(topic, data)

    def heartbeat(self, beat: Heartbeat, speakers: frozenset[str]) -> None:
        """Sent each second to all, and at once when another display is to speak (``speakers``: the devices that do).

        Those whose right to listen has ended are sent away.
        """
        messages = {
            speaks: encode_event("heartbeat", msgspec.json.encode(msgspec.structs.replace(beat, speaker=speaks)))
            for speaks in (False, True)
        }
        now_s = self._clock()
        later: list[Listener] = []
        for listener in tuple(self._listeners):
            if listener.drop_if_stuck(now_s) or listener.closing:
                continue
            if not listener.allowed():
                listener.end()
                continue
            speaks = listener.device in speakers
            if speaks != listener.speaks or len(self._listeners) <= BEAT_SLICE:
                listener.offer("heartbeat", messages[speaks])
            else:
                later.append(listener)
            listener.speaks = speaks
        for number in range(0, len(later), BEAT_SLICE):
            part = later[number : number + BEAT_SLICE]
            asyncio.get_running_loop().call_later(number / BEAT_SLICE * BEAT_APART_S, _beat, part, messages)

    def close(self) -> None:
        """The server ends: every stream gets ``bye`` and ends. Nothing can be attached any more."""
        self.closed = True
        if self._timer is not None:
            self._timer.cancel()
        for listener in tuple(self._listeners):
            listener.end()


def _beat(listeners: list[Listener], messages: dict[bool, bytes]) -> None:
    for listener in listeners:
        if not listener.closing:
            listener.offer("heartbeat", messages[listener.speaks])
