"""The talk with the module: one conversation over good and bad lines, every status code, every fault."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.errors import DeviceSilent, ProtocolError
from drivers.idcard import protocol
from drivers.idcard.conversation import POLL_S, RETRY_OUT_OF_ORDER_S, SHOW_S, SamCore, Stage
from drivers.idcard.events import CardEvent, CardLifted, CardPresented, CardTrouble, TroubleCode
from drivers.idcard.protocol import PREAMBLE, Answer, BaseRecord, Command, encode_answer, encode_base_record
from drivers.idcard.samples import SAMPLES
from drivers.idcard.simulator import PHOTO, SAM_NUMBER, Fault, SimulatedModule
from drivers.idcard.text import encode_block
from drivers.link import Condition
from tests.drivers.idcard.vectors import sessions, vectors
from tests.support.far_talk import FarTalk
from tests.support.wires import ByteByByte, Cut, Honest, Lossy, Noisy, Slow, Wire

WIRES: dict[str, Callable[[], Wire]] = {
    "honest": Honest,
    "byte by byte": ByteByByte,
    "lossy": Lossy,
    "very lossy": lambda: Lossy(0.001),
    "noisy": lambda: Noisy(PREAMBLE),
    "slow": Slow,
    "cut while proving": lambda: Cut(2),
    "cut while reading": lambda: Cut(least=1000),
}


class Talk(FarTalk[CardEvent]):
    """The core and a simulated module."""

    def __init__(self, wire: Wire, *, core: SamCore | None = None, module: SimulatedModule | None = None) -> None:
        self.module = module or SimulatedModule(read_s=0.5)
        self.sam = core or SamCore()
        super().__init__(wire, self.sam, self.module)

    @property
    def requests(self) -> list[bytes]:
        return [request for _, request in self.asked]


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES.keys())
@pytest.mark.parametrize("name", ["mainland", "hmt", "fpr_2017", "fpr_2023"])
def test_a_resident_who_tries_again_gets_the_card_read(wire: Callable[[], Wire], name: str) -> None:
    talk = Talk(wire())
    talk.run(2.0)
    for _ in range(12):
        talk.module.lay(name)
        told = talk.run(12.0)
        presented = [event for event in told if isinstance(event, CardPresented)]
        if presented:
            break
        talk.module.lift()
        talk.run(2.0)

    assert presented == [CardPresented(SAMPLES[name])]
    assert talk.sam.sam_number in {SAM_NUMBER, None}

    talk.module.lift()
    assert CardLifted() in [*told, *talk.run(4.0)]


def test_a_card_is_there_soon_after_wire_and_module_are_done() -> None:
    """DESIGN 10: at most 1.5 × (wire + the module's own time), from the find that met the card."""
    read_s = 0.5
    talk = Talk(ByteByByte(115200), module=SimulatedModule(read_s=read_s))
    talk.run(1.0)
    laid_at = talk.now
    talk.module.lay("mainland")
    (presented,) = talk.run(3.0)
    assert isinstance(presented, CardPresented)
    frames = (1295, 15, 19, 10, 10, 10)
    budget_s = 1.5 * (sum(frames) * 10 / 115200 + read_s)
    assert talk.events[-1][0] - laid_at <= POLL_S + budget_s


def test_a_cable_pulled_during_a_read_costs_one_more_placing() -> None:
    talk = Talk(Cut(least=1000))
    talk.run(1.0)
    talk.module.lay("mainland")
    assert talk.run(5.0) == []
    assert talk.core.condition == Condition("ok")
    talk.module.lay("mainland")
    assert talk.run(3.0) == [CardPresented(SAMPLES["mainland"])]


@pytest.mark.parametrize("name", ["mainland", "fpr_2023"])
def test_a_cable_pulled_at_any_byte_of_a_card_gives_no_half_card(name: str) -> None:
    """Every byte of the longest answer; the core itself, because a thousand conversations would take their time."""
    answers = {
        Command.STATUS: encode_answer(Answer(0, 0, 0x90)),
        Command.SAM_NUMBER: vectors()["rsp_sam_id"].data,
        Command.FIND: vectors()["rsp_find_ok"].data,
        Command.SELECT: vectors()["rsp_select_ok"].data,
    }
    card = encode_answer(Answer(0, 0, 0x90, encode_base_record(BaseRecord(encode_block(SAMPLES[name]), PHOTO))))
    core = SamCore()
    for cut in range(len(card) + 1):
        now = cut * 100.0
        core.connected(now)
        for command, answer in answers.items():
            core.wake(now)
            assert core.outgoing() == protocol.encode_command(command)
            assert core.receive(answer, now) == []
            now += POLL_S
        assert core.stage is Stage.READING
        events = core.receive(card[:cut], now)
        assert events == ([CardPresented(SAMPLES[name])] if cut == len(card) else [])
        assert core.disconnected(now) == [CardLifted()] * len(events)
        assert core.deadline() is None


def test_finds_keep_the_distance_that_modules_want() -> None:
    talk = Talk(Honest())
    talk.run(10.0)
    finds = sum(request == protocol.encode_command(Command.FIND) for request in talk.requests)
    assert finds <= 10.0 / POLL_S + 1
    assert finds >= 10.0 / (POLL_S + 0.1)


def test_a_card_that_stays_is_presented_once_and_its_lifting_told() -> None:
    talk = Talk(Honest())
    talk.run(1.0)
    talk.module.lay("mainland")
    assert talk.run(30.0) == [CardPresented(SAMPLES["mainland"])]
    talk.module.lift()
    assert talk.run(1.0) == [CardLifted()]
    talk.module.lay("hmt")
    assert talk.run(3.0) == [CardPresented(SAMPLES["hmt"])]


def test_a_card_changed_between_two_looks_is_two_cards() -> None:
    talk = Talk(Honest())
    talk.run(1.0)
    talk.module.lay("mainland")
    talk.run(3.0)
    talk.module.lay("hmt")
    assert talk.run(3.0) == [CardLifted(), CardPresented(SAMPLES["hmt"])]


def test_modules_that_cannot_tell_presence_lift_after_a_while() -> None:
    talk = Talk(Honest(), core=SamCore(presence_by_address=False))
    talk.run(1.0)
    talk.module.lay("mainland")
    talk.run(3.0)
    (shown_at,) = (at for at, event in talk.events if isinstance(event, CardPresented))
    talk.run(10.0)
    (lifted_at,) = (at for at, event in talk.events if isinstance(event, CardLifted))
    assert SHOW_S <= lifted_at - shown_at <= SHOW_S + 1
    assert protocol.encode_command(Command.NEWEST_ADDRESS) not in talk.requests


def test_newest_address_comes_with_the_card_when_asked_for() -> None:
    for name, address in (("mainland_long_term", "测试省虚构市样例区新址路100号"), ("mainland", "")):
        talk = Talk(Honest(), core=SamCore(newest_address=True))
        talk.run(1.0)
        talk.module.lay(name)
        (event,) = talk.run(3.0)
        assert isinstance(event, CardPresented)
        assert event.card.newest_address == address


CARD_FAULTS = {
    Fault.SELECT_FAILS: TroubleCode.SELECT_FAILED,
    Fault.READ_FAILS: TroubleCode.READ_FAILED,
    Fault.NOT_ID_CARD: TroubleCode.NOT_ID_CARD,
    Fault.TRUNCATED: TroubleCode.READ_BROKEN,
}


@pytest.mark.parametrize(("fault", "code"), CARD_FAULTS.items())
def test_card_trouble_is_told_once_and_the_next_placing_works(fault: Fault, code: TroubleCode) -> None:
    talk = Talk(Honest())
    talk.run(1.0)
    talk.module.fault = fault
    talk.module.lay("mainland")
    told = talk.run(10.0)
    assert [event.code for event in told if isinstance(event, CardTrouble)] == [code]
    talk.module.fault = None
    talk.module.lift()
    talk.run(1.0)
    talk.module.lay("mainland")
    assert talk.run(3.0) == [CardPresented(SAMPLES["mainland"])]


@pytest.mark.parametrize("fault", [Fault.NOISE, Fault.SLOW, Fault.HALF_FRAME])
def test_faults_that_only_disturb_do_not_stop_a_read(fault: Fault) -> None:
    talk = Talk(Honest())
    talk.module.fault = fault
    talk.run(3.0)
    talk.module.lay("fpr_2023")
    assert CardPresented(SAMPLES["fpr_2023"]) in talk.run(8.0)
    assert talk.errors == []


@pytest.mark.parametrize(
    ("fault", "code"), [(Fault.UNAUTHORISED, "sam_unauthorised"), (Fault.SELF_TEST, "sam_self_test")]
)
def test_out_of_order_modules_are_told_and_come_back(fault: Fault, code: str) -> None:
    talk = Talk(Honest())
    talk.run(1.0)
    talk.module.fault = fault
    talk.run(3.0)
    assert talk.core.condition == Condition("down", code)
    talk.module.fault = None
    talk.run(RETRY_OUT_OF_ORDER_S + 1)
    assert talk.core.condition == Condition("ok")


@pytest.mark.parametrize(("fault", "error"), [(Fault.SILENT, DeviceSilent), (Fault.CHECKSUM, ProtocolError)])
def test_a_module_that_makes_no_sense_costs_the_line(fault: Fault, error: type[Exception]) -> None:
    talk = Talk(Honest())
    talk.run(1.0)
    talk.module.fault = fault
    talk.run(6.0)
    assert {type(each) for each in talk.errors} == {error}
    talk.module.fault = None
    talk.run(6.0)
    assert talk.core.condition == Condition("ok")


def play(steps: list[tuple[str, str | None]]) -> tuple[SamCore, list[CardEvent], list[str]]:
    """The core against a script: each request must be the next one written there (setting-up and presence aside)."""
    core = SamCore()
    core.connected(0.0)
    now = 0.0
    events: list[CardEvent] = []
    met: list[str] = []
    names = {vector.data: name for name, vector in vectors().items() if name.startswith("req_")}
    left = list(steps)
    while left and now < 60:
        request = core.outgoing()
        if request:
            name = names[request]
            if name == left[0][0]:
                met.append(name)
                answer = left.pop(0)[1]
                data = vectors()[answer].data if answer else b""
            elif name == "req_sam_status":
                data = vectors()["rsp_ok_no_data"].data
            elif name == "req_sam_id":
                data = vectors()["rsp_sam_id"].data
            elif name == "req_read_newest_address":
                data = vectors()["rsp_newest_address_none"].data
            else:
                raise AssertionError(f"asked {name}, expected {left[0][0]}")
            now += 0.05
            events += core.receive(data, now)
        else:
            now = core.deadline() or now
            events += core.wake(now)
    return core, events, met


@pytest.mark.parametrize("name", [name for name in sessions() if name != "answer_lost"])
def test_reference_conversations_run_as_written(name: str) -> None:
    # One of them begins when a card has just been read.
    before = sessions()["normal_read"][:5] if name == "already_read_card_still_present" else []
    steps = [*before, *sessions()[name]]
    core, events, met = play(steps)

    assert met == [ask for ask, _ in steps]
    match name:
        case "normal_read" | "already_read_card_still_present":
            assert [type(event) for event in events] == [CardPresented]
        case "card_pulled_during_read":
            assert events == [CardTrouble(TroubleCode.READ_FAILED, 0x41)]
        case "select_fails_then_card_replaced":
            assert events[0] == CardTrouble(TroubleCode.SELECT_FAILED, 0x81)
            assert isinstance(events[1], CardPresented)
        case "sam_not_authorised":
            assert core.condition == Condition("down", "sam_unauthorised")
        case "not_an_id_card":
            assert events == [CardTrouble(TroubleCode.NOT_ID_CARD, 0x40)]
        case _:
            raise AssertionError(name)


def wake_when_due(core: SamCore) -> bytes:
    now = core.deadline()
    assert now is not None
    core.wake(now)
    return core.outgoing()


def test_a_lost_answer_leads_to_status_and_then_to_reopening() -> None:
    core = SamCore()
    core.connected(0.0)
    for answer in ("rsp_ok_no_data", "rsp_sam_id"):
        core.receive(vectors()[answer].data, 0.01)
    asked = [wake_when_due(core) for _ in range(4)]
    with pytest.raises(DeviceSilent):
        wake_when_due(core)
    status = protocol.encode_command(Command.STATUS)
    assert asked == [protocol.encode_command(Command.FIND), status, status, status]


STAGES = {"select": ["rsp_find_ok"], "read": ["rsp_find_ok", "rsp_select_ok"]}
STATUSES = [name for name in vectors() if name.startswith("rsp_err_")]


@pytest.mark.parametrize("before", STAGES.values(), ids=STAGES.keys())
@pytest.mark.parametrize("error", STATUSES)
def test_every_status_code_ends_in_a_search_a_repeat_or_out_of_order(error: str, before: list[str]) -> None:
    core = SamCore()
    core.connected(0.0)
    for name in ["rsp_ok_no_data", "rsp_sam_id"]:
        core.receive(vectors()[name].data, 0.1)
    core.wake(0.5)
    for name in before:
        core.receive(vectors()[name].data, 0.6)
    core.outgoing()
    events = core.receive(vectors()[error].data, 0.7)

    match vectors()[error].expected["sw3"]:
        case "10" | "11":
            assert core.outgoing() != b""
            with pytest.raises(ProtocolError):
                core.receive(vectors()[error].data, 0.8)
        case "60" | "66":
            assert core.condition.state == "down"
        case "21" | "23" | "24":
            assert events == []
            assert core.stage is Stage.SEARCHING
        case _:
            assert [type(event) for event in events] == [CardTrouble]
            assert core.stage is Stage.SEARCHING


def test_late_answers_are_told_apart_by_shape() -> None:
    module = SimulatedModule()
    module.lay("mainland")
    core = SamCore()
    core.connected(0.0)
    find = vectors()["rsp_find_ok"].data
    assert core.receive(find, 0.1) == []
    assert core.stage is Stage.PROVING
    assert not protocol.fits(Command.READ, Answer(0, 0, 0x90))
    assert not protocol.fits(Command.FIND, Answer(0, 0, 0x90, bytes(8)))


def drive(core: SamCore, pieces: list[bytes]) -> None:
    now = 0.0
    core.connected(now)
    for piece in pieces:
        core.outgoing()
        core.receive(piece, now)
        now += 0.05
        deadline = core.deadline()
        assert deadline is not None
        if deadline <= now:
            core.wake(now)


wire_bytes = st.one_of(
    st.binary(max_size=80),
    st.sampled_from([vector.data for vector in vectors().values()]),
    st.sampled_from([PREAMBLE[:n] for n in range(1, 6)]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(wire_bytes, max_size=25))
def test_any_bytes_give_events_or_protocol_error_and_end_in_time(pieces: list[bytes]) -> None:
    core = SamCore()
    try:
        drive(core, pieces)
        core.outgoing()
        deadline = core.deadline()
        assert deadline is not None
        assert deadline <= 0.05 * len(pieces) + max(core.longest_wait_s, RETRY_OUT_OF_ORDER_S)
    except (ProtocolError, DeviceSilent):
        pass
    core.disconnected(100.0)
    assert core.deadline() is None
    core.connected(100.0)
    core.receive(vectors()["rsp_ok_no_data"].data, 100.1)
    assert core.condition == Condition("ok")
