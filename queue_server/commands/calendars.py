"""``queue-server import-calendar``: put a year's holidays and working days in force, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click

from drivers.errors import ConfigurationError
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.service.calendar_file import RECORD, CalendarFile, calendar_record, read_calendar
from queue_server.store import queries
from queue_server.store import tables as t


@click.command("import-calendar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", "only_check", is_flag=True, help="Only check the file, change nothing.")
@settings_option
def import_calendar(file: Path, only_check: bool, settings_path: Path | None) -> None:  # noqa: FBT001
    """Check a year's TOML file (as assets/calendar/2026.toml) and put it in force; all its faults are told at once."""
    try:
        calendar = read_calendar(file)
    except ConfigurationError as error:
        raise click.ClickException(f"{error}\nnothing was imported") from error
    days = sum(1 for each in calendar.holiday for _ in each.days())
    click.echo(f"{calendar.year}: {days} days off, {len(calendar.workdays)} make-up working days, no fault")
    if only_check:
        return
    with open_hall(settings_path) as hall:
        command, row = calendar_record(calendar, _next_version(hall, calendar))
        seq = hall.submit(command, rows=(row,))
    click.echo(f"the calendar of {calendar.year} is in force (journal row {seq})")


def _next_version(hall: Hall, calendar: CalendarFile) -> int:
    with hall.store.read() as connection:
        rows = queries.all_rows(connection, hall.settings.hall.id, t.setting)
    return max((row["version"] for row in rows if row["name"] == f"{RECORD}{calendar.year}"), default=0) + 1
