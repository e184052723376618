from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from drivers.doctor.wanted import TABLES, Wanted, from_file, from_text
from drivers.errors import ConfigurationError
from kiosk.settings import Settings as KioskSettings

KIOSK = """
kiosk = 2
[server]
url = "http://127.0.0.1:8080"
[card_reader]
port = "/dev/ttyUSB0"
[printer]
port = "socket://10.0.0.5:9100?share=yes"
profile = "epson-80"
baud = 19200
[scanner]
port = ""
"""
HALL = """
[hall]
name = "大厅"
[[hardware.pads]]
port = "/dev/ttyUSB1"
windows = { 1 = 3, 12 = 4 }
[[hardware.strips]]
port = "/dev/ttyUSB2"
protocol = "onbon"
baud = 57600
windows = { 1 = 3 }
"""


def test_devices_of_a_kiosk_and_of_a_server(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(KIOSK, encoding="utf-8")
    assert from_file(path) == [
        Wanted("card_reader", "idcard", "/dev/ttyUSB0"),
        Wanted("printer", "printer", "socket://10.0.0.5:9100?share=yes", 19200, profile="epson-80"),
    ]
    path.write_text(HALL, encoding="utf-8")
    assert from_file(path) == [
        Wanted("hardware.pads[0]", "pad", "/dev/ttyUSB1", addresses=(1, 12)),
        Wanted("hardware.strips[0]", "strip", "/dev/ttyUSB2", 57600, "onbon", (1,)),
    ]


def test_the_kiosks_own_tables_are_known() -> None:
    """The names of its tables are not ours to choose; a new one with a port must be known here."""
    with_port = {
        field.name
        for field in msgspec.structs.fields(KioskSettings)
        if isinstance(field.type, type) and "port" in getattr(field.type, "__struct_fields__", ())
    }
    assert {"card_reader", "printer"} <= with_port <= set(TABLES)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/dev/ttyUSB0=idcard", Wanted("idcard", "idcard", "/dev/ttyUSB0")),
        ("COM3=printer@9600", Wanted("printer", "printer", "COM3", 9600)),
        ("socket://h:9100?share=yes=printer", Wanted("printer", "printer", "socket://h:9100?share=yes")),
        ("COM3=modem", None),
        ("COM3=printer@fast", None),
        ("=printer", None),
        ("hall.toml", None),
    ],
)
def test_typed_pairs(text: str, wanted: Wanted | None) -> None:
    assert from_text(text) == wanted


@pytest.mark.parametrize(
    ("text", "why"), [(None, "cannot be read"), ("[", "is not valid TOML"), ("[a]\nport = 1\n", "names no port")]
)
def test_files_without_devices_are_refused(tmp_path: Path, text: str | None, why: str) -> None:
    path = tmp_path / "settings.toml"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=why):
        from_file(path)
