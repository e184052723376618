"""The forecast in the served hall: on the home screen, the board, the slip, the track page and in the figures."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from queue_server.settings import ForecastSetting, HallInfo, WindowSetting
from tests.queue_server.forecast.conftest import Past
from tests.simulate.hall import HALL
from tests.simulate.people import WINDOWS
from tests.support.hand_clock import HandClock
from tests.support.server import HallServer, hall_server


@pytest.fixture
def hall(past: Past, tmp_path: Path) -> Iterator[HallServer]:
    for path in past.folder.glob("hall.db*"):
        shutil.copy(path, tmp_path)
    with hall_server(
        tmp_path,
        clock=HandClock(past.at_us),
        open_day=False,
        hall=HallInfo(id=HALL),
        windows=tuple(WindowSetting(number=number) for number in range(1, WINDOWS + 1)),
        forecast=ForecastSetting(every_s=1),
    ) as server:
        yield server


def has_forecast(state: Any) -> bool:
    return state["forecast"] is not None


def test_is_shown_everywhere_and_absent_while_the_worker_is_dead(hall: HallServer) -> None:
    kiosk, display = hall.device("kiosk:1"), hall.device("display:2")
    clerk = hall.person("clerk1")
    with kiosk.stream("hall") as home, display.stream("board") as board, clerk.stream("forecasts") as console:
        shown = home.wait("hall", has_forecast)["forecast"]
        assert shown["low_min"] < shown["high_min"]
        assert board.wait("board", has_forecast)["forecast"] == shown
        rows = console.wait("forecasts", lambda state: state["waiting"])["waiting"]
        assert all(0 <= low < high for low, high in rows.values())

        reply = kiosk.post("/tickets").json()
        assert reply["forecast"] == shown
        granted = kiosk.post("/tickets", {"grant": "elder"}).json()
        assert granted["forecast"]["high_min"] <= shown["high_min"]

        waiting = hall.nobody().get("/track/TODAY11").json()
        assert waiting["forecast"]["high_min"] >= 5
        figures = hall.nobody().http.get(hall.url + "/metrics").text
        assert 'hall_forecast_inside_ratio{business_day="2026-03-05"}' in figures

        keeper = hall.server.forecasting
        assert keeper is not None
        assert keeper.pid is not None
        os.kill(keeper.pid, signal.SIGKILL)
        assert home.wait("hall", lambda state: not has_forecast(state))["waiting"] == 14
        console.wait("forecasts", lambda state: state["waiting"] == {})
        assert kiosk.post("/tickets").json()["forecast"] is None
        assert home.wait("hall", has_forecast)["waiting"] == 15
