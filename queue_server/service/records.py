"""Records as readers see them, and the rows that change them (DESIGN 4.3, 4.4).

Handlers and pushes never ask the database for an account or a device: they use the ``RecordsView`` of the newest
``HallView``. It is replaced, table by table, when rows of that table were committed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import msgspec

from queue_server import wire
from queue_server.domain.commands import ChangeRecord
from queue_server.store import queries
from queue_server.store import tables as t
from queue_server.store.rows import RowWrite, SecurityEntry, Value

if TYPE_CHECKING:
    from queue_server.store.engine import Store

__all__ = ["Account", "CatalogueInForce", "Device", "Pairing", "RecordsView", "RowWrite", "SecurityEntry", "Session"]


@dataclass(frozen=True, slots=True)
class Account:
    id: int
    name: str
    display_name: str
    password_hash: str
    roles: frozenset[str]
    active: bool
    version: int

    def __repr__(self) -> str:
        return f"Account({self.id})"


@dataclass(frozen=True, slots=True)
class Device:
    id: int
    kind: str
    name: str
    zone: str
    letter: str | None
    window: int | None
    key_hash: str | None
    cookie_hash: str | None
    paired_at_us: int
    revoked_at_us: int | None
    version: int

    @property
    def actor(self) -> str:
        """``kiosk:2``."""
        return f"{self.kind}:{self.id}"

    def __repr__(self) -> str:
        return f"Device({self.actor})"


@dataclass(frozen=True, slots=True)
class Session:
    id_hash: str
    account: int
    opened_at_us: int
    idle_until_us: int
    ended_at_us: int | None


@dataclass(frozen=True, slots=True)
class Pairing:
    code: str
    kind: str
    name: str
    zone: str
    state: str
    expires_at_us: int
    device: int | None


@dataclass(frozen=True, slots=True)
class SuspensionText:
    code: str
    text: str
    until_us: int | None
    version: int


@dataclass(frozen=True, slots=True)
class CatalogueInForce:
    """The newest catalogue version with its parsed contents."""

    version: int
    date: str
    source: str
    sample: bool
    content_hash: str
    departments: tuple[wire.Department, ...]
    matters: tuple[wire.Matter, ...]
    by_code: Mapping[str, wire.Matter]

    @property
    def etag(self) -> str:
        return f"{self.version}-{self.content_hash[:16]}"

    def as_wire(self) -> wire.Catalogue:
        return wire.Catalogue(
            version=self.version,
            date=self.date,
            source=self.source,
            sample=self.sample,
            departments=self.departments,
            matters=self.matters,
        )


@dataclass(frozen=True, slots=True)
class RecordsView:
    """All records of one hall. Keys: ids; the hashes and names by which requests find them."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    accounts: Mapping[int, Account] = field(default_factory=dict)
    account_by_name: Mapping[str, Account] = field(default_factory=dict)
    devices: Mapping[int, Device] = field(default_factory=dict)
    device_by_key_hash: Mapping[str, Device] = field(default_factory=dict)
    device_by_cookie_hash: Mapping[str, Device] = field(default_factory=dict)
    sessions: Mapping[str, Session] = field(default_factory=dict)
    pairings: Mapping[str, Pairing] = field(default_factory=dict)
    suspensions: Mapping[str, SuspensionText] = field(default_factory=dict)
    catalogue: CatalogueInForce | None = None

    def __repr__(self) -> str:
        return "RecordsView()"

    def refreshed(self, connection: queries.Reader, hall: str, tables: Iterable[str]) -> RecordsView:
        """Return the view after rows of ``tables`` changed. ``connection`` is one that sees them."""
        view = self
        for name in sorted(_sources(tables)):
            view = replace(view, **_READERS[name](connection, hall))
        return view


def load_records(connection: queries.Reader, hall: str) -> RecordsView:
    """Read every record of a hall."""
    return RecordsView().refreshed(connection, hall, _READERS)


def _sources(tables: Iterable[str]) -> set[str]:
    parts = {"department", "matter"}
    return {"catalogue_version" if name in parts else name for name in tables} & _READERS.keys()


def _read_settings(connection: queries.Reader, hall: str) -> dict[str, Any]:
    rows = queries.all_rows(connection, hall, t.setting)
    return {"settings": {row["name"]: msgspec.json.decode(row["value"]) for row in rows}}


def _read_accounts(connection: queries.Reader, hall: str) -> dict[str, Any]:
    accounts = [
        Account(**{**row, "roles": frozenset(msgspec.json.decode(row["roles"], type=list[str]))})
        for row in queries.all_rows(connection, hall, t.account)
    ]
    return {
        "accounts": {account.id: account for account in accounts},
        "account_by_name": {account.name: account for account in accounts},
    }


def _read_devices(connection: queries.Reader, hall: str) -> dict[str, Any]:
    devices = [Device(**row) for row in queries.all_rows(connection, hall, t.device)]
    able = [device for device in devices if device.revoked_at_us is None]
    return {
        "devices": {device.id: device for device in devices},
        "device_by_key_hash": {device.key_hash: device for device in able if device.key_hash},
        "device_by_cookie_hash": {device.cookie_hash: device for device in able if device.cookie_hash},
    }


def _read_sessions(connection: queries.Reader, hall: str) -> dict[str, Any]:
    sessions = [Session(**row) for row in queries.all_rows(connection, hall, t.session)]
    return {"sessions": {session.id_hash: session for session in sessions if session.ended_at_us is None}}


def _read_pairings(connection: queries.Reader, hall: str) -> dict[str, Any]:
    return {"pairings": {row["code"]: Pairing(**row) for row in queries.all_rows(connection, hall, t.pairing)}}


def _read_suspensions(connection: queries.Reader, hall: str) -> dict[str, Any]:
    rows = queries.all_rows(connection, hall, t.suspension)
    return {"suspensions": {row["code"]: SuspensionText(**row) for row in rows}}


def _read_catalogue(connection: queries.Reader, hall: str) -> dict[str, Any]:
    versions = queries.all_rows(connection, hall, t.catalogue_version)
    if not versions:
        return {"catalogue": None}
    newest = max(versions, key=lambda row: int(row["version"]))
    number = int(newest["version"])
    departments = queries.catalogue_rows(connection, hall, t.department, number)
    matters = tuple(
        msgspec.json.decode(row["content"], type=wire.Matter)
        for row in queries.catalogue_rows(connection, hall, t.matter, number)
    )
    catalogue = CatalogueInForce(
        version=number,
        date=newest["date"],
        source=newest["source"],
        sample=newest["sample"],
        content_hash=newest["content_hash"],
        departments=tuple(msgspec.json.decode(row["content"], type=wire.Department) for row in departments),
        matters=matters,
        by_code={matter.code: matter for matter in matters},
    )
    return {"catalogue": catalogue}


_READERS = {
    "setting": _read_settings,
    "account": _read_accounts,
    "device": _read_devices,
    "session": _read_sessions,
    "pairing": _read_pairings,
    "suspension": _read_suspensions,
    "catalogue_version": _read_catalogue,
}


# ---- rows that change records --------


def content_hash(values: Mapping[str, Value]) -> str:
    """Hex SHA-256 of a record's content in canonical form, for ``RecordChanged``: says that, never what, changed."""
    canonical = msgspec.json.encode({name: _plain(value) for name, value in values.items()}, order="sorted")
    return hashlib.sha256(canonical).hexdigest()


def change_record(table: str, id_: str, values: Mapping[str, Value], *, version: int) -> tuple[ChangeRecord, RowWrite]:
    """Return the command and the row that make ``values`` version ``version`` of a record."""
    row = dict(values)
    if "version" in t.WRITABLE[table].c:
        row["version"] = version
    return ChangeRecord(table=table, id=id_, version=version, content_hash=content_hash(row)), RowWrite(table, row)


def catalogue_rows(catalogue: wire.Catalogue, imported_at_us: int) -> tuple[ChangeRecord, list[RowWrite]]:
    """Return the command and all rows that put a catalogue version in force."""
    text = msgspec.json.encode(catalogue, order="sorted")
    digest = hashlib.sha256(text).hexdigest()
    version = catalogue.version
    head: dict[str, Value] = {
        "version": version,
        "date": catalogue.date,
        "source": catalogue.source,
        "sample": catalogue.sample,
        "content_hash": digest,
        "imported_at_us": imported_at_us,
    }
    rows = [RowWrite("catalogue_version", head, "add")]
    rows += _parts("department", version, catalogue.departments)
    rows += _parts("matter", version, catalogue.matters)
    return ChangeRecord(table="catalogue_version", id=str(version), version=version, content_hash=digest), rows


def _parts(table: str, version: int, contents: Sequence[wire.Department | wire.Matter]) -> list[RowWrite]:
    return [
        RowWrite(
            table,
            {
                "catalogue": version,
                "code": content.code,
                "place": place,
                "content": msgspec.json.encode(content).decode(),
            },
            "add",
        )
        for place, content in enumerate(contents)
    ]


def _plain(value: Value) -> str | int | bool | None:
    return value.hex() if isinstance(value, bytes) else value


# ---- persons --------


def masked(name: str, id_number: str) -> str:
    """The form that staff see without unmasking: surname, first four and last sign of the number."""
    return f"{name[:1]}{'*' * max(len(name) - 1, 1)} {id_number[:4]}{'*' * max(len(id_number) - 5, 1)}{id_number[-1:]}"


@dataclass(frozen=True, slots=True)
class PersonDesk:
    """Makes rows of persons and finds who was here today, through the HMAC of the day's random key."""

    store: Store
    hall: str

    def row(self, person: wire.CardPerson, *, ref: str, business_day: str, erase_after_us: int) -> RowWrite | None:
        """Return the erasable row to send beside ``IssueTicket(person_ref=ref)``; None when the day is over."""
        digest = self._digest(person.id_number, business_day)
        if digest is None:
            return None
        values: dict[str, Value] = {
            "id": ref,
            "business_day": business_day,
            "digest": digest,
            "name": person.name,
            "id_number": person.id_number,
            "card_type": person.card_type,
            "masked": masked(person.name, person.id_number),
            "erase_after_us": erase_after_us,
        }
        return RowWrite("person", values)

    def duplicate_of(self, person: wire.CardPerson, business_day: str) -> frozenset[str]:
        """Return the ``person_ref`` values under which this very card was shown on this day."""
        digest = self._digest(person.id_number, business_day)
        if digest is None:
            return frozenset()
        with self.store.read() as connection:
            return frozenset(queries.persons_by_digest(connection, self.hall, business_day, digest))

    def _digest(self, id_number: str, business_day: str) -> bytes | None:
        with self.store.read() as connection:
            key = queries.day_key(connection, self.hall, business_day)
        return None if key is None else hmac.digest(key, id_number.strip().upper().encode(), "sha256")
