"""The pads' part of ``hall-devices``: watch a line of them, simulate one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, assert_never

import click

from drivers.bus import MemberHealth
from drivers.pad.events import PadDropped, PadEvent, PadLineHealth, PadPressed
from drivers.simulating import Addresses, Where, run_simulator, simulator_options
from drivers.watching import fields_line, prove_port, trace_option, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.listening import Listener
    from drivers.pad.simulator import PadSimulator


@click.command("pad")
@click.option("--port", required=True, help="Where the line of pads is.")
@click.option("--address", "addresses", type=Addresses(), default="1", show_default=True, help="Such as 1,2,5-8.")
@click.option("--protocol", default="house", show_default=True, help="Which make of pad.")
@click.option("--baud", type=int, default=None, help="Line speed; the protocol's by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per event.")
@trace_option
def watch_pad(
    *, port: str, addresses: tuple[int, ...], protocol: str, baud: int | None, as_json: bool, trace: Path | None
) -> None:
    """Print each press and each change of health, one line each, at once."""
    from drivers.pad.line import PadLine  # noqa: PLC0415 - each command loads only what it needs
    from drivers.pad.protocol import load  # noqa: PLC0415

    prove_port(port, baud or load(protocol).baud)

    def line(event: PadEvent) -> str:
        return fields_line(event_fields(event), as_json=as_json)

    def make(on_event: Callable[[PadEvent], None]) -> PadLine:
        return PadLine(port, addresses, on_event=on_event, protocol=protocol, baud=baud, trace=trace)

    watch(make, line)


def event_fields(event: PadEvent) -> dict[str, object]:
    """``{"event": …}`` and what belongs to it."""
    match event:
        case PadPressed(address, key, press, age_s):
            return {
                "event": "pad_pressed",
                "address": address,
                "key": key.value,
                "press": press,
                "age_s": round(age_s, 1),
            }
        case PadDropped(address, key, press, code):
            return {"event": "pad_dropped", "address": address, "key": key, "press": press, "code": code}
        case MemberHealth(address, state, code):
            return {"event": "pad_health", "address": address, "state": state, "code": code}
        case PadLineHealth(state, code):
            return {"event": "pad_line_health", "state": state, "code": code}
        case _:
            assert_never(event)


@click.command("pad")
@click.option("--address", "addresses", type=Addresses(), default="1", show_default=True, help="Such as 1,2,5-8.")
@simulator_options()
def simulate_pad(*, addresses: tuple[int, ...], **where: Unpack[Where]) -> None:
    """Simulate a line of call pads. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: press, power, fault, clear, replug, state.
    """
    from drivers.pad.simulator import PadSimulator  # noqa: PLC0415

    def make(listener: Listener, baud: int, host: str, port: int) -> PadSimulator:
        return PadSimulator(listener, addresses, baud=baud, control_host=host, control_port=port)

    run_simulator(make, where)
