"""Several devices on one port as their users see them: what each should show, how each is. For pads and strips."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from drivers.bus import Bus, MemberHealth
from drivers.errors import LinkBusy
from drivers.link import Backoff, Health, Link, written_to
from drivers.transport import SOCKET_SCHEME, open_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from drivers.bus import Addressed

ANSWER_S = 0.06
NETWORK_ANSWER_S = 0.3
"""Converters between network and line hand bytes over in their own time."""

Wanted = TypeVar("Wanted")
Event = TypeVar("Event")


def addresses_of(wanted: Iterable[int]) -> list[int]:
    """Sorted, each once. Raises ValueError."""
    addresses = sorted(set(wanted))
    if not addresses or addresses[0] < 1:
        raise ValueError("addresses begin at 1")
    return addresses


def answer_s_of(port: str, answer_s: float | None) -> float:
    """How long a device may take to begin its answer."""
    if answer_s is not None:
        return answer_s
    return NETWORK_ANSWER_S if port.startswith(SOCKET_SCHEME) else ANSWER_S


class DeviceLine(Generic[Wanted, Event]):
    """A ``Bus`` with its thread. What a device should show is a state: the newest wins and none is queued."""

    def __init__(
        self,
        port: str,
        bus: Bus[Addressed, Event],
        *,
        kind: str,
        baud: int,
        set_wanted: Callable[[int, Wanted], None],
        on_event: Callable[[Event | MemberHealth], None],
        on_health: Callable[[Health], None],
        backoff: Backoff | None,
        trace: Path | None,
    ) -> None:
        """``set_wanted(address, wanted)`` is called on the line's thread. Nothing is opened yet."""
        self._bus = bus
        self._set_wanted = set_wanted
        self._lock = threading.Lock()
        self._wanted: dict[int, Wanted] = {}
        self._posted = False
        self._link: Link[Event | MemberHealth] = Link(
            bus,
            lambda: open_port(port, baud=baud),
            name=f"{kind} {port}",
            on_event=on_event,
            on_health=on_health,
            backoff=backoff or Backoff.uneven(),
            trace=written_to(trace),
        )

    @property
    def health(self) -> Health:
        """The line's; safe from any thread."""
        return self._link.health

    def member_health(self, address: int) -> MemberHealth:
        """Of one device; safe from any thread. Raises KeyError for an address that was not given."""
        return self._bus.health(address)

    def start(self) -> None:
        self._link.start()

    def stop(self) -> None:
        self._link.stop()

    def want(self, address: int, wanted: Wanted) -> None:
        """What this device should show from now on. Any thread, never blocks. Raises LinkBusy when too much waits."""
        with self._lock:
            self._wanted[address] = wanted
            posted, self._posted = self._posted, True
        if posted:
            return
        try:
            self._link.post(self._take_wanted)
        except LinkBusy:
            self._posted = False  # what is wanted stays so, and goes with the next call
            raise

    def act(self, address: int, act: Callable[[], None]) -> None:
        """Do ``act`` on the line's thread and give this device the next turn. Any thread. Raises LinkBusy."""

        def do(now: float) -> Sequence[Event | MemberHealth]:
            act()
            self._bus.hurry(address, now)
            return []

        self._link.post(do)

    def _take_wanted(self, now: float) -> Sequence[Event | MemberHealth]:
        with self._lock:
            wanted, self._wanted = self._wanted, {}
            self._posted = False
        for address, each in wanted.items():
            self._set_wanted(address, each)
            self._bus.hurry(address, now)
        return []
