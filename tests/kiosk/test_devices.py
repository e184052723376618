"""Reader and printer as the sitting knows them; nothing of a person is shown or kept."""

from __future__ import annotations

import itertools
import queue
from dataclasses import replace

import pytest

from drivers.idcard.events import CardLifted, CardPresented, CardTrouble, ReaderHealth, TroubleCode
from drivers.idcard.model import CardType, IdCard
from drivers.printer.profile import Profile
from kiosk.devices import PEOPLE_MAX, CardDesk, PaperDesk, People
from kiosk.flow import events as ev
from kiosk.flow.slips import slip_values
from queue_server.wire import CardPerson
from tests.kiosk.steps import given, kiosk, press, run
from tests.kiosk.steps import reprint_given as reprinted

CARD = IdCard(
    card_type=CardType.MAINLAND,
    name="测试甲",
    number="700000199001010019",
    sex_code="1",
    birth="19900101",
    valid_from="20200101",
    valid_to="长期",
    address="测试地址",
)


class Desk:
    def __init__(self) -> None:
        self.events: list[ev.Event] = []
        numbers = itertools.count(1)
        self.people = People(lambda: f"token-{next(numbers)}")
        self.desk = CardDesk(
            "socket://127.0.0.1:1",
            baud=None,
            people=self.people,
            new_key=lambda: "card-0001",
            post=self.events.append,
        )


def test_a_card_becomes_a_token() -> None:
    made = Desk()
    made.desk.take(CardPresented(CARD))
    assert made.events == [ev.CardRead(person="token-1", key="card-0001")]
    person = made.people.person_of("token-1")
    assert person == CardPerson(name="测试甲", id_number="700000199001010019", card_type="mainland")
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


def test_the_shipped_layouts_take_every_slip_of_the_flow() -> None:
    events: queue.Queue[ev.Event] = queue.Queue()
    paper = PaperDesk("socket://127.0.0.1:1", Profile.load("generic-80"), baud=None, deadline_s=1, post=events.put)
    made = run([press("take"), given()])
    for copy in (0, 1):
        slip = replace(made.last(ev.PrintSlip), key=f"press-{copy}")
        if copy:
            run([press("back"), press("again"), reprinted()], made)
            slip = replace(made.last(ev.PrintSlip), key=f"press-{copy}")
            assert slip.layout == "reprint"
        assert paper.fill(slip).blocks
    assert slip_values(kiosk().sitting, made.sitting.under_way[0][1], 1)
    paper.stop()


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
