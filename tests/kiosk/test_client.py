"""The client against servers as they are: answers, deadlines, keys, reports, catalogue."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from kiosk.cache import Cache
from kiosk.client import HEALTH_EVERY_S, Client, ClientRules, read_key
from kiosk.errors import KeyFileError
from kiosk.flow import events as ev
from kiosk.flow import offline_events as own
from kiosk.hall_time import HallTime
from queue_server.wire import CardPerson, Heartbeat, HelpReply, SessionReply, StreamSnapshot, TicketReply, TicketView
from tests.kiosk import servers
from tests.kiosk.hall import AT, catalogue, hall
from tests.kiosk.servers import Behaviour, LocalServer, Request, Talk, serving

ASKING_S = 0.4
SLACK_S = 0.6
"""Two cores are shared with others."""
PERSON = CardPerson(name="测试甲", id_number="700000199001010019")


class Harness:
    def __init__(
        self, server: LocalServer, folder: Path, *, asking_s: float = ASKING_S, url: str | None = None
    ) -> None:
        self.server = server
        self.events: queue.Queue[ev.Event] = queue.Queue()
        self.people = {"person-1": PERSON}
        self.details: dict[str, str] = {}
        self.ahead_s = 0.0
        """How far the kiosk's steady clock was moved by hand."""
        self.asking_s = asking_s
        rules = ClientRules(url=url or server.url, key="secret", asking_s=asking_s, heartbeat_s=30)
        self.client = Client(
            rules,
            post=self.events.put,
            person_of=self.people.get,
            cache=Cache(folder, time.monotonic),
            hall_time=HallTime(time.monotonic),
            steady_s=lambda: time.monotonic() + self.ahead_s,
            details=lambda: self.details,
        )

    def ask(self, key: str = "press-0001", person: str | None = None) -> tuple[ev.Event, float]:
        started_s = time.monotonic()
        self.client.ask_ticket(ev.AskTicket(key=key, matters=("SB-001",), language="en", person=person))
        # Whoever waited here for a silent server would come back after asking_s at the earliest.
        assert time.monotonic() - started_s < self.asking_s
        event = self.next(ev.TicketGiven, ev.TicketRefused, ev.ServerSilent)
        return event, time.monotonic() - started_s

    def next(self, *kinds: type[ev.Event]) -> ev.Event:
        """The next event of these kinds."""
        until_s = time.monotonic() + 10
        while True:
            event = self.events.get(timeout=until_s - time.monotonic())
            if isinstance(event, kinds):
                return event

    @property
    def asked(self) -> list[Request]:
        return [each for each in self.server.requests if each.path == "/api/v1/tickets"]


def no_stream(behaviour: Behaviour) -> Behaviour:
    """The stream stays silent; everything else by ``behaviour``."""

    def act(talk: Talk, request: Request) -> None:
        (servers.silent if "/stream" in request.path else behaviour)(talk, request)

    return act


@contextmanager
def client_of(behaviour: Behaviour, folder: Path, *, asking_s: float = ASKING_S) -> Iterator[Harness]:
    with serving(no_stream(behaviour)) as server:
        made = Harness(server, folder, asking_s=asking_s)
        made.client.start()
        try:
            yield made
        finally:
            made.client.stop()


def test_an_honest_server_gives_the_number(tmp_path: Path) -> None:
    with client_of(servers.honest, tmp_path) as made:
        event, _ = made.ask(person="person-1")
        expected = ev.Ticket(id="t-A044", number="A044", track="K7Q2", issued_at=AT)
        assert event == ev.TicketGiven(key="press-0001", ticket=expected, ahead=11, forecast=None)
        sent = made.asked[0]
        assert sent.headers["authorization"] == "Bearer secret"
        assert sent.headers["accept-language"] == "en"
        assert sent.json == {
            "key": "press-0001",
            "kind": "general",
            "matters": ["SB-001"],
            "language": "en",
            "grant": None,
            "person": {"name": "测试甲", "id_number": "700000199001010019", "card_type": "mainland"},
            "booking": None,
        }


def test_a_bookings_code_is_sent_and_its_slot_comes_back(tmp_path: Path) -> None:
    with client_of(servers.booked, tmp_path) as made:
        made.client.ask_ticket(ev.AskTicket(key="press-0001", kind="booked", booking="4815162342"))
        given = made.next(ev.TicketGiven)
        assert isinstance(given, ev.TicketGiven)
        assert given.booking == servers.SLOT
        assert (made.asked[0].json["kind"], made.asked[0].json["booking"]) == ("booked", "4815162342")


@pytest.mark.parametrize(
    "behaviour",
    [servers.silent, servers.trickling, servers.trickling_body, servers.endless],
    ids=lambda each: each.__name__,
)
def test_a_server_that_does_not_answer_is_given_up_in_time(behaviour: Behaviour, tmp_path: Path) -> None:
    with client_of(behaviour, tmp_path) as made:
        event, took_s = made.ask()
        assert event == ev.ServerSilent(key="press-0001", asked="ticket")
        assert took_s < ASKING_S + SLACK_S


@pytest.mark.parametrize(
    "behaviour", [servers.resetting, servers.busy, servers.nonsense], ids=lambda each: each.__name__
)
def test_a_server_that_fails_is_asked_again_with_the_same_key(behaviour: Behaviour, tmp_path: Path) -> None:
    with client_of(servers.in_turn(behaviour, behaviour, servers.honest), tmp_path, asking_s=5) as made:
        event, _ = made.ask()
        assert isinstance(event, ev.TicketGiven)
        assert len(made.asked) >= 3
        assert {each.json["key"] for each in made.asked} == {"press-0001"}
        assert len({each.body for each in made.asked}) == 1
    with client_of(behaviour, tmp_path) as made:
        event, took_s = made.ask()
        assert isinstance(event, ev.ServerSilent)
        assert took_s < ASKING_S + SLACK_S


def test_the_whole_second_and_a_half_holds_against_a_trickle(tmp_path: Path) -> None:
    with client_of(servers.trickling, tmp_path, asking_s=1.5) as made:
        event, took_s = made.ask()
        assert isinstance(event, ev.ServerSilent)
        assert 1.4 < took_s < 1.5 + SLACK_S


def test_the_same_press_again_sends_the_same_body(tmp_path: Path) -> None:
    with client_of(servers.in_turn(servers.silent, servers.honest), tmp_path) as made:
        assert isinstance(made.ask(person="person-1")[0], ev.ServerSilent)
        assert isinstance(made.ask(person="person-1")[0], ev.TicketGiven)
        assert len({each.body for each in made.asked}) == 1


def test_a_slow_server_is_waited_for(tmp_path: Path) -> None:
    with client_of(servers.slow, tmp_path, asking_s=3) as made:
        assert isinstance(made.ask()[0], ev.TicketGiven)


def test_a_dead_server_is_silence(tmp_path: Path) -> None:
    with serving(servers.honest) as server:
        url = server.url
    made = Harness(server, tmp_path, url=url)
    made.client.start()
    try:
        assert isinstance(made.ask()[0], ev.ServerSilent)
    finally:
        made.client.stop()


def test_connections_are_kept(tmp_path: Path) -> None:
    with client_of(servers.honest, tmp_path, asking_s=5) as made:
        for number in range(12):
            assert isinstance(made.ask(f"press-{number:04d}")[0], ev.TicketGiven)
        assert made.server.connections <= 1 + 3


def test_a_refusal_carries_its_sentence(tmp_path: Path) -> None:
    with client_of(servers.refusing, tmp_path) as made:
        event, _ = made.ask()
        assert event == ev.TicketRefused(key="press-0001", code="issuing_stopped", say="今天的号发完了")


def test_a_refusal_without_problem_json_is_one_too(tmp_path: Path) -> None:
    with client_of(lambda talk, _: talk.answer(401, b"no"), tmp_path) as made:
        assert made.ask()[0] == ev.TicketRefused(key="press-0001", code="unknown", say="")


def test_too_many_questions_at_once_are_all_answered_in_time(tmp_path: Path) -> None:
    with client_of(servers.silent, tmp_path) as made:
        for number in range(50):
            made.client.ask_ticket(ev.AskTicket(key=f"press-{number:04d}"))
        started_s = time.monotonic()
        silent = {getattr(made.next(ev.ServerSilent), "key", "") for _ in range(50)}
        assert len(silent) == 50
        assert time.monotonic() - started_s < ASKING_S + SLACK_S


def test_stopping_while_asked_ends_soon(tmp_path: Path) -> None:
    with client_of(servers.silent, tmp_path, asking_s=30) as made:
        made.client.ask_ticket(ev.AskTicket(key="press-0001"))
        started_s = time.monotonic()
        made.client.stop()
        assert time.monotonic() - started_s < 5
        assert isinstance(made.next(ev.ServerSilent), ev.ServerSilent)


def test_reprint_and_help(tmp_path: Path) -> None:
    view = TicketView(id="t-1", number="A044", kind="general", state="waiting", track="K7Q2", issued_at=AT, copies=1)

    def behaviour(talk: Talk, request: Request) -> None:
        if request.path.endswith("/reprint"):
            talk.answer(200, msgspec.json.encode(TicketReply(ticket=view, seq=1, ahead=4, copy=2)))
        else:
            talk.answer(201, msgspec.json.encode(HelpReply(id="h-1", state="taken", taken_by="小王", since=AT, seq=2)))

    with client_of(behaviour, tmp_path) as made:
        made.client.ask_reprint(ev.AskReprint(key="press-0001", ticket="t-1", track="K7Q2"))
        event = made.next(ev.ReprintGiven)
        assert isinstance(event, ev.ReprintGiven)
        assert (event.copy, event.ahead, event.ticket.copies) == (2, 4, 1)
        made.client.ask_help(ev.AskHelp(key="press-0002", urgent=True))
        assert made.next(ev.HelpChanged) == ev.HelpChanged(key="press-0002", help="h-1", state="taken", who="小王")
        sent = next(each for each in made.server.requests if each.path == "/api/v1/help")
        assert sent.json == {"key": "press-0002", "place": "kiosk:1", "urgent": True}


def test_reports_come_in_order_and_again_until_they_are_taken(tmp_path: Path) -> None:
    taken: queue.Queue[Request] = queue.Queue()

    def take(talk: Talk, request: Request) -> None:
        taken.put(request)
        talk.answer(200, b"{}")

    with client_of(servers.in_turn(servers.busy, servers.resetting, take), tmp_path) as made:
        made.client.report_printed(ev.ReportPrinted(key="press-0001-slip", ticket="t-1", result="printed", copy=0))
        made.client.end_help(ev.EndHelp(key="press-0002-end", help="h-1"))
        made.client.cancel_ticket(ev.CancelTicket(key="press-0003-gone", ticket="t-2", track="K7Q2"))
        got = [taken.get(timeout=10) for _ in range(3)]
        assert [each.path.removeprefix("/api/v1") for each in got] == [
            "/tickets/t-1/printed",
            "/help/h-1/done",
            "/tickets/t-2/cancel",
        ]
        assert got[0].json == {"key": "press-0001-slip", "result": "printed", "copy": 0}


def test_health_tells_all_parts(tmp_path: Path) -> None:
    taken: queue.Queue[Request] = queue.Queue()

    def take(talk: Talk, request: Request) -> None:
        taken.put(request)
        talk.answer(200, b"{}")

    with client_of(take, tmp_path) as made:
        made.client.report_health(ev.ReportHealth(part="printer", state="down", code="paper_end"))
        made.client.report_health(ev.ReportHealth(part="reader", state="ok"))
        seen: dict[str, str] = {}
        while set(seen) != {"printer", "reader"}:
            seen = {part["part"]: part["state"] for part in taken.get(timeout=10).json["parts"]}
        assert seen == {"printer": "down", "reader": "ok"}


def hall_that_knows(me: SessionReply) -> Behaviour:
    snapshot = StreamSnapshot(seq=1, at=AT, epoch="e", hall=hall())

    def behaviour(talk: Talk, request: Request) -> None:
        if "/stream" in request.path:
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            beat = msgspec.json.encode(Heartbeat(at=AT, seq=1))
            talk.send(b"event: snapshot\ndata: " + msgspec.json.encode(snapshot) + b"\n\n")
            talk.send(b"event: heartbeat\ndata: " + beat + b"\n\n")
            talk.over.wait(30)
        elif request.path.endswith("/session"):
            talk.answer(200, msgspec.json.encode(me))
        else:
            talk.answer(201, msgspec.json.encode(HelpReply(id="h-1", state="asked", taken_by=None, since=AT, seq=2)))

    return behaviour


def test_the_letter_of_own_numbers_is_heard_and_known_at_the_next_start(tmp_path: Path) -> None:
    me = SessionReply(account="kiosk:7", name="2号取号机", roles=("kiosk",), idle_lock_s=0, letter="N")
    with serving(hall_that_knows(me)) as server:
        made = Harness(server, tmp_path)
        made.client.start()
        try:
            assert made.next(own.LetterKnown) == own.LetterKnown(letter="N")
        finally:
            made.client.stop()
    with client_of(servers.silent, tmp_path) as alone:
        assert alone.next(own.LetterKnown) == own.LetterKnown(letter="N")


def test_help_is_asked_for_where_the_server_knows_this_kiosk(tmp_path: Path) -> None:
    me = SessionReply(account="kiosk:7", name="2号取号机", roles=("kiosk",), idle_lock_s=0)
    with serving(hall_that_knows(me)) as server:
        made = Harness(server, tmp_path)
        made.client.start()
        try:
            places: list[str] = []
            while places[-1:] != ["kiosk:7"] and len(places) < 500:
                made.client.ask_help(ev.AskHelp(key=f"press-{len(places):04d}", urgent=False))
                made.next(ev.HelpChanged)
                places = [each.json["place"] for each in server.requests if each.path == "/api/v1/help"]
            assert places[-1] == "kiosk:7"
            assert set(places) <= {"kiosk:1", "kiosk:7"}
        finally:
            made.client.stop()


def test_a_healthy_kiosk_says_so_again_while_the_stream_beats(tmp_path: Path) -> None:
    snapshot = StreamSnapshot(seq=1, at=AT, epoch="e", hall=hall())
    told: queue.Queue[Request] = queue.Queue()
    beat_now = threading.Event()

    def behaviour(talk: Talk, request: Request) -> None:
        if "/stream" in request.path:
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            talk.send(b"event: snapshot\ndata: " + msgspec.json.encode(snapshot) + b"\n\n")
            beat_now.wait(10)
            beat = msgspec.json.encode(Heartbeat(at=AT, seq=1))
            talk.send(b"event: heartbeat\ndata: " + beat + b"\n\n")
            talk.over.wait(30)
        elif request.path.endswith("/health"):
            told.put(request)
            talk.answer(200, b"{}")
        else:
            talk.answer(200, b"{}")

    with serving(behaviour) as server:
        made = Harness(server, tmp_path)
        made.client.start()
        try:
            made.client.report_health(ev.ReportHealth(part="printer", state="ok"))
            first = told.get(timeout=10).json["parts"]
            made.ahead_s += HEALTH_EVERY_S
            beat_now.set()
            assert told.get(timeout=10).json["parts"] == first
        finally:
            made.client.stop()


def test_the_catalogue_in_force_is_fetched_once_and_kept(tmp_path: Path) -> None:
    snapshot = StreamSnapshot(seq=1, at=AT, epoch="e", hall=hall(catalogue="c7"))

    def behaviour(talk: Talk, request: Request) -> None:
        if "/stream" in request.path:
            talk.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            talk.send(b"event: snapshot\ndata: " + msgspec.json.encode(snapshot) + b"\n\n")
            talk.over.wait(30)
        elif request.headers.get("if-none-match") == '"c7"':
            talk.answer(304, b"")
        else:
            talk.answer(200, msgspec.json.encode(catalogue()), 'ETag: "c7"')

    with serving(behaviour) as server:
        made = Harness(server, tmp_path)
        made.client.start()
        try:
            event = made.next(ev.CatalogueChanged)
            assert event == ev.CatalogueChanged(catalogue=catalogue())
        finally:
            made.client.stop()
        again = Harness(server, tmp_path)
        again.client.start()
        try:
            assert again.next(ev.CatalogueChanged) == ev.CatalogueChanged(catalogue=catalogue())
            assert again.next(ev.HallChanged) == ev.HallChanged(hall=hall(catalogue="c7"))
            assert again.next(ev.LinkChanged) == ev.LinkChanged(online=True)
        finally:
            again.client.stop()
        assert sum(each.path == "/api/v1/catalogue" for each in server.requests) == 1


def test_key_file(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text("abcDEF123\n", encoding="utf-8")
    assert read_key(path) == "abcDEF123"
    for bad in ("", "\n", "two words", "钥匙"):
        path.write_text(bad, encoding="utf-8")
        with pytest.raises(KeyFileError, match="holds no key"):
            read_key(path)
    with pytest.raises(KeyFileError, match="No such file"):
        read_key(tmp_path / "absent")
