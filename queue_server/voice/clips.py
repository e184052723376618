"""Join committed clips into one sound for each announcement: nothing to schedule in the browser, nothing to fetch.

Clips are 24 kHz, 16 bit, mono WAV. Joined at PCM level with a short crossfade, so that no click is heard.
"""

from __future__ import annotations

import io
import sys
import tomllib
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from queue_server.voice.words import call_clips, english_clips

RATE_HZ = 24_000
CROSSFADE_S = 0.008
HALF_GAP_S = 0.12
"""Breath before 到三号窗口: the number must be heard before the place."""
CLIP_S_MAX = 20


@dataclass(frozen=True, slots=True)
class ClipMissing(Exception):
    """A word has no clip, or its file is not of the right form: the call is shown with a chime, not spoken."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"voice clip {self.name!r}: {self.why}"


class Clips:
    """The clips of one folder, read when first said and kept (some 170 short files, 11 MB at the most)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._samples: dict[str, array[int]] = {}
        plan = tomllib.loads((folder / "clips.toml").read_text(encoding="utf-8"))
        self._windows_with_clip = len(plan["windows"]["zh"])

    def saying(self, number: str, window: int, language: str) -> bytes:
        """One WAV file of the call, said once, in Mandarin (``zh``) or English (``en``). Raises ClipMissing.

        Chime and repeats are the display's: it knows how many wait.
        """
        words = english_clips if language == "en" else call_clips
        return encode_wave(self._phrase(words(number, window, windows_with_clip=self._windows_with_clip)))

    def say(self, *names: str) -> bytes:
        """One WAV file of the named clips, one after another. Raises ClipMissing."""
        return encode_wave(self._phrase(names))

    def samples(self, name: str) -> array[int]:
        """PCM of one clip. Raises ClipMissing."""
        if name not in self._samples:
            self._samples[name] = self._read(name)
        return self._samples[name]

    def _phrase(self, names: tuple[str, ...]) -> array[int]:
        spoken = array("h")
        for name in names:
            gap_s = HALF_GAP_S if name.startswith(("to", "en_please")) and spoken else 0.0
            spoken = join([spoken, self.samples(name)], gap_s=gap_s) if spoken else array("h", self.samples(name))
        return spoken

    def _read(self, name: str) -> array[int]:
        path = self._folder / f"{name}.wav"
        try:
            with wave.open(str(path), "rb") as file:
                form = (file.getframerate(), file.getsampwidth(), file.getnchannels())
                if form != (RATE_HZ, 2, 1):
                    raise ClipMissing(name, f"is {form}, must be {RATE_HZ} Hz, 2 bytes, 1 channel")
                frames = file.readframes(RATE_HZ * CLIP_S_MAX)
        except FileNotFoundError as error:
            raise ClipMissing(name, "no such file") from error
        except (wave.Error, EOFError) as error:
            raise ClipMissing(name, f"is no WAV file: {error}") from error
        samples = array("h", frames)
        if sys.byteorder == "big":
            samples.byteswap()
        return samples


def join(parts: list[array[int]], *, gap_s: float) -> array[int]:
    """Parts one after another: with silence of ``gap_s`` between them, or crossfaded when it is 0."""
    joined = array("h")
    for part in parts:
        if not joined:
            joined.extend(part)
        elif gap_s > 0:
            joined.extend(array("h", bytes(2 * int(gap_s * RATE_HZ))))
            joined.extend(part)
        else:
            _crossfade(joined, part)
    return joined


def _crossfade(left: array[int], right: array[int]) -> None:
    """Append ``right`` to ``left``, the last and first 8 ms mixed."""
    overlap = min(int(CROSSFADE_S * RATE_HZ), len(left), len(right))
    start = len(left) - overlap
    for n in range(overlap):
        left[start + n] = (left[start + n] * (overlap - n) + right[n] * n) // overlap
    left.extend(right[overlap:])


def encode_wave(samples: array[int]) -> bytes:
    if sys.byteorder == "big":
        samples = array("h", samples)
        samples.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return out.getvalue()
