"""``hall-devices``: look at, try out and simulate the hall's devices from a terminal."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import sys
import time

import click
import msgspec

from drivers.errors import DeviceSilent, DriverError

DEVICE_FAILED = 2


class LateCommands(click.Group):
    """A group some of whose commands live in modules that are loaded only when asked for."""

    late: dict[str, tuple[str, str]]
    """Command name → module and attribute."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        there = [name for name, (module, _) in self.late.items() if importlib.util.find_spec(module)]
        return sorted([*super().list_commands(ctx), *there])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx) or cmd_name not in self.late:
            return super().get_command(ctx, cmd_name)
        module, attribute = self.late[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        return command if isinstance(command, click.Command) else None


class Main(LateCommands):
    late = {  # noqa: RUF012 - fixed table
        "doctor": ("drivers.doctor.commands", "doctor"),
        "print": ("drivers.printer.commands", "print_slip"),
        "strip": ("drivers.strip.commands", "strip"),
        "tell": ("drivers.simulating", "tell"),
    }


class Watch(LateCommands):
    late = {  # noqa: RUF012
        "idcard": ("drivers.idcard.commands", "watch_idcard"),
        "pad": ("drivers.pad.commands", "watch_pad"),
        "printer": ("drivers.printer.commands", "watch_printer"),
        "scanner": ("drivers.scanner.commands", "watch_scanner"),
        "strip": ("drivers.strip.commands", "watch_strip"),
    }


class Simulate(LateCommands):
    late = {  # noqa: RUF012
        "idcard": ("drivers.idcard.commands", "simulate_idcard"),
        "pad": ("drivers.pad.commands", "simulate_pad"),
        "printer": ("drivers.printer.commands", "simulate_printer"),
        "scanner": ("drivers.scanner.commands", "simulate_scanner"),
        "strip": ("drivers.strip.commands", "simulate_strip"),
    }


@click.group(cls=Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Log connections and health to stderr.")
def cli(*, verbose: bool) -> None:
    """List, probe, watch, print to and simulate the hall's devices.

    A port is a device path (/dev/serial/by-path/…), COMn, or socket://HOST:PORT.
    """
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, stream=sys.stderr)


@cli.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per port.")
def list_ports(*, as_json: bool) -> None:
    """List serial ports and USB printers: device, USB id, the stable name for settings, and a guess what it is."""
    from drivers.registry import ports as ports_here  # noqa: PLC0415 - each command loads only what it needs

    ports = ports_here()
    for port in ports:
        if as_json:
            click.echo(msgspec.json.encode(port).decode())
        else:
            click.echo("  ".join(part for part in (port.device, port.usb or "-", port.stable, port.guess) if part))
    if any(port.twins for port in ports) and not as_json:
        click.echo("Some adapters here look alike: use their by-path names, which name the socket.", err=True)
    if not ports and not as_json:
        click.echo("No serial ports or USB printers here. Network devices are named socket://HOST:PORT.", err=True)


@cli.group(cls=Watch)
def watch() -> None:
    """Show what a device reports until Ctrl-C."""


@cli.command()
@click.argument("port")
@click.option("--baud", type=int, default=0, help="Line speed; 0 tries all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def probe(*, port: str, baud: int, as_json: bool) -> None:
    """Ask what is at PORT: ID-card reader, printer, pads, strips. Changes and prints nothing; up to half a minute."""
    from drivers.doctor.lines import find_out  # noqa: PLC0415

    begun = time.monotonic()
    found = find_out(port, baud)
    if found is None:
        click.echo("A scanner never answers: watch it with hall-devices watch scanner, and scan something.", err=True)
        raise DeviceSilent("any known question", time.monotonic() - begun)
    if as_json:
        click.echo(msgspec.json.encode({"port": port, "found": found}).decode())
        return
    speed = f"{found.baud} baud" if found.baud else ""
    words = (found.kind, found.condition.state, found.condition.code, found.detail, speed)
    click.echo(f"{port}: " + ", ".join(word for word in words if word))


@cli.group(cls=Simulate)
def simulate() -> None:
    """Run a simulated device that speaks the real wire, until Ctrl-C."""


def main() -> None:
    """Entry point: driver errors become one sentence and exit code 2, never a traceback."""
    try:
        cli(standalone_mode=True)
    except DriverError as error:
        click.echo(f"hall-devices: {error}", err=True)
        sys.exit(DEVICE_FAILED)


if __name__ == "__main__":
    main()
