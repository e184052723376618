"""What a pad protocol is. Adding one: a module in ``protocols`` (or an entry point), no change elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from drivers import plugins
from drivers.bus import Addressed, Finder
from drivers.pad.events import Beep, PadDisplay

FOLDER = "drivers.pad.protocols"
GROUP = "hall_queue.pad_protocols"
MARKS = 999
"""Displays are numbered 1 to 999 and again from 1; 0 is what a pad shows after power-on."""

Message = TypeVar("Message", bound=Addressed)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A press waits at the pad. ``word`` as on the line; ``age_s`` None: this protocol does not say."""

    word: str
    press: int
    age_s: float | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """No press waits. ``mark`` is the number of the display it shows, 0 after power-on, None: it does not say."""

    mark: int | None = None


@dataclass(frozen=True, slots=True)
class OtherDevice:
    """Something answers at this address that is no pad."""

    kind: str


PadSaid = Pressed | Idle | OtherDevice


class PadProtocol(Protocol[Message]):
    """Bytes of one make of pad. Pure: no I/O, no clock; ``finder()`` gives a fresh finder of its messages."""

    @property
    def baud(self) -> int:
        """The speed pads of this make come with."""
        ...

    def finder(self) -> Finder[Message]: ...

    def parse(self, message: Message) -> PadSaid:
        """What a found message means. Raises ProtocolError."""
        ...

    def poll(self, address: int) -> bytes:
        """Is there a press?"""
        ...

    def who(self, address: int) -> bytes:
        """Is anything at this address? The same as ``poll`` where a protocol has no such question."""
        ...

    def acknowledge(self, address: int, press: int) -> bytes:
        """This press was taken; answered like a poll."""
        ...

    def show(self, address: int, mark: int, display: PadDisplay) -> bytes:
        """Show this from now on; answered like a poll."""
        ...

    def beep(self, address: int, beep: Beep) -> bytes:
        """Sound once; answered like a poll."""
        ...


def load(name: str) -> PadProtocol[Addressed]:
    """The protocol of this name. Raises ProtocolUnknown."""
    return cast("PadProtocol[Addressed]", plugins.load(FOLDER, GROUP, name))


def names() -> list[str]:
    """All that ``load`` finds."""
    return plugins.names(FOLDER, GROUP)
