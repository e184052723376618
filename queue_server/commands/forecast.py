"""``queue-server grade-forecasts``: how the printed waits were kept, day by day. Reads only."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from queue_server.commands.hall_writer import open_store, settings_from, settings_option
from queue_server.forecast.messages import DayGrade
from queue_server.forecast.ranges import grade
from queue_server.forecast.reading import past_days, read_promises
from queue_server.store.engine import Store

EVERY_DAY = "9999-12-31"


@click.command("grade-forecasts")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="The last so many days.")
@click.option("--json", "as_json", is_flag=True, help="One JSON line a day.")
@settings_option
def grade_forecasts(days: int, as_json: bool, settings_path: Path | None) -> None:  # noqa: FBT001 - as click does
    """Say for each day how many waits were inside the range on the slip, and how wide the ranges were."""
    settings = settings_from(settings_path)
    with open_store(settings) as store:
        grades = read_grades(store, settings.hall.id, days)
    if not as_json:
        click.echo("day         numbers  inside  width  score")
    for each in grades:
        click.echo(msgspec.json.encode(each) if as_json else _row(each))


def read_grades(store: Store, hall: str, days: int) -> list[DayGrade]:
    """The newest day first; days without a printed range are left out."""
    found: list[DayGrade] = []
    with store.read() as connection:
        for day in past_days(connection, hall, before=EVERY_DAY, most=days):
            graded = grade(read_promises(connection, hall, day))
            if graded is not None:
                found.append(DayGrade.of(day, graded))
    return found


def _row(each: DayGrade) -> str:
    return f"{each.business_day}  {each.count:7d}  {each.inside:6.0%}  {each.width_min:5.1f}  {each.score_min:5.1f}"
