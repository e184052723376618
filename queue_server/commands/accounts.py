"""``queue-server add-user``: accounts are made here, never with a default password."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import IO

import click
import msgspec
from argon2 import PasswordHasher

from queue_server.api.passwords import strong_enough
from queue_server.api.sessions import ended
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.service.records import change_record
from queue_server.store.rows import Value

ROLES = ("clerk", "department", "manager", "technician", "auditor")
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without signs that look alike on paper: 0 O 1 l I o."""
LENGTH = 14


def make_password() -> str:
    """A random password that passes our own rule: 14 signs, some 80 bits."""
    while True:
        made = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if strong_enough(made):
            return made


def write_account(hall: Hall, name: str, display_name: str, roles: tuple[str, ...], password: str) -> int:
    """Make the account or give an old one of this name a new password and roles; its id."""
    records = hall.records()
    old = records.account_by_name.get(name)
    number = old.id if old else max(records.accounts, default=0) + 1
    values: dict[str, Value] = {
        "id": number,
        "name": name,
        "display_name": display_name,
        "password_hash": PasswordHasher().hash(password),
        "roles": msgspec.json.encode(sorted(roles)).decode(),
        "active": True,
    }
    command, row = change_record("account", str(number), values, version=old.version + 1 if old else 1)
    signed_in = [ended(each.id_hash) for each in records.sessions.values() if each.account == number]
    hall.submit(command, rows=[row, *signed_in])
    return number


@click.command("add-user")
@click.argument("name")
@click.option("--display-name", default="", help="What colleagues see; the account's name without it.")
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True)
@click.option(
    "--password-file",
    type=click.File("r"),
    help="Take the password from this file (- for standard input) instead of asking for it.",
)
@click.option("--random", "is_random", is_flag=True, help="Make a random password and print it once.")
@settings_option
def add_user(
    name: str,
    display_name: str,
    roles: tuple[str, ...],
    password_file: IO[str] | None,
    is_random: bool,  # noqa: FBT001 - click passes options so
    settings_path: Path | None,
) -> None:
    """Make the account NAME, or give it a new password and roles."""
    if is_random:
        password = make_password()
    elif password_file is not None:
        password = password_file.read().strip()
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not strong_enough(password):
        raise click.ClickException("a password needs 8 signs or more of three kinds: small, capital, digit, other")
    with open_hall(settings_path) as hall:
        number = write_account(hall, name, display_name or name, roles, password)
    click.echo(f"account {name} (clerk:{number}), roles {', '.join(roles)}")
    if is_random:
        click.echo(f"password {password}")
