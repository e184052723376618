"""The serial scanner as its users see it: start it, get scans, stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drivers.link import Backoff, Health, Link
from drivers.scanner.events import ScanEvent, ScannerEvent, ScannerHealth
from drivers.scanner.protocol import GAP_S, ScannerCore
from drivers.transport import open_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.trace import Trace

BAUD = 9600


class Scanner:
    """One scanner with its own thread.

    ``on_event`` is called on that thread with ScanRead, ScanTrouble and ScannerHealth (on every change); it must return
    at once.
    """

    def __init__(
        self,
        port: str,
        *,
        on_event: Callable[[ScannerEvent], None],
        baud: int = BAUD,
        prefix: bytes = b"",
        suffix: bytes = b"",
        gap_s: float = GAP_S,
        backoff: Backoff | None = None,
        trace: Path | None = None,
    ) -> None:
        """``port`` is a device path, ``COMn`` or ``socket://host:port``; a USB scanner in serial mode ignores ``baud``.

        ``trace``: a file for what comes; contents are shown by their shape only (see ``drivers.trace``).
        Nothing is opened before ``start``.
        """
        self._link: Link[ScanEvent] = Link(
            ScannerCore(prefix=prefix, suffix=suffix, gap_s=gap_s),
            lambda: open_port(port, baud=baud),
            name=f"scanner {port}",
            on_event=on_event,
            on_health=lambda health: on_event(ScannerHealth(health.state, health.code)),
            backoff=backoff or Backoff.uneven(),
            trace=_written_to(trace) if trace else None,
        )

    @property
    def health(self) -> Health:
        """Now; safe from any thread."""
        return self._link.health

    def start(self) -> None:
        """Start the thread; returns at once whether or not the port is there."""
        self._link.start()

    def stop(self) -> None:
        """End thread and port within about a second; no event comes afterwards. Safe to repeat."""
        self._link.stop()


def _written_to(path: Path) -> Trace:
    from drivers.scanner.tracing import ScanTeller  # noqa: PLC0415 - only when somebody asks for it
    from drivers.trace import Trace  # noqa: PLC0415

    return Trace(path, teller=ScanTeller)
