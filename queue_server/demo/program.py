"""``queue-server demo``: the hall on simulators, until Ctrl-C; or one scripted walk through it."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import webbrowser
from pathlib import Path

import click

from queue_server.demo.box import Box, start_box
from queue_server.demo.glass import GlassDark
from queue_server.demo.page import DemoPage, Places
from queue_server.demo.processes import ProgramFailed, Programs, wait_until_interrupted

PAGE_PORT = 8090
SERVER_PORT = 8080
BREAKS = ("printer", "reader", "display")


@click.command("demo")
@click.option("--script", type=click.Choice(["walk"]), help="Do one resident's whole way and exit: 0 when all agree.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Where the script leaves its pictures.")
@click.option("--break", "broken", type=click.Choice(BREAKS), help="With --script: break this and see it caught.")
@click.option("--port", default=PAGE_PORT, show_default=True, help="The demo page's port; 0 takes a free one.")
@click.option(
    "--server-port", default=SERVER_PORT, show_default=True, help="The queue server's port; 0 takes a free one."
)
@click.option("--no-browser", is_flag=True, help="Do not open the page, only print its address.")
def demo(
    script: str | None,
    out: Path | None,
    broken: str | None,
    port: int,
    server_port: int,
    no_browser: bool,  # noqa: FBT001 - click passes options so
) -> None:
    """Run a whole hall on simulators: server, kiosk, printer, reader, call pads, strips, board and console."""
    if script and out is None:
        raise click.UsageError("--script needs --out")
    if broken and not script:
        raise click.UsageError("--break goes with --script")
    signal.signal(signal.SIGTERM, _unwind)
    with tempfile.TemporaryDirectory(prefix="hall-demo-") as name, Programs(Path(name)) as programs:
        try:
            if script and out is not None:
                sys.exit(_walk(programs, Path(name), out, broken))
            _show(programs, Path(name), port, server_port, opens=not no_browser and has_screen())
        except (ProgramFailed, GlassDark) as error:
            raise click.ClickException(str(error)) from error


def _unwind(*_: object) -> None:
    """SIGTERM ends the demo as Ctrl-C does, also while it starts: every program that runs already is ended."""
    raise KeyboardInterrupt


def has_screen() -> bool:
    """Whether a window can be opened here."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _walk(programs: Programs, folder: Path, out: Path, broken: str | None) -> int:
    from queue_server.demo.walk import walk  # noqa: PLC0415 - the browser driver is for tests and the walk only

    out.mkdir(parents=True, exist_ok=True)
    return walk(programs, folder, out, broken)


def _show(programs: Programs, folder: Path, port: int, server_port: int, *, opens: bool) -> None:
    try:
        page = DemoPage(port)
    except OSError as error:
        raise click.ClickException(f"port {port} is taken; choose another one with --port") from error
    click.echo("Starting server, printer, reader, call pads, strips and kiosk …")
    box = start_box(programs, folder, port=server_port, page_origin=page.url.rstrip("/"), with_lines=True)
    try:
        box.manager.approve_in_background()
        page.furnish(_places(box), box.glass, box.devices)
        page.start()
        _tell(box, page)
        if opens:
            webbrowser.open(page.url)
        dead = wait_until_interrupted(programs)
    finally:
        box.stop()
        page.stop()
    if dead is not None:
        raise ProgramFailed(dead.name, "ended by itself", dead.log)
    click.echo("The hall is closed.")


def _places(box: Box) -> Places:
    accounts = tuple(
        {"role": f"{each.display_name} · {each.role}", "account": each.account, "password": each.password}
        for each in box.hall.accounts
    )
    return Places(board=f"{box.url}/board?name=1号大屏", console=f"{box.url}/console", accounts=accounts)


def _tell(box: Box, page: DemoPage) -> None:
    click.echo(f"\nThe hall is open. Look here:\n\n    {page.url}\n")
    click.echo(f"  board    {box.url}/board\n  console  {box.url}/console\n  API      {box.url}/api/docs\n")
    click.echo("  accounts of this demo (made anew each time)")
    for each in box.hall.accounts:
        click.echo(f"    {each.account:<10} {each.password}   {each.display_name}, {', '.join(each.roles)}")
    click.echo("\nCtrl-C ends it.")
