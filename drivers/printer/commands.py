"""The printer's part of ``hall-devices``: print a slip, simulate a printer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from drivers.transport import parse_address

NOT_PRINTED = 3
UNKNOWN = 4


@click.command("print")
@click.option("--port", default=None, help="Where the printer is; leave it out to only make a preview.")
@click.option("--profile", default="generic-80", show_default=True, help="assets/devices/<name>.toml.")
@click.option("--slip", default="sample", show_default=True, help="assets/slips/<name>.toml.")
@click.option("--value", "pairs", multiple=True, metavar="KEY=TEXT", help="A value for the slip; may be repeated.")
@click.option("--values", type=click.File("rb"), help="A JSON object with the slip's values; lists are possible.")
@click.option("--logo", type=click.Path(path_type=Path), help="A PNG in place of the profile's logo.")
@click.option("--baud", type=int, default=None, help="Line speed; the profile's by default.")
@click.option("--preview", type=click.Path(path_type=Path), help="Write the slip as a PNG.")
@click.option("--wait-s", type=float, default=10.0, show_default=True, help="How long to wait for the printer.")
def print_slip(
    *,
    port: str | None,
    profile: str,
    slip: str,
    pairs: tuple[str, ...],
    values: IO[bytes] | None,
    logo: Path | None,
    baud: int | None,
    preview: Path | None,
    wait_s: float,
) -> None:
    """Print one slip and say what became of it. Exit code 0 printed, 3 not printed, 4 unknown."""
    from drivers.printer.decoder import decode  # noqa: PLC0415 - each command loads only what it needs
    from drivers.printer.encode import encode  # noqa: PLC0415
    from drivers.printer.layout import SlipLayout  # noqa: PLC0415
    from drivers.printer.logo import load_logo  # noqa: PLC0415
    from drivers.printer.printer import Printer  # noqa: PLC0415
    from drivers.printer.profile import Profile  # noqa: PLC0415
    from drivers.printer.words import Words  # noqa: PLC0415

    model = Profile.load(profile)
    page = SlipLayout.load(slip).fill(_values(pairs, values))
    if preview is not None:
        decode(encode(page, model, logo=load_logo(model, logo)).data).to_png(preview, width=model.dots)
        click.echo(f"preview: {preview}")
    if port is None:
        if preview is None:
            raise click.UsageError("give --port, --preview, or both")
        return
    printer = Printer(port, model, baud=baud, logo=logo)
    printer.start()
    try:
        outcome = printer.print(page, deadline_s=wait_s).result()
    finally:
        printer.stop()
    click.echo(f"{outcome.result}: {outcome.code}")
    if outcome.result != "printed":
        click.echo(Words.load("zh").of(outcome.code).staff, err=True)
    sys.exit({"printed": 0, "not_printed": NOT_PRINTED}.get(outcome.result, UNKNOWN))


def _values(pairs: tuple[str, ...], file: IO[bytes] | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if file is not None:
        try:
            values = msgspec.json.decode(
                file.read(), type=dict[str, str | int | bool | list[dict[str, str | int]] | None]
            )
        except msgspec.DecodeError as error:
            raise click.UsageError(f"--values: {error}") from error
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--value {pair!r}: write KEY=TEXT")
        values[key] = text
    return values


@click.command("printer")
@click.option("--listen", default="127.0.0.1:0", show_default=True, help="HOST:PORT; port 0 takes a free one.")
@click.option("--pty", "as_pty", is_flag=True, help="A pseudo-terminal in place of TCP (not on Windows).")
@click.option("--pty-link", type=click.Path(path_type=Path), help="Path to give the pseudo-terminal; implies --pty.")
@click.option("--control", default="127.0.0.1:0", show_default=True, help="HOST:PORT of the control channel.")
@click.option("--baud", type=int, default=0, help="Pace of the wire; 0 is a network printer's.")
@click.option("--mm-s", type=float, default=150.0, show_default=True, help="Speed of the paper.")
@click.option("--keeps-buffer", is_flag=True, help="A clone that does not clear its buffer when asked to.")
@click.option("--fault", "faults", multiple=True, help="Begin with this fault; may be repeated.")
@click.option("--port-file", type=click.Path(path_type=Path), help="Write the ready line here, too.")
def simulate_printer(
    *,
    listen: str,
    as_pty: bool,
    pty_link: Path | None,
    control: str,
    baud: int,
    mm_s: float,
    keeps_buffer: bool,
    faults: tuple[str, ...],
    port_file: Path | None,
) -> None:
    """Simulate an ESC/POS printer. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: fault, clear, state, slips.
    """
    from drivers.control import BadRequest, announce, wait_for_end  # noqa: PLC0415
    from drivers.listening import PtyListener, TcpListener  # noqa: PLC0415
    from drivers.printer.simulator import PrinterSimulator  # noqa: PLC0415

    listener = PtyListener(pty_link) if as_pty or pty_link else TcpListener(*parse_address(listen))
    host, port = parse_address(control)
    simulator = PrinterSimulator(
        listener, baud=baud or None, control_host=host, control_port=port, mm_s=mm_s, clears=not keeps_buffer
    )
    simulator.start()
    try:
        for fault in faults:
            simulator.control({"do": "fault", "name": fault})
    except BadRequest as error:
        simulator.stop()
        raise click.UsageError(str(error)) from error
    announce(simulator.port_name, simulator.control_address, port_file)
    wait_for_end()
    simulator.stop()
