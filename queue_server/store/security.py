"""The security log: append-only, chained like the journal, kept 365 days (DESIGN 4.4).

``digest = SHA-256(previous digest ‖ JSON [hall, seq, at_us, actor, act, facts])``. When old rows are erased the last
of them stays behind as the base from which the rest is checked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, Row, bindparam, delete, select

from queue_server.errors import JournalBroken
from queue_server.store import tables as t
from queue_server.store.journal import GENESIS
from queue_server.store.rows import SecurityEntry

KEEP_DAYS = 365

_s = t.security_log.c
_LAST = select(_s.seq, _s.digest, _s.at_us).where(_s.hall == bindparam("hall")).order_by(_s.seq.desc()).limit(1)
_CHUNK = 1_000


class SecurityChain:
    """Where the writer continues the log. ``forget`` after a roll-back: the next entry reads the end again."""

    def __init__(self, hall: str) -> None:
        self._hall = hall
        self._end: tuple[int, bytes, int] | None = None

    def append(self, connection: Connection, entries: Sequence[SecurityEntry], at_us: int) -> None:
        seq, digest, last_us = self._end or _read_end(connection, self._hall)
        at_us = max(at_us, last_us)
        rows = []
        for entry in entries:
            seq += 1
            facts = msgspec.json.encode(dict(entry.facts)).decode()
            digest = _link(digest, (self._hall, seq, at_us, entry.actor, entry.act, facts))
            rows.append(
                {
                    "hall": self._hall,
                    "seq": seq,
                    "at_us": at_us,
                    "actor": entry.actor,
                    "act": entry.act,
                    "facts": facts,
                    "digest": digest,
                }
            )
        if rows:
            connection.execute(t.security_log.insert(), rows)
            self._end = (seq, digest, at_us)

    def forget(self) -> None:
        self._end = None


def verify_security(connection: Connection, hall: str) -> int:
    """Check the whole log and return how many rows it has. Raises ``JournalBroken`` at the first wrong one."""
    seq, digest = _base(connection, hall)
    rows = 0
    while True:
        chosen = select(t.security_log).where(_s.hall == hall, _s.seq > seq).order_by(_s.seq).limit(_CHUNK)
        found = connection.execute(chosen).all()
        for row in found:
            digest = _checked(row, hall, seq, digest)
            seq = row.seq
            rows += 1
        if len(found) < _CHUNK:
            return rows


def erase_old(connection: Connection, hall: str, before_us: int) -> int:
    """Delete entries older than ``before_us`` but the newest of all, remember the base. Returns how many went."""
    newest = _read_end(connection, hall)[0]
    chosen = select(_s.seq, _s.digest).where(_s.hall == hall, _s.at_us < before_us, _s.seq < newest)
    last = connection.execute(chosen.order_by(_s.seq.desc()).limit(1)).one_or_none()
    if last is None:
        return 0
    connection.execute(delete(t.store_fact).where(t.store_fact.c.name == _base_name(hall)))
    value = f"{last.seq} {last.digest.hex()}"
    connection.execute(t.store_fact.insert().values(name=_base_name(hall), value=value))
    gone = connection.execute(delete(t.security_log).where(_s.hall == hall, _s.seq <= last.seq))
    return int(gone.rowcount)


def _checked(row: Row[tuple[object, ...]], hall: str, seq: int, digest: bytes) -> bytes:
    if row.seq != seq + 1:
        raise JournalBroken(hall, seq + 1, "the security log's row is missing")
    wanted = _link(digest, (hall, row.seq, row.at_us, row.actor, row.act, row.facts))
    if wanted != row.digest:
        raise JournalBroken(hall, row.seq, "the security log's digest does not fit")
    return wanted


def _link(previous: bytes, line: tuple[str, int, int, str, str, str]) -> bytes:
    return hashlib.sha256(previous + msgspec.json.encode(line)).digest()


def _read_end(connection: Connection, hall: str) -> tuple[int, bytes, int]:
    row = connection.execute(_LAST, {"hall": hall}).one_or_none()
    if row is not None:
        return row.seq, row.digest, row.at_us
    return (*_base(connection, hall), 0)


def _base(connection: Connection, hall: str) -> tuple[int, bytes]:
    chosen = select(t.store_fact.c.value).where(t.store_fact.c.name == _base_name(hall))
    value = connection.execute(chosen).scalar_one_or_none()
    if value is None:
        return 0, GENESIS
    seq, digest = value.split(" ")
    return int(seq), bytes.fromhex(digest)


def _base_name(hall: str) -> str:
    return f"security_base:{hall}"
