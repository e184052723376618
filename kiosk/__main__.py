"""``hall-kiosk``: the program on the glass."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from drivers.errors import ConfigurationError, DriverError
from kiosk.bootstrap import Kiosk
from kiosk.client import read_key
from kiosk.errors import KioskError
from kiosk.flow.presenter import TICK_S
from kiosk.folder_lock import lock_folder
from kiosk.mirror import Mirror
from kiosk.page_test import EXIT, print_test_page, told
from kiosk.settings import ScreenPart, Settings, load_settings

SWITCH_S = 0.0005
"""How long a thread may keep the others waiting while it computes. Python's own 5 ms would be lost at each answer of a
device while a picture is being laid out, and a slip needs ten answers."""
PORTRAIT, LANDSCAPE = (1080, 1920), (1920, 1080)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--settings",
    "settings_path",
    type=click.Path(dir_okay=False, path_type=Path),
    help="TOML file; default: simulators and a local server.",
)
@click.option(
    "--mirror",
    metavar="HOST:PORT",
    help="Show the picture and take touches over HTTP on loopback (port 0: a free one).",
)
@click.option(
    "--mirror-token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the token that the mirror asks for.",
)
@click.option("--width", type=click.IntRange(480, 7680), help="Pixels; instead of the settings'.")
@click.option("--height", type=click.IntRange(480, 7680), help="Pixels; instead of the settings'.")
@click.option("--landscape", is_flag=True, help="1920x1080 instead of 1080x1920.")
@click.option("--offscreen", is_flag=True, help="Draw without a screen; by itself on Linux where there is none.")
@click.option(
    "--once-ready-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Written with one JSON line at the first picture.",
)
@click.option("--test-page", is_flag=True, help="Print the acceptance page on the kiosk's printer and end.")
def main(
    settings_path: Path | None,
    mirror: str | None,
    mirror_token_file: Path | None,
    width: int | None,
    height: int | None,
    landscape: bool,  # noqa: FBT001 - click's flags
    offscreen: bool,  # noqa: FBT001
    once_ready_file: Path | None,
    test_page: bool,  # noqa: FBT001
) -> None:
    """The kiosk of a service hall: numbers, guides, help."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stderr)
    if mirror and not mirror_token_file:
        raise click.UsageError("--mirror needs --mirror-token-file.")
    try:
        settings, base = load_settings(settings_path)
        if test_page:
            end_with_test_page(settings)
        token = read_key(mirror_token_file) if mirror_token_file else ""
        size = panel_size(settings.screen, width, height, landscape=landscape)
        with lock_folder(base / settings.folder):
            run(settings, base, size, offscreen=offscreen, mirror=mirror, token=token, ready_file=once_ready_file)
    except (ConfigurationError, DriverError, KioskError) as error:
        raise click.ClickException(str(error)) from error


def end_with_test_page(settings: Settings) -> NoReturn:
    """Exit 0 printed, 3 not printed, 4 not known; one line says why."""
    outcome = print_test_page(settings.printer)
    click.echo(told(outcome))
    sys.exit(EXIT[outcome.result])


def panel_size(screen: ScreenPart, width: int | None, height: int | None, *, landscape: bool) -> tuple[int, int]:
    """The options before the settings; ``--landscape`` is a short way to say both."""
    usual = LANDSCAPE if landscape else (screen.width, screen.height)
    return width or usual[0], height or usual[1]


def without_screen() -> bool:
    """Linux with neither X nor Wayland."""
    return sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def run(
    settings: Settings,
    base: Path,
    size: tuple[int, int],
    *,
    offscreen: bool,
    mirror: str | None,
    token: str,
    ready_file: Path | None,
) -> None:
    """Show the kiosk until SIGINT or SIGTERM."""
    from kiosk.ui.start import configure  # noqa: PLC0415 - Kivy makes its window while it is imported

    sys.setswitchinterval(SWITCH_S)
    home = base / settings.folder / "kivy"
    home.mkdir(parents=True, exist_ok=True)
    hidden = offscreen or settings.screen.offscreen or (without_screen() and not settings.screen.fullscreen)
    configure(width=size[0], height=size[1], home=home, fullscreen=settings.screen.fullscreen, offscreen=hidden)
    from kiosk.ui.app import KioskApp, soon  # noqa: PLC0415
    from kiosk.ui.assets import ASSETS, Assets  # noqa: PLC0415
    from kiosk.ui.voice import Voice  # noqa: PLC0415

    logging.getLogger().setLevel(logging.INFO)  # Kivy opens it to everybody's every word
    voice = Voice(ASSETS / "voice", volume=settings.sound.volume) if settings.sound.read_aloud else None
    kiosk = Kiosk(settings, base, schedule=soon, sounds=voice, upright=size[1] >= size[0])
    served: list[Mirror] = []

    def shown() -> None:
        say_ready(ready_file, served[0].url if served else None)
        if voice is not None:
            voice.open(kiosk.presenter.post)

    app = KioskApp(
        Assets.load(),
        kiosk.presenter,
        tick_s=TICK_S,
        on_first_frame=shown,
        typing=kiosk.scans,
    )
    if mirror:
        served.append(Mirror(mirror, token, app, lambda: kiosk.presenter.state))
        kiosk.presenter.watch(served[0].changed)
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: soon(app.stop))
    try:
        kiosk.start()
        for each_mirror in served:
            each_mirror.start()
        app.run()
    finally:
        for each_mirror in served:
            each_mirror.stop()
        kiosk.stop()


def say_ready(path: Path | None, mirror_url: str | None) -> None:
    """One JSON line, whole or not at all in ``path``, then on stdout."""
    line = json.dumps({"ready": True, "mirror": mirror_url})
    if path is not None:
        new = path.with_suffix(path.suffix + ".new")
        new.write_text(line + "\n", encoding="utf-8")
        new.replace(path)
    print(line, flush=True)


if __name__ == "__main__":
    main()
