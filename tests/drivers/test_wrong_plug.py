"""Each driver proves its device before it uses it: on another's port it does no harm and says that nobody answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from drivers.bus import MISSES, Bus
from drivers.core import Condition, Core
from drivers.errors import DriverError
from drivers.idcard.conversation import SamCore
from drivers.idcard.simulator import SimulatedModule
from drivers.pad.events import PadDisplay
from drivers.pad.member import PadMember
from drivers.pad.protocols.house import PROTOCOL as PADS
from drivers.pad.simulator import pads
from drivers.printer.decoder import decode
from drivers.printer.jobs import Job
from drivers.printer.profile import Profile
from drivers.printer.protocol import PrinterCore
from drivers.printer.simulator import SimulatedPrinter
from drivers.sentence import SentenceFinder
from drivers.simulated_device import Piece
from drivers.strip.events import StripText
from drivers.strip.member import StripMember
from drivers.strip.protocols.house import PROTOCOL as STRIPS
from drivers.strip.simulator import strips
from tests.drivers.printer.desk import chunks_of
from tests.support.far_talk import FarTalk
from tests.support.wires import Honest

RUN_S = 20.0


class PrinterFar:
    """A simulated printer as the far end of a talk."""

    def __init__(self) -> None:
        self.machine = SimulatedPrinter()
        self.heard = bytearray()

    def receive(self, data: bytes, now: float) -> list[Piece]:
        self.heard += data
        return [Piece(0.0, answer)] if (answer := self.machine.receive(data, now)) else []

    def forget(self) -> None: ...


def pad_core() -> Core[Any]:
    member = PadMember(1, PADS)
    member.show(PadDisplay("A012", 3))
    return Bus([member], SentenceFinder(), baud=9600, answer_s=0.06)


def strip_core() -> Core[Any]:
    member = StripMember(1, STRIPS)
    member.show(StripText("请A012号办理"))
    return Bus([member], SentenceFinder(), baud=9600, answer_s=0.06)


def printer_core() -> Core[Any]:
    profile = Profile.load("generic-80")
    core = PrinterCore(profile, baud=19200)
    core.add(Job(1, chunks_of(profile, 1, "医保"), 1, RUN_S, RUN_S), 0.0)
    return core


CORES: dict[str, Callable[[], Core[Any]]] = {
    "idcard": SamCore,
    "printer": printer_core,
    "pad": pad_core,
    "strip": strip_core,
}
FARS: dict[str, Callable[[], Any]] = {
    "idcard": SimulatedModule,
    "printer": PrinterFar,
    "pad": lambda: pads((1,)),
    "strip": lambda: strips((1,)),
    "onbon": lambda: strips((1,), protocol="onbon"),
}
PAIRS = [(core, far) for core in CORES for far in FARS if core != far]


@pytest.mark.parametrize(("core", "far"), PAIRS, ids=[f"{core} on {far}" for core, far in PAIRS])
def test_a_driver_on_anothers_port_is_down_and_never_takes_it_for_its_own(core: str, far: str) -> None:
    talk: FarTalk[Any] = FarTalk(Honest(), CORES[core](), FARS[far]())
    if far == "idcard":
        talk.far.lay("mainland")  # type: ignore[attr-defined]
    talk.run(RUN_S)
    silent = talk.core.condition.state == "down" or bool(talk.errors)
    assert silent
    assert talk.core.condition != Condition("ok")
    assert all(isinstance(error, DriverError) for error in talk.errors)
    assert len(talk.asked) < RUN_S * 12


@pytest.mark.parametrize("core", ["idcard", "pad", "strip"])
def test_nothing_is_printed_by_a_driver_on_the_printers_port(core: str) -> None:
    far = PrinterFar()
    FarTalk(Honest(), CORES[core](), far).run(RUN_S)
    paper = decode(bytes(far.heard))
    assert paper.cuts == 0
    assert b"\n" not in far.heard
    assert paper.text.strip() == "" or core == "idcard"


@pytest.mark.parametrize("far", ["pad", "strip", "onbon"])
def test_no_slip_goes_to_what_is_no_printer(far: str) -> None:
    talk: FarTalk[Any] = FarTalk(Honest(), printer_core(), FARS[far]())
    talk.run(RUN_S)
    assert {len(data) for _, data in talk.asked} == {3}  # DLE EOT n and nothing else


def test_a_pad_is_told_nothing_before_it_has_answered() -> None:
    member = PadMember(1, PADS)
    member.show(PadDisplay("A012", 3))
    assert [member.ask(float(n), lost=n >= MISSES) for n in range(5)] == [PADS.who(1)] * 5
