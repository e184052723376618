"""One resident's whole way by the command a newcomer runs, and that it notices what is broken."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from drivers.printer.decoder import decode

pytestmark = [pytest.mark.journey, pytest.mark.browser]
WALK_S = 110
PLACES = {"kiosk widgets", "printed bytes", "console", "board DOM", "announcement text", "phone DOM", "journal row"}
KIOSK_SCREENS = ("home", "choose", "guide", "card", "done")
SLIP_BYTES = 700
BREAKS = {
    "printer": ("no slip came out of the printer (silent)", "打印机没有回应，号码照样有效"),
    "reader": ("the card reader is gone", "读卡器暂时用不了，请不刷证件继续"),
    "display": ("no display shows A001", "the board's page is closed"),
}


def start_walk(out: Path, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "queue_server", "demo", "--script", "walk", "--out", str(out), *more]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def words_of(walk: subprocess.Popen[str]) -> str:
    """What a walk said at its end. One that does not end is told to, and takes its programs along."""
    try:
        _, errors = walk.communicate(timeout=WALK_S)
    except subprocess.TimeoutExpired:
        walk.terminate()
        walk.communicate(timeout=WALK_S)
        raise
    return errors


def told(out: Path) -> Any:
    return json.loads((out / "walk.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a walk left behind, everything well."""
    folder = tmp_path_factory.mktemp("walk")
    walk = start_walk(folder)
    errors = words_of(walk)
    assert walk.returncode == 0, errors
    return folder


def test_the_number_is_the_same_in_all_places(out: Path) -> None:
    walk = told(out)
    assert walk["ok"] is True
    assert set(walk["number"]) == PLACES
    assert set(walk["number"].values()) == {"A001"}
    times = [step["at_s"] for step in walk["steps"]]
    assert times == sorted(times)


def test_the_slip_is_readable_paper(out: Path) -> None:
    data = (out / "slip.bin").read_bytes()
    assert len(data) <= SLIP_BYTES
    slip = decode(data)
    assert "A001" in slip.text
    assert (out / "slip.txt").read_text(encoding="utf-8").rstrip("\n") == slip.text
    with Image.open(out / "slip.png") as picture:
        found = zxingcpp.read_barcodes(picture)
    assert [each.text for each in found] == list(slip.qr_payloads)
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode


def test_pictures_and_sound_are_there(out: Path) -> None:
    for name in (*(f"kiosk-{screen}" for screen in KIOSK_SCREENS), "board", "console", "phone"):
        with Image.open(out / f"{name}.png") as picture:
            assert len(picture.convert("RGB").getcolors(1 << 24) or ()) > 50, f"{name} is empty"
    for screen in KIOSK_SCREENS:
        with Image.open(out / f"kiosk-{screen}.png") as picture:
            assert picture.size == (1080, 1920)
    with wave.open(str(out / "announcement.wav")) as sound:
        assert sound.getnframes() / sound.getframerate() > 1.5


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str, Path]]:
    """Exit code, words and folder of a walk with each thing broken; they walk side by side."""
    folders = {name: tmp_path_factory.mktemp(name) for name in BREAKS}
    walks = {name: start_walk(folder, "--break", name) for name, folder in folders.items()}
    ended = {}
    for name, walk in walks.items():
        errors = words_of(walk)
        ended[name] = (walk.returncode, errors, folders[name])
    return ended


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_noticed_and_named(broken: dict[str, tuple[int, str, Path]], name: str) -> None:
    code, errors, folder = broken[name]
    assert code == 1
    for words in BREAKS[name]:
        assert words in errors
    walk = told(folder)
    assert walk["ok"] is False
    assert walk["failure"] in errors
