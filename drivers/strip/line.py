"""A line of strips as its users see it: start it, say what they show."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING, NoReturn

from drivers.bus import Addressed, Bus
from drivers.errors import LinkBusy
from drivers.link import Backoff, Health, Link
from drivers.strip.events import StripEvent, StripHealth, StripLineHealth, StripText
from drivers.strip.member import StripMember
from drivers.strip.protocol import load
from drivers.transport import SOCKET_SCHEME, open_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

POLL_S = 2.0
ANSWER_S = 0.06
NETWORK_ANSWER_S = 0.3
"""Converters between network and line hand bytes over in their own time."""


class StripLine:
    """Strips on one port with one thread. ``on_event`` is called on that thread and must return at once."""

    def __init__(
        self,
        port: str,
        addresses: Iterable[int],
        *,
        on_event: Callable[[StripEvent], None] = lambda _event: None,
        protocol: str = "house",
        baud: int | None = None,
        answer_s: float | None = None,
        poll_s: float = POLL_S,
        backoff: Backoff | None = None,
    ) -> None:
        """``addresses`` may contain strips that are not plugged in. Nothing is opened yet.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not.

        ``answer_s``: how long a strip may take to begin its answer; by default 0.06, over a network 0.3.
        """
        chosen = load(protocol)
        wanted = sorted(set(addresses))
        if not wanted or wanted[0] < 1:
            raise ValueError("addresses begin at 1")
        for address in wanted:
            chosen.poll(address)  # raises here, not on the line's thread
        self._port = port
        self._baud = baud or chosen.baud
        self._on_event = on_event
        self._members = {address: StripMember(address, chosen) for address in wanted}
        if answer_s is None:
            answer_s = NETWORK_ANSWER_S if port.startswith(SOCKET_SCHEME) else ANSWER_S
        self._bus: Bus[Addressed, NoReturn] = Bus(
            list(self._members.values()),
            chosen.finder(),
            baud=self._baud,
            answer_s=answer_s,
            poll_s=poll_s,
            must_answer=chosen.must_answer,
        )
        self._lock = threading.Lock()
        self._wanted: dict[int, StripText] = {}
        self._posted = False
        self._link: Link[StripHealth] = Link(
            self._bus,
            lambda: open_port(self._port, baud=self._baud),
            name=f"strips {port}",
            on_event=on_event,
            on_health=lambda health: self._on_event(StripLineHealth(health.state, health.code)),
            backoff=backoff or Backoff(jitter=random.random),
        )

    @property
    def health(self) -> Health:
        """The line's; safe from any thread."""
        return self._link.health

    def strip_health(self, address: int) -> StripHealth:
        """Of one strip; safe from any thread. Raises KeyError for an address that was not given."""
        return self._bus.health(address)

    def start(self) -> None:
        """Start the thread; returns at once whether or not anything is there."""
        self._link.start()

    def stop(self) -> None:
        """End thread and port within about a second. Safe to repeat. The strips blank themselves after a minute."""
        self._link.stop()

    def show(self, address: int, text: str, *, flash: bool = False) -> None:
        """What this strip shows from now on, also after it was unplugged. Any thread; the newest wins; never blocks.

        Empty ``text`` is a dark strip. Raises StripTextWrong, KeyError for an address that was not given.
        """
        if address not in self._members:
            raise KeyError(address)
        wanted = StripText(text, flash=flash)
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

    def _take_wanted(self, now: float) -> Sequence[StripHealth]:
        with self._lock:
            wanted, self._wanted = self._wanted, {}
            self._posted = False
        for address, text in wanted.items():
            self._members[address].show(text)
            self._bus.hurry(address, now)
        return []
