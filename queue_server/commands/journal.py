"""``queue-server verify-journal | rebuild-tables | redact | purge``: the journal provable, the tables right."""

from __future__ import annotations

import time
from pathlib import Path

import click
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from queue_server.commands.hall_writer import Hall, open_hall, open_store, settings_from, settings_option
from queue_server.service import upkeep
from queue_server.service.records import Account

DIGEST_SHOWN = 32


@click.command("verify-journal")
@click.option("--anchors", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="File kept elsewhere.")
@click.option("--write-anchors", type=click.Path(path_type=Path, dir_okay=False), help="Write the anchors file.")
@settings_option
def verify_journal(anchors: Path | None, write_anchors: Path | None, settings_path: Path | None) -> None:
    """Check that no row of the journal was altered, removed or added since it was written."""
    settings = settings_from(settings_path)
    try:
        wanted = upkeep.parse_anchors(anchors.read_text(encoding="utf-8")) if anchors else []
    except ValueError as error:
        raise click.ClickException(f"{anchors}: {error}") from error
    with open_store(settings) as store:
        verified = upkeep.verify_journal(store, settings.hall.id, wanted)
        if write_anchors:
            write_anchors.write_text(upkeep.anchors_text(store, settings.hall.id), encoding="utf-8")
    click.echo(
        f"{verified.rows} rows hold, {verified.blanked} of them redacted, {verified.anchors} anchors fit; "
        f"last digest {verified.last_digest.hex()[:DIGEST_SHOWN]}"
    )


@click.command("rebuild-tables")
@click.option("--check", "only_check", is_flag=True, help="Only say which tables differ from the journal.")
@settings_option
def rebuild_tables(only_check: bool, settings_path: Path | None) -> None:  # noqa: FBT001 - click passes options so
    """Make the projected tables anew from the journal. The server must be stopped."""
    settings = settings_from(settings_path)
    with open_store(settings) as store:
        wrong = upkeep.rebuild(store, settings.hall.id, check_only=only_check)
    if not wrong:
        click.echo("all tables equal the journal")
    elif only_check:
        raise click.ClickException(f"these tables differ from the journal: {', '.join(wrong)}")
    else:
        click.echo(f"made anew: {', '.join(wrong)}")


@click.command("purge")
@settings_option
def purge(settings_path: Path | None) -> None:
    """Erase personal data whose time is over; the server does so itself at each day's opening."""
    with open_hall(settings_path) as hall:
        gone = hall.purge(time.time_ns() // 1000)
    told = ", ".join(f"{count} of {table}" for table, count in gone.items())
    click.echo(f"erased {told}" if told else "nothing was due")


@click.command("redact")
@click.argument("seq", type=click.IntRange(min=1))
@click.option("--by", "first", required=True, help="Account of the one who asks.")
@click.option("--second", required=True, help="Account of the second person, who must agree.")
@settings_option
def redact(seq: int, first: str, second: str, settings_path: Path | None) -> None:
    """Blank the journal row SEQ. Two people of the hall enter their passwords; the chain still verifies."""
    with open_hall(settings_path) as hall:
        people = [_person(hall, name) for name in (first, second)]
        if people[0].id == people[1].id:
            raise click.UsageError("--by and --second must be two people")
        hall.redact(seq, actor=f"clerk:{people[0].id}", second=f"clerk:{people[1].id}")
    click.echo(f"row {seq} is blank; the journal says who did it")


def _person(hall: Hall, name: str) -> Account:
    account = hall.records().account_by_name.get(name)
    password = click.prompt(f"Password of {name}", hide_input=True)
    try:
        if account is None or not account.active or not PasswordHasher().verify(account.password_hash, password):
            raise click.ClickException(f"{name}: account or password is wrong")
    except (VerificationError, InvalidHashError) as error:
        raise click.ClickException(f"{name}: account or password is wrong") from error
    if not account.roles & {"manager", "auditor"}:
        raise click.ClickException(f"{name} is neither manager nor auditor")
    return account
