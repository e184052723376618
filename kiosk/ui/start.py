"""Sets Kivy up before it is imported: kiosk mode, one source of touches, nothing read from or written to a home.

Kivy reads its environment and makes its window while it is imported, so this module imports it inside functions and
`kiosk.ui.app` may only be imported after `configure`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOKS_PER_S = 30
"""How often the glass is looked at for touches: a finger waits 33 ms at most, and a resting kiosk costs half of 60."""


def configure(*, width: int, height: int, home: Path, fullscreen: bool = True, offscreen: bool = False) -> None:
    """Prepare a window of this size, px. `home` is a folder Kivy may write in. Call once, before `kiosk.ui.app`."""
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_NO_CONSOLELOG="1",
        KIVY_METRICS_DENSITY="1",
        KIVY_AUDIO="sdl2",
        KIVY_HOME=str(home),
    )
    if offscreen:
        os.environ["SDL_VIDEODRIVER"] = "offscreen"
    from kivy.config import Config  # noqa: PLC0415  the environment above must stand first

    settings = {
        ("graphics", "width"): str(width),
        ("graphics", "height"): str(height),
        ("graphics", "fullscreen"): "auto" if fullscreen and not offscreen else "0",
        ("graphics", "borderless"): "1",
        ("graphics", "resizable"): "0",
        ("graphics", "show_cursor"): "0",
        ("graphics", "allow_screensaver"): "0",
        ("graphics", "multisamples"): "0",
        ("graphics", "maxfps"): str(LOOKS_PER_S),
        ("kivy", "exit_on_escape"): "0",
        ("kivy", "desktop"): "0",
        ("kivy", "log_level"): "warning",
        # Answers of server and devices are handled when they come, not at the next look.
        ("kivy", "kivy_clock"): "interrupt",
        ("input", "mouse"): "mouse,disable_multitouch",
    }
    for (section, name), value in settings.items():
        Config.set(section, name, value)
