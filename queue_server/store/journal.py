"""The journal's text and its chain of digests (DESIGN 4.2): the only place that writes or reads that text.

A command or event is ``{"type": "TicketCalled", "v": 1, …fields}``; a row keeps its command and the list of its events
as the exact JSON text that was hashed. The chain, with ``‖`` joining bytes and lengths fixed by SHA-256::

    header = JSON [hall, seq, epoch, business_day, at_us, key, actor, hex SHA-256(salt ‖ command)]
    digest = SHA-256(previous digest ‖ header ‖ SHA-256(salt ‖ events))

The first row of a hall follows 32 zero bytes. Blanking command, events and salt keeps the two inner digests in
``blanked``, so the chain still verifies; the salt, gone too, keeps short contents from being guessed back.
"""

from __future__ import annotations

import hashlib
import os
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import msgspec

from queue_server.domain import commands
from queue_server.domain.commands import Command
from queue_server.domain.events import Event
from queue_server.errors import JournalBroken, UnknownRecord

GENESIS = bytes(32)
"""What the first digest of a hall follows."""

SALT_BYTES = 16

SERVER_MADE: dict[type, frozenset[str]] = {
    commands.OpenDay: frozenset({"letters"}),
    commands.IssueTicket: frozenset(
        {
            "ticket",
            "track",
            "forecast_min",
            "person_ref",
            "found_booking",
            "booking_version",
            "booking_hash",
            "booking_matters",
        }
    ),
    commands.MakeBooking: frozenset({"booking", "content_hash"}),
    commands.MoveBooking: frozenset({"content_hash", "version"}),
    commands.CancelBooking: frozenset({"content_hash", "version"}),
    commands.JoinTicket: frozenset({"ticket", "track"}),
    commands.OpenShift: frozenset({"shift"}),
    commands.TakeOverShift: frozenset({"shift"}),
    commands.CallNext: frozenset({"announcement"}),
    commands.CallTicket: frozenset({"announcement"}),
    commands.RecallTicket: frozenset({"announcement"}),
    commands.HoldTicket: frozenset({"remind_at_us"}),
    commands.RequestHelp: frozenset({"help"}),
}
"""Fields that the server makes anew for each request: they are no part of what a client asked for."""

_ALWAYS_SERVER_MADE = frozenset({"by_supervisor"})

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class _Head(msgspec.Struct):
    type: str
    v: int


class JournalRow(NamedTuple):
    """One row as it is stored, in the order of ``tables.journal``. What is blanked is None."""

    hall: str
    seq: int
    epoch: str
    business_day: str | None
    at_us: int
    key: str | None
    actor: str
    command: str | None
    events: str | None
    salt: bytes | None
    digest: bytes
    blanked: bytes | None = None


class Codec:
    """Text of one family of types. ``upcasters[(type, v)]`` turns fields of version ``v`` into those of ``v + 1``."""

    def __init__(
        self,
        types: Iterable[type],
        *,
        versions: Mapping[str, int] | None = None,
        upcasters: Mapping[tuple[str, int], Upcaster] | None = None,
    ) -> None:
        self._types: dict[str, type] = {type_.__name__: type_ for type_ in types}
        self._versions = {name: (versions or {}).get(name, 1) for name in self._types}
        self._upcasters = dict(upcasters or {})
        self._decoders: dict[str, msgspec.json.Decoder[Any]] = {
            name: msgspec.json.Decoder(type_) for name, type_ in self._types.items()
        }
        self._encoder = msgspec.json.Encoder()
        self._heads = {
            type_: f'{{"type":"{name}","v":{self._versions[name]}'.encode() for name, type_ in self._types.items()
        }
        self._head_decoder = msgspec.json.Decoder(_Head)
        self._list_decoder = msgspec.json.Decoder(list[msgspec.Raw])

    def encode(self, value: object) -> bytes:
        """Return the JSON text of one value. Raises KeyError for a foreign type."""
        body = self._encoder.encode(value)
        head = self._heads[type(value)]
        return head + b"}" if len(body) == 2 else head + b"," + body[1:]

    def encode_list(self, values: Iterable[object]) -> bytes:
        return b"[" + b",".join([self.encode(value) for value in values]) + b"]"

    def decode(self, text: bytes | str | msgspec.Raw) -> Any:  # noqa: ANN401 - of one of the types given
        """Read one value, of this or an older version. Raises ``UnknownRecord``."""
        head = self._head_decoder.decode(text)
        current = self._versions.get(head.type)
        if current is None or head.v > current:
            raise UnknownRecord(type_=head.type, version=head.v)
        if head.v == current:
            return self._decoders[head.type].decode(text)
        old: dict[str, Any] = msgspec.json.decode(text)
        for version in range(head.v, current):
            upcaster = self._upcasters.get((head.type, version))
            if upcaster is None:
                raise UnknownRecord(type_=head.type, version=head.v)
            old = upcaster(old)
        return msgspec.convert(old, self._types[head.type])

    def decode_list(self, text: bytes | str) -> list[Any]:
        return [self.decode(raw) for raw in self._list_decoder.decode(text)]


COMMANDS = Codec(typing.get_args(Command))
EVENTS = Codec(typing.get_args(Event))


def encode_command(command: Command) -> str:
    return COMMANDS.encode(command).decode()


def parse_command(text: str) -> Command:
    """Read a stored command. Raises ``UnknownRecord``."""
    command: Command = COMMANDS.decode(text)
    return command


def encode_events(made: Iterable[Event]) -> str:
    return EVENTS.encode_list(made).decode()


def parse_events(text: str) -> list[Event]:
    """Read stored events. Raises ``UnknownRecord``."""
    return EVENTS.decode_list(text)


def same_request(first: Command, second: Command) -> bool:
    """Tell whether two commands ask for the same thing, whatever the server added to each of them."""
    if type(first) is not type(second):
        return False
    made_here = SERVER_MADE.get(type(first), frozenset()) | _ALWAYS_SERVER_MADE
    names = (field.name for field in fields(first) if field.name not in made_here)
    return all(getattr(first, name) == getattr(second, name) for name in names)


def inner_digests(command: str, events_text: str, salt: bytes) -> tuple[bytes, bytes]:
    """SHA-256(salt ‖ command) and SHA-256(salt ‖ events): what stays of a row when it is blanked."""
    return hashlib.sha256(salt + command.encode()).digest(), hashlib.sha256(salt + events_text.encode()).digest()


def seal(
    previous: bytes, *, hall: str, seq: int, epoch: str, business_day: str | None, at_us: int, key: str | None,
    actor: str, command: Command, events: Sequence[Event],
) -> JournalRow:  # fmt: skip
    """Return the row that follows ``previous``, salted and with its digest."""
    command_text, events_text, salt = encode_command(command), encode_events(events), os.urandom(SALT_BYTES)
    command_digest, events_digest = inner_digests(command_text, events_text, salt)
    header = (hall, seq, epoch, business_day, at_us, key, actor, command_digest.hex())
    digest = _link(previous, header, events_digest)
    return JournalRow(hall, seq, epoch, business_day, at_us, key, actor, command_text, events_text, salt, digest)


def chain(previous: bytes, row: JournalRow) -> bytes:
    """Return the digest that ``row`` must carry after ``previous``. Raises ``JournalBroken`` for a half blanked row."""
    if row.command is not None and row.events is not None and row.salt is not None:
        command_digest, events_digest = inner_digests(row.command, row.events, row.salt)
    elif row.blanked is not None and (row.command, row.events, row.salt) == (None, None, None):
        command_digest, events_digest = row.blanked[:32], row.blanked[32:]
    else:
        raise JournalBroken(row.hall, row.seq, "contents are missing")
    header = (row.hall, row.seq, row.epoch, row.business_day, row.at_us, row.key, row.actor, command_digest.hex())
    return _link(previous, header, events_digest)


_header_encoder = msgspec.json.Encoder()


def _link(previous: bytes, header: tuple[str | int | None, ...], events_digest: bytes) -> bytes:
    return hashlib.sha256(previous + _header_encoder.encode(header) + events_digest).digest()


@dataclass(frozen=True, slots=True)
class Anchor:
    """A digest that was printed or filed away from the store: the row ``seq`` must carry it."""

    seq: int
    digest: str
    """Hex; a beginning of at least 16 characters will do, as printed on a slip."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A chain that holds: its last row and how much of it was checked."""

    rows: int
    blanked: int
    last_seq: int
    last_digest: bytes
    anchors: int


def verify(rows: Iterable[JournalRow], anchors: Iterable[Anchor] = ()) -> Verified:
    """Check one hall's whole journal in order of ``seq``. Raises ``JournalBroken`` at the first row that is wrong.

    An anchor beyond the last row, or one that differs, is a broken journal too: rows were cut off or made anew.
    """
    wanted = {anchor.seq: anchor.digest.lower() for anchor in anchors}
    checked = len(wanted)
    previous, seq, hall, blanked, at_us = GENESIS, 0, "", 0, 0
    for row in rows:
        hall = row.hall
        if row.seq != seq + 1:
            raise JournalBroken(hall, seq + 1, "the row is missing")
        seq = row.seq
        if chain(previous, row) != row.digest:
            raise JournalBroken(hall, seq, "the digest does not fit")
        if row.at_us < at_us:
            raise JournalBroken(hall, seq, "time runs backwards")
        if seq in wanted and not _fits(wanted.pop(seq), row.digest):
            raise JournalBroken(hall, seq, "the anchor does not fit")
        blanked += row.blanked is not None
        previous, at_us = row.digest, row.at_us
    if wanted:
        raise JournalBroken(hall, min(wanted), "rows before the anchor are missing")
    return Verified(rows=seq, blanked=blanked, last_seq=seq, last_digest=previous, anchors=checked)


_ANCHOR_MIN = 16


def _fits(anchor: str, digest: bytes) -> bool:
    return len(anchor) >= _ANCHOR_MIN and digest.hex().startswith(anchor)


def parse_anchors(text: str) -> list[Anchor]:
    """Read an anchors file: one ``SEQ DIGEST`` a line, ``#`` begins a comment. Raises ValueError with the line."""
    return list(_anchor_lines(text))


def _anchor_lines(text: str) -> Iterator[Anchor]:
    for line, content in enumerate(text.splitlines(), start=1):
        words = content.partition("#")[0].split()
        if not words:
            continue
        seq, digest = words if len(words) == 2 else ("", "")
        if not seq.isdecimal() or len(digest) < _ANCHOR_MIN or not set(digest.lower()) <= set("0123456789abcdef"):
            raise ValueError(f"line {line}: wanted a row's number and its digest")
        yield Anchor(seq=int(seq), digest=digest)
