"""Device events on a terminal: one line each, at once, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import queue
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import click
import msgspec

from drivers.transport import open_port

E = TypeVar("E")
trace_option = click.option(
    "--trace",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the bytes both ways into this file, with the time; never what a card or a scan says.",
)


class Startable(Protocol):
    """A device with its own thread."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def prove_port(port: str, baud: int) -> None:
    """Open and close it once, so that a wrong name ends the program with its own sentence. Raises PortError."""
    open_port(port, baud=baud).close()


def watch(make: Callable[[Callable[[E], None]], Startable], line: Callable[[E], str]) -> None:
    """Start what ``make(on_event)`` gives, print ``line(event)`` for each event. Main thread only."""
    events: queue.SimpleQueue[E | None] = queue.SimpleQueue()
    on_end(lambda: events.put(None))
    device = make(events.put)
    device.start()
    while (event := next_event(events)) is not None:
        click.echo(line(event))
        sys.stdout.flush()
    device.stop()


def next_event(events: queue.SimpleQueue[E | None]) -> E | None:
    """The next event, None at the end. Waits in short pieces: on Windows Ctrl-C cannot end a wait."""
    while True:
        try:
            return events.get(timeout=0.5)
        except queue.Empty:
            continue


def on_end(act: Callable[[], None]) -> None:
    """Ctrl-C and SIGTERM call ``act``."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: act())


def fields_line(fields: dict[str, object], *, as_json: bool) -> str:
    """An event's fields as JSON, or as words for people."""
    if as_json:
        return msgspec.json.encode(fields).decode()
    return "  ".join(str(value) for value in fields.values() if value not in (None, ""))
