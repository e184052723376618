"""The hall in a box: server, printer, reader and kiosk as processes of their own, connected by real wires."""

from __future__ import annotations

import contextlib
import random
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from queue_server.commands.devices import write_secret
from queue_server.demo.devices import Devices
from queue_server.demo.glass import Glass
from queue_server.demo.hall import WINDOWS, DemoHall, Manager, prepare
from queue_server.demo.processes import Program, Programs

SERVER, PRINTER, READER, KIOSK = "server", "printer", "reader", "kiosk"
PADS, STRIPS = "pads", "strips"


@dataclass(slots=True)
class Box:
    """One running hall. End it by leaving the ``Programs`` it was started in, and ``stop`` the manager."""

    programs: Programs
    hall: DemoHall
    url: str
    """The server's address."""
    manager: Manager
    glass: Glass
    devices: Devices

    def stop(self) -> None:
        self.manager.stop()


def start_box(
    programs: Programs,
    folder: Path,
    *,
    port: int = 0,
    page_origin: str = "",
    environment: Mapping[str, str] | None = None,
    kiosk_more: str = "",
    with_lines: bool = False,
) -> Box:
    """Prepare a hall in ``folder`` and start everything. ``kiosk_more`` is TOML added to the kiosk's settings.

    ``with_lines``: with a call pad and a strip at every window, on pseudo-terminals. Raises ProgramFailed.
    """
    # Simulators start while the hall is prepared; nobody needs them before.
    printer, reader = (programs.launch(name, _simulate(name)) for name in (PRINTER, READER))
    lines = {kind: launch_line(programs, folder, kind) for kind in (PADS, STRIPS)} if with_lines else {}
    more = "".join(line_text(folder, kind) for kind in lines)
    port = port or free_port()
    public_url = f"http://127.0.0.1:{port}"  # slips must lead to this very server
    hall = prepare(folder, port=port, public_url=public_url, page_origin=page_origin, more=more)
    server = start_server(programs, hall)
    for simulator in (printer, reader, *lines.values()):
        simulator.wait_ready()
    url = str(server.ready["url"])
    manager = Manager(url, hall.account("zhangwei"))
    manager.open_day()
    token = secrets.token_urlsafe(24)
    write_secret(folder / "mirror.token", token)
    (folder / "kiosk.toml").write_text(kiosk_text(url, printer, reader) + kiosk_more, encoding="utf-8")
    kiosk = start_kiosk(programs, folder, environment)
    counters = {kind: str(line.ready["control"]) for kind, line in lines.items()}
    devices = Devices(str(printer.ready["control"]), str(reader.ready["control"]), **counters)
    return Box(programs, hall, url, manager, Glass(str(kiosk.ready["mirror"]), token), devices)


def free_port() -> int:
    """A port nobody listens on now, below those that outgoing connections take. Raises OSError when all are taken."""
    tries = random.sample(range(20_000, 30_000), 50)
    for port in tries[:-1]:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    with socket.create_server(("127.0.0.1", tries[-1])):
        return tries[-1]


def start_server(programs: Programs, hall: DemoHall) -> Program:
    return programs.start(SERVER, ["-m", "queue_server", "serve", "--settings", str(hall.settings)])


def start_printer(programs: Programs, again: Program | None = None) -> Program:
    """``again``: take the addresses that this program had before it ended."""
    return programs.start(PRINTER, [*_simulate(PRINTER), *_addresses(again)])


def start_reader(programs: Programs, again: Program | None = None) -> Program:
    return programs.start(READER, [*_simulate(READER), *_addresses(again)])


def _simulate(name: str) -> list[str]:
    device = {PRINTER: "printer", READER: "idcard", PADS: "pad", STRIPS: "strip"}[name]
    return ["-m", "drivers", "simulate", device]


def launch_line(programs: Programs, folder: Path, kind: str) -> Program:
    """A line with a device for each window, at the window's number."""
    place = ["--address", f"1-{WINDOWS}", "--pty-link", str(folder / f"{kind}.tty")]
    return programs.launch(kind, [*_simulate(kind), *place])


def line_text(folder: Path, kind: str) -> str:
    """The line's part of the server's settings."""
    windows = ", ".join(f"{n} = {n}" for n in range(1, WINDOWS + 1))
    return f"""
[[hardware.{kind}]]
port = "{folder / f"{kind}.tty"}"
windows = {{ {windows} }}
answer_s = 0.3
"""


def _addresses(again: Program | None) -> list[str]:
    if again is None:
        return []
    line = str(again.ready["port"]).removeprefix("socket://")
    return ["--listen", line, "--control", str(again.ready["control"])]


def start_kiosk(programs: Programs, folder: Path, environment: Mapping[str, str] | None = None) -> Program:
    arguments = ["-m", "kiosk", "--settings", str(folder / "kiosk.toml"), "--offscreen"]
    mirror = ["--mirror", "127.0.0.1:0", "--mirror-token-file", str(folder / "mirror.token")]
    return programs.start(KIOSK, [*arguments, *mirror], environment=environment)


def kiosk_text(url: str, printer: Program, reader: Program) -> str:
    """The kiosk's settings."""
    return f"""\
# Made by queue-server demo.
kiosk = 1

[server]
url = "{url}"
key_file = "kiosk.key"

[card_reader]
port = "{reader.ready["port"]}"

[printer]
port = "{printer.ready["port"]}"
"""
