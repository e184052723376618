"""A line of pads as its users see it: start it, get presses, say what the pads show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.bus import Addressed, Bus
from drivers.device_line import DeviceLine, addresses_of, answer_s_of
from drivers.pad.events import Beep, PadDisplay, PadEvent, PadHealth, PadKeyEvent, PadLineHealth
from drivers.pad.member import PadMember
from drivers.pad.protocol import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from drivers.link import Backoff, Health

POLL_S = 0.1


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
        trace: Path | None = None,
    ) -> None:
        """``addresses`` may contain pads that are not plugged in. Nothing is opened yet.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not.

        ``answer_s``: how long a pad may take to begin its answer; by default 0.06, over a network 0.3.
        ``trace``: a file for the bytes both ways (see ``drivers.trace``).
        """
        chosen = load(protocol)
        wanted = addresses_of(addresses)
        for address in wanted:
            chosen.poll(address)  # raises here, not on the line's thread
        self._members = {address: PadMember(address, chosen) for address in wanted}
        baud = baud or chosen.baud
        bus: Bus[Addressed, PadKeyEvent] = Bus(
            list(self._members.values()),
            chosen.finder(),
            baud=baud,
            answer_s=answer_s_of(port, answer_s),
            poll_s=POLL_S,
        )
        self._line: DeviceLine[PadDisplay, PadKeyEvent] = DeviceLine(
            port,
            bus,
            kind="pads",
            baud=baud,
            set_wanted=lambda address, display: self._members[address].show(display),
            on_event=on_event,
            on_health=lambda health: on_event(PadLineHealth(health.state, health.code)),
            backoff=backoff,
            trace=trace,
        )

    @property
    def health(self) -> Health:
        """The line's; safe from any thread."""
        return self._line.health

    def pad_health(self, address: int) -> PadHealth:
        """Of one pad; safe from any thread. Raises KeyError for an address that was not given."""
        return self._line.member_health(address)

    def start(self) -> None:
        """Start the thread; returns at once whether or not anything is there."""
        self._line.start()

    def stop(self) -> None:
        """End thread and port within about a second; no event comes afterwards. Safe to repeat."""
        self._line.stop()

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
        self._line.want(address, display)

    def beep(self, address: int, beep: Beep) -> None:
        """Sound once, soon or never. Any thread. Raises KeyError, LinkBusy."""
        member = self._members[address]
        self._line.act(address, lambda: member.beep(beep))
