"""A protocol from outside: found by its name, used without a change elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.pad import protocol
from drivers.pad.line import PadLine
from drivers.plugins import ProtocolUnknown

MODULE = """
from drivers.pad.protocols.house import HousePads

class Other(HousePads):
    baud = 19200

PROTOCOL = Other()
"""


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[None]:
    """As pip would leave another package behind."""
    (tmp_path / "other_pads.py").write_text(MODULE, encoding="utf-8")
    described = tmp_path / "other_pads-1.0.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: other-pads\nVersion: 1.0\n", encoding="utf-8")
    (described / "entry_points.txt").write_text(
        "[hall_queue.pad_protocols]\nother = other_pads:PROTOCOL\n", encoding="utf-8"
    )
    sys.path.insert(0, str(tmp_path))
    yield
    sys.path.remove(str(tmp_path))
    sys.modules.pop("other_pads", None)


def test_the_shipped_protocol_is_found() -> None:
    assert protocol.names() == ["house"]
    assert protocol.load("house").baud == 9600


@pytest.mark.usefixtures("installed")
def test_a_protocol_of_another_package_is_found() -> None:
    assert protocol.names() == ["house", "other"]
    assert protocol.load("other").baud == 19200
    assert PadLine("/dev/none", (1,), on_event=lambda _: None, protocol="other").health.state == "unknown"


def test_an_unknown_protocol_is_named_with_those_that_are_known() -> None:
    with pytest.raises(ProtocolUnknown, match="house"):
        PadLine("/dev/none", (1,), on_event=lambda _: None, protocol="haus")
