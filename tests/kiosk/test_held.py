"""A number held already, with the real server: the matter goes onto it, and it keeps its place."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from kiosk.flow import events as ev
from kiosk.flow import kept_events as kept
from tests.kiosk.steps import card, happens, kiosk, press, run
from tests.kiosk.test_client import client_of
from tests.kiosk.test_giving_up import Sleeping
from tests.support.server import HallServer, hall_server


def numbers(hall: HallServer, until: dict[str, str]) -> dict[str, Any]:
    """The day's tickets by number, once their states are these."""
    until_s = time.monotonic() + 10
    while True:
        found = {each["number"]: each for each in hall.person("chief").get("/tickets").json()["tickets"]}
        if {number: each["state"] for number, each in found.items()} == until or time.monotonic() > until_s:
            return found


def test_a_matter_goes_onto_the_number_held_and_the_new_one_is_given_back(tmp_path: Path) -> None:
    with hall_server(tmp_path) as hall:
        cable = Sleeping(hall, hall.prepared.keys["kiosk:1"])
        cable.wake.set()
        with client_of(cable, tmp_path / "kiosk", asking_s=5) as made:
            first, _ = made.ask("press-first", person="person-1")
            assert isinstance(first, ev.TicketGiven)
            sitting = run([press("matter"), press("matter:SB-004"), card(), press("take")], kiosk())
            made.client.ask_ticket(sitting.last(ev.AskTicket))
            run([happens(made.next(ev.TicketGiven)).shows("already").with_(number="A001"), press("add")], sitting)
            asked = sitting.last(kept.AddMatter)
            made.client.add_matter(asked)
            run([happens(made.next(kept.TicketActed)).shows("done").does(ev.CancelTicket)], sitting)
            made.client.cancel_ticket(sitting.last(ev.CancelTicket))
            found = numbers(hall, {"A001": "waiting", "A002": "cancelled"})
            assert {number: each["state"] for number, each in found.items()} == {"A001": "waiting", "A002": "cancelled"}
            assert found["A001"]["matters"] == ["SB-001", "SB-004"]
            assert hall.person("chief").post(f"/tickets/{asked.ticket}/cancel").status_code == 200
            again = kept.AddMatter(key="press-again", ticket=asked.ticket, track=asked.track, matter="SB-002")
            made.client.add_matter(again)
            refused = made.next(ev.TicketRefused)
            assert isinstance(refused, ev.TicketRefused)
            assert refused.code == "wrong_state"
