"""A day found open at the start under an earlier date is closed first, under its own date (DESIGN 4.5)."""

from __future__ import annotations

from pathlib import Path

from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, hall_settings, prepare

DAY_S = 86_400


def restarted(folder: Path, clock: HandClock, after_s: float) -> dict[str, object]:
    """The hall's state after a restart so much later; one ticket was called and one waited when it went down."""
    settings = hall_settings(folder)
    prepared = prepare(settings, clock)
    with HallServer(settings, prepared, clock=clock) as before:
        kiosk = before.device("kiosk:1")
        for _ in range(2):
            assert kiosk.post("/tickets").status_code == 201
        assert before.clerk_at(3).post("/windows/3/call-next").status_code == 200
    clock.forward(after_s)
    with HallServer(settings, prepared, clock=clock) as after:
        hall: dict[str, object] = after.device("kiosk:1").get("/hall").json()
        chief = after.person("chief")
        for number in ("A001", "A002"):
            found = chief.get(f"/tickets?day=2026-01-14&number={number}").json()["tickets"]
            hall[number] = [each["state"] for each in found]
        return hall


def test_yesterday_is_closed_under_its_own_date(tmp_path: Path) -> None:
    hall = restarted(tmp_path, HandClock(), DAY_S)
    assert hall["day_open"] is False
    assert (hall["A001"], hall["A002"]) == (["done"], ["expired"])


def test_today_goes_on_after_a_power_cut(tmp_path: Path) -> None:
    hall = restarted(tmp_path, HandClock(), 600)
    assert hall["day_open"] is True
    assert (hall["A001"], hall["A002"]) == (["called"], ["waiting"])


def test_a_clock_that_went_back_closes_nothing(tmp_path: Path) -> None:
    hall = restarted(tmp_path, HandClock(), -2 * DAY_S)
    assert hall["day_open"] is True
