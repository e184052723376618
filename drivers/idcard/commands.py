"""The ID-card reader's part of ``hall-devices``: watch cards, simulate a reader."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Unpack

import click

from drivers import watching
from drivers.simulating import Where, run_simulator, simulator_options

if TYPE_CHECKING:
    from pathlib import Path

    from drivers.idcard.events import ReaderEvent
    from drivers.idcard.simulator import IdCardSimulator
    from drivers.listening import Listener


@click.command("idcard")
@click.option("--port", required=True, help="Where the reader is.")
@click.option("--baud", type=int, default=115200, show_default=True, help="Line speed; 0 tries all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per event.")
@click.option("--unmasked", is_flag=True, help="Show names and numbers in full. They are personal data.")
@watching.trace_option
def watch_idcard(*, port: str, baud: int, as_json: bool, unmasked: bool, trace: Path | None) -> None:
    """Print each event of an ID-card reader, one line each, at once. Names and numbers are masked."""
    from drivers.idcard.display import event_line  # noqa: PLC0415 - each command loads only what it needs
    from drivers.idcard.reader import CardReader  # noqa: PLC0415

    watching.prove_port(port, baud or 115200)

    def line(event: ReaderEvent) -> str:
        # The card's day is the hall's, and this terminal stands in it.
        return event_line(event, as_json=as_json, unmasked=unmasked, today=date.today())  # noqa: DTZ011

    watching.watch(lambda on_event: CardReader(port, on_event=on_event, baud=baud or None, trace=trace), line)


@click.command("idcard")
@simulator_options(baud=115200)
@click.option("--read-ms", type=int, default=600, show_default=True, help="The module's own time for a read.")
@click.option("--card", default=None, help="Lay this card at once.")
def simulate_idcard(*, read_ms: int, card: str | None, **where: Unpack[Where]) -> None:
    """Simulate an ID-card reader. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: lay, lift, fault, clear, replug, state.
    """
    from drivers.idcard.simulator import IdCardSimulator  # noqa: PLC0415

    def make(listener: Listener, baud: int, host: str, port: int) -> IdCardSimulator:
        return IdCardSimulator(listener, baud=baud, control_host=host, control_port=port, read_s=read_ms / 1000)

    run_simulator(make, where, first=[{"do": "lay", "card": card}] if card else [])
