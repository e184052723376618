"""``queue-server open-day`` and ``close-day``, for when no manager's page is at hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from queue_server.api.letters import all_letters
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.domain.commands import CloseDay, OpenDay


def today(hall: Hall) -> str:
    return dt.datetime.now(ZoneInfo(hall.settings.hall.time_zone)).date().isoformat()


def kiosk_letters(hall: Hall) -> dict[str, str]:
    """Letter of each kind, and of each kiosk for numbers given out without the server."""
    return all_letters(hall.records(), hall.settings)


@click.command("open-day")
@click.option(
    "--date", "date", type=click.DateTime(["%Y-%m-%d"]), help="Business day; today in the hall's zone without it."
)
@click.option("--confirmed", is_flag=True, help="Yes, although the date is unusual.")
@settings_option
def open_day(date: dt.datetime | None, confirmed: bool, settings_path: Path | None) -> None:  # noqa: FBT001
    """Open the business day: from now on numbers are given."""
    with open_hall(settings_path) as hall:
        day = date.date().isoformat() if date else today(hall)
        hall.submit(OpenDay(business_day=day, letters=kiosk_letters(hall), confirmed=confirmed))
    click.echo(f"{day} is open")


@click.command("close-day")
@click.option("--force", is_flag=True, help="Also end tickets that are called, serving or held (closed_open).")
@settings_option
def close_day(force: bool, settings_path: Path | None) -> None:  # noqa: FBT001 - click passes options so
    """Close the business day; who still waits or was missed expires."""
    with open_hall(settings_path) as hall:
        seq = hall.submit(CloseDay(force=force))
    click.echo(f"the day is closed (journal row {seq})")
