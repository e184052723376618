"""A line of strips as its users see it: start it, say what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from drivers.bus import Addressed, Bus
from drivers.device_line import DeviceLine, addresses_of, answer_s_of
from drivers.strip.events import StripEvent, StripHealth, StripLineHealth, StripText
from drivers.strip.member import StripMember
from drivers.strip.protocol import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from drivers.link import Backoff, Health

POLL_S = 2.0


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
        trace: Path | None = None,
    ) -> None:
        """``addresses`` may contain strips that are not plugged in. Nothing is opened yet.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not.

        ``answer_s``: how long a strip may take to begin its answer; by default 0.06, over a network 0.3.
        ``trace``: a file for the bytes both ways (see ``drivers.trace``).
        """
        chosen = load(protocol)
        wanted = addresses_of(addresses)
        for address in wanted:
            chosen.poll(address)  # raises here, not on the line's thread
        self._members = {address: StripMember(address, chosen) for address in wanted}
        baud = baud or chosen.baud
        bus: Bus[Addressed, NoReturn] = Bus(
            list(self._members.values()),
            chosen.finder(),
            baud=baud,
            answer_s=answer_s_of(port, answer_s),
            poll_s=poll_s,
            must_answer=chosen.must_answer,
        )
        self._line: DeviceLine[StripText, NoReturn] = DeviceLine(
            port,
            bus,
            kind="strips",
            baud=baud,
            set_wanted=lambda address, text: self._members[address].show(text),
            on_event=on_event,
            on_health=lambda health: on_event(StripLineHealth(health.state, health.code)),
            backoff=backoff,
            trace=trace,
        )

    @property
    def health(self) -> Health:
        """The line's; safe from any thread."""
        return self._line.health

    def strip_health(self, address: int) -> StripHealth:
        """Of one strip; safe from any thread. Raises KeyError for an address that was not given."""
        return self._line.member_health(address)

    def start(self) -> None:
        """Start the thread; returns at once whether or not anything is there."""
        self._line.start()

    def stop(self) -> None:
        """End thread and port within about a second. Safe to repeat. The strips blank themselves after a minute."""
        self._line.stop()

    def show(self, address: int, text: str, *, flash: bool = False) -> None:
        """What this strip shows from now on, also after it was unplugged. Any thread; the newest wins; never blocks.

        Empty ``text`` is a dark strip. Raises StripTextWrong, KeyError for an address that was not given.
        """
        if address not in self._members:
            raise KeyError(address)
        self._line.want(address, StripText(text, flash=flash))
