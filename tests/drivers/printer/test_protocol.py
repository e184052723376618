"""The talk with a printer on a hand-moved clock: every byte position, every silence."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DeviceSilent
from drivers.printer.decoder import decode
from drivers.printer.encode import encode
from drivers.printer.jobs import Job, JobDone, PrintOutcome
from drivers.printer.pace import JOBS_LIMIT
from drivers.printer.profile import Profile
from drivers.printer.protocol import PrinterCore
from tests.drivers.printer.desk import Desk
from tests.drivers.printer.slips import filled


def test_printed_is_confirmed_by_the_end_marker() -> None:
    desk = Desk()
    desk.connect()
    desk.add(1)
    desk.run(2.0)
    assert desk.outcomes == {1: PrintOutcome("printed", "paper_ok")}
    assert desk.whole_slips() == ["A001"]


@pytest.mark.parametrize("model", ["generic-80", "epson-80", "gbk-raster-qr"])
@pytest.mark.parametrize("clears", [True, False])
def test_a_cable_pulled_at_any_byte_never_lies(model: str, clears: bool) -> None:
    profile = Profile.load(model)
    size = len(encode(filled(matter="医保", number="A001"), profile).data) + 24
    for position in [*range(0, size, 41 if size < 1000 else 397), *range(470, 580, 3)]:
        desk = Desk(profile, clears, cut_after=position)
        desk.connect()
        desk.add(1)
        desk.run_until_done(1, 2.0)
        desk.connect() if not desk.open else None
        desk.add(2)
        desk.run_until_done(2, 9.0)
        desk.run(0.5)
        first, second = desk.outcomes[1], desk.outcomes[2]
        assert second == PrintOutcome("printed", "paper_ok"), position
        whole = desk.whole_slips()
        assert first.result != "not_printed" or "A001" not in whole
        assert first.result != "printed" or whole.count("A001") == 1
        assert whole.count("A001") <= 1
        assert whole[-1] == "A002", position
        assert whole.count("A002") == 1


def test_before_any_byte_of_the_slip_went_out_it_waits_for_the_line() -> None:
    desk = Desk(cut_after=5)  # inside the status questions
    desk.connect()
    desk.add(1)
    desk.run(1.0)
    assert desk.outcomes == {}
    desk.connect()
    desk.run(2.0)
    assert desk.outcomes[1].result == "printed"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("paper_end", "paper_end"),
        ("cover_open", "cover_open"),
        ("head_hot", "head_hot"),
        ("offline", "offline"),
        ("jam", "broken"),
        ("silent", "silent"),
    ],
)
def test_faults_before_the_slip(fault: str, code: str) -> None:
    desk = Desk()
    desk.connect()
    desk.run(1.0)
    desk.printer.set_fault(fault)
    desk.add(1)
    desk.run(4.0)
    assert desk.outcomes == {1: PrintOutcome("not_printed", code)}
    desk.printer.clear_faults()
    desk.run(10.0)
    assert desk.whole_slips() == []
    assert desk.core.condition.state == "ok"


@pytest.mark.parametrize("position", range(12, 640, 53))
@pytest.mark.parametrize("fault", ["paper_end", "jam", "cover_open"])
@pytest.mark.parametrize("clears", [True, False])
def test_faults_in_the_middle_are_unknown_and_leave_no_second_slip(fault: str, position: int, clears: bool) -> None:
    desk = Desk(clears=clears)
    desk.connect()
    desk.run(0.5)
    desk.printer.set_fault(f"{fault}_after_bytes:{position + 12}")  # twelve are the status questions
    desk.add(1)
    desk.run(3.0)
    assert desk.outcomes[1] == PrintOutcome("unknown", "broken" if fault == "jam" else fault)
    desk.printer.clear_faults()
    desk.run(6.0)
    desk.add(2)
    desk.run(8.0)
    assert desk.outcomes[2] == PrintOutcome("printed", "paper_ok")
    assert desk.whole_slips().count("A001") <= 1
    assert desk.whole_slips().count("A002") == 1


def test_paper_that_ends_between_knife_and_confirmation_is_unknown() -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.add(1)
    while not desk.whole_slips():
        desk._turn()
        desk.now += 0.001
    desk.printer.set_fault("paper_end")
    desk.run(2.0)
    assert desk.outcomes[1] == PrintOutcome("unknown", "paper_end")


def test_paper_that_ends_after_the_slip() -> None:
    desk = Desk()
    desk.connect()
    desk.add(1)
    desk.run_until_done(1, 3.0)
    assert desk.outcomes[1] == PrintOutcome("printed", "paper_ok")
    desk.printer.set_fault("paper_end")
    desk.add(2)
    desk.run(2.0)
    assert desk.outcomes[2] == PrintOutcome("not_printed", "paper_end")


def test_cutter_error_is_unknown_then_refused() -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.printer.set_fault("cutter_error")
    desk.add(1)
    desk.run(4.0)
    desk.add(2)
    desk.run(4.0)
    assert desk.outcomes == {1: PrintOutcome("unknown", "cutter_error"), 2: PrintOutcome("not_printed", "cutter_error")}


def test_a_hot_head_is_waited_for() -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.add(1)
    desk._turn()
    desk.printer.set_fault("head_hot")
    desk.run(3.0)
    assert desk.outcomes == {}
    desk.printer.clear_faults()
    desk.run(3.0)
    assert desk.outcomes[1].result == "printed"


def test_no_confirmation_is_unknown_at_the_deadline() -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.add(1)
    desk._turn()
    desk.deaf = True
    desk.run(9.0)
    assert desk.outcomes[1].result == "unknown"
    desk.deaf = False
    desk.run(3.0)
    desk.add(2)
    desk.run(5.0)
    assert desk.outcomes[2].result == "printed"
    assert desk.whole_slips() == ["A001", "A002"]


def test_a_late_marker_does_not_vouch_for_the_next_slip() -> None:
    desk = Desk(clears=False)
    desk.connect()
    desk.run(0.5)
    desk.add(1, deadline_s=1.0)
    desk._turn()
    desk.printer.set_fault("head_hot")
    desk.run(2.0)
    assert desk.outcomes[1].result == "unknown"
    desk.printer.clear_faults()  # the old slip comes out now, with its marker
    desk.add(2)
    desk.run(6.0)
    assert desk.outcomes[2].result == "printed"
    assert desk.whole_slips() == ["A001", "A002"]


def test_old_slips_are_never_printed() -> None:
    desk = Desk()
    desk.add(1, deadline_s=500.0)
    desk.add(2, deadline_s=3.0)
    desk.run(4.0)
    assert desk.outcomes == {2: PrintOutcome("not_printed", "unreachable")}
    desk.run(117.0)
    assert desk.outcomes[1] == PrintOutcome("not_printed", "expired")
    desk.connect()
    desk.run(5.0)
    assert desk.whole_slips() == []


def test_slips_wait_their_turn_and_the_queue_has_an_end() -> None:
    desk = Desk()
    for number in range(1, JOBS_LIMIT + 2):
        desk.add(number, deadline_s=100.0)
    assert desk.outcomes == {JOBS_LIMIT + 1: PrintOutcome("not_printed", "busy")}
    desk.connect()
    desk.run(40.0)
    assert desk.whole_slips() == [f"A{number:03d}" for number in range(1, JOBS_LIMIT + 1)]


def test_a_printer_that_cannot_be_asked_is_grey() -> None:
    desk = Desk(Profile.load("silent-80"), deaf=True)
    desk.connect()
    desk.add(1, deadline_s=30.0)
    desk.run(5.0)
    assert desk.outcomes == {1: PrintOutcome("unknown", "no_status")}
    assert (desk.core.condition.state, desk.core.condition.code) == ("unknown", "no_status")
    desk.add(2, deadline_s=30.0)
    desk.run(5.0)
    assert desk.whole_slips() == ["A001", "A002"]


def test_silence_is_down_and_not_fine() -> None:
    desk = Desk(deaf=True)
    desk.connect()
    assert desk.core.condition.state == "unknown"
    desk.run(2.0)
    assert (desk.core.condition.state, desk.core.condition.code) == ("down", "silent")


def test_a_line_that_takes_nothing_is_opened_again() -> None:
    core = PrinterCore(Profile.load("generic-80"), baud=115200)
    core.connected(0.0)

    def wait_long() -> None:
        for second in range(200):
            core.wake(float(second))

    with pytest.raises(DeviceSilent):
        wait_long()


@settings(deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=30))
def test_noise_never_makes_a_slip_printed(noise: list[bytes]) -> None:
    """Whatever comes before a slip was sent, and whatever is not an answer, confirms nothing."""
    core = PrinterCore(Profile.load("epson-80"), baud=115200)
    core.connected(0.0)
    events = list(core.add(Job(1, (b"slip",), 1, 50.0, 50.0), 0.0))
    for piece in noise:
        core.outgoing()
        events += core.receive(piece, 1.0)
    events += core.wake(60.0)
    done = [event.outcome.result for event in events if isinstance(event, JobDone)]
    assert "printed" not in done or b"7\x220001\x00" in b"".join(noise)


def test_a_line_without_answers_makes_any_printer_grey() -> None:
    desk = Desk(deaf=True)
    desk.core.one_way(yes=True)
    desk.connect()
    desk.add(1, deadline_s=30.0)
    desk.run(5.0)
    assert desk.outcomes == {1: PrintOutcome("unknown", "no_status")}
    assert (desk.core.condition.state, desk.core.condition.code) == ("unknown", "no_status")
    assert desk.whole_slips() == ["A001"]


@pytest.mark.parametrize("fault", ["cover_open", "paper_end", "jam"])
def test_after_hands_in_the_printer_a_test_line_goes_before_the_next_slip_and_only_then(fault: str) -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.printer.set_fault(fault)
    desk.run(6.0)
    desk.printer.clear_faults()
    desk.run(3.0)
    assert list(desk.printer.slips) == []  # not before somebody wants a slip
    for number in (1, 2):
        desk.add(number)
        desk.run(4.0)
    texts = [decode(slip.data).text.split("\n")[0] for slip in desk.printer.slips]
    assert texts == ["打印检查：上面若有半张票，作废", "安和镇政务服务大厅", "安和镇政务服务大厅"]
    assert [desk.outcomes[number].result for number in (1, 2)] == ["printed", "printed"]
    assert desk.whole_slips() == ["A001", "A002"]


def test_half_a_slip_is_marked_void_and_cut_off() -> None:
    desk = Desk()
    desk.connect()
    desk.run(0.5)
    desk.printer.set_fault("cover_open_after_bytes:200")
    desk.add(1)
    desk.run(3.0)
    desk.printer.clear_faults()
    desk.add(2)
    desk.run(8.0)
    texts = [decode(slip.data).text for slip in desk.printer.slips]
    assert "打印检查：上面若有半张票，作废" in texts[0]
    assert "A002" not in texts[0]
    assert desk.whole_slips() == ["A002"]
