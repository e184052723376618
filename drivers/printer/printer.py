"""The printer as its users see it: start it, print slips, know how it is, stop it."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from typing import TYPE_CHECKING

from drivers.errors import LinkBusy
from drivers.link import Backoff, Health, Link, written_to
from drivers.printer import escpos_bytes
from drivers.printer.cleaning import check_bytes
from drivers.printer.encode import encode
from drivers.printer.jobs import Job, JobDone, PrinterEvent, PrintOutcome, StatusSeen
from drivers.printer.logo import load_logo
from drivers.printer.pace import SYNC_PROCESS
from drivers.printer.ports import answers, open_printer_port
from drivers.printer.protocol import PrinterCore
from drivers.printer.sharing import SHARED_BACKOFF, TURN_S, SharingLink, parse_port
from drivers.transport import BITS_PER_BYTE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.printer.profile import Profile
    from drivers.printer.slip import Slip
    from drivers.printer.status import Status
    from drivers.transport import Transport

__all__ = ["PrintOutcome", "Printer"]

LIFETIME_S = 120.0


class Printer:
    """One printer with its own thread; ``on_health`` is called there on every change and must return at once."""

    def __init__(
        self,
        port: str,
        profile: Profile,
        *,
        on_health: Callable[[Health], None] = lambda _health: None,
        baud: int | None = None,
        lifetime_s: float = LIFETIME_S,
        backoff: Backoff | None = None,
        logo: Path | None = None,
        turn_s: float = TURN_S,
        clock: Callable[[], float] = time.monotonic,
        trace: Path | None = None,
    ) -> None:
        """``port``: a device path, ``COMn``, ``socket://host:port``, ``usb://VID:PID``. ``baud`` None: the profile's.

        ``socket://host:port?share=yes``: others print there, too; a slip waits up to ``turn_s`` for its turn. A slip
        that could not be begun within ``lifetime_s`` is never printed. ``logo`` takes the place of the profile's.
        ``trace``: a file for the bytes both ways, slips included (see ``drivers.trace``). Nothing is opened before
        ``start``. Raises PortNameWrong, and ConfigurationError for a logo that cannot be used.
        """
        wish = parse_port(port)
        self._port = wish.port
        self._profile = profile
        self._logo = load_logo(profile, logo)
        self._baud = baud or profile.baud
        self._lifetime_s = min(lifetime_s, turn_s) if wish.shared else lifetime_s
        self._clock = clock
        check = check_bytes(profile)
        self._core = PrinterCore(profile, baud=self._baud, check=check, turn_s=turn_s if wish.shared else None)
        self._lock = threading.Lock()
        self._futures: dict[int, Future[PrintOutcome]] = {}
        self._count = 0
        self._stopped = False
        self._status: Status | None = None
        self._link: Link[PrinterEvent] = (SharingLink if wish.shared else Link)(
            self._core,
            self._open,
            name=f"printer {self._port}",
            on_event=self._take,
            on_health=on_health,
            backoff=backoff or (SHARED_BACKOFF if wish.shared else Backoff.uneven()),
            clock=clock,
            trace=written_to(trace),
        )

    @property
    def health(self) -> Health:
        """Now; safe from any thread. ``unknown`` is a printer that cannot be asked: neither fine nor broken."""
        return self._link.health

    @property
    def status(self) -> Status | None:
        """What the printer said last; None before its first answer."""
        return self._status

    def start(self) -> None:
        """Start the thread; returns at once whether or not the port is there."""
        escpos_bytes.warm()
        self._link.start()

    def stop(self) -> None:
        """End thread and port within about a second; slips that wait end as unknown. Safe to repeat."""
        self._link.stop()
        with self._lock:
            self._stopped = True
            waiting, self._futures = self._futures, {}
        for future in waiting.values():
            future.set_result(PrintOutcome("unknown", "stopped"))

    def print(self, slip: Slip, *, deadline_s: float | None = 8.0) -> Future[PrintOutcome]:
        """Print one slip; the future always ends: ``printed``, ``not_printed`` (no byte went out) or ``unknown``.

        ``deadline_s`` runs from now, beyond the time the line needs for the bytes; None waits out the life-time for the
        printer to come back. A slip that is not ``printed`` is never tried again by itself: offer a marked reprint.
        Raises LinkBusy when far too many wait.
        """
        future: Future[PrintOutcome] = Future()
        future.set_running_or_notify_cancel()
        with self._lock:
            self._count += 1
            number = self._count
        job = self._job(number, slip, deadline_s)  # whatever is wrong with the slip is raised before it is promised
        with self._lock:
            if self._stopped:
                future.set_result(PrintOutcome("not_printed", "stopped"))
                return future
            self._futures[number] = future
        try:
            self._link.post(lambda now: list(self._core.add(job, now)))
        except LinkBusy:
            with self._lock:
                self._futures.pop(number, None)
            raise
        return future

    def _job(self, number: int, slip: Slip, deadline_s: float | None) -> Job:
        posted = self._clock()
        process = number % SYNC_PROCESS
        chunks = encode(slip, self._profile, process=process, logo=self._logo).chunks
        wire_s = sum(map(len, chunks)) * BITS_PER_BYTE / self._baud
        patience_s = self._lifetime_s + 8.0 if deadline_s is None else deadline_s
        return Job(number, chunks, process, posted + patience_s + wire_s, posted + self._lifetime_s)

    def _open(self) -> Transport:
        line = open_printer_port(self._port, self._baud)
        self._core.one_way(yes=not answers(line))
        return line

    def _take(self, event: PrinterEvent) -> None:
        match event:
            case JobDone(number, outcome):
                with self._lock:
                    future = self._futures.pop(number, None)
                if future is not None:
                    future.set_result(outcome)
            case StatusSeen(status):
                self._status = status
