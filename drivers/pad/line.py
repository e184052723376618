"""A line of pads as its user sees it: start it, get presses, say what the pads show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from drivers.bus import Addressed
from drivers.device_line import DeviceLine, LineOptions, addresses_of
from drivers.pad.events import Beep, PadDisplay, PadEvent, PadLineHealth
from drivers.pad.member import PadMember
from drivers.pad.protocol import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NUMBER_BYTES = 16


class PadLine(DeviceLine[PadMember[Addressed], PadDisplay, PadLineHealth]):
    """Pads on one port with one thread. ``on_event`` is called on that thread and must return at once."""

    def __init__(
        self,
        port: str,
        addresses: Iterable[int],
        *,
        on_event: Callable[[PadEvent], None],
        protocol: str = "house",
        beside: DeviceLine[Any, Any, Any] | None = None,
        **options: Unpack[LineOptions],
    ) -> None:
        """``addresses`` may contain pads that are not plugged in. Nothing is opened yet.

        ``beside``: strips on the same wires; then ``port`` and ``options`` are theirs.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not or that is taken.
        """
        chosen = load(protocol)
        members = [PadMember(address, chosen) for address in addresses_of(addresses, chosen)]
        super().__init__(port, members, chosen, options, on_event=on_event, line_health=PadLineHealth, beside=beside)

    def show(self, address: int, display: PadDisplay) -> None:
        """What this pad shows from now on, also after it was unplugged. Any thread; the newest wins; never blocks.

        Raises KeyError for an address that was not given, ValueError when ``next_number`` is longer than 16 bytes
        or ``waiting`` negative, LinkBusy when too many beeps wait.
        """
        if len(display.next_number.encode("gb18030")) > NUMBER_BYTES:
            raise ValueError("next_number is longer than a pad's display")
        if display.waiting is not None and display.waiting < 0:
            raise ValueError("fewer than nobody cannot wait")
        self.want(address, display)

    def beep(self, address: int, beep: Beep) -> None:
        """Sound once, soon or never. Any thread. Raises KeyError, LinkBusy."""
        self.act(address, lambda pad, now: pad.beep(beep, now))
