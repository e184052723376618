"""The same slips over lines as they really are: none is lied about, none comes twice, and the line recovers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from drivers.printer.jobs import PrintOutcome
from drivers.printer.profile import Profile
from tests.drivers.printer.desk import Desk
from tests.support.wires import ByteByByte, Cut, Honest, Lossy, Noisy, Slow, Wire

WELL = PrintOutcome("printed", "paper_ok")
GOOD: dict[str, tuple[Callable[[], Wire], Callable[[], Wire]]] = {
    "honest": (Honest, Honest),
    "byte by byte": (lambda: ByteByByte(115200), lambda: ByteByByte(115200)),
    "slow": (lambda: Slow(64, 0.01), lambda: Slow(1, 0.02)),
}
BAD: dict[str, tuple[Callable[[], Wire], Callable[[], Wire]]] = {
    "lossy there": (lambda: Lossy(0.01), Honest),
    "lossy back": (Honest, lambda: Lossy(0.3)),
    "noisy back": (Honest, lambda: Noisy(b"7\x2200")),
    "cut in the slip": (lambda: Cut(least=100), Honest),
    "cut in a question": (lambda: Cut(6), Honest),
    "cut in an answer": (Honest, lambda: Cut(3)),
}
MODELS = ("generic-80", "epson-80")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("wires", GOOD.values(), ids=GOOD.keys())
def test_a_line_that_only_takes_its_time_prints_every_slip_once(
    wires: tuple[Callable[[], Wire], Callable[[], Wire]], model: str
) -> None:
    desk = Desk(Profile.load(model), there=wires[0](), back=wires[1]())
    desk.connect()
    desk.run(1.0)
    for number in (1, 2, 3):
        desk.add(number)
        desk.run_until_done(number, 12.0)
    assert desk.outcomes == dict.fromkeys((1, 2, 3), WELL)
    assert desk.whole_slips() == ["A001", "A002", "A003"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("wires", BAD.values(), ids=BAD.keys())
def test_a_bad_line_never_lies_and_recovers_when_it_is_well(
    wires: tuple[Callable[[], Wire], Callable[[], Wire]], model: str
) -> None:
    desk = Desk(Profile.load(model), there=wires[0](), back=wires[1]())
    desk.connect()
    desk.run(1.0)
    for number in (1, 2, 3):
        desk.add(number)
        desk.run_until_done(number, 20.0)
    assert desk.outcomes.keys() == {1, 2, 3}
    slips = desk.whole_slips()
    assert len(slips) == len(set(slips))
    sent = {f"A{number:03d}" for number, outcome in desk.outcomes.items() if outcome.result != "not_printed"}
    assert set(slips) <= sent
    desk.there, desk.back = Honest(), Honest()
    desk.run(15.0)
    desk.add(4)
    desk.run_until_done(4, 20.0)
    assert desk.outcomes[4] == WELL
    assert desk.whole_slips()[-1] == "A004"
    assert len(desk.whole_slips()) == len(set(desk.whole_slips()))
