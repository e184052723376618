"""The strips' part of ``hall-devices``: show a text, simulate a line of them."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Unpack

import click

from drivers.bus import MemberHealth
from drivers.errors import DeviceSilent
from drivers.simulating import Addresses, Where, run_simulator, simulator_options
from drivers.watching import on_end, prove_port, trace_option

if TYPE_CHECKING:
    from pathlib import Path

    from drivers.listening import Listener
    from drivers.strip.events import StripEvent
    from drivers.strip.simulator import StripSimulator

WAIT_S = 5.0


@click.group("strip")
def strip() -> None:
    """Try out the LED strips above the windows."""


@strip.command("show")
@click.option("--port", required=True, help="Where the line of strips is.")
@click.option("--address", type=click.IntRange(1, 99), default=1, show_default=True)
@click.option("--text", required=True, help="Eight characters at most; empty is a dark strip.")
@click.option("--flash", is_flag=True, help="Draw the eye.")
@click.option("--protocol", default="house", show_default=True, help="Which make of strip.")
@click.option("--baud", type=int, default=None, help="Line speed; the protocol's by default.")
@click.option("--keep", is_flag=True, help="Stay until Ctrl-C; without it the strip goes dark after a minute.")
@trace_option
def show(
    *,
    port: str,
    address: int,
    text: str,
    flash: bool,
    protocol: str,
    baud: int | None,
    keep: bool,
    trace: Path | None,
) -> None:
    """Show a text on one strip and say whether the strip shows it."""
    from drivers.strip.line import StripLine  # noqa: PLC0415 - each command loads only what it needs
    from drivers.strip.protocol import load  # noqa: PLC0415

    prove_port(port, baud or load(protocol).baud)
    events: queue.SimpleQueue[StripEvent] = queue.SimpleQueue()
    line = StripLine(port, (address,), on_event=events.put, protocol=protocol, baud=baud, trace=trace)
    line.show(address, text, flash=flash)
    line.start()
    try:
        # The first thing a strip is told is its text, so its first answer is about that.
        health = _first_health(events)
        if health is None or health.state == "down":
            raise DeviceSilent(f"strip {address}", WAIT_S)
        grey = health.state == "unknown"
        click.echo(f"strip {address}: {'sent, this make does not answer' if grey else 'shown'}")
        if keep:
            ended: queue.SimpleQueue[None] = queue.SimpleQueue()
            on_end(lambda: ended.put(None))
            while ended.empty():
                _first_health(events, wait_s=0.5)
    finally:
        line.stop()


def _first_health(events: queue.SimpleQueue[StripEvent], wait_s: float = WAIT_S) -> MemberHealth | None:
    while True:
        try:
            event = events.get(timeout=wait_s)
        except queue.Empty:
            return None
        if isinstance(event, MemberHealth):
            return event


@click.command("strip")
@click.option("--address", "addresses", type=Addresses(), default="1", show_default=True, help="Such as 1,2,5-8.")
@click.option("--protocol", type=click.Choice(["house", "onbon", "onbon-mute"]), default="house", show_default=True)
@simulator_options()
def simulate_strip(*, addresses: tuple[int, ...], protocol: str, **where: Unpack[Where]) -> None:
    """Simulate a line of LED strips. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: picture, power, fault, clear, replug, state.
    """
    from drivers.strip.simulator import StripSimulator  # noqa: PLC0415

    def make(listener: Listener, baud: int, host: str, port: int) -> StripSimulator:
        return StripSimulator(listener, addresses, protocol=protocol, baud=baud, control_host=host, control_port=port)

    run_simulator(make, where)
