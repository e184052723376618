"""What every protocol core is: bytes and the time in, events and bytes out. No I/O, no clock, no threads here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

BITS_PER_BYTE = 10
"""8N1: one start bit, eight data bits, one stop bit."""

State = Literal["ok", "degraded", "down", "unknown"]
Event = TypeVar("Event", covariant=True)  # noqa: PLC0105 - the events a core gives


@dataclass(frozen=True, slots=True)
class Condition:
    """What a core knows of its device while the line is open; ``unknown`` until it has been proved."""

    state: State
    code: str = ""


UNPROVED = Condition("unknown")


class Core(Protocol[Event]):
    """A protocol without I/O. All methods are called on the link's thread only; ``now`` is monotonic seconds.

    A method may raise ProtocolError (the talk is spoilt) or DeviceSilent (nobody there): the link then closes the line
    and opens it again after its back-off.
    """

    @property
    def condition(self) -> Condition:
        """How the device is, as far as the talk tells."""
        ...

    def connected(self, now: float) -> None:
        """The line is open and empty: begin anew, starting with proof that this is the right device."""
        ...

    def disconnected(self, now: float) -> Sequence[Event]:
        """The line is gone; what was under way has failed. Deadlines go on running."""
        ...

    def receive(self, data: bytes, now: float) -> Sequence[Event]:
        """Bytes arrived. An empty answer means: not enough yet."""
        ...

    def outgoing(self) -> bytes:
        """What to send now; each byte is given once. Asked only while the line is open and all before was sent."""
        ...

    def deadline(self) -> float | None:
        """When ``wake`` is wanted at the latest."""
        ...

    def wake(self, now: float) -> Sequence[Event]:
        """The deadline has passed."""
        ...
