"""What the READMEs tell a technician to type exists, and every fault that can be simulated has its row."""

from __future__ import annotations

import re
import shlex
from enum import StrEnum
from pathlib import Path

import click
import pytest

import assets
import drivers
from drivers import errors
from drivers.__main__ import cli
from drivers.idcard.simulator import Fault as ReaderFault
from drivers.printer.profile import Profile
from drivers.printer.simulator import Fault as PrinterFault
from drivers.scanner.simulator import Fault as ScannerFault
from drivers.simulated_line import Fault as LineFault

README = (Path(drivers.__file__).parent / "README.md").read_text(encoding="utf-8")
GUIDE = (assets.path("deploy") / "README.md").read_text(encoding="utf-8")
TYPED = sorted(set(re.findall(r"^hall-devices .*$", README + "\n" + GUIDE, re.MULTILINE)))
SECTIONS = dict(
    zip(
        re.findall(r"^## (.+)$", README, re.MULTILINE),
        re.split(r"^## .+$", README, flags=re.MULTILINE)[1:],
        strict=True,
    )
)


def words_of(line: str) -> list[str]:
    """Without the remark behind ``#`` and the brackets around what may be left out."""
    return shlex.split(line.partition(" #")[0].replace("[", "").replace("]", ""))[1:]


@pytest.mark.parametrize("line", TYPED)
def test_typed_commands_and_their_options_exist(line: str) -> None:
    command: click.Command = cli
    words = words_of(line)
    context = click.Context(cli)
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words[0])
        assert found is not None, words[0]
        command, words = found, words[1:]
    assert not isinstance(command, click.Group)
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize(
    ("section", "faults"),
    [
        ("Connecting an ID-card reader", ReaderFault),
        ("Printer", PrinterFault),
        ("Scanner", ScannerFault),
        ("Call pad", LineFault),
        ("LED strip", LineFault),
    ],
)
def test_every_fault_that_can_be_simulated_has_its_row(section: str, faults: type[StrEnum]) -> None:
    text = SECTIONS[section]
    assert [fault.value for fault in faults if f"`{fault.value}`" not in text] == []


def test_every_code_of_a_port_stands_in_the_table_of_all_lines() -> None:
    text = SECTIONS["Faults of every line"]
    codes = {error.code for error in (errors.PortMissing, errors.PortBusy, errors.PortDenied, errors.PortLost)}
    assert [code for code in sorted(codes | {"silent", "protocol", "internal"}) if f"`{code}`" not in text] == []


def test_every_key_of_a_profile_is_told() -> None:
    assert [key for key in Profile.__struct_fields__ if f"`{key}`" not in SECTIONS["Printer"]] == []


def test_what_is_out_of_scope_is_said() -> None:
    for word in ("raw USB", "fingerprints and photos", "PC/SC", "Modbus", "CUPS"):
        assert word in README
