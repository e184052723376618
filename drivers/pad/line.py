"""A line of pads as its users see it: start it, get presses, say what the pads show."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

from drivers.bus import Addressed, Bus
from drivers.errors import LinkBusy
from drivers.link import Backoff, Health, Link
from drivers.pad.events import Beep, PadDisplay, PadEvent, PadHealth, PadKeyEvent, PadLineHealth
from drivers.pad.member import PadMember
from drivers.pad.protocol import load
from drivers.transport import SOCKET_SCHEME, open_port

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

POLL_S = 0.1
ANSWER_S = 0.06
NETWORK_ANSWER_S = 0.3
"""Converters between network and line hand bytes over in their own time."""


class PadLine:
    """Pads on one port with one thread. ``on_event`` is called on that thread and must return at once."""

    def __init__(
        self,
        port: str,
        addresses: Iterable[int],
        *,
        on_event: Callable[[PadEvent], None],
        protocol: str = "house",
        baud: int | None = None,
        answer_s: float | None = None,
        backoff: Backoff | None = None,
    ) -> None:
        """``addresses`` may contain pads that are not plugged in. Nothing is opened yet.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not.

        ``answer_s``: how long a pad may take to begin its answer; by default 0.06, over a network 0.3.
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
        self._members = {address: PadMember(address, chosen) for address in wanted}
        if answer_s is None:
            answer_s = NETWORK_ANSWER_S if port.startswith(SOCKET_SCHEME) else ANSWER_S
        self._bus: Bus[Addressed, PadKeyEvent] = Bus(
            list(self._members.values()), chosen.finder(), baud=self._baud, answer_s=answer_s, poll_s=POLL_S
        )
        self._lock = threading.Lock()
        self._wanted: dict[int, PadDisplay] = {}
        self._posted = False
        self._link: Link[PadKeyEvent | PadHealth] = Link(
            self._bus,
            lambda: open_port(self._port, baud=self._baud),
            name=f"pads {port}",
            on_event=on_event,
            on_health=lambda health: self._on_event(PadLineHealth(health.state, health.code)),
            backoff=backoff or Backoff(jitter=random.random),
        )

    @property
    def health(self) -> Health:
        """The line's; safe from any thread."""
        return self._link.health

    def pad_health(self, address: int) -> PadHealth:
        """Of one pad; safe from any thread. Raises KeyError for an address that was not given."""
        return self._bus.health(address)

    def start(self) -> None:
        """Start the thread; returns at once whether or not anything is there."""
        self._link.start()

    def stop(self) -> None:
        """End thread and port within about a second; no event comes afterwards. Safe to repeat."""
        self._link.stop()

    def show(self, address: int, display: PadDisplay) -> None:
        """What this pad shows from now on, also after it was unplugged. Any thread; the newest wins; never blocks.

        Raises KeyError for an address that was not given, ValueError when ``next_number`` is longer than 16 bytes
        or ``waiting`` negative, LinkBusy when too many beeps wait.
        """
        if address not in self._members:
            raise KeyError(address)
        if len(display.next_number.encode("gb18030")) > 16:
            raise ValueError("next_number is longer than a pad's display")
        if display.waiting is not None and display.waiting < 0:
            raise ValueError("fewer than nobody cannot wait")
        with self._lock:
            self._wanted[address] = display
            posted, self._posted = self._posted, True
        if posted:
            return
        try:
            self._link.post(self._take_wanted)
        except LinkBusy:
            self._posted = False  # what is wanted stays so, and goes with the next call
            raise

    def beep(self, address: int, beep: Beep) -> None:
        """Sound once, soon or never. Any thread. Raises KeyError, LinkBusy."""
        member = self._members[address]

        def do(now: float) -> Sequence[PadKeyEvent]:
            member.beep(beep)
            self._bus.hurry(address, now)
            return []

        self._link.post(do)

    def _take_wanted(self, now: float) -> Sequence[PadKeyEvent]:
        with self._lock:
            wanted, self._wanted = self._wanted, {}
            self._posted = False
        for address, display in wanted.items():
            self._members[address].show(display)
            self._bus.hurry(address, now)
        return []
