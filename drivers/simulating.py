"""What all ``hall-devices simulate …`` share: where to listen, how to say that all is ready, when to end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypedDict, TypeVar

import click
import msgspec

from drivers.control import BadRequest, ControlClient, Reply, Request, announce, wait_for_end
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.sentence import ADDRESSES
from drivers.transport import parse_address

F = TypeVar("F", bound=Callable[..., Any])


class Simulator(Protocol):
    """A simulated device behind a port."""

    @property
    def port_name(self) -> str: ...
    @property
    def control_address(self) -> str: ...
    def start(self) -> None: ...
    def stop(self) -> None: ...
    def control(self, request: Request) -> Reply: ...


class Where(TypedDict):
    """The options that ``simulator_options`` adds."""

    listen: str
    as_pty: bool
    pty_link: Path | None
    control: str
    baud: int
    faults: tuple[str, ...]
    port_file: Path | None


_OPTIONS = (
    click.option("--listen", default="127.0.0.1:0", show_default=True, help="HOST:PORT; port 0 takes a free one."),
    click.option("--pty", "as_pty", is_flag=True, help="A pseudo-terminal in place of TCP (not on Windows)."),
    click.option("--pty-link", type=click.Path(path_type=Path), help="Path of the pseudo-terminal; implies --pty."),
    click.option("--control", default="127.0.0.1:0", show_default=True, help="HOST:PORT of the control channel."),
    click.option("--fault", "faults", multiple=True, help="Begin with this fault; may be repeated."),
    click.option("--port-file", type=click.Path(path_type=Path), help="Write the ready line here, too."),
)


def simulator_options(*, baud: int = 9600) -> Callable[[F], F]:
    """Adds the options of ``Where``; ``baud`` is the pace when none is given, 0 that of a network device."""

    def add(function: F) -> F:
        pace = click.option("--baud", type=int, default=baud, show_default=True, help="Pace of the wire; 0: no limit.")
        for option in reversed((*_OPTIONS, pace)):
            function = option(function)
        return function

    return add


def run_simulator(
    make: Callable[[Listener, int, str, int], Simulator], where: Where, *, first: Sequence[Request] = ()
) -> None:
    """Run ``make(listener, baud, control host, control port)`` until Ctrl-C, after the requests ``first``.

    Prints the ready line.
    """
    as_pty = where["as_pty"] or where["pty_link"]
    listener: Listener = PtyListener(where["pty_link"]) if as_pty else TcpListener(*parse_address(where["listen"]))
    simulator = make(listener, where["baud"], *parse_address(where["control"]))
    simulator.start()
    try:
        for request in (*first, *({"do": "fault", "name": fault} for fault in where["faults"])):
            simulator.control(request)
    except BadRequest as error:
        simulator.stop()
        raise click.UsageError(str(error)) from error
    announce(simulator.port_name, simulator.control_address, where["port_file"])
    wait_for_end()
    simulator.stop()


@click.command("tell")
@click.argument("control", metavar="CONTROL")
@click.argument("do")
@click.argument("fields", nargs=-1, metavar="[KEY=VALUE]…")
def tell(*, control: str, do: str, fields: tuple[str, ...]) -> None:
    """Act at a simulated device: DO is what a hand would do there; CONTROL is the address in its ready line.

    For example: hall-devices tell 127.0.0.1:40123 press address=2 key=NEXT. Prints the answer as JSON.
    """
    request: dict[str, object] = {}
    for field in fields:
        key, equals, value = field.partition("=")
        if not equals:
            raise click.UsageError(f"{field!r}: write KEY=VALUE")
        request[key] = int(value) if value.isdecimal() else {"true": True, "false": False}.get(value, value)
    try:
        with ControlClient(control) as client:
            click.echo(msgspec.json.encode(client.ask(do, **request)).decode())
    except BadRequest as error:
        raise click.UsageError(str(error)) from error
    except (OSError, ValueError) as error:
        raise click.UsageError(f"no simulator listens at {control}; its ready line says where") from error


class Addresses(click.ParamType[tuple[int, ...]]):
    """``1,2,5-8``: addresses of a line, 1 to 99."""

    name = "addresses"

    def convert(
        self,
        value: str | tuple[int, ...],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        found: set[int] = set()
        for part in value.split(","):
            first, _, last = part.strip().partition("-")
            try:
                found.update(range(int(first), int(last or first) + 1))
            except ValueError:
                self.fail(f"{part!r} is no address; write 1,2,5-8", param, ctx)
        if not found or not found <= set(ADDRESSES):
            self.fail(f"addresses go from {ADDRESSES[0]} to {ADDRESSES[-1]}", param, ctx)
        return tuple(sorted(found))
