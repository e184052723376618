"""A store with past days, made by the simulation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain.rules import Rules, WindowConfig
from queue_server.forecast.messages import Begin
from tests.simulate.day import Day, date_of
from tests.simulate.hall import FIRST_DAY_US, HALL, SECOND_US, simulated_hall
from tests.simulate.mixes import Mix
from tests.simulate.people import HOUR_S, WINDOWS, plan_day

PAST_DAYS = 4
LIGHT = Mix(0.25, 0.1, 0.0)


@dataclass(frozen=True, slots=True)
class Past:
    """Four days are over; on the fifth, three windows are open at 9:30 and twelve wait."""

    url: str
    folder: Path
    begin: Begin
    at_us: int
    today: str


@pytest.fixture(scope="session")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    folder = tmp_path_factory.mktemp("past")
    with simulated_hall(Rules(), folder) as hall:
        for number in range(PAST_DAYS):
            Day(hall, plan_day(1, LIGHT, number), number, seed=1, forecasts=number == PAST_DAYS - 1).run()
        at_us = FIRST_DAY_US + (PAST_DAYS * 86_400 + 9 * HOUR_S + 1800) * SECOND_US
        hall.clock.at_us = at_us
        today = date_of(PAST_DAYS)
        hall.do(c.OpenDay(business_day=today, letters={"kiosk:1": "K"}), "clerk:1")
        for window in (1, 2, 3):
            hall.do(c.OpenShift(window=window, clerk=window, shift=f"today-{window}"), "clerk:1")
            hall.do(c.OpenWindow(window=window), "clerk:1")
        for n in range(12):
            hall.do(c.IssueTicket(ticket=f"today-{n}", track=f"TODAY{n}", forecast_min=(0, 5)), "kiosk:1")
        url = hall.store.url.render_as_string()
    begin = Begin(
        database=url,
        hall=HALL,
        rules=Rules(),
        windows=tuple(WindowConfig(number) for number in range(1, WINDOWS + 1)),
        days=20,
        after_days=3,
    )
    return Past(url, folder, begin, at_us, today)
