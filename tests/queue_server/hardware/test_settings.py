"""Lines in the settings file: what is read, and every fault named."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.errors import ConfigurationError
from queue_server.settings import load_settings

GOOD = """
[hardware]
say_which = "miss"
[[hardware.pads]]
port = "/dev/ttyUSB0"
windows = { 1 = 3, 2 = 4 }
[[hardware.strips]]
port = "/dev/ttyUSB1"
protocol = "onbon"
baud = 57600
windows = { 7 = 3 }
name = "东侧条屏"
"""


def read(folder: Path, text: str) -> str:
    """What is said of ``text``; empty when it is right."""
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    try:
        load_settings(path)
    except ConfigurationError as error:
        return str(error)
    return ""


def test_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "hall.toml").write_text(GOOD, encoding="utf-8")
    hardware = load_settings(tmp_path / "hall.toml").hardware
    assert hardware.pads[0].at == {1: 3, 2: 4}
    assert (hardware.strips[0].protocol, hardware.strips[0].baud, hardware.strips[0].at) == ("onbon", 57600, {7: 3})
    assert (hardware.say_which, hardware.pause_ground) == ("miss", "errand")
    assert load_settings(None).hardware.pads == ()


SHARED = """
[[hardware.pads]]
port = "/dev/ttyUSB0"
baud = 19200
windows = { 1 = 3, 2 = 4 }
[[hardware.strips]]
port = "/dev/ttyUSB0"
windows = { 11 = 3, 12 = 4 }
"""


def test_pads_and_strips_of_the_house_may_share_a_port(tmp_path: Path) -> None:
    assert read(tmp_path, SHARED) == ""
    assert "address 2 of the line is taken" in read(tmp_path, SHARED.replace("12 = 4", "2 = 4"))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (("2 = 4", "2 = 40"), "there is no window 40"),
        (("2 = 4", "100 = 4"), "has no such address; given are 1, 100"),
        (("2 = 4", "01 = 4"), "an address is given twice"),
        (("2 = 4", "2 = 3"), "window 3 has two pads"),
        (("2 = 4", "two = 4"), "hardware.pads[0].windows"),
        (("{ 1 = 3, 2 = 4 }", "{}"), "hardware.pads[0].windows"),
        (("ttyUSB1", "ttyUSB0"), "shared with pads: devices of two protocols on one line"),
        (("ttyUSB1", "ttyUSB0"), "shared with pads: baud of a shared port stands with its pads"),
        (
            ('name = "东侧条屏"', '[[hardware.strips]]\nport = "/dev/ttyUSB1"\nwindows = { 9 = 4 }'),
            "ttyUSB1 is given twice",
        ),
        (('"onbon"', '"onbn"'), "onbn"),
        (('"miss"', '"mis"'), "did you mean 'miss'?"),
        (("name =", "nmae ="), "did you mean 'name'?"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[1],
)
def test_each_fault_is_named(tmp_path: Path, wrong: tuple[str, str], named: str) -> None:
    assert read(tmp_path, GOOD) == ""
    assert named in read(tmp_path, GOOD.replace(*wrong))
