"""What a strip protocol is. Adding one: a module in ``protocols`` (or an entry point), no change elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

from drivers import plugins
from drivers.bus import Addressed, Finder
from drivers.strip.events import StripText

FOLDER = "drivers.strip.protocols"
GROUP = "hall_queue.strip_protocols"
MARKS = 999
"""Texts are numbered 1 to 999 and again from 1; 0 is what a strip shows after power-on: nothing."""

Message = TypeVar("Message", bound=Addressed)


@dataclass(frozen=True, slots=True)
class Showing:
    """The strip is there. ``mark`` is the number of the text it shows, 0 none, None: it does not say."""

    mark: int | None = None


@dataclass(frozen=True, slots=True)
class OtherDevice:
    """Something answers at this address that is no strip."""

    kind: str


StripSaid = Showing | OtherDevice


class StripProtocol(Protocol[Message]):
    """Bytes of one make of strip. Pure: no I/O, no clock; ``finder()`` gives a fresh finder of its messages."""

    @property
    def baud(self) -> int:
        """The speed strips of this make come with."""
        ...

    @property
    def must_answer(self) -> bool:
        """Whether silence means that the strip is gone. If not, its text is sent again every ``refresh_s``."""
        ...

    def finder(self) -> Finder[Message]: ...

    def parse(self, message: Message) -> StripSaid:
        """What a found message means. Raises ProtocolError."""
        ...

    def poll(self, address: int) -> bytes:
        """Are you there, and what do you show?"""
        ...

    def who(self, address: int) -> bytes:
        """Is anything at this address? The same as ``poll`` where a protocol has no such question."""
        ...

    def show(self, address: int, mark: int, text: StripText) -> bytes:
        """Show this from now on; answered like a poll."""
        ...


def load(name: str) -> StripProtocol[Addressed]:
    """The protocol of this name. Raises ProtocolUnknown."""
    return cast("StripProtocol[Addressed]", plugins.load(FOLDER, GROUP, name))


def names() -> list[str]:
    """All that ``load`` finds."""
    return plugins.names(FOLDER, GROUP)
