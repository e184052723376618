"""The ID-card reader as its users see it: start it, get events, stop it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from drivers.idcard.conversation import SamCore
from drivers.idcard.events import (
    CardEvent,
    CardLifted,
    CardPresented,
    CardTrouble,
    ReaderEvent,
    ReaderHealth,
    TroubleCode,
)
from drivers.link import Backoff, Health, Link
from drivers.transport import open_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.trace import Trace
    from drivers.transport import Transport

__all__ = ["CardLifted", "CardPresented", "CardReader", "CardTrouble", "ReaderEvent", "ReaderHealth", "TroubleCode"]

BAUD = 115200
BAUDS = (115200, 57600, 38400, 19200, 9600)
"""What modules can be set to; the reader never sets one, because a module keeps it over power-off."""


class CardReader:
    """One reader with its own thread.

    ``on_event`` is called on that thread with CardPresented, CardLifted, CardTrouble and ReaderHealth (on every change,
    and not before the first finding); it must return at once and should only post into the caller's mailbox.
    """

    def __init__(
        self,
        port: str,
        *,
        on_event: Callable[[ReaderEvent], None],
        baud: int | None = BAUD,
        newest_address: bool = False,
        presence_by_address: bool = True,
        backoff: Backoff | None = None,
        trace: Path | None = None,
    ) -> None:
        """``port`` is a device path, ``COMn`` or ``socket://host:port``; ``baud`` None tries all that modules can have.

        ``newest_address`` also reads the appended address (up to 1.5 s more). ``presence_by_address`` False is for
        modules that cannot say whether a read card still lies there: it then counts as lifted after 3 s.
        ``trace``: a file for the bytes both ways; what a card says is left out (see ``drivers.trace``).
        Nothing is opened before ``start``.
        """
        self._port = port
        self._bauds = itertools.cycle(BAUDS if baud is None else (baud,))
        self._on_event = on_event
        self._core = SamCore(
            baud=baud or BAUDS[-1], newest_address=newest_address, presence_by_address=presence_by_address
        )
        self._link: Link[CardEvent] = Link(
            self._core,
            self._open,
            name=f"idcard {port}",
            on_event=on_event,
            on_health=self._tell_health,
            backoff=backoff or Backoff.uneven(),
            trace=_written_to(trace) if trace else None,
        )

    @property
    def health(self) -> Health:
        """Now; safe from any thread."""
        return self._link.health

    @property
    def sam_number(self) -> str | None:
        """The module's printed number (05.03-…), once it has answered."""
        return self._core.sam_number

    def start(self) -> None:
        """Start the thread; returns at once whether or not the port is there."""
        self._link.start()

    def stop(self) -> None:
        """End thread and port within about a second; no event comes afterwards. Safe to repeat."""
        self._link.stop()

    def _open(self) -> Transport:
        return open_port(self._port, baud=next(self._bauds))

    def _tell_health(self, health: Health) -> None:
        self._on_event(ReaderHealth(health.state, health.code))


def _written_to(path: Path) -> Trace:
    from drivers.idcard.tracing import CardTeller  # noqa: PLC0415 - only when somebody asks for it
    from drivers.trace import Trace  # noqa: PLC0415

    return Trace(path, teller=CardTeller)
