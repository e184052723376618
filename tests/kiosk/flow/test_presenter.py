"""The presenter: one mailbox, states out once per change, each effect to its port."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from kiosk.flow import offline_events as own
from kiosk.flow.presenter import MAILBOX_MAX, Moments, Ports, Presenter, Silence
from kiosk.flow.screens import Language, ScreenState
from kiosk.flow.sitting import first_sitting
from tests.kiosk.hall import AT, catalogue, hall
from tests.kiosk.steps import RULES, ticket


class World:
    """Every port at once; remembers what was asked. Scheduled calls wait until ``turn``."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.scheduled: list[Callable[[], None]] = []
        self.now_s = 1000.0
        self.keys = 0
        moments = Moments(steady_s=lambda: self.now_s, hall_time=self.hall_time, new_key=self.new_key)
        ports = Ports(server=self, paper=self, people=self, sounds=self, own_numbers=self)
        self.presenter = Presenter(first_sitting(RULES), ports, moments, schedule=self.scheduled.append)
        self.states: list[ScreenState] = []
        self.presenter.on_state(self.states.append)
        for event in (
            ev.CatalogueChanged(catalogue=catalogue()),
            ev.HallChanged(hall=hall()),
            ev.LinkChanged(online=True),
        ):
            self.presenter.post(event)
        self.turn()

    def hall_time(self) -> datetime | None:
        return AT

    def new_key(self) -> str:
        self.keys += 1
        return f"press-{self.keys:04d}"

    def turn(self) -> None:
        while self.scheduled:
            self.scheduled.pop(0)()

    def ask_ticket(self, ask: ev.AskTicket) -> None:
        self.asked.append(ask)

    def ask_reprint(self, ask: ev.AskReprint) -> None:
        self.asked.append(ask)

    def take_offline(self, take: own.TakeOffline) -> None:
        self.asked.append(take)

    def note_paper(self, note: own.NotePaper) -> None:
        self.asked.append(note)

    def cancel_ticket(self, cancel: ev.CancelTicket) -> None:
        self.asked.append(cancel)

    def report_printed(self, report: ev.ReportPrinted) -> None:
        self.asked.append(report)

    def ask_help(self, ask: ev.AskHelp) -> None:
        self.asked.append(ask)

    def end_help(self, end: ev.EndHelp) -> None:
        self.asked.append(end)

    def report_health(self, report: ev.ReportHealth) -> None:
        self.asked.append(report)

    def give_up_ticket(self, given_up: ev.GiveUpTicket) -> None:
        self.asked.append(given_up)

    def ask_track(self, ask: kept.AskTrack) -> None:
        self.asked.append(ask)

    def ask_rejoin(self, ask: kept.AskRejoin) -> None:
        self.asked.append(ask)

    def add_matter(self, add: kept.AddMatter) -> None:
        self.asked.append(add)

    def remember_closing(self, closing: ev.RememberClosing) -> None:
        self.asked.append(closing)

    def print(self, slip: ev.PrintSlip) -> None:
        self.asked.append(slip)

    def forget(self, person: str) -> None:
        self.asked.append(("forget", person))

    def play(self, sound: str) -> None:
        self.asked.append(sound)

    def read_aloud(self, screen: str, language: Language) -> None:
        self.asked.append((screen, language))

    def stop_reading(self) -> None:
        self.asked.append("stop reading")


def test_a_whole_sitting_through_the_ports() -> None:
    world = World()
    world.presenter.tick()
    world.presenter.post(ev.CardRead(person="person-1", key="card-0001"))
    world.turn()
    given = ev.TicketGiven(key="card-0001", ticket=ticket(), ahead=3, forecast=None)
    for event in (given, ev.SlipPrinted(key="card-0001"), ev.PrinterHealth(state="down", code="paper_end")):
        world.presenter.post(event)
    world.turn()
    world.now_s += 1
    world.presenter.press("again")
    world.presenter.press("help")
    kinds = [each if isinstance(each, str | tuple) else type(each) for each in world.asked]
    assert kinds == [
        "card",
        ev.AskTicket,
        ("forget", "person-1"),
        ev.PrintSlip,
        "number",
        ev.ReportPrinted,
        ev.ReportHealth,
        "press",
        ev.AskReprint,
    ]
    assert [state.name for state in world.states][-1] == "printing"


def test_each_picture_is_shown_once() -> None:
    world = World()
    shown = len(world.states)
    for _ in range(5):
        world.presenter.tick()
    assert len(world.states) <= shown + 1
    changes: list[int] = []
    world.presenter.watch(lambda: changes.append(1))
    world.presenter.press("matter")
    assert world.presenter.state.name == "choose"
    assert len(changes) == 1
    world.presenter.press("matter")
    assert len(changes) == 1


def test_events_from_many_threads_are_all_handled_in_order() -> None:
    world = World()

    def speak() -> None:
        for number in range(50):
            world.presenter.post(ev.PrinterHealth(state="ok", code=str(number)))

    threads = [threading.Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.asked == []
    world.turn()
    assert 50 <= len(world.asked) <= 200


def test_the_mailbox_has_a_ceiling() -> None:
    world = World()
    for number in range(MAILBOX_MAX + 100):
        world.presenter.post(ev.PrinterHealth(state="ok", code=str(number)))
    world.turn()
    assert len(world.asked) == MAILBOX_MAX


def test_a_kiosk_without_loudspeaker_is_silent() -> None:
    world = World()
    ports = Ports(server=world, paper=world, people=world, sounds=Silence(), own_numbers=world)
    ports.sounds.play("press")
    ports.sounds.read_aloud("home", "zh")
    assert world.asked == []
