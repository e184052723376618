from __future__ import annotations

import enum
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import pytest

from drivers.errors import ConfigurationError
from drivers.toml_file import FAULTS_LIMIT, load


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Window(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: Annotated[int, msgspec.Meta(ge=1)]
    skills: tuple[str, ...] = ()


class Printer(msgspec.Struct, frozen=True):
    port: str
    baud: Literal[9600, 115200] = 115200
    speed: Literal["slow", "fast"] = "fast"

    def __post_init__(self) -> None:
        if self.port == "nowhere":
            raise ValueError("port names nothing")


@dataclass(frozen=True, slots=True)
class Pause:
    minutes: int
    ground: str = "lunch"


class Hall(msgspec.Struct, frozen=True):
    name: str
    windows: list[Window] = []
    printer: Printer | None = None
    zones: dict[str, Window] = {}
    pauses: tuple[Pause, ...] = ()
    colour: Colour = Colour.RED
    public_url: str = ""


def read(folder: Path, text: str) -> Hall:
    path = folder / "hall.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, Hall, what="hall settings")


def faults(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text)
    assert str(folder / "hall.toml") in str(caught.value)
    assert "hall settings" in str(caught.value)
    assert caught.value.retryable is False
    assert all(fault in str(caught.value) for fault in caught.value.faults)
    return caught.value.faults


def test_a_right_file_becomes_the_struct(tmp_path: Path) -> None:
    hall = read(
        tmp_path,
        '\ufeffname = "大厅"\ncolour = "green"\n[[windows]]\nnumber = 3\nskills = ["a"]\n'
        '[printer]\nport = "/dev/x"\nbaud = 9600\n[zones.east]\nnumber = 1\n',
    )
    assert hall == Hall("大厅", [Window(3, ("a",))], Printer("/dev/x", 9600), {"east": Window(1)}, colour=Colour.GREEN)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    assert faults(
        tmp_path,
        'pubic_url = "x"\ncolour = "gren"\n[[windows]]\nnumber = 1\n[[windows]]\nnumber = 0\nskils = []\n'
        '[[windows]]\nskills = [1]\n[printer]\nbaud = 1\nspeed = "slwo"\n[zones.east]\nnumber = "x"\n',
    ) == (
        "pubic_url: unknown key; did you mean 'public_url'?",
        "colour: Invalid enum value 'gren'; did you mean 'green'?",
        "windows[1].number: Expected `int` >= 1",
        "windows[1].skils: unknown key; did you mean 'skills'?",
        "windows[2].skills[0]: Expected `str`, got `int`",
        "windows[2].number: missing",
        "printer.baud: Invalid enum value 1",
        "printer.speed: Invalid enum value 'slwo'; did you mean 'slow'?",
        "printer.port: missing",
        "zones.east.number: Expected `int`, got `str`",
        "name: missing",
    )


def test_dataclasses_are_checked_like_structs(tmp_path: Path) -> None:
    assert read(tmp_path, 'name = "x"\n[[pauses]]\nminutes = 5').pauses == (Pause(5),)
    assert faults(tmp_path, 'name = "x"\n[[pauses]]\ngroud = "tea"') == (
        "pauses[0].groud: unknown key; did you mean 'ground'?",
        "pauses[0].minutes: missing",
    )


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name = 1", "name: Expected `str`, got `int`"),
        ('name = "x"\nwindows = 3', "windows: Expected `array`, got `int`"),
        ('name = "x"\nprinter = 3', "printer: Expected `object | null`, got `int`"),
        ('name = "x"\n[printer]\nport = "nowhere"', "printer: port names nothing"),
        (
            'name = "x"\nzzz = 1',
            "zzz: unknown key; known here: colour, name, pauses, printer, public_url, windows, zones",
        ),
    ],
)
def test_single_faults_name_their_key(tmp_path: Path, text: str, fault: str) -> None:
    assert faults(tmp_path, text) == (fault,)


def test_unreadable_files_are_told_the_same_way(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "none.toml", Hall, what="hall settings")
    (fault,) = faults(tmp_path, "name = ")
    assert fault.startswith("is not valid TOML")
    (tmp_path / "hall.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load(tmp_path / "hall.toml", Hall, what="hall settings")


def test_a_wholly_other_file_is_not_listed_line_by_line(tmp_path: Path) -> None:
    told = faults(tmp_path, "\n".join(f"key{n} = 1" for n in range(FAULTS_LIMIT + 10)))
    assert len(told) == FAULTS_LIMIT + 1
    assert told[-1] == "… and 11 more"
