"""Numbers of the kiosk's own over real wires: on disk, told, handed in, listed; servers as they are."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kiosk.bootstrap import new_track
from kiosk.deadline import Line
from kiosk.flow import events as ev
from kiosk.flow import offline_events as own
from kiosk.hall_time import HallTime
from kiosk.outbox import Outbox, Wanted
from kiosk.own_numbers import FAULTS_MAX, OwnNumbers
from kiosk.reports import Report
from queue_server.wire import API_PREFIX, TRACK_SIGNS, TicketReply, TicketView
from tests.kiosk import servers
from tests.kiosk.hall import AT
from tests.kiosk.servers import Behaviour, Request, Talk, serving
from tests.kiosk.steps import SHANGHAI
from tests.support.hand_clock import HandClock
from tests.support.mailbox import Mailbox
from tests.support.server import HallServer, hall_server

YEAR_2000 = datetime(2000, 1, 1, 4, tzinfo=UTC)


class Desk:
    """The desk with its mailbox; ``hand`` moves the steady clock."""

    def __init__(self, url: str, folder: Path, *, key: str = "secret", heard: datetime | None = AT) -> None:
        self.hand = HandClock()
        self.told: Mailbox[ev.Event] = Mailbox()
        self.reports: Mailbox[Report] = Mailbox()
        self.hall_time = HallTime(self.hand.steady_s)
        if heard is not None:
            self.hall_time.heard(heard)
        self.outbox = Outbox(folder)
        self.desk = OwnNumbers(
            self.outbox,
            make_line=lambda: Line(url + API_PREFIX, key),
            post=self.told.put,
            report=self.reports.put,
            hall_time=self.hall_time,
            zone=SHANGHAI,
            wall_clock=lambda: YEAR_2000,
            steady_s=self.hand.steady_s,
            new_track=new_track,
            try_s=0.3,
        )

    def take(self, key: str, **wish: Any) -> own.OfflineGiven:
        usual: dict[str, Any] = {"kind": "general", "matters": (), "language": "zh", "grant": None}
        self.desk.take_offline(own.TakeOffline(key=key, letter="L", clock_doubt=False, **(usual | wish)))
        told = self.told.wait_for(lambda event: isinstance(event, own.OfflineGiven | own.OfflineFailed))
        assert isinstance(told, own.OfflineGiven)
        return told

    def outbox_is(self, code: str, count: int = 0) -> None:
        """Heartbeats come, and staff hear this in the end."""
        self.told.wait_for(
            lambda event: isinstance(event, own.OutboxChanged) and (event.code, event.count) == (code, count)
        )

    def empty(self) -> None:
        self.desk.heard()
        self.outbox_is("")


@contextmanager
def desk_at(url: str, folder: Path, **options: Any) -> Iterator[Desk]:
    made = Desk(url, folder, **options)
    made.desk.start()
    try:
        yield made
    finally:
        made.desk.stop()


@contextmanager
def desk_of(behaviour: Behaviour, folder: Path, **options: Any) -> Iterator[tuple[Desk, list[Request]]]:
    with serving(behaviour) as server, desk_at(server.url, folder, **options) as made:
        yield made, server.requests


def joined(talk: Talk, request: Request, **changes: Any) -> None:
    """The hall takes the number in."""
    usual = {"id": f"t-{request.json['number']}", "number": request.json["number"], "kind": "general"}
    view = TicketView(**(usual | {"state": "waiting", "track": "K7Q2", "issued_at": AT} | changes))
    talk.answer(201, msgspec.json.encode(TicketReply(ticket=view, seq=9)))


def refusing(status: int, code: str) -> Behaviour:
    problem = {"type": "x", "title": "x", "status": status, "code": code, "say": "不行"}
    return lambda talk, _: talk.answer(status, msgspec.json.encode(problem))


def test_a_number_is_on_disk_when_it_is_told_and_handed_in_with_its_press(tmp_path: Path) -> None:
    with desk_of(joined, tmp_path) as (made, requests):
        wish: dict[str, Any] = {"kind": "collection", "matters": ("SB-001",), "language": "en", "grant": "claimed"}
        given = made.take("press-0001", **wish)
        assert given == own.OfflineGiven(key="press-0001", number="L001", issued_at=AT, track=given.track)
        assert len(given.track) == TRACK_SIGNS
        made.empty()
        assert made.outbox.waiting == ()
        assert [each.path for each in requests] == ["/api/v1/tickets/join"]
        assert requests[0].json == {
            "key": "press-0001",
            "number": "L001",
            "issued_at": "2026-01-14T02:36:00Z",
            "time_unsure": False,
            **wish,
            "matters": ["SB-001"],
            "track": given.track,
        }


@pytest.mark.parametrize(
    "behaviour",
    [servers.silent, servers.trickling, servers.trickling_body, servers.resetting, servers.busy, servers.nonsense],
    ids=lambda each: each.__name__,
)
def test_only_an_answer_counts_and_the_order_stays(behaviour: Behaviour, tmp_path: Path) -> None:
    with desk_of(servers.in_turn(behaviour, joined), tmp_path) as (made, requests):
        for n in (1, 2, 3):
            made.take(f"press-000{n}")
        made.empty()
        keys = [each.json["key"] for each in requests]
        assert keys == ["press-0001", "press-0001", "press-0002", "press-0003"]
        assert requests[0].json == requests[1].json


def test_what_was_not_handed_in_is_after_a_restart(tmp_path: Path) -> None:
    with desk_of(servers.busy, tmp_path) as (made, _):
        assert [made.take(f"press-000{n}").number for n in (1, 2)] == ["L001", "L002"]
        made.outbox_is("handing_in", 2)
        assert made.desk.detail == "2 waiting"
    with desk_of(joined, tmp_path) as (made, requests):
        made.empty()
        assert [each.json["number"] for each in requests] == ["L001", "L002"]
        assert made.take("press-0003").number == "L003"
        made.empty()


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"state": "expired"}, "expired"), ({"copy": 1}, "twice")],
    ids=["a day over", "one number twice"],
)
def test_what_staff_have_to_know_is_listed(changes: dict[str, Any], why: str, tmp_path: Path) -> None:
    with desk_of(lambda talk, request: joined(talk, request, **changes), tmp_path) as (made, _):
        made.take("press-0001")
        made.outbox_is("join_conflicts", 1)
        (listed,) = made.outbox.listed
        assert (listed.number, listed.why, listed.at) == ("L001", why, AT)
        assert made.desk.detail == f"L001 {why}"
        made.hall_time.heard(AT + timedelta(days=1))
        assert made.desk.detail == ""  # yesterday's stay in the file


def test_a_refused_number_is_listed_and_those_behind_it_go_on(tmp_path: Path) -> None:
    with desk_of(servers.in_turn(refusing(422, "key_reused"), joined), tmp_path) as (made, requests):
        made.take("press-0001")
        made.take("press-0002")
        made.outbox_is("join_refused", 1)
        assert [(each.number, each.why, each.code) for each in made.outbox.listed] == [
            ("L001", "refused", "key_reused")
        ]
        assert [each.json["number"] for each in requests] == ["L001", "L002"]


@pytest.mark.parametrize(("status", "code"), [(409, "no_day"), (401, "device_unknown"), (403, "forbidden")])
def test_a_hall_that_cannot_take_it_yet_is_no_reason_to_drop_it(status: int, code: str, tmp_path: Path) -> None:
    with desk_of(refusing(status, code), tmp_path) as (made, requests):
        made.take("press-0001")
        made.outbox_is("handing_in", 1)
        until_s = time.monotonic() + 5
        while not requests and time.monotonic() < until_s:
            made.desk.heard()
        assert [each.number for each in made.outbox.waiting] == ["L001"]
        assert made.outbox.listed == ()


def test_one_that_the_server_fails_over_does_not_hold_up_the_others(tmp_path: Path) -> None:
    def poisoned(talk: Talk, request: Request) -> None:
        if request.json["number"] == "L001":
            talk.answer(500, b"{}")
        else:
            joined(talk, request)

    with desk_of(poisoned, tmp_path) as (made, requests):
        made.take("press-0001")
        made.take("press-0002")
        for _ in range(FAULTS_MAX):
            made.desk.heard()
        made.told.wait_for(lambda _: [each.number for each in made.outbox.waiting] == ["L001"])
        assert made.outbox.listed == ()
        assert [each.json["number"] for each in requests][-1] == "L002"


def test_a_time_that_was_not_known_is_counted_back(tmp_path: Path) -> None:
    slow = servers.in_turn(servers.busy, joined)
    with desk_of(slow, tmp_path, heard=None) as (made, requests):
        given = made.take("press-0001")
        assert given.issued_at is None
        made.outbox_is("handing_in", 1)
        made.hand.forward(600)
        made.hall_time.heard(AT)
        made.empty()
        sent = requests[-1].json
        assert (sent["issued_at"], sent["time_unsure"]) == ("2026-01-14T02:26:00Z", False)


def test_without_any_clock_the_number_says_so(tmp_path: Path) -> None:
    with desk_of(joined, tmp_path, heard=None) as (made, requests):
        made.take("press-0001")
        made.empty()
        assert requests[0].json["time_unsure"] is True
        assert requests[0].json["issued_at"] == "2000-01-01T04:00:00Z"


def test_the_slips_fate_follows_its_number(tmp_path: Path) -> None:
    with desk_of(servers.in_turn(servers.busy, joined), tmp_path) as (made, _):
        made.take("press-0001")
        made.desk.note_paper(own.NotePaper(key="r-1", press="press-0001", result="not_printed", copy=0))
        made.empty()
        first = made.reports.wait_for(lambda report: b"not_printed" in report.body)
        assert first.path == "/tickets/t-L001/printed"
        made.desk.note_paper(own.NotePaper(key="r-2", press="press-0001", result="printed", copy=1))
        late = made.reports.wait_for(lambda report: b"r-2" in report.body)
        assert late.path == "/tickets/t-L001/printed"


def test_a_start_after_a_power_cut_between_disk_and_paper(tmp_path: Path) -> None:
    Outbox(tmp_path).take(Wanted(key="press-0001", matters=("SB-001",)), "L", AT, AT.date(), "PAPER234")
    with desk_of(servers.busy, tmp_path) as (made, _):
        missing = made.told.wait_for(lambda event: isinstance(event, own.PaperMissing))
        assert missing == own.PaperMissing(
            key="press-0001", number="L001", issued_at=AT, now_s=1000.0, matter="SB-001", track="PAPER234"
        )
        made.desk.note_paper(own.NotePaper(key="r-1", press="press-0001", result="printed", copy=1))
        assert made.take("press-0002").number == "L002"
        assert made.outbox.paper_of("press-0001") is not None


def test_a_disk_that_fails_gives_no_number_and_staff_hear_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.write_text("a file where the folder should be", encoding="utf-8")
    with desk_of(joined, folder) as (made, _):
        made.desk.take_offline(
            own.TakeOffline(
                key="press-0001", kind="general", matters=(), language="zh", grant=None, letter="L", clock_doubt=False
            )
        )
        assert made.told.wait_for(lambda event: isinstance(event, own.OfflineFailed)) == own.OfflineFailed(
            key="press-0001"
        )
        assert own.OutboxChanged(state="down", code="outbox_disk", count=0) in made.told.seen
        folder.unlink()
        assert made.take("press-0001").number == "L001"


# ---- a real hall -----------------------------------------------------------------------------------------------------


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def hall(tmp_path: Path, clock: HandClock) -> Iterator[HallServer]:
    with hall_server(tmp_path, clock=clock) as server:
        yield server


def at_hall(hall: HallServer, clock: HandClock, folder: Path) -> Any:
    now = datetime.fromtimestamp(clock.wall_us() / 1e6, UTC)
    return desk_at(hall.url, folder / "kiosk", key=hall.prepared.keys["kiosk:1"], heard=now)


def test_the_paper_wins_over_what_the_server_made_of_the_same_press(
    hall: HallServer, clock: HandClock, tmp_path: Path
) -> None:
    """The server had answered after the kiosk gave up: one ticket, under the number that is on paper."""
    late = hall.device("kiosk:1").issue(key="press-0001")
    clerk = hall.clerk_at(1)
    assert clerk.post("/windows/1/call-next").json()["ticket"]["number"] == "A001"
    clock.forward(5)
    with at_hall(hall, clock, tmp_path) as made:
        code = made.take("press-0001").track
        made.empty()
    (ticket,) = clerk.get("/tickets", params={"number": "L001"}).json()["tickets"]
    assert hall.nobody().get(f"/track/{code}").json()["number"] == "L001", "the code on the paper leads to it"
    assert (ticket["id"], ticket["state"]) == (late["id"], "waiting")
    assert clerk.get("/tickets", params={"number": "A001"}).json()["tickets"] == []
    assert clerk.post("/windows/1/call-next").json()["ticket"]["number"] == "L001"


def test_a_press_that_the_server_gets_after_it_was_handed_in_is_the_same_ticket(
    hall: HallServer, clock: HandClock, tmp_path: Path
) -> None:
    with at_hall(hall, clock, tmp_path) as made:
        made.take("press-0001")
        made.empty()
    again = hall.device("kiosk:1").post("/tickets", {"key": "press-0001"})
    assert (again.status_code, again.json()["ticket"]["number"]) == (200, "L001")


def test_a_day_that_was_closed_meanwhile_and_one_that_is_not_open_yet(
    hall: HallServer, clock: HandClock, tmp_path: Path
) -> None:
    chief = hall.person("chief")
    with at_hall(hall, clock, tmp_path) as made:
        chief.post("/day/close")
        assert made.take("press-0001").number == "L001"
        made.outbox_is("join_conflicts", 1)
        assert [(each.number, each.why) for each in made.outbox.listed] == [("L001", "expired")]
        clock.forward(22 * 3600)
        made.hall_time.heard(datetime.fromtimestamp(clock.wall_us() / 1e6, UTC))
        assert made.take("press-0002").number == "L001"  # a new day: numbers begin anew
        made.outbox_is("handing_in", 1)
        made.desk.stop()
        assert [each.key for each in made.outbox.waiting] == ["press-0002"]
    chief = hall.person("chief")
    opened = chief.post("/day/open", {"business_day": "2026-01-15"})
    assert opened.status_code == 200, opened.text
    with at_hall(hall, clock, tmp_path) as made:
        made.empty()
    (ticket,) = chief.get("/tickets", params={"number": "L001"}).json()["tickets"]
    assert ticket["state"] == "waiting"


def test_the_kiosk_is_told_its_letter(hall: HallServer) -> None:
    assert hall.device("kiosk:1").get("/session").json()["letter"] == "L"
    assert hall.person("clerk1").get("/session").json()["letter"] is None
