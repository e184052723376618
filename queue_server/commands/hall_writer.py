"""Writing to a hall from the command line: through the running server, or with the hall's lock when none runs."""

from __future__ import annotations

import contextlib
import secrets
import ssl
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec
import requests
from requests.adapters import HTTPAdapter

from drivers.errors import ConfigurationError
from queue_server.domain.refusals import Refused
from queue_server.errors import LockHeld, QueueError
from queue_server.service import local_door, upkeep
from queue_server.service.gate import Gate
from queue_server.service.local_door import LocalCommand, LocalReply, LocalUpkeep, UpkeepReply
from queue_server.service.records import RecordsView, load_records
from queue_server.settings import Settings, load_settings
from queue_server.store.engine import Store
from queue_server.store.journal import encode_command

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.store.rows import RowWrite

ACTOR = "local"
"""Who writes: somebody with a shell on the server. The machine's own log says who that was."""
ANSWER_S = 30.0
LOCK_WAIT_S = 15.0
"""Opening makes or migrates the tables first, which takes seconds on a small machine."""

settings_option = click.option(
    "--settings",
    "settings_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The server's TOML file; defaults without one.",
)


@dataclass(frozen=True, slots=True)
class Hall:
    """One hall's store and settings, and how to write to it."""

    settings: Settings
    store: Store
    _door: local_door.DoorNote | None
    _gate: Gate | None
    _http: requests.Session

    @property
    def server_url(self) -> str | None:
        """Address of the running server's API on this machine; None when none runs."""
        return self._door.url if self._door else None

    def clock_doubt(self) -> bool:
        """Whether the hall distrusts this machine's clock now (DESIGN 4.5). Raises click.ClickException."""
        if self._gate is not None:
            return self._gate.health().clock_doubt
        if self._door is None:
            return False
        try:
            return bool(self._http.get(_root(self._door) + "/readyz", timeout=ANSWER_S).json()["clock_doubt"])
        except (requests.RequestException, KeyError) as error:
            raise click.ClickException(f"the running server did not say how its clock is: {error}") from error

    def records(self) -> RecordsView:
        """Accounts, devices and catalogue as they are on disk now."""
        if self._gate is not None:
            return self._gate.view.records
        with self.store.read() as connection:
            return load_records(connection, self.settings.hall.id)

    def submit(self, command: Command, *, rows: Sequence[RowWrite] = (), key: str | None = None) -> int:
        """Do it; the journal row's number. Raises click.ClickException with a sentence when refused or not possible."""
        key = key or secrets.token_hex(12)
        if self._gate is not None:
            outcome = self._gate.submit(command, key=key, actor=ACTOR, rows=rows).result(ANSWER_S)
            if isinstance(outcome, Refused):
                raise click.ClickException(refusal_sentence(outcome.code.value, outcome.facts))
            return outcome.seq
        return self._post(command, rows, key)

    def purge(self, now_us: int) -> dict[str, int]:
        """Erase what is due; how many rows went, by table. Raises click.ClickException."""
        if self._gate is not None:
            return upkeep.purge(self._gate, self.store, now_us=now_us, actor=ACTOR)
        return self._upkeep(LocalUpkeep(task="purge", now_us=now_us, actor=ACTOR)).erased

    def redact(self, seq: int, *, actor: str, second: str) -> None:
        """Blank a journal row for two people. Raises click.ClickException with the reason when it may not be."""
        if self._gate is not None:
            upkeep.redact(self._gate, self.store, seq, actor=actor, second=second)
            return
        reply = self._upkeep(LocalUpkeep(task="redact", seq=seq, actor=actor, second=second))
        if reply.refused:
            raise click.ClickException(reply.refused)

    def _upkeep(self, asked: LocalUpkeep) -> UpkeepReply:
        return msgspec.json.decode(self._ask(local_door.UPKEEP_PATH, asked), type=UpkeepReply)

    def _post(self, command: Command, rows: Sequence[RowWrite], key: str) -> int:
        body = LocalCommand(key=key, command=encode_command(command), rows=local_door.to_local(rows))
        reply = msgspec.json.decode(self._ask(local_door.PATH, body), type=LocalReply)
        if reply.refused:
            raise click.ClickException(refusal_sentence(reply.refused, reply.facts))
        return reply.seq

    def _ask(self, path: str, body: msgspec.Struct) -> bytes:
        if self._door is None:
            raise click.ClickException("no way to write to this hall was opened")
        try:
            answer = self._http.post(
                self._door.url + path,
                data=msgspec.json.encode(body),
                headers={"Authorization": f"Bearer {self._door.token}", "Content-Type": "application/json"},
                timeout=ANSWER_S,
            )
            answer.raise_for_status()
        except requests.RequestException as error:
            raise click.ClickException(f"the running server did not take it: {error}") from error
        return answer.content


def refusal_sentence(code: str, facts: dict[str, str | int | None]) -> str:
    told = ", ".join(f"{name} {value}" for name, value in facts.items() if value is not None)
    return f"refused: {code}" + (f" ({told})" if told else "")


def settings_from(path: Path | None) -> Settings:
    """The settings, or a ClickException that lists every fault."""
    try:
        return load_settings(path)
    except ConfigurationError as error:
        raise click.ClickException(str(error)) from error


@contextlib.contextmanager
def open_hall(path: Path | None) -> Iterator[Hall]:
    """Open a hall for writing. Raises click.ClickException when another server holds it and cannot be reached."""
    settings = settings_from(path)
    with open_store(settings, busy="it could not be reached: is it just starting?") as store:
        if settings.database == Settings().database and store.path is not None:
            # Nobody named this one. A folder that a settings file names must be there: it may be misspelt.
            store.path.parent.mkdir(mode=0o700, exist_ok=True)
        note = local_door.read_note(local_door.note_path(store.path, settings.hall.id))
        with local_session(settings) as http:
            if note is not None and _answers(http, note):
                yield Hall(settings, store, note, None, http)
                return
            with _own_gate(settings, store) as gate:
                yield Hall(settings, store, None, gate, http)


@contextlib.contextmanager
def open_store(settings: Settings, *, busy: str = "stop it first") -> Iterator[Store]:
    """The hall's store. Every ``QueueError`` becomes a click.ClickException; ``busy`` says what to do about a lock."""
    store = Store(settings.database)
    try:
        yield store
    except LockHeld as error:
        raise click.ClickException(f"{error}; {busy}") from error
    except QueueError as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.close()


def _root(note: local_door.DoorNote) -> str:
    return note.url.rsplit("/api/", 1)[0]


def local_session(settings: Settings) -> requests.Session:
    """For asking this machine's own server: past any proxy, and by its own certificate, whatever name that has."""
    session = requests.Session()
    session.trust_env = False
    if settings.tls:
        session.verify = settings.listen.certificate
        session.mount("https://", _AnyName())
    return session


class _AnyName(HTTPAdapter):
    """The certificate is compared whole; it names the hall's host, and we come over loopback."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - as its parent
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        super().init_poolmanager(*args, ssl_context=context, assert_hostname=False, **options)


def _answers(http: requests.Session, note: local_door.DoorNote) -> bool:
    try:
        return http.get(_root(note) + "/healthz", timeout=2.0).ok
    except requests.RequestException:
        return False


@contextlib.contextmanager
def _own_gate(settings: Settings, store: Store) -> Iterator[Gate]:
    gate = Gate(
        store,
        settings.rules,
        settings.window_configs,
        hall=settings.hall.id,
        wall_clock_us=lambda: time.time_ns() // 1000,
        steady_clock_s=time.monotonic,
    )
    gate.start(timeout_s=LOCK_WAIT_S)
    try:
        yield gate
    finally:
        gate.stop()
