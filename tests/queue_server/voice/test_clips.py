"""Nobody listens in the test run: length, loudness, clipping, gaps and order are measured."""

from __future__ import annotations

import io
import shutil
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

import assets
from queue_server.voice.clips import HALF_GAP_S, RATE_HZ, ClipMissing, Clips
from queue_server.voice.words import call_clips

FOLDER = assets.path("voice")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.fixture(scope="module")
def clips() -> Clips:
    return Clips(FOLDER)


def pcm(data: bytes) -> npt.NDArray[np.float64]:
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE_HZ, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float64) / 32768


def longest_silence_s(samples: npt.NDArray[np.float64]) -> float:
    quiet = np.abs(samples) < 0.005
    edges = np.flatnonzero(np.diff(np.concatenate(([False], quiet, [False])).astype(int)))
    return float(max(edges[1::2] - edges[::2], default=0)) / RATE_HZ


def test_every_letter_digit_and_window_can_be_said(clips: Clips) -> None:
    for letter in LETTERS:
        clips.saying(f"{letter}123", 1, "zh")
        clips.saying(f"{letter}123", 1, "en")
    for digits in ("0123", "4567", "890"):
        clips.saying(f"A{digits}", 2, "zh")
        clips.saying(f"A{digits}", 2, "en")
    for window in range(1, 100):
        assert len(clips.saying("A001", window, "zh")) > RATE_HZ


def test_all_clips_have_one_loudness_and_none_clips() -> None:
    for path in sorted(FOLDER.glob("*.wav")):
        samples = pcm(path.read_bytes())
        assert 0.09 < float(np.sqrt(np.mean(samples**2))) < 0.15, path.name
        assert float(np.max(np.abs(samples))) < 0.99, path.name
        assert 0.25 < len(samples) / RATE_HZ < 12, path.name


def test_a_call_is_said_slowly_enough_and_not_too_slowly(clips: Clips) -> None:
    assert 3.5 < len(pcm(clips.saying("A012", 3, "zh"))) / RATE_HZ < 6.5
    assert 3.0 < len(pcm(clips.saying("A012", 3, "en"))) / RATE_HZ < 6.5


def test_a_call_has_no_hole_and_no_click(clips: Clips) -> None:
    samples = pcm(clips.saying("A012", 3, "zh"))
    names = call_clips("A012", 3, windows_with_clip=30)
    steepest = max(float(np.max(np.abs(np.diff(np.asarray(clips.samples(name)))))) / 32768 for name in names)
    assert longest_silence_s(samples) < HALF_GAP_S + 0.25
    assert float(np.max(np.abs(np.diff(samples)))) <= steepest + 0.001


def test_the_number_is_said_before_the_window(clips: Clips) -> None:
    samples = pcm(clips.saying("A012", 3, "zh"))
    window = np.asarray(clips.samples("to_window_3"), dtype=np.float64) / 32768
    assert np.array_equal(samples[-len(window) :], window)


def test_the_same_call_gives_the_same_bytes(clips: Clips) -> None:
    assert clips.saying("Y001", 5, "zh") == Clips(FOLDER).saying("Y001", 5, "zh")


def test_a_missing_clip_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "clips.toml", tmp_path)
    with pytest.raises(ClipMissing, match="please_letter_A"):
        Clips(tmp_path).saying("A001", 1, "zh")


def test_a_clip_of_another_form_is_refused(tmp_path: Path) -> None:
    shutil.copy(FOLDER / "clips.toml", tmp_path)
    with wave.open(str(tmp_path / "chime.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(400))
    with pytest.raises(ClipMissing, match="8000"):
        Clips(tmp_path).samples("chime")
