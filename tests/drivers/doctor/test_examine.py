"""What the doctor says of real simulated devices: well, exchanged, too fast, silent, refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.doctor.examine import Report, examine
from drivers.doctor.lines import find_out, open_any
from drivers.doctor.wanted import Wanted
from drivers.doctor.words import CODES, LANGUAGES, DoctorWords
from drivers.errors import PortBusy, PortDenied, PortLost
from drivers.idcard.simulator import IdCardSimulator
from drivers.listening import PtyListener, TcpListener
from drivers.pad.simulator import PadSimulator
from drivers.printer.simulator import PrinterSimulator
from drivers.registry import PortInfo
from drivers.scanner.simulator import ScannerSimulator
from drivers.simulating import Simulator
from drivers.strip.simulator import StripSimulator
from drivers.transport import Transport

Start = Callable[[Simulator], str]
NOBODY = "socket://127.0.0.1:9"


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def started(simulator: Simulator) -> str:
            simulator.start()
            stack.callback(simulator.stop)
            return simulator.port_name

        yield started


def codes(reports: list[Report]) -> list[list[str]]:
    return [[finding.code for finding in report.findings] for report in reports]


def said(report: Report) -> str:
    """All sentences, in both languages; each can be made."""
    words = {language: DoctorWords.load(language) for language in LANGUAGES}
    return " | ".join(
        words[language].sentence(report, finding, language) for language in LANGUAGES for finding in report.findings
    )


def test_a_hall_where_all_is_well(start: Start) -> None:
    reports = examine(
        [
            Wanted("card_reader", "idcard", start(IdCardSimulator(TcpListener()))),
            Wanted("printer", "printer", start(PrinterSimulator(TcpListener())) + "?share=yes"),
            Wanted("pads", "pad", start(PadSimulator(TcpListener(), (1, 7))), addresses=(1, 7)),
            Wanted("strips", "strip", start(StripSimulator(TcpListener(), (2,))), addresses=(2,)),
            Wanted("onbon", "strip", start(StripSimulator(TcpListener(), (1,), protocol="onbon")), None, "onbon", (1,)),
        ],
        [],
    )
    assert codes(reports) == [["proved"]] * 2 + [["proved_line"]] * 3
    assert {report.level for report in reports} == {"ok"}
    assert "05.03-20990101-0000012345-0000067890" in said(reports[0])
    assert "at address 1, 7" in said(reports[2])


def test_pads_and_strips_on_one_port_are_each_asked_for(start: Start) -> None:
    port = start(StripSimulator(TcpListener(), (11,), pads=(1, 2)))
    pads = Wanted("pads", "pad", port, addresses=(1, 2))
    asked = [pads, Wanted("strips", "strip", port, addresses=(11,))]
    assert codes(examine(asked, [])) == [["proved_line"], ["proved_line"]]
    onbon = replace(asked[1], protocol="onbon")
    alone = Wanted("pads", "pad", start(PrinterSimulator(TcpListener())), addresses=(1,))
    reports = examine([pads, onbon, alone], [])
    assert codes(reports) == [["port_twice"], ["port_twice"], ["other_device"]]
    assert "printer here, not call pads" in said(reports[2])


def test_reader_and_printer_exchanged_are_named_as_a_swap(start: Start) -> None:
    reader, printer = start(IdCardSimulator(TcpListener())), start(PrinterSimulator(TcpListener()))
    reports = examine([Wanted("card_reader", "idcard", printer), Wanted("printer", "printer", reader)], [])
    assert codes(reports) == [["swapped"], ["swapped"]]
    assert [report.level for report in reports] == ["fault", "fault"]
    assert "exchange the ports of card_reader and printer" in said(reports[0])
    assert f"the other port is {reader}" in said(reports[0])
    assert "身份证阅读器接在小票打印机的口上" in said(reports[1])


def test_wrong_plugs_and_troubles_are_told_one_by_one(start: Start) -> None:
    """In one round, because different ports are asked at once."""
    shut = PrinterSimulator(TcpListener())
    shut.control({"do": "fault", "name": "cover_open"})
    low = PrinterSimulator(TcpListener())
    low.control({"do": "fault", "name": "paper_near_end"})
    sick = IdCardSimulator(TcpListener())
    sick.control({"do": "fault", "name": "unauthorised"})
    mute = StripSimulator(TcpListener(), (1,), protocol="onbon-mute")
    pads = start(PadSimulator(TcpListener(), (1, 4)))
    scanner = start(ScannerSimulator(TcpListener()))
    shared = start(StripSimulator(TcpListener(), (11,)))
    wanted = {
        "pads beside strips": Wanted("j", "pad", shared, addresses=(1, 2)),
        "strips beside pads": Wanted("k", "strip", shared, addresses=(11,)),
        "cover": Wanted("a", "printer", start(shut)),
        "paper": Wanted("b", "printer", start(low)),
        "module": Wanted("c", "idcard", start(sick)),
        "silent": Wanted("d", "idcard", start(ScannerSimulator(TcpListener()))),
        "scanner": Wanted("e", "scanner", scanner),
        "pad 2": Wanted("f", "pad", pads, addresses=(1, 2)),
        "mute": Wanted("g", "strip", start(mute), None, "onbon", (1,)),
        "mute printer": Wanted("i", "printer", start(ScannerSimulator(TcpListener()))),
        "strips": Wanted("h", "strip", start(PadSimulator(TcpListener(), (1,))), addresses=(1,)),
    }
    reports = dict(zip(wanted, examine(list(wanted.values()), []), strict=True))
    found = {name: [finding.code for finding in report.findings] for name, report in reports.items()}
    assert found == {
        "pads beside strips": ["addresses_silent"],
        "strips beside pads": ["proved_line"],
        "cover": ["proved", "condition"],
        "paper": ["proved", "condition"],
        "module": ["proved", "condition"],
        "silent": ["silent"],
        "mute printer": ["silent_shared"],
        "scanner": ["scanner"],
        "pad 2": ["proved_line", "addresses_silent"],
        "mute": ["strip_mute"],
        "strips": ["others_device"],
    }
    levels = {name: report.level for name, report in reports.items()}
    assert {name for name, level in levels.items() if level == "note"} == {"paper", "scanner", "mute"}
    assert "盖没关好" in said(reports["cover"])
    assert "call its maker" in said(reports["module"])
    assert "no answer from address 2 (answering: 1)" in said(reports["pad 2"])
    assert "no answer from address 1, 2 (answering: strips at 11)" in said(reports["pads beside strips"])
    assert f"found call pads here, which the settings expect at {shared} (j)" in said(reports["strips"])


def test_who_misses_the_device_is_named_where_it_is_found(start: Start) -> None:
    reader = start(IdCardSimulator(TcpListener()))
    reports = examine([Wanted("printer", "printer", reader), Wanted("card_reader", "idcard", NOBODY)], [])
    assert codes(reports) == [["others_device"], ["host_missing"]]
    assert f"which the settings expect at {NOBODY} (card_reader)" in said(reports[0])


class Mute:
    """A line on which nobody speaks at this speed; it is over at once."""

    name = "mute"

    def read(self, limit: int, timeout_s: float) -> bytes:
        raise PortLost(self.name)

    def write(self, data: bytes, timeout_s: float) -> int:
        return len(data)

    def discard_input(self) -> None: ...
    def wake(self) -> None: ...
    def close(self) -> None: ...


def test_a_wrong_speed_is_told_with_the_right_one(start: Start) -> None:
    port = start(IdCardSimulator(PtyListener()))

    class Deaf(Mute):
        def read(self, limit: int, timeout_s: float) -> bytes:
            return b"\xff"  # what another speed sounds like

    def open_line(name: str, baud: int) -> Transport:
        return open_any(name, baud) if baud == 115200 else Deaf()

    ends = iter(range(1_000_000))
    (report,) = examine(
        [Wanted("card_reader", "idcard", port, 57600)], [], open_line=open_line, clock=lambda: float(next(ends)) / 10
    )
    assert [finding.code for finding in report.findings] == ["wrong_speed"]
    assert "write baud = 115200" in said(report)
    assert "设置里是 57600" in said(report)


def test_ports_that_refuse_say_why_and_what_to_do(tmp_path: Path) -> None:
    open_to_group = tmp_path / "ttyUSB0"
    open_to_group.touch()
    open_to_group.chmod(0o660)
    closed = tmp_path / "ttyUSB1"
    closed.touch()
    closed.chmod(0o600)
    lost, busy = "/dev/ttyUSB7", "/dev/ttyUSB8"

    def open_line(name: str, baud: int) -> Transport:
        match name:
            case "/dev/ttyUSB7":
                raise PortLost(name, "hung up")
            case "/dev/ttyUSB8":
                raise PortBusy(name)
            case _:
                raise PortDenied(name)

    wanted = [Wanted(port, "idcard", port) for port in (str(open_to_group), str(closed), lost, busy)]
    reports = examine(wanted, [], open_line=open_line)
    assert codes(reports) == [["port_denied"], ["port_denied_rule"], ["port_lost"], ["port_busy_unseen"]]
    assert "sudo usermod -aG" in said(reports[0])
    assert "udev" in said(reports[1])
    assert "sudo" in said(reports[3])


def test_settings_that_cannot_be_meant_are_told_and_cost_nothing_else(tmp_path: Path) -> None:
    wanted = [
        Wanted("a", "printer", NOBODY, profile="none"),
        Wanted("b", "pad", NOBODY + "1", protocol="none"),
        Wanted("c", "idcard", "http://x"),
        Wanted("d", "idcard", str(tmp_path / "line")),
        Wanted("e", "printer", str(tmp_path / "." / "line")),
    ]
    reports = examine(wanted, [])
    assert codes(reports) == [["settings"], ["settings"], ["port_name"], ["port_twice"], ["port_twice"]]
    assert "no protocol is called 'none'" in said(reports[1])


def test_names_that_mean_another_device_tomorrow_are_told(tmp_path: Path) -> None:
    for name in ("ttyUSB0", "ttyUSB1"):
        (tmp_path / name).touch()
    (tmp_path / "by-id").mkdir()
    shared = tmp_path / "by-id" / "usb-1a86_USB_Serial-if00-port0"
    shared.symlink_to(tmp_path / "ttyUSB1")
    ports = [
        PortInfo(str(tmp_path / name), f"/by-path/{name}", "1A86:7523", "", "CH340", f"/by-path/{name}", twins=True)
        for name in ("ttyUSB0", "ttyUSB1")
    ]
    wanted = [Wanted("a", "idcard", str(shared)), Wanted("b", "printer", str(tmp_path / "ttyUSB0"))]

    def open_line(name: str, baud: int) -> Transport:
        raise PortBusy(name)

    reports = examine(wanted, ports, open_line=open_line)
    assert codes(reports) == [["port_busy_unseen", "by_id_shared"], ["port_busy_unseen", "name_moves"]]
    assert "use /by-path/ttyUSB1" in said(reports[0])
    assert "请改用 /by-path/ttyUSB0" in said(reports[1])


def test_a_device_in_another_socket_is_found_there(tmp_path: Path, start: Start) -> None:
    """After cleaning the counter: everything is plugged in again, one plug further."""
    reader = start(IdCardSimulator(PtyListener()))
    info = PortInfo(reader, "/dev/serial/by-path/pci-2", "1A86:7523", "", "CH340", "/dev/serial/by-path/pci-2")
    missing = Wanted("card_reader", "idcard", str(tmp_path / "pci-1"))
    (report,) = examine([missing], [info])
    assert [finding.code for finding in report.findings] == ["port_missing", "found_elsewhere"]
    assert report.level == "fault"
    assert 'write port = "/dev/serial/by-path/pci-2" into the settings' in said(report)
    (other,) = examine([Wanted("printer", "printer", str(tmp_path / "pci-1"))], [info])
    assert [finding.code for finding in other.findings] == ["port_missing"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_code_is_without_a_sentence(language: str) -> None:
    words = DoctorWords.load(language)
    assert set(words.finding) == CODES
    assert set(words.kind) == {"idcard", "printer", "scanner", "pad", "strip"}
    assert (set(words.level), set(words.summary)) == ({"ok", "note", "fault"}, {"well", "notes", "faults"})


def test_a_port_of_any_kind_can_be_asked_what_it_is(tmp_path: Path, start: Start) -> None:
    printer = start(PrinterSimulator(PtyListener(tmp_path / "lp0")))
    found = find_out(printer)
    assert found is not None
    assert (found.kinds, found.baud) == (("printer",), 0)
    network = find_out(start(PrinterSimulator(TcpListener())) + "?share=yes")
    assert network is not None
    assert network.baud == 0
