"""``queue-server open-day`` and ``close-day``, for when no manager's page is at hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from queue_server.api.letters import all_letters
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.domain.commands import CloseDay, OpenDay
from queue_server.store import queries


def today(hall: Hall) -> str:
    return dt.datetime.now(ZoneInfo(hall.settings.hall.time_zone)).date().isoformat()


def left_open(hall: Hall) -> str | None:
    """Return the business day that is over and was never closed; None when there is none or the clock is in doubt.

    Only a server that has run since then leaves one: a gate that starts closes it.
    """
    with hall.store.read() as connection:
        last = queries.last_day(connection, hall.settings.hall.id)
    if last is None or last["closed_seq"] is not None or last["business_day"] >= today(hall) or hall.clock_doubt():
        return None
    return str(last["business_day"])


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
    """Open the business day: from now on numbers are given. A day left open before today is closed first."""
    with open_hall(settings_path) as hall:
        day = date.date().isoformat() if date else today(hall)
        left = left_open(hall)
        if left is not None:
            hall.submit(CloseDay(force=True))
            click.echo(f"{left} was left open and is closed now")
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
