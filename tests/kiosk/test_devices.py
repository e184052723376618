"""Reader and printer as the sitting knows them; nothing of a person is shown or kept."""

from __future__ import annotations

import itertools
import queue
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from drivers.idcard.events import CardLifted, CardPresented, CardTrouble, ReaderHealth, TroubleCode
from drivers.idcard.model import CardType, Doubt, IdCard
from drivers.printer.encode import encode
from drivers.printer.profile import Profile
from drivers.printer.slip import Item
from drivers.scanner.events import ScanCode, ScannerHealth, ScanTrouble
from kiosk.cards import look_at_card, same_person
from kiosk.devices import LAYOUTS, PEOPLE_MAX, CardDesk, PaperDesk, People, ScanDesk
from kiosk.flow import events as ev
from kiosk.flow.slips import slip_values
from queue_server.wire import CardPerson
from tests.kiosk.flow.test_paper import closed
from tests.kiosk.hall import hall
from tests.kiosk.steps import RULES, given, happens, kiosk, press, run
from tests.kiosk.steps import reprint_given as reprinted

CARD = IdCard(
    card_type=CardType.MAINLAND,
    name="测试甲",
    number="700000199001010013",
    sex_code="1",
    birth="19900101",
    valid_from="20200101",
    valid_to="长期",
    address="测试地址",
)


class Desk:
    def __init__(self, **settings: Any) -> None:
        self.events: list[ev.Event] = []
        numbers = itertools.count(1)
        self.people = People(lambda: f"token-{next(numbers)}")
        self.desk = CardDesk(
            "socket://127.0.0.1:1",
            baud=None,
            people=self.people,
            new_key=lambda: "card-0001",
            post=self.events.append,
            today=lambda: TODAY,
            **settings,
        )


def test_a_card_becomes_a_token() -> None:
    made = Desk()
    made.desk.take(CardPresented(CARD))
    assert made.events == [ev.CardRead(person="token-1", key="card-0001")]
    person = made.people.person_of("token-1")
    assert person == CardPerson(name="测试甲", id_number="700000199001010013", card_type="mainland")
    made.people.forget("token-1")
    assert made.people.person_of("token-1") is None


def test_nothing_of_a_person_is_shown() -> None:
    made = Desk()
    made.desk.take(CardPresented(CARD))
    shown = f"{made.people!r} {made.events!r} {made.people.person_of('token-1')!r}"
    assert "测试甲" not in shown
    assert "700000" not in shown


def test_people_have_a_ceiling() -> None:
    made = Desk()
    for _ in range(PEOPLE_MAX + 2):
        made.desk.take(CardPresented(CARD))
    assert [bool(made.people.person_of(f"token-{n}")) for n in range(1, PEOPLE_MAX + 3)] == [False] * 2 + [True] * 4


def test_a_misread_number_is_trouble() -> None:
    made = Desk()
    made.desk.take(CardPresented(replace(CARD, number="7000")))
    assert made.events == [ev.CardTrouble(code="misread")]


def test_the_readers_other_words() -> None:
    made = Desk()
    made.desk.take(CardLifted())
    made.desk.take(CardTrouble(TroubleCode.READ_FAILED))
    made.desk.take(ReaderHealth("down", "port_absent"))
    assert made.events == [
        ev.CardLifted(),
        ev.CardTrouble(code="read_failed"),
        ev.ReaderHealth(state="down", code="port_absent"),
    ]


TODAY = date(2026, 1, 14)


@pytest.mark.parametrize(
    ("changes", "expired", "warnings"),
    [
        ({}, False, ()),
        ({"valid_to": "20260114"}, False, ()),
        ({"valid_to": "20260113"}, True, ()),
        ({"valid_to": "????????"}, False, ()),
        ({"sex_code": "2"}, False, (Doubt.SEX_DIGIT,)),
        ({"sex_code": "9"}, False, ()),
        ({"number": "700000199001010012"}, False, (Doubt.NUMBER_CHECK,)),
        ({"damaged_text": True}, False, (Doubt.DAMAGED_TEXT,)),
    ],
)
def test_no_finding_keeps_anybody_from_a_number(
    changes: dict[str, Any], expired: bool, warnings: tuple[Doubt, ...]
) -> None:
    card = replace(CARD, **changes)
    found = look_at_card(card, TODAY, "go_on")
    assert found is not None
    assert (found.expired, found.warnings, found.person is not None) == (expired, warnings, True)
    strict = look_at_card(card, TODAY, "without_card")
    assert strict is not None
    assert (strict.person is None) == bool(warnings)


def test_nobody_is_expired_while_the_date_is_not_known() -> None:
    found = look_at_card(replace(CARD, valid_to="20200101"), None, "go_on")
    assert found is not None
    assert not found.expired


def test_a_person_is_the_same_however_name_and_number_are_written() -> None:
    person = CardPerson(name="阿\ue863·测 试", id_number="70000019851231003X")
    assert same_person(person, "阿䶮•测试", "７0000019851231003 x")
    assert not same_person(person, "阿䶮测试", "70000019851231003X")


def test_what_the_resident_and_the_technician_are_told_of_a_card() -> None:
    made = Desk()
    made.desk.take(CardPresented(replace(CARD, valid_to="20260113", sex_code="2")))
    assert made.events == [ev.CardRead(person="token-1", key="card-0001", note="expired")]
    assert made.desk.detail == "soft warnings 1"
    strict = Desk(policy="without_card")
    strict.desk.take(CardPresented(replace(CARD, sex_code="2")))
    assert strict.events == [ev.CardRead(person=None, key="card-0001")]


def flow_slips() -> Iterator[ev.PrintSlip]:
    """Every slip that the flow asks for."""
    made = run([press("take"), given()])
    yield made.last(ev.PrintSlip)
    run([press("back"), press("again"), reprinted()], made)
    yield made.last(ev.PrintSlip)
    for code in ("SB-001", "SF-001", "MZ-002"):
        guide = run([press("matter"), press(f"department:{code[:2]}"), press(f"matter:{code}"), press("print")])
        yield guide.last(ev.PrintSlip)
    closing = kiosk(rules=replace(RULES, closing_slip=True))
    run([happens(ev.HallChanged(hall=closed()))], closing)
    yield closing.last(ev.PrintSlip)


def test_the_shipped_layouts_take_every_slip_of_the_flow() -> None:
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=print)
    slips = list(flow_slips())
    assert [slip.layout for slip in slips] == ["ticket", "reprint", "notice", "notice", "notice", "closing"]
    for slip in slips:
        assert paper.fill(slip).blocks
    assert slip_values(kiosk().sitting, run([press("take"), given()]).sitting.under_way[0][1], 1)
    paper.stop()


@pytest.mark.parametrize("steps", [["take"], ["matter", "department:SB", "number:SB-002"]])
def test_an_ordinary_slip_of_the_flow_stays_within_its_bytes(steps: list[str]) -> None:
    profile = Profile.load("generic-80")
    paper = PaperDesk("socket://127.0.0.1:1", profile, baud=None, deadline_s=1, post=print)
    made = run([*(press(each) for each in steps), given()], kiosk(state=hall(public_url="https://hall.example")))
    assert len(encode(paper.fill(made.last(ev.PrintSlip)), profile).data) <= 700
    paper.stop()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_there_for_whoever_names_it(layout: str) -> None:
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=print)
    by_layout: dict[str, dict[str, object]] = {
        "booking": {"slot": "9:30–10:00", "track": "K7F3QD22"},
        "offline": {"taken": "2026-01-14 10:36", "track": None},
    }
    if (values := by_layout.get(layout)) is not None:
        base: dict[str, object] = {"hall": "测试大厅", "number": "Y012", "missed_after": 3, "missed_times": 2}
        slip = ev.PrintSlip(key="press-0001", layout=layout, values=tuple({**base, **values}.items()))
        assert any("Y012" in getattr(block, "text", "") for block in paper.fill(slip).blocks)
    assert layout in LAYOUTS
    paper.stop()


def test_a_notice_lists_its_materials() -> None:
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=print)
    slip = next(each for each in flow_slips() if each.layout == "notice")
    items = [(block.name, block.note) for block in paper.fill(slip).blocks if isinstance(block, Item)]
    assert items == [("户口簿", "原件1份"), ("居民身份证", "原件1份")]
    paper.stop()


# ---- scanner ---------------------------------------------------------------------------------------------------------


class Scans:
    def __init__(self, **settings: Any) -> None:
        self.events: list[ev.Event] = []
        usual: dict[str, Any] = {"baud": 9600, "prefix": "", "suffix": ""} | settings
        self.desk = ScanDesk("", new_key=lambda: "scan-0001", post=self.events.append, **usual)

    def type(self, text: str, *, every_s: float = 0.004, at_s: float = 10.0) -> float:
        for character in text:
            at_s += every_s
            self.desk.typed(character, at_s)
        return at_s


def test_a_scanner_that_types_is_told_from_a_person() -> None:
    made = Scans()
    made.type("K7F3QD22\n")
    assert made.events == [ev.CodeScanned(text="K7F3QD22", key="scan-0001")]
    made.events.clear()
    ended_s = made.type("K7F3QD22\n", every_s=0.2, at_s=20.0)
    assert made.desk.rest(ended_s + 1) is None
    assert made.events == []


def test_a_prefix_tells_the_scanner_from_a_fast_typist() -> None:
    made = Scans(prefix="~")
    made.type("K7F3QD22\n")
    made.type("~K7F3QD22\n", at_s=20.0)
    assert made.events == [ev.CodeScanned(text="K7F3QD22", key="scan-0001")]


def test_keys_that_wait_for_more_ask_for_a_look() -> None:
    made = Scans()
    due_s = made.desk.typed("K", 10.0)
    assert due_s == pytest.approx(10.05)
    assert made.desk.rest(10.06) is None


def test_the_scanners_other_words() -> None:
    made = Scans()
    made.desk.take(ScanTrouble(ScanCode.TOO_LONG))
    made.desk.take(ScannerHealth("down", "port_missing"))
    assert made.events == [ev.ScanFailed(code="too_long"), ev.ScannerHealth(state="down", code="port_missing")]


def test_a_slip_that_cannot_be_made_is_not_printed() -> None:
    events: queue.Queue[ev.Event] = queue.Queue()
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=events.put)
    paper.print(ev.PrintSlip(key="press-0001", layout="ticket", values=(("hall", ""),)))
    assert events.get(timeout=5) == ev.SlipNotPrinted(key="press-0001", code="slip")
    paper.stop()


@pytest.mark.parametrize("started", [False, True])
def test_a_printer_that_is_not_there_says_so_in_time(started: bool) -> None:
    events: queue.Queue[ev.Event] = queue.Queue()
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=events.put)
    if started:
        paper.start()
    made = run([press("take"), given()])
    paper.print(made.last(ev.PrintSlip))
    if not started:
        paper.stop()
    told = [events.get(timeout=10)]
    while isinstance(told[-1], ev.PrinterHealth):
        told.append(events.get(timeout=10))
    assert isinstance(told[-1], ev.SlipNotPrinted | ev.SlipUnknown)
    paper.stop()
