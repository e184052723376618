"""The strips' part of ``hall-devices``: show a text, watch a line of them, simulate one."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Unpack, assert_never

import click

from drivers.bus import WRONG_DEVICE, MemberHealth
from drivers.errors import DeviceSilent, DeviceWrong
from drivers.simulating import Addresses, Where, run_simulator, simulator_options
from drivers.strip.events import StripLineHealth
from drivers.watching import fields_line, on_end, prove_port, trace_option, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.listening import Listener
    from drivers.strip.events import StripEvent
    from drivers.strip.simulator import StripSimulator

WAIT_S = 5.0
ADDRESS_TEXT = "地址 {:02d}"


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
        if health is not None and health.code in {WRONG_DEVICE, "broken_answers"}:
            raise DeviceWrong(f"strip {address}", health.code)
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
@click.option("--port", required=True, help="Where the line of strips is.")
@click.option("--address", "addresses", type=Addresses(), default="1", show_default=True, help="Such as 1,2,5-8.")
@click.option("--protocol", default="house", show_default=True, help="Which make of strip.")
@click.option("--baud", type=int, default=None, help="Line speed; the protocol's by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per event.")
@trace_option
def watch_strip(
    *, port: str, addresses: tuple[int, ...], protocol: str, baud: int | None, as_json: bool, trace: Path | None
) -> None:
    """Print each change of health, one line each, at once. Meanwhile each strip shows its own address.

    To try out a text use: hall-devices strip show.
    """
    from drivers.strip.line import StripLine  # noqa: PLC0415 - each command loads only what it needs
    from drivers.strip.protocol import load  # noqa: PLC0415

    prove_port(port, baud or load(protocol).baud)

    def make(on_event: Callable[[StripEvent], None]) -> StripLine:
        line = StripLine(port, addresses, on_event=on_event, protocol=protocol, baud=baud, trace=trace)
        for address in addresses:
            line.show(address, ADDRESS_TEXT.format(address))
        return line

    watch(make, lambda event: fields_line(event_fields(event), as_json=as_json))


def event_fields(event: StripEvent) -> dict[str, object]:
    """``{"event": …}`` and what belongs to it."""
    match event:
        case MemberHealth(address, state, code):
            return {"event": "strip_health", "address": address, "state": state, "code": code}
        case StripLineHealth(state, code):
            return {"event": "strip_line_health", "state": state, "code": code}
        case _:
            assert_never(event)


@click.command("strip")
@click.option("--address", "addresses", type=Addresses(), default="1", show_default=True, help="Such as 1,2,5-8.")
@click.option("--protocol", type=click.Choice(["house", "onbon", "onbon-mute"]), default="house", show_default=True)
@click.option("--pads", type=Addresses(), default=None, help="Call pads of the house on the same wires, such as 1-4.")
@simulator_options()
def simulate_strip(
    *, addresses: tuple[int, ...], protocol: str, pads: tuple[int, ...] | None, **where: Unpack[Where]
) -> None:
    """Simulate a line of LED strips. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: picture, power, fault, clear, replug, state, and press for pads.
    """
    from drivers.strip.simulator import StripSimulator  # noqa: PLC0415

    if pads and (protocol != "house" or set(pads) & set(addresses)):
        raise click.UsageError("Pads share a line with strips of the house, each at an address of its own.")

    def make(listener: Listener, baud: int, host: str, port: int) -> StripSimulator:
        return StripSimulator(
            listener, addresses, protocol=protocol, pads=pads or (), baud=baud, control_host=host, control_port=port
        )

    run_simulator(make, where)
