"""Reads screens aloud through Kivy's SDL mixer: the clips `assets/voice/kiosk_<screen>.wav`, one at a time.

A clip is `kiosk_<screen>.wav` in Mandarin, `kiosk_<screen>_en.wav` in English where a hall has one. Import only after
`kiosk.ui.start.configure`; all methods belong to the UI thread.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

from kivy.core.audio import SoundLoader

from kiosk.flow.events import ReadAloudEnded, VoiceChanged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.flow.events import Event
    from kiosk.flow.screens import Language

LOG = logging.getLogger(__name__)
CLIP = re.compile(r"kiosk_([a-z]+?)(_en)?")


class Voice:
    """The presenter's port `Sounds`. Silent until `open` has found a loudspeaker and clips."""

    def __init__(self, folder: Path, *, volume: float) -> None:
        """`folder` holds the clips; `volume` 0 to 1."""
        self._clips = find_clips(folder)
        self._volume = volume
        self._post: Callable[[Event], None] | None = None
        self._sound: Any = None
        self._screen = ""

    def open(self, post: Callable[[Event], None]) -> None:
        """Open the loudspeaker and tell the flow what can be read; without one the log says so, once."""
        self._post = post
        if not self._clips:
            LOG.warning("nothing is read aloud: no clip kiosk_*.wav")
            return
        probe = self._load(min(self._clips.values(), key=lambda clip: clip.stat().st_size))
        if probe is None:
            LOG.warning("nothing is read aloud: no loudspeaker was found")
            return
        probe.unload()
        post(VoiceChanged(clips=frozenset(self._clips)))

    def play(self, sound: str) -> None:
        """There are no clips for presses."""

    def read_aloud(self, screen: str, language: Language) -> None:
        """Play the clip instead of the one that plays. One that cannot be played is taken out of the list."""
        self.stop_reading()
        sound = self._load(self._clips[screen, language])
        if sound is None:
            LOG.warning("clip of the screen %s cannot be played", screen)
            del self._clips[screen, language]
            self._tell(VoiceChanged(clips=frozenset(self._clips)))
            self._tell(ReadAloudEnded(screen=screen))
            return
        sound.volume = self._volume
        sound.bind(on_stop=self._ended)
        self._sound, self._screen = sound, screen
        sound.play()

    def stop_reading(self) -> None:
        """Fall silent and let go of the clip's memory."""
        sound, self._sound, self._screen = self._sound, None, ""
        if sound is not None:
            sound.stop()
            sound.unload()

    @property
    def playing(self) -> str:
        """The screen that is being read; empty in silence."""
        return self._screen if self._sound is not None and self._sound.state == "play" else ""

    def _ended(self, sound: object) -> None:
        """By itself: stopped by hand it is not `_sound` any more."""
        if sound is self._sound:
            screen = self._screen
            self.stop_reading()
            self._tell(ReadAloudEnded(screen=screen))

    def _tell(self, event: Event) -> None:
        if self._post is not None:
            self._post(event)

    def _load(self, clip: Path) -> Any:  # noqa: ANN401 - Kivy has no types
        """A sound ready to play; None without loudspeaker or for a file that is not sound."""
        sound = SoundLoader.load(str(clip)) if clip.is_file() else None
        return sound if sound is not None and sound.length > 0 else None


def find_clips(folder: Path) -> dict[tuple[str, Language], Path]:
    """The clips of a folder by screen and language."""
    found: dict[tuple[str, Language], Path] = {}
    for path in sorted(folder.glob("kiosk_*.wav")):
        if match := CLIP.fullmatch(path.stem):
            found[match[1], "en" if match[2] else "zh"] = path
    return found
