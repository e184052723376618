"""One network printer for two kiosks: a connection for each slip or look, given back at once.

A printer's port 9100 serves one connection; the next one waits in its queue or is refused. So nobody may stay on the
line, waiting for one's turn is no fault, and it has a limit. Asked for by ``socket://HOST:PORT?share=yes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.errors import PortMissing, PortNameWrong
from drivers.link import Backoff, Health, Link
from drivers.printer.jobs import PrinterEvent
from drivers.printer.pace import UNSERVED_LIMIT
from drivers.transport import SOCKET_SCHEME

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.printer.protocol import PrinterCore
    from drivers.trace import Trace
    from drivers.transport import Transport

TURN_S = 6.0
"""Longest wait for one's turn: another's ordinary slip takes two seconds, cut and confirmation included."""
SHARE = "share"
WISH_S = 0.5
SHARED_BACKOFF = Backoff(first_s=0.2, limit_s=2.0)
"""One's turn comes sooner than a cable is put back."""


@dataclass(frozen=True, slots=True)
class PortWish:
    """A printer's port as the settings name it, taken apart."""

    port: str
    shared: bool


def parse_port(name: str) -> PortWish:
    """``socket://host:9100?share=yes`` in its parts; other names are ports as they stand. Raises PortNameWrong."""
    port, mark, options = name.partition("?")
    if not mark or not name.startswith(SOCKET_SCHEME):
        return PortWish(name, shared=False)
    key, _, value = options.partition("=")
    if key != SHARE or value not in {"yes", "no"}:
        raise PortNameWrong(name, "after ? only share=yes or share=no")
    return PortWish(port, shared=value == "yes")


class SharingLink(Link[PrinterEvent]):
    """A link that is on the line only while there is something to do."""

    def __init__(
        self,
        core: PrinterCore,
        open_line: Callable[[], Transport],
        *,
        name: str,
        on_event: Callable[[PrinterEvent], None],
        on_health: Callable[[Health], None],
        backoff: Backoff,
        clock: Callable[[], float],
        trace: Trace | None = None,
    ) -> None:
        super().__init__(
            core,
            self._enter,
            name=name,
            on_event=on_event,
            on_health=on_health,
            backoff=backoff,
            clock=clock,
            trace=trace,
        )
        self._shared = core
        self._open_shared = open_line
        self._refusals = 0

    def _enter(self) -> Transport:
        """Open; a refusal is another's turn, not a missing printer."""
        self._shared.refused = False
        try:
            return self._open_shared()
        except PortMissing as error:
            self._shared.refused = isinstance(error.__cause__, ConnectionRefusedError)
            raise

    def _carry(self) -> None:
        while not (self._stopping or self._shared.wants_line(self._clock())):
            self._serve_waiting(WISH_S)
        if not self._stopping:
            super()._carry()

    def _parted(self) -> bool:
        return self._shared.resting and not self._unsent

    def _rest(self) -> None:
        if self._drop_line():
            self._refusals = 0
            self._shared.released(self._clock())
        else:
            super()._rest()

    def _account(self) -> None:
        missed = self._lost is not None and (self._shared.refused or self._shared.waits_for_turn)
        if not missed or self._refusals >= UNSERVED_LIMIT:
            super()._account()
            return
        self._refusals += 1
        self._failures = 1
        self._shared.refused = True
        self._report("degraded", "busy")
        self._lost, was_open, self._was_open = None, self._was_open, False
        if was_open:
            self._tell(self._shared.disconnected(self._clock()))
