"""What answers is found, at its speed; nobody is harmed by the questions of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from drivers.core import Condition
from drivers.errors import PortMissing
from drivers.idcard.simulator import IdCardSimulator
from drivers.listening import Listener, PtyListener, TcpListener
from drivers.pad.simulator import PadSimulator, pads
from drivers.printer.decoder import decode
from drivers.printer.simulator import PrinterSimulator
from drivers.probing import Found, Talk, look_all, probe
from drivers.scanner.simulator import ScannerSimulator
from drivers.simulating import Simulator
from drivers.strip.simulator import StripSimulator, strips
from drivers.transport import Transport, open_port

SIMULATED: dict[str, tuple[Callable[[Listener], Simulator], str, str, str]] = {
    "reader": (IdCardSimulator, "ID-card reader", "05.03-20990101-0000012345-0000067890", "idcard"),
    "printer": (PrinterSimulator, "ESC/POS printer", "", "printer"),
    "pads": (lambda listener: PadSimulator(listener, (1, 7)), "house line", "pads at 1, 7", "pad"),
    "strips": (lambda listener: StripSimulator(listener, (2,)), "house line", "strips at 2", "strip"),
    "onbon": (
        lambda listener: StripSimulator(listener, (1,), protocol="onbon", baud=57600),
        "Onbon strip controller",
        "address 1",
        "strip",
    ),
}


@pytest.fixture
def started() -> Iterator[Callable[[Simulator], str]]:
    with ExitStack() as stack:

        def start(simulator: Simulator) -> str:
            simulator.start()
            stack.callback(simulator.stop)
            return simulator.port_name

        yield start


@pytest.mark.parametrize(("make", "kind", "detail", "device"), SIMULATED.values(), ids=SIMULATED.keys())
def test_what_answers_is_found(
    make: Callable[[Listener], Simulator], kind: str, detail: str, device: str, started: Callable[[Simulator], str]
) -> None:
    port = started(make(TcpListener()))
    found = probe(lambda baud: open_port(port, baud=baud), (9600,))
    assert found == Found(kind, Condition("ok"), 9600, detail, (device,))


def test_trouble_is_told_with_the_kind(started: Callable[[Simulator], str]) -> None:
    reader, printer = IdCardSimulator(PtyListener()), PrinterSimulator(PtyListener())
    reader.control({"do": "fault", "name": "unauthorised"})
    printer.control({"do": "fault", "name": "paper_end"})
    for simulator, code in ((reader, "sam_unauthorised"), (printer, "paper_end")):
        port = started(simulator)
        found = probe(lambda baud, port=port: open_port(port, baud=baud))  # type: ignore[misc]
        assert found is not None
        assert found.condition == Condition("down", code)


class Recorder:
    """A line on which nobody answers; keeps what was asked."""

    name = "recorder"

    def __init__(self, asked: bytearray) -> None:
        self._asked = asked

    def read(self, limit: int, timeout_s: float) -> bytes:
        return b""

    def write(self, data: bytes, timeout_s: float) -> int:
        self._asked += data
        return len(data)

    def discard_input(self) -> None: ...
    def wake(self) -> None: ...
    def close(self) -> None: ...


def all_questions() -> bytes:
    """Everything that is asked at the speed at which most is asked, when nobody answers, on a clock that hurries."""
    asked = bytearray()
    ticks = iter(range(100_000))
    line: Transport = Recorder(asked)
    talk = Talk(line, 9600, clock=lambda: float(next(ticks)))
    assert look_all(talk) is None
    return bytes(asked)


def test_a_printer_that_answers_nothing_prints_nothing() -> None:
    asked = all_questions()
    assert asked.count(b"\x1b@") == 3
    paper = decode(asked)
    assert paper.text.strip() == ""
    assert paper.cuts == 0
    assert b"\n" not in asked


def test_pads_and_strips_take_no_question_for_an_order() -> None:
    asked = all_questions()
    for far in (pads((1,)), strips((1,)), strips((1,), protocol="onbon")):
        before = far.devices[1].state(1.0) | {"quiet_s": 0.0}
        far.receive(asked, 1.0)
        assert far.devices[1].state(1.0) | {"quiet_s": 0.0} == before


def test_a_scanner_and_an_empty_port_are_nothing(started: Callable[[Simulator], str]) -> None:
    port = started(ScannerSimulator(TcpListener()))
    assert probe(lambda baud: open_port(port, baud=baud), (115200,)) is None
    with pytest.raises(PortMissing):
        probe(lambda baud: open_port("/dev/none", baud=baud))
