from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.commands.forecast import grade_forecasts
from queue_server.domain import commands as c
from tests.queue_server.service.a_gate import HALL, MONDAY, running


def test_grades_each_day_by_what_its_slips_said(tmp_path: Path) -> None:
    """Two numbers were promised 0 to 5 minutes: one is called after three, one after nine."""
    with running(f"sqlite:///{tmp_path / 'hall.db'}") as driver:
        driver.open_day()
        driver.desk(1)
        driver.desk(2, clerk=8)
        for ticket in ("one", "two"):
            driver.do(c.IssueTicket(ticket=ticket, track=f"T{ticket}", forecast_min=(0, 5)), actor="kiosk:2")
        driver.clock.wait(180)
        driver.call(1, "a1")
        driver.clock.wait(360)
        driver.call(2, "a2")
    settings = tmp_path / "server.toml"
    settings.write_text(f'database = "sqlite:///{tmp_path / "hall.db"}"\n[hall]\nid = "{HALL}"\n', encoding="utf-8")
    told = CliRunner().invoke(grade_forecasts, ["--settings", str(settings), "--json"])
    (line,) = told.stdout.splitlines()
    found = json.loads(line)
    assert (found["business_day"], found["count"], found["inside"], found["width_min"]) == (MONDAY, 2, 0.5, 5.0)
    assert found["score_min"] == pytest.approx((5 + 5 + 40) / 2)
    table = CliRunner().invoke(grade_forecasts, ["--settings", str(settings)])
    assert "50%" in table.output
