"""The scanner's part of ``hall-devices``: watch one, simulate one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack, assert_never

import click

from drivers.scanner.events import ScannerEvent, ScannerHealth, ScanRead, ScanTrouble
from drivers.simulating import Where, run_simulator, simulator_options
from drivers.watching import fields_line, prove_port, trace_option, watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from drivers.listening import Listener
    from drivers.scanner.simulator import ScannerSimulator

SHOWN = 3


@click.command("scanner")
@click.option("--port", required=True, help="Where the scanner is.")
@click.option("--baud", type=int, default=9600, show_default=True, help="Line speed.")
@click.option("--prefix", default="", help="What the scanner is set up to put before each code.")
@click.option("--suffix", default="", help="What it puts behind, if not CR or LF.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per event.")
@click.option("--unmasked", is_flag=True, help="Show codes in full. They may be personal data.")
@trace_option
def watch_scanner(
    *, port: str, baud: int, prefix: str, suffix: str, as_json: bool, unmasked: bool, trace: Path | None
) -> None:
    """Print each scan, one line each, at once. Codes are masked."""
    from drivers.scanner.scanner import Scanner  # noqa: PLC0415 - each command loads only what it needs

    prove_port(port, baud)

    def line(event: ScannerEvent) -> str:
        return fields_line(event_fields(event, unmasked=unmasked), as_json=as_json)

    def make(on_event: Callable[[ScannerEvent], None]) -> Scanner:
        head, tail = prefix.encode(), suffix.encode()
        return Scanner(port, on_event=on_event, baud=baud, prefix=head, suffix=tail, trace=trace)

    watch(make, line)


def event_fields(event: ScannerEvent, *, unmasked: bool) -> dict[str, object]:
    """``{"event": …}`` and what belongs to it."""
    match event:
        case ScanRead(text):
            shown = text if unmasked else text[:SHOWN] + "*" * (len(text) - SHOWN)
            return {"event": "scan_read", "text": shown, "characters": len(text)}
        case ScanTrouble(code):
            return {"event": "scan_trouble", "code": code.value}
        case ScannerHealth(state, code):
            return {"event": "scanner_health", "state": state, "code": code}
        case _:
            assert_never(event)


@click.command("scanner")
@click.option("--encoding", type=click.Choice(["utf-8", "gb18030"]), default="utf-8", show_default=True)
@click.option("--prefix", default="", help="What it puts before each code.")
@simulator_options()
def simulate_scanner(*, encoding: str, prefix: str, **where: Unpack[Where]) -> None:
    """Simulate a serial scanner. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: scan, fault, clear, replug, state.
    """
    from drivers.scanner.simulator import ScannerSimulator  # noqa: PLC0415

    def make(listener: Listener, baud: int, host: str, port: int) -> ScannerSimulator:
        return ScannerSimulator(
            listener, baud=baud, control_host=host, control_port=port, prefix=prefix.encode(), encoding=encoding
        )

    run_simulator(make, where)
