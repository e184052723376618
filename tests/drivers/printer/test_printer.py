"""The printer and its simulator over real TCP and a real pseudo-terminal."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from drivers.control import BadRequest, ControlClient
from drivers.link import Backoff, Health
from drivers.listening import PtyListener, TcpListener
from drivers.printer.decoder import Decoded, decode
from drivers.printer.jobs import PrintOutcome
from drivers.printer.printer import Printer
from drivers.printer.profile import Profile
from drivers.printer.simulator import PrinterSimulator
from drivers.transport import open_port
from tests.drivers.printer.slips import PUBLIC_URL, filled, read_codes
from tests.support.mailbox import Mailbox

LIMIT_S = 20.0


@dataclass
class Bench:
    """A simulated printer, its control channel, and the driver at the other end of the wire."""

    simulator: PrinterSimulator
    profile: Profile
    baud: int | None
    health: Mailbox[Health] = field(default_factory=Mailbox)

    def __post_init__(self) -> None:
        self.simulator.start()
        self.control = ControlClient(self.simulator.control_address)
        self.printer = self.make_printer()
        self.printer.start()

    def make_printer(self, lifetime_s: float = 120.0) -> Printer:
        return Printer(
            self.simulator.port_name,
            self.profile,
            baud=self.baud,
            on_health=self.health.put,
            lifetime_s=lifetime_s,
            backoff=Backoff(first_s=0.05, limit_s=0.1),
        )

    def fault(self, name: str) -> None:
        self.control.ask("fault", name=name)

    def print(self, number: str = "A044", *, deadline_s: float | None = 8.0) -> PrintOutcome:
        slip = filled(number=number)
        return self.printer.print(slip, deadline_s=deadline_s).result(timeout=LIMIT_S)

    def slips(self) -> list[Decoded]:
        reply = self.control.ask("slips", after=0)
        return [decode(base64.b64decode(slip["bytes"])) for slip in reply["slips"]]

    def whole(self, number: str) -> int:
        """How many complete slips with this number lie in the tray."""
        return sum(number in slip.text.split("\n") and "第0031张" in slip.text for slip in self.slips())

    def wait_health(self, state: str, code: str) -> None:
        if (self.printer.health.state, self.printer.health.code) != (state, code):
            self.health.wait_for(lambda health: (health.state, health.code) == (state, code))

    def close(self) -> None:
        self.control.close()
        self.printer.stop()
        self.simulator.stop()


def bench_on(wire: str, model: str = "generic-80", *, clears: bool = True) -> Bench:
    listener = TcpListener() if wire == "tcp" else PtyListener()
    baud = None if wire == "tcp" else 57600
    return Bench(PrinterSimulator(listener, baud=baud, mm_s=1500.0, clears=clears), Profile.load(model), baud)


@pytest.fixture(params=["tcp", "pty"])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    made = bench_on(request.param)
    yield made
    made.close()


def test_a_slip_comes_out_and_says_so(bench: Bench) -> None:
    assert bench.print() == PrintOutcome("printed", "paper_ok")
    assert bench.printer.health.state == "ok"
    [slip] = bench.slips()
    assert "A044" in slip.text.split("\n")
    assert slip.cuts == 1
    assert read_codes(slip.to_image()) == [PUBLIC_URL]


@pytest.mark.parametrize(
    ("fault", "outcome", "state"),
    [
        ("paper_end", PrintOutcome("not_printed", "paper_end"), "down"),
        ("cover_open", PrintOutcome("not_printed", "cover_open"), "down"),
        ("head_hot", PrintOutcome("not_printed", "head_hot"), "degraded"),
        ("offline", PrintOutcome("not_printed", "offline"), "down"),
        ("silent", PrintOutcome("not_printed", "silent"), "down"),
        ("paper_near_end", PrintOutcome("printed", "paper_near_end"), "degraded"),
        ("cutter_error", PrintOutcome("unknown", "cutter_error"), "down"),
    ],
)
def test_each_fault_has_its_outcome_and_passes(bench: Bench, fault: str, outcome: PrintOutcome, state: str) -> None:
    assert bench.print("A001").result == "printed"
    bench.fault(fault)
    assert bench.print("A002") == outcome
    bench.wait_health(state, outcome.code)
    bench.control.ask("clear")
    bench.wait_health("ok", "")
    assert bench.print("A003") == PrintOutcome("printed", "paper_ok")
    assert bench.whole("A001") == bench.whole("A003") == 1
    assert bench.whole("A002") == (outcome.result != "not_printed")


def test_paper_ends_in_the_middle(bench: Bench) -> None:
    bench.wait_health("ok", "")
    bench.fault("paper_end_after_bytes:300")
    assert bench.print("A001") == PrintOutcome("unknown", "paper_end")
    assert bench.print("A002") == PrintOutcome("not_printed", "paper_end")
    bench.control.ask("clear")
    bench.wait_health("ok", "")
    assert bench.print("A003").result == "printed"
    assert [bench.whole(number) for number in ("A001", "A002", "A003")] == [0, 0, 1]


@pytest.mark.parametrize("position", [3, 11, 14, 40, 200, 488, 520, 640, 670])
def test_the_cable_comes_out_and_goes_in_again(bench: Bench, position: int) -> None:
    bench.wait_health("ok", "")
    bench.fault(f"unplug_after_bytes:{position}")
    waiting = bench.printer.print(filled(number="A001"))
    bench.wait_health("down", "port_lost")
    bench.control.ask("replug")
    first = waiting.result(timeout=LIMIT_S)
    assert first.result in ({"printed"} if position <= 12 else {"unknown"})
    assert bench.print("A002") == PrintOutcome("printed", "paper_ok")
    assert bench.whole("A001") <= 1
    assert bench.whole("A001") == 1 or first.result != "printed"
    assert bench.whole("A002") == 1


def test_jam_after_so_many_bytes(bench: Bench) -> None:
    bench.wait_health("ok", "")
    bench.fault("jam_after_bytes:300")
    assert bench.print() == PrintOutcome("unknown", "broken")
    assert bench.control.ask("state")["faults"] == ["jam"]


def test_nothing_floods_out_after_the_printer_was_away(bench: Bench) -> None:
    bench.wait_health("ok", "")
    bench.fault("unplug")
    bench.wait_health("down", "port_missing")
    old = bench.make_printer(lifetime_s=0.3)
    old.start()
    waiting = [old.print(filled(number=f"A00{n}"), deadline_s=None) for n in range(1, 6)]
    outcomes = {future.result(timeout=LIMIT_S) for future in waiting}
    old.stop()
    assert outcomes == {PrintOutcome("not_printed", "expired")}
    assert bench.print("A006", deadline_s=0.2) == PrintOutcome("not_printed", "unreachable")
    bench.control.ask("replug")
    bench.wait_health("ok", "")
    assert bench.print("A007").result == "printed"
    assert [slip.text.split("\n")[4] for slip in bench.slips()] == ["A007"]


def test_an_old_clone_that_keeps_its_buffer_prints_no_slip_twice() -> None:
    bench = bench_on("tcp", clears=False)
    try:
        bench.wait_health("ok", "")
        bench.fault("paper_end_after_bytes:300")
        assert bench.print("A001").result == "unknown"
        bench.control.ask("clear")
        bench.wait_health("ok", "")
        assert bench.print("A002").result == "printed"
        assert bench.whole("A001") <= 1
        assert bench.whole("A002") == 1
    finally:
        bench.close()


@pytest.mark.parametrize("model", ["gbk-raster-qr", "epson-80", "generic-58", "silent-80"])
def test_other_profiles(model: str) -> None:
    bench = bench_on("tcp", model)
    try:
        outcome = bench.print("A001", deadline_s=20.0)
        expected = PrintOutcome("unknown", "no_status") if model == "silent-80" else PrintOutcome("printed", "paper_ok")
        assert outcome == expected
        bench.print("A002", deadline_s=20.0)
        assert bench.whole("A001") + ("A001" in bench.control.ask("state")["hanging_text"]) == 1
        if model == "silent-80":
            assert (bench.printer.health.state, bench.printer.health.code) == ("unknown", "no_status")
        assert read_codes(bench.slips()[0].to_image(width=bench.profile.dots)) == [PUBLIC_URL]
    finally:
        bench.close()


def test_real_time_codes_inside_a_picture_are_carried_out_by_the_machine_but_never_sent_by_us() -> None:
    simulator = PrinterSimulator(TcpListener(), mm_s=1500.0)
    simulator.start()
    try:
        line = open_port(simulator.port_name)
        picture = b"\x1dv0\x00\x04\x00\x01\x00" + b"\x10\x04\x01\x00"
        assert line.write(picture, 1.0) == len(picture)
        assert line.read(16, 5.0) == b"\x12"
        assert simulator.control({"do": "state"})["real_time_commands"] == 1
        line.close()
    finally:
        simulator.stop()
    bench = bench_on("tcp", "gbk-raster-qr")
    try:
        bench.wait_health("ok", "")
        before = bench.control.ask("state")["real_time_commands"]
        slip = filled(matter="㐂㐃㐄")
        assert bench.printer.print(slip).result(timeout=LIMIT_S).result == "printed"
        asked = bench.control.ask("state")["real_time_commands"] - before
        received = b"".join(base64.b64decode(slip["bytes"]) for slip in bench.control.ask("slips")["slips"])
        assert b"\x1dv0" in received
        assert b"\x10\x04" not in received
        assert b"\x10\x05" not in received
        assert asked >= 8  # before, between the bands, after
    finally:
        bench.close()


def test_stopping_ends_what_waits() -> None:
    simulator = PrinterSimulator(TcpListener())
    simulator.start()
    printer = Printer(simulator.port_name, Profile.load("generic-80"))
    simulator.stop()
    printer.start()
    waiting = printer.print(filled(), deadline_s=60.0)
    printer.stop()
    assert waiting.result(timeout=LIMIT_S) == PrintOutcome("unknown", "stopped")
    assert printer.print(filled()).result(timeout=1) == PrintOutcome("not_printed", "stopped")
    printer.stop()


def test_the_control_channel_says_what_it_knows(bench: Bench) -> None:
    with pytest.raises(BadRequest, match="paper_end"):
        bench.fault("paper_on_fire")
    with pytest.raises(BadRequest, match="slips"):
        bench.control.ask("dance")
    with pytest.raises(BadRequest, match="number"):
        bench.control.ask("slips", after="x")
