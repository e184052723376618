"""朗读 through SDL's mixer with its silent driver: one clip at a time, ends told, memory let go."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from kiosk.flow import events as ev
from kiosk.flow.screens import Language
from kiosk.ui.assets import ASSETS
from kiosk.ui.voice import Voice, find_clips
from tests.kiosk.flow.test_speaking import PAGES
from tests.kiosk.ui.conftest import pump

RATE_HZ = 24_000
LIMIT_S = 10.0
CLIPS = ASSETS / "voice"


def until(done: Callable[[], bool]) -> None:
    """Turn Kivy's loop until `done`, within the limit."""
    limit_s = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < limit_s
        pump(1)


def clip(folder: Path, name: str, seconds: float) -> None:
    with wave.open(str(folder / f"{name}.wav"), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(b"\0\0" * int(RATE_HZ * seconds))


def opened(folder: Path) -> tuple[Voice, list[ev.Event]]:
    told: list[ev.Event] = []
    voice = Voice(folder, volume=0.5)
    voice.open(told.append)
    return voice, told


def known(told: list[ev.Event]) -> set[tuple[str, Language]]:
    return {clip for event in told if isinstance(event, ev.VoiceChanged) for clip in event.clips}


def test_every_screen_has_its_clip() -> None:
    assert {screen for screen, language in find_clips(CLIPS) if language == "zh"} == set(PAGES)
    _voice, told = opened(CLIPS)
    assert known(told) == {(page, "zh") for page in PAGES}


def test_a_clip_plays_and_its_end_is_told_once(tmp_path: Path) -> None:
    clip(tmp_path, "kiosk_home", 0.3)
    clip(tmp_path, "kiosk_home_en", 5)
    voice, told = opened(tmp_path)
    assert known(told) == {("home", "zh"), ("home", "en")}
    voice.read_aloud("home", "zh")
    assert voice.playing == "home"
    until(lambda: ev.ReadAloudEnded(screen="home") in told)
    assert voice.playing == ""
    assert told.count(ev.ReadAloudEnded(screen="home")) == 1


def test_one_clip_at_a_time_and_stopping_tells_nothing(tmp_path: Path) -> None:
    clip(tmp_path, "kiosk_home", 30)
    clip(tmp_path, "kiosk_done", 30)
    voice, told = opened(tmp_path)
    voice.read_aloud("home", "zh")
    voice.read_aloud("done", "zh")
    assert voice.playing == "done"
    voice.stop_reading()
    voice.stop_reading()
    pump(20)
    assert voice.playing == ""
    assert [event for event in told if isinstance(event, ev.ReadAloudEnded)] == []


def test_a_broken_clip_goes_out_of_the_list(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clip(tmp_path, "kiosk_home", 0.1)
    (tmp_path / "kiosk_done.wav").write_bytes(b"not sound at all" * 4096)
    voice, told = opened(tmp_path)
    with caplog.at_level(logging.WARNING, "kiosk"):
        voice.read_aloud("done", "zh")
    assert told[-2:] == [ev.VoiceChanged(clips=frozenset({("home", "zh")})), ev.ReadAloudEnded(screen="done")]
    assert "screen done cannot be played" in caplog.text


def test_without_clips_the_log_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "kiosk"):
        _voice, told = opened(tmp_path)
    assert told == []
    assert caplog.text.count("nothing is read aloud") == 1


def test_without_loudspeaker_the_key_stays_flat(tmp_path: Path) -> None:
    """A process of its own: SDL opens its device once. A driver that does not exist is a machine without sound."""
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from kiosk.ui.start import configure\n"
        "configure(width=480, height=480, home=Path(sys.argv[1]), offscreen=True)\n"
        "import logging\n"
        "from kiosk.ui.voice import Voice\n"
        "told = []\n"
        "logging.getLogger('kiosk').addHandler(logging.StreamHandler(sys.stdout))\n"
        "Voice(Path(sys.argv[2]), volume=1).open(told.append)\n"
        "print(told)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(CLIPS)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, "SDL_AUDIODRIVER": "none-such"},
        cwd=Path(__file__).resolve().parents[3],
    )
    assert done.stdout.splitlines() == ["nothing is read aloud: no loudspeaker was found", "[]"]


def test_reading_over_and_over_keeps_its_memory() -> None:
    voice, _told = opened(CLIPS)
    process = psutil.Process()

    def read_all() -> None:
        for page in PAGES:
            voice.read_aloud(page, "zh")
            pump(1)
        voice.stop_reading()
        pump(1)

    for _ in range(3):
        read_all()
    before = process.memory_info().rss
    for _ in range(20):
        read_all()
    # 360 clips of about a megabyte each were loaded.
    assert process.memory_info().rss - before < 20 * 2**20
