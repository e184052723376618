"""A protocol core and a simulated far end on a wire, on a hand-moved clock: minutes of talk in milliseconds."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from itertools import count
from typing import Generic, Protocol, TypeVar

from drivers.core import Core
from drivers.errors import DriverError
from tests.support.wires import Wire

REOPEN_S = 0.5
STEPS_LIMIT = 200_000
E = TypeVar("E")


class Piece(Protocol):
    @property
    def after_s(self) -> float: ...
    @property
    def data(self) -> bytes: ...


class Far(Protocol):
    def receive(self, data: bytes, now: float) -> Sequence[Piece]: ...
    def forget(self) -> None: ...


class FarTalk(Generic[E]):
    """``run(seconds)`` lets time pass; ``events`` is what the core told, with the time."""

    def __init__(self, wire: Wire, core: Core[E], far: Far) -> None:
        self.core = core
        self.far = far
        self.events: list[tuple[float, E]] = []
        self.errors: list[DriverError] = []
        self.asked: list[tuple[float, bytes]] = []
        self.now = 0.0
        self.wire = wire
        self._order = count()
        self._coming: list[tuple[float, int, str, bytes | None]] = []
        self._core_does(lambda: self.core.connected(self.now))

    def run(self, seconds: float) -> list[E]:
        """The events of the next ``seconds``."""
        until = self.now + seconds
        told = len(self.events)
        for _ in range(STEPS_LIMIT):
            due = self._next_due()
            if due is None or due > until:
                break
            self.now = max(self.now, due)
            self._step()
        else:
            raise AssertionError("the talk does not come to rest")
        self.now = until
        return [event for _, event in self.events[told:]]

    def do(self, act: Callable[[float], Sequence[E] | None]) -> None:
        """As a command posted to the link."""
        self._core_does(lambda: act(self.now))

    def _next_due(self) -> float | None:
        times = [self._coming[0][0]] if self._coming else []
        deadline = self.core.deadline()
        return min([*times, deadline] if deadline is not None else times, default=None)

    def _step(self) -> None:
        while self._coming and self._coming[0][0] <= self.now:
            _, _, to, data = heapq.heappop(self._coming)
            if data is None or to == "reopen":
                self._reopen(lost=data is None)
            elif to == "core":
                self._core_does(lambda data=data: self.core.receive(data, self.now))  # type: ignore[misc]
            else:
                self._to_far(data)
        deadline = self.core.deadline()
        if deadline is not None and deadline <= self.now:
            self._core_does(lambda: self.core.wake(self.now))

    def _to_far(self, data: bytes) -> None:
        at = self.now
        for piece in self.far.receive(data, self.now):
            at = self._send("core", piece.data, at + piece.after_s)

    def _send(self, to: str, data: bytes, at: float) -> float:
        for pause_s, piece in self.wire.carry(data):
            at += pause_s
            heapq.heappush(self._coming, (at, next(self._order), to, piece))
        return at

    def _reopen(self, *, lost: bool) -> None:
        self._coming.clear()
        if lost:
            self.events += [(self.now, event) for event in self.core.disconnected(self.now)]
            heapq.heappush(self._coming, (self.now + REOPEN_S, next(self._order), "reopen", b""))
        else:
            self.far.forget()
            self._core_does(lambda: self.core.connected(self.now))

    def _core_does(self, act: Callable[[], Sequence[E] | None]) -> None:
        try:
            self.events += [(self.now, event) for event in act() or []]
        except DriverError as error:
            self.errors.append(error)
            self._reopen(lost=True)
            return
        if request := self.core.outgoing():
            self.asked.append((self.now, request))
            self._send("far", request, self.now)
