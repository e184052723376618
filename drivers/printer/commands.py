"""The printer's part of ``hall-devices``: print a slip, simulate a printer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Unpack

import click
import msgspec

from drivers.simulating import Where, run_simulator, simulator_options
from drivers.watching import fields_line, trace_option, watch

if TYPE_CHECKING:
    from drivers.link import Health
    from drivers.listening import Listener
    from drivers.printer.simulator import PrinterSimulator

NOT_PRINTED = 3
UNKNOWN = 4


@click.command("print")
@click.option("--port", default=None, help="Where the printer is; leave it out to only make a preview.")
@click.option("--profile", default="generic-80", show_default=True, help="A name of assets/devices, or a file.toml.")
@click.option("--slip", default="sample", show_default=True, help="assets/slips/<name>.toml.")
@click.option("--sample", is_flag=True, help="Invented values, to look at the slip; --value and --values go before.")
@click.option("--value", "pairs", multiple=True, metavar="KEY=TEXT", help="A value for the slip; may be repeated.")
@click.option("--values", type=click.File("rb"), help="A JSON object with the slip's values; lists are possible.")
@click.option("--logo", type=click.Path(path_type=Path), help="A PNG in place of the profile's logo.")
@click.option("--baud", type=int, default=None, help="Line speed; the profile's by default.")
@click.option("--preview", type=click.Path(path_type=Path), help="Write the slip as a PNG.")
@trace_option
@click.option("--wait-s", type=float, default=10.0, show_default=True, help="How long to wait for the printer.")
def print_slip(
    *,
    port: str | None,
    profile: str,
    slip: str,
    sample: bool,
    pairs: tuple[str, ...],
    values: IO[bytes] | None,
    logo: Path | None,
    baud: int | None,
    preview: Path | None,
    trace: Path | None,
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
    layout = SlipLayout.load(slip)
    page = layout.fill({**(layout.sample if sample else {}), **_values(pairs, values)})
    if preview is not None:
        decode(encode(page, model, logo=load_logo(model, logo)).data).to_png(preview, width=model.dots)
        click.echo(f"preview: {preview}")
    if port is None:
        if preview is None:
            raise click.UsageError("give --port, --preview, or both")
        return
    printer = Printer(port, model, baud=baud, logo=logo, trace=trace)
    printer.start()
    try:
        outcome = printer.print(page, deadline_s=wait_s).result()
    finally:
        printer.stop()
    click.echo(f"{outcome.result}: {outcome.code}")
    if outcome.result != "printed":
        for language in ("zh", "en"):
            click.echo(Words.load(language).of(outcome.code).staff, err=True)
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
@click.option("--port", required=True, help="Where the printer is.")
@click.option("--profile", default="generic-80", show_default=True, help="A name of assets/devices, or a file.toml.")
@click.option("--baud", type=int, default=None, help="Line speed; the profile's by default.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per change.")
@trace_option
def watch_printer(*, port: str, profile: str, baud: int | None, as_json: bool, trace: Path | None) -> None:
    """Print how the printer is, one line each time that changes: paper, cover, knife, silence. Prints no slip."""
    from drivers.doctor.lines import open_any  # noqa: PLC0415 - each command loads only what it needs
    from drivers.printer.printer import Printer  # noqa: PLC0415
    from drivers.printer.profile import Profile  # noqa: PLC0415
    from drivers.printer.sharing import parse_port  # noqa: PLC0415
    from drivers.printer.words import Words  # noqa: PLC0415

    model, words = Profile.load(profile), Words.load("zh")
    open_any(parse_port(port).port, baud or model.baud).close()

    def line(health: Health) -> str:
        fields: dict[str, object] = {"event": "printer_health", "state": health.state, "code": health.code}
        say = words.of(health.code).staff if health.code in words.code else ""
        return fields_line(fields | {"staff": say}, as_json=as_json)

    watch(lambda on_event: Printer(port, model, on_health=on_event, baud=baud, trace=trace), line)


@click.command("printer")
@simulator_options(baud=0)
@click.option("--mm-s", type=float, default=150.0, show_default=True, help="Speed of the paper.")
@click.option("--keeps-buffer", is_flag=True, help="A clone that does not clear its buffer when asked to.")
def simulate_printer(*, mm_s: float, keeps_buffer: bool, **where: Unpack[Where]) -> None:
    """Simulate an ESC/POS printer. Prints one JSON line with port and control address when it is ready.

    The control channel takes one JSON object per line: fault, clear, replug, state, slips.
    """
    from drivers.printer.simulator import PrinterSimulator  # noqa: PLC0415

    def make(listener: Listener, baud: int, host: str, port: int) -> PrinterSimulator:
        return PrinterSimulator(
            listener, baud=baud or None, control_host=host, control_port=port, mm_s=mm_s, clears=not keeps_buffer
        )

    run_simulator(make, where)
