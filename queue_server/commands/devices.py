"""``queue-server pair-device``: a key for a kiosk or line device; ``approve-device``: yes to a browser's code."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Mapping
from pathlib import Path

import click
import requests

from queue_server.api.letters import free_letter
from queue_server.api.sessions import hash_secret
from queue_server.commands.hall_writer import Hall, open_hall, settings_option
from queue_server.service.records import change_record
from queue_server.store.rows import Value
from queue_server.wire import API_PREFIX

KINDS = ("kiosk", "display", "pad")
ZONE = re.compile(r"^[a-z0-9_-]{1,20}$")


def write_device(hall: Hall, kind: str, name: str, *, zone: str = "hall", window: int | None = None) -> tuple[int, str]:
    """Make a device with a bearer key: its id and the key, which is kept nowhere but where the caller puts it."""
    records = hall.records()
    number = max(records.devices, default=0) + 1
    key = secrets.token_urlsafe(32)
    letter = free_letter(records, hall.settings) if kind == "kiosk" else None
    values: dict[str, Value] = {
        "id": number,
        "kind": kind,
        "name": name,
        "zone": zone,
        "letter": letter,
        "window": window,
        "key_hash": hash_secret(key),
        "cookie_hash": None,
        "paired_at_us": time.time_ns() // 1000,
        "revoked_at_us": None,
    }
    command, row = change_record("device", str(number), values, version=1)
    hall.submit(command, rows=[row])
    return number, key


def write_secret(path: Path, secret: str) -> None:
    """Put a key into a new file that only its owner can read. Raises FileExistsError rather than overwrite one."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secret + "\n")


@click.command("pair-device")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--zone", default="hall", show_default=True, help="The place one loudspeaker covers.")
@click.option("--window", type=click.IntRange(1, 99), help="The pad's window.")
@click.option("--key-file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where the key goes.")
@settings_option
def pair_device(
    kind: str, name: str, zone: str, window: int | None, key_file: Path, settings_path: Path | None
) -> None:
    """Give the device NAME a bearer key of its own; browsers show a code that a manager approves instead."""
    if not ZONE.match(zone):
        raise click.BadParameter("small letters, digits, - and _ only", param_hint="--zone")
    if key_file.exists():
        raise click.BadParameter(f"{key_file} exists already; choose another name", param_hint="--key-file")
    with open_hall(settings_path) as hall:
        number, key = write_device(hall, kind, name, zone=zone, window=window)
    write_secret(key_file, key)
    click.echo(f"{kind}:{number} {name}, key in {key_file}")


@click.command("approve-device")
@click.argument("code")
@click.option("--account", required=True, help="A manager's account; the password is asked for.")
@click.option("--window", type=click.IntRange(1, 99), help="The window of a pad.")
@settings_option
def approve_device(code: str, account: str, window: int | None, settings_path: Path | None) -> None:
    """Let the display or pad in that shows the pairing CODE. The server must run on this machine."""
    password = click.prompt(f"Password of {account}", hide_input=True)
    with open_hall(settings_path) as hall:
        url = hall.server_url
    if url is None:
        raise click.ClickException("no server runs here: the code is known only to the server that made it")
    asked = {"key": secrets.token_hex(12), "window": window}
    with requests.Session() as session:
        session.headers["Origin"] = url.removesuffix(API_PREFIX)
        _post(session, f"{url}/session", {"account": account, "password": password})
        device = _post(session, f"{url}/devices/pair/{code.upper()}/approve", asked)["device"]
    click.echo(f"{device} is in")


def _post(session: requests.Session, url: str, body: Mapping[str, object]) -> dict[str, str]:
    """The answer's JSON; the server's own sentence as a ClickException when it says no."""
    try:
        answer = session.post(url, json=dict(body), timeout=10)
    except requests.RequestException as error:
        raise click.ClickException(f"the server does not answer: {type(error).__name__}") from error
    told: dict[str, str] = answer.json()
    if not answer.ok:
        raise click.ClickException(told.get("say", f"the server said {answer.status_code}"))
    return told
