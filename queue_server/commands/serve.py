"""``queue-server serve``: the server itself, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
import msgspec
import uvicorn

from drivers.errors import ConfigurationError
from queue_server.bootstrap import Server, prepare_folder, shipped_voice
from queue_server.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from queue_server.settings import Settings

GRACE_S = 2
"""Open requests get so long after the streams were sent away."""
READY_LOOK_S = 0.02
AGAIN_S = 0.5
"""Between losing the store and trying again."""
End = Literal["told", "refused", "lost"]
"""Why a serving ended: a signal, a hall that cannot be served, a lock that is not ours any more."""
WITH_LOOPBACK = frozenset({"127.0.0.1", "localhost", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound
"""Hosts of ``[listen]`` by which 127.0.0.1 is served too."""
GC_THRESHOLDS = (10_000, 20, 20)
"""A request leaves hundreds of objects until it is answered; with Python's own 700 each would be walked repeatedly."""


class HallUvicorn(uvicorn.Server):
    """Uvicorn that first says goodbye to the streams: it would wait for them until its grace is over."""

    def __init__(self, config: uvicorn.Config, server: Server) -> None:
        super().__init__(config)
        self._hall = server

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn's own, but a signal that was obeyed is not raised again at the end: exit code 0."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hall.parts.hub.close()
        await super().shutdown(sockets)


@click.command("serve")
@click.option(
    "--settings", "settings_path", type=click.Path(path_type=Path, dir_okay=False), help="TOML file; defaults without."
)
@click.option("--port-file", type=click.Path(path_type=Path, dir_okay=False), help="Write the port here once bound.")
def serve(settings_path: Path | None, port_file: Path | None) -> None:
    """Serve the hall. Says one JSON line with "ready": true on standard output when numbers can be given."""
    try:
        settings = load_settings(settings_path)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    prepare_folder(settings)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        served = runner.run(_serve_on(settings, port_file))
    if not served:
        raise click.ClickException("this hall cannot be served; see the log above")


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """That of uvloop where the platform has it: three times the requests of asyncio's own loop."""
    try:
        import uvloop  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve_on(settings: Settings, port_file: Path | None) -> bool:
    """Serves until told to end, beginning anew as often as the store was lost; False when it never could."""
    listening = _listen(settings)
    listen = msgspec.structs.replace(settings.listen, port=listening[0].getsockname()[1])
    settings = msgspec.structs.replace(settings, listen=listen)
    end = await _serve(settings, listening, port_file)
    if end == "refused":
        return False
    while end != "told":
        logging.getLogger(__name__).warning("the store was lost; beginning anew")
        await asyncio.sleep(AGAIN_S)
        end = await _serve(settings, _listen(settings), port_file)
    return True


async def _serve(settings: Settings, listening: list[socket.socket], port_file: Path | None) -> End:
    """Serves until told to end or nothing can be served any more."""
    port: int = listening[0].getsockname()[1]
    server = Server(settings, wall_clock_us=_wall_clock_us, steady_clock_s=time.monotonic, voice=shipped_voice())
    scheme = "https" if settings.tls else "http"
    server.url = f"{scheme}://127.0.0.1:{port}"
    web = HallUvicorn(_config(server, settings), server)
    serving = asyncio.create_task(web.serve(sockets=listening))
    watching = asyncio.create_task(_say_ready(server, web, settings, port, port_file))
    refused, lost = asyncio.create_task(server.refused.wait()), asyncio.create_task(server.lost.wait())
    await asyncio.wait({serving, refused, lost}, return_when=asyncio.FIRST_COMPLETED)
    end: End = "refused" if refused.done() else "lost" if lost.done() else "told"
    web.should_exit = True
    await serving
    for task in (watching, refused, lost):
        task.cancel()
    return end


def _config(server: Server, settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        server.app,
        workers=1,
        lifespan="on",
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=30,
        access_log=False,  # addresses hold track codes
        log_level="warning",
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        ssl_certfile=settings.listen.certificate or None,
        ssl_keyfile=settings.listen.private_key or None,
    )


def _listen(settings: Settings) -> list[socket.socket]:
    """Where the settings say, and on loopback, where this machine's own commands and launchers come."""
    host, port = settings.listen.host, settings.listen.port
    named = _listen_on(host, port)
    if host in WITH_LOOPBACK:
        return [named]
    try:
        return [named, _listen_on("127.0.0.1", named.getsockname()[1])]
    except click.ClickException:
        named.close()
        raise


def _listen_on(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: asyncio and uvloop switch Nagle's delay (40 ms an answer) off only on sockets that say TCP.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}. Choose another [listen] port."
        ) from error
    listening.set_inheritable(True)
    return listening


async def _say_ready(server: Server, web: HallUvicorn, settings: Settings, port: int, port_file: Path | None) -> None:
    while not web.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(READY_LOOK_S)
    if port_file is not None:
        fresh = port_file.with_name(port_file.name + ".new")
        fresh.write_text(f"{port}\n", encoding="ascii")
        fresh.replace(port_file)
    await server.begun.wait()  # from now on a command line finds the door, too
    _settle()
    host = settings.listen.host if settings.listen.host not in ("0.0.0.0", "::") else "127.0.0.1"  # noqa: S104
    scheme = "https" if settings.tls else "http"
    click.echo(json.dumps({"ready": True, "url": f"{scheme}://{host}:{port}", "port": port}))


def _settle() -> None:
    """What the start left in memory stays to the end: the collector need not walk through it again and again.

    Measured: 110,000 objects, 80 to 95 ms for each full collection, in which no answer goes out.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


def _wall_clock_us() -> int:
    return time.time_ns() // 1000
