"""``queue-server import-catalogue``: put a hall's own list of matters in force, whole or not at all."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

import click

import assets
from queue_server.commands.day import today
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.service.catalogue_import import CatalogueError, CatalogueFiles, read_catalogue
from queue_server.service.pinyin import initials
from queue_server.service.records import catalogue_rows
from queue_server.wire import Catalogue

FAULTS_SHOWN = 200
_FILE = click.Path(path_type=Path, dir_okay=False)


def sample_files() -> CatalogueFiles:
    """The shipped sample, for the demo and for trying things out."""
    folder = assets.path("catalogue")
    return CatalogueFiles(folder / "departments.csv", folder / "matters.csv", folder / "matters_evidence.csv")


def write_catalogue(hall: Hall, catalogue: Catalogue) -> int:
    """Put it in force; the journal row's number."""
    command, rows = catalogue_rows(catalogue, time.time_ns() // 1000)
    return hall.submit(command, rows=rows)


def next_version(hall: Hall) -> int:
    old = hall.records().catalogue
    return old.version + 1 if old else 1


@click.command("import-catalogue")
@click.option("--departments", type=_FILE, help="CSV of departments.")
@click.option("--matters", type=_FILE, help="CSV of matters.")
@click.option("--evidence", type=_FILE, help="CSV of seasons, sensitive matters and their public labels.")
@click.option("--sample", is_flag=True, help="Take the shipped sample instead; it is marked as such everywhere.")
@click.option("--source", default="", help="Where the list comes from: number of the document that publishes it.")
@click.option("--date", "date", type=click.DateTime(["%Y-%m-%d"]), help="Date of the list; today without it.")
@click.option("--check", "only_check", is_flag=True, help="Only check the files, change nothing.")
@settings_option
def import_catalogue(
    departments: Path | None,
    matters: Path | None,
    evidence: Path | None,
    sample: bool,  # noqa: FBT001 - click passes options so
    source: str,
    date: dt.datetime | None,
    only_check: bool,  # noqa: FBT001 - click passes options so
    settings_path: Path | None,
) -> None:
    """Check every row of the files and put the list in force as a new version."""
    files = _files(departments, matters, evidence, sample=sample)
    if only_check:
        _read(files, 1, "", source, sample=sample)
        return
    if not sample and not source:
        raise click.UsageError("--source says where the list comes from; residents may ask")
    with open_hall(settings_path) as hall:
        day = date.date().isoformat() if date else today(hall)
        catalogue = _read(files, next_version(hall), day, source or "sample", sample=sample)
        seq = write_catalogue(hall, catalogue)
    click.echo(f"version {catalogue.version} of {day} is in force (journal row {seq})")


def _files(departments: Path | None, matters: Path | None, evidence: Path | None, *, sample: bool) -> CatalogueFiles:
    if sample:
        if departments or matters or evidence:
            raise click.UsageError("--sample takes no files")
        return sample_files()
    if departments is None or matters is None:
        raise click.UsageError("give --departments and --matters, or --sample")
    return CatalogueFiles(departments, matters, evidence)


def _read(files: CatalogueFiles, version: int, day: str, source: str, *, sample: bool) -> Catalogue:
    try:
        catalogue, warnings = read_catalogue(
            files, version=version, date=day, source=source, sample=sample, initials=initials
        )
    except CatalogueError as error:
        for fault in error.faults[:FAULTS_SHOWN]:
            click.echo(str(fault), err=True)
        raise click.ClickException(f"{len(error.faults)} faults; nothing was imported") from error
    for warning in warnings:
        click.echo(f"note: {warning}", err=True)
    click.echo(f"{len(catalogue.matters)} matters of {len(catalogue.departments)} departments, no fault")
    return catalogue
