"""A line of strips as its user sees it: start it, say what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from drivers.bus import Addressed
from drivers.device_line import DeviceLine, LineOptions, addresses_of
from drivers.strip.events import StripEvent, StripLineHealth, StripText
from drivers.strip.member import POLL_S, StripMember
from drivers.strip.protocol import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class StripLine(DeviceLine[StripMember[Addressed], StripText, StripLineHealth]):
    """Strips on one port with one thread. ``on_event`` is called on that thread and must return at once.

    They blank themselves a minute after ``stop``.
    """

    def __init__(
        self,
        port: str,
        addresses: Iterable[int],
        *,
        on_event: Callable[[StripEvent], None] = lambda _event: None,
        protocol: str = "house",
        poll_s: float = POLL_S,
        beside: DeviceLine[Any, Any, Any] | None = None,
        **options: Unpack[LineOptions],
    ) -> None:
        """``addresses`` may contain strips that are not plugged in. Nothing is opened yet.

        ``beside``: pads on the same wires; then ``port`` and ``options`` are theirs.

        Raises ProtocolUnknown, ValueError for an address that the protocol has not or that is taken.
        """
        chosen = load(protocol)
        members = [StripMember(address, chosen, poll_s=poll_s) for address in addresses_of(addresses, chosen)]
        super().__init__(
            port,
            members,
            chosen,
            options,
            on_event=on_event,
            line_health=StripLineHealth,
            beside=beside,
            must_answer=chosen.must_answer,
        )

    def show(self, address: int, text: str, *, flash: bool = False) -> None:
        """What this strip shows from now on, also after it was unplugged. Any thread; the newest wins; never blocks.

        Empty ``text`` is a dark strip. Raises StripTextWrong, KeyError for an address that was not given.
        """
        self.want(address, StripText(text, flash=flash))
