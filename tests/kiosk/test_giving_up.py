"""A press whose resident went away while the server was silent becomes no number that anybody would call."""

from __future__ import annotations

import queue
import socket
import threading
import time
from pathlib import Path

import msgspec
import pytest
import requests

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from queue_server.wire import Forecast, TicketReply, TicketView, TrackReply
from tests.kiosk import servers
from tests.kiosk.hall import AT
from tests.kiosk.servers import LocalServer, Request, Talk, serving
from tests.kiosk.test_client import Harness, client_of, no_stream
from tests.support.server import HallServer, hall_server

GIVEN_UP = ev.GiveUpTicket(key="press-0001", kind="general", matters=("SB-001",), language="en", grant=None)


def answers(taken: queue.Queue[Request]) -> servers.Behaviour:
    def act(talk: Talk, request: Request) -> None:
        taken.put(request)
        talk.answer(200, servers.issue_reply())

    return act


def test_what_the_press_became_is_cancelled_by_the_same_key(tmp_path: Path) -> None:
    taken: queue.Queue[Request] = queue.Queue()
    with client_of(servers.in_turn(servers.silent, servers.busy, answers(taken)), tmp_path) as made:
        silent, _ = made.ask(person="person-1")
        assert isinstance(silent, ev.ServerSilent)
        made.client.give_up_ticket(GIVEN_UP)
        again, cancel = taken.get(timeout=10), taken.get(timeout=10)
        asked = made.asked[0].json
        assert again.json == asked | {"person": None}  # the card's person was let go
        assert cancel.path == "/api/v1/tickets/t-A044/cancel"
        assert cancel.json == {"key": "press-0001-gone", "track": "K7Q2"}


@pytest.mark.parametrize("reply", [servers.refusing, servers.nonsense])
def test_what_became_no_number_is_left_alone(reply: servers.Behaviour, tmp_path: Path) -> None:
    after: queue.Queue[Request] = queue.Queue()
    with client_of(servers.in_turn(servers.silent, reply, answers(after)), tmp_path) as made:
        made.ask()
        made.client.give_up_ticket(GIVEN_UP)
        made.client.end_help(ev.EndHelp(key="press-0002-end", help="h-1"))
        assert after.get(timeout=10).path == "/api/v1/help/h-1/done"


def test_a_press_that_never_reached_the_server_is_left_alone(tmp_path: Path) -> None:
    """A server that is switched off makes nothing of a press, so none is made only to be cancelled."""
    after: queue.Queue[Request] = queue.Queue()
    with serving(servers.silent) as another, socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        made = Harness(another, tmp_path, url=f"http://127.0.0.1:{port}")
        made.client.start()
        made.ask()
        made.client.give_up_ticket(GIVEN_UP)
    server = LocalServer(no_stream(answers(after)), _listening=socket.create_server(("127.0.0.1", port)))
    server.start()
    try:
        made.client.end_help(ev.EndHelp(key="press-0002-end", help="h-1"))
        assert after.get(timeout=10).path == "/api/v1/help/h-1/done"
    finally:
        made.client.stop()
        server.stop()


class Sleeping:
    """A hall's server behind a cable on which the first number is held until it wakes, long after the kiosk gave up."""

    def __init__(self, hall: HallServer, key: str) -> None:
        self.url, self._key = hall.url, key
        self.wake, self.done = threading.Event(), threading.Event()
        self._held = threading.Lock()

    def __call__(self, talk: Talk, request: Request) -> None:
        first = request.path == "/api/v1/tickets" and self._held.acquire(blocking=False)
        if first:
            self.wake.wait(20)
        answer = requests.request(
            request.method,
            self.url + request.path,
            data=request.body,
            headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
            timeout=10,
        )
        if request.path.endswith("/cancel"):
            self.done.set()
        talk.answer(answer.status_code, answer.content)


@pytest.mark.parametrize("order", ["wakes first", "asked again first"])
def test_a_server_that_wakes_late_calls_nobody_who_went_away(order: str, tmp_path: Path) -> None:
    with hall_server(tmp_path) as hall:
        sleeping = Sleeping(hall, hall.prepared.keys["kiosk:1"])
        with client_of(sleeping, tmp_path / "kiosk") as made:
            silent, _ = made.ask()
            assert isinstance(silent, ev.ServerSilent)
            if order == "wakes first":
                sleeping.wake.set()
            made.client.give_up_ticket(GIVEN_UP)
            assert sleeping.done.wait(10)
            sleeping.wake.set()
            made.client.ask_ticket(ev.AskTicket(key="press-0002"))
            given = made.next(ev.TicketGiven)
        chief = hall.person("chief")
        until_s = time.monotonic() + 10
        while (found := chief.get("/tickets").json()["tickets"]) and time.monotonic() < until_s:
            if {each["number"]: each["state"] for each in found} == {"A001": "cancelled", "A002": "waiting"}:
                break
        assert {each["number"]: each["state"] for each in found} == {"A001": "cancelled", "A002": "waiting"}
        assert isinstance(given, ev.TicketGiven)
        assert given.ticket.number == "A002"


def test_a_scanned_slip_is_looked_up_and_rejoined(tmp_path: Path) -> None:
    view = TicketView(id="t-1", number="A044", kind="general", state="waiting", track="K7Q2", issued_at=AT)
    left = Forecast(low_min=5, high_min=10)
    found = TrackReply(
        number="A044", state="missed", ahead=None, forecast=left, window=None, updated_at=AT, id="t-1",
        issued_at=AT, copies=1, rejoins_left=2, booking=servers.SLOT,
    )  # fmt: skip

    def act(talk: Talk, request: Request) -> None:
        if request.path == "/api/v1/track/K7Q2":
            talk.answer(200, msgspec.json.encode(found))
        elif request.path == "/api/v1/tickets/t-1/rejoin":
            talk.answer(200, msgspec.json.encode(TicketReply(ticket=view, seq=2, ahead=3, forecast=left)))
        else:
            problem = {"type": "x", "title": "x", "status": 404, "code": "not_found", "say": "没有找到"}
            talk.answer(404, msgspec.json.encode(problem))

    with client_of(act, tmp_path, asking_s=5) as made:
        made.client.ask_track(kept.AskTrack(key="scan-0001", code="K7Q2"))
        given = made.next(kept.TrackGiven)
        assert isinstance(given, kept.TrackGiven)
        assert given.ticket == ev.Ticket(id="t-1", number="A044", track="K7Q2", issued_at=AT, state="missed", copies=1)
        assert (given.ahead, given.window, given.rejoins_left) == (None, None, 2)
        assert (given.forecast, given.booking) == (left, servers.SLOT)
        made.client.ask_rejoin(kept.AskRejoin(key="press-0001", ticket="t-1", track="K7Q2"))
        again = made.next(kept.TicketActed)
        assert isinstance(again, kept.TicketActed)
        assert (again.ticket.state, again.ahead, again.forecast) == ("waiting", 3, left)
        made.client.ask_track(kept.AskTrack(key="scan-0002", code="ZZZZ"))
        refused = made.next(ev.TicketRefused)
        assert refused == ev.TicketRefused(key="scan-0002", code="not_found", say="没有找到")


def test_the_closing_slip_is_remembered_over_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with client_of(servers.honest, tmp_path) as made:
            told = made.next(ev.ClosingRemembered)
            made.client.remember_closing(ev.RememberClosing(anchor="ab" * 32))
    assert told == ev.ClosingRemembered(anchor="ab" * 32)


def test_the_technician_reads_which_module_it_is(tmp_path: Path) -> None:
    taken: queue.Queue[Request] = queue.Queue()
    with client_of(answers(taken), tmp_path) as made:
        made.details = {"reader": "SAM 05.03-20990101-0000012345-0000067890", "printer": "x" * 200}
        made.client.report_health(ev.ReportHealth(part="reader", state="ok"))
        made.client.report_health(ev.ReportHealth(part="printer", state="ok"))
        parts: dict[str, str] = {}
        while set(parts) != {"reader", "printer"}:
            parts = {each["part"]: each["detail"] for each in taken.get(timeout=10).json["parts"]}
        assert parts == {"reader": "SAM 05.03-20990101-0000012345-0000067890", "printer": "x" * 80}
