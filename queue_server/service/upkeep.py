"""Keeping a store right: purge, redact, verify, rebuild. What the command line calls (DESIGN 4.2, 4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from queue_server.domain.commands import ErasePersonalData, RedactRow
from queue_server.domain.refusals import Refused
from queue_server.errors import NotRedactable
from queue_server.service import no_shows
from queue_server.store import queries, security
from queue_server.store import tables as t
from queue_server.store.faults import translated
from queue_server.store.journal import Anchor, Verified, parse_anchors, verify
from queue_server.store.rebuilding import differing_tables, rebuild_tables, why_not_redactable
from queue_server.store.rows import RowWrite

if TYPE_CHECKING:
    from queue_server.domain.commands import Command
    from queue_server.domain.rules import Rules
    from queue_server.service.gate import Gate
    from queue_server.service.view import Accepted
    from queue_server.store.engine import Store

__all__ = ["anchors_text", "due", "due_at_turn", "parse_anchors", "purge", "rebuild", "redact", "verify_journal"]

DAY_US = 86_400_000_000
RULE = "erase_after"
WAIT_S = 30.0


def due(connection: queries.Reader, hall: str, now_us: int) -> list[tuple[ErasePersonalData, RowWrite]]:
    """Return what must be erased now: a command for the journal and the row write that does it, for each table."""
    work = []
    with translated():
        for table in t.ERASABLE:
            count = queries.due_count(connection, hall, table, now_us)
            if count:
                name = str(table.name)  # SQLAlchemy's own kind of text is no JSON
                command = ErasePersonalData(table=name, count=count, rule=RULE)
                work.append((command, RowWrite(name, {"erase_after_us": now_us}, "erase")))
    return work


def due_at_turn(
    connection: queries.Reader, hall: str, now_us: int, rules: Rules
) -> list[tuple[Command, tuple[RowWrite, ...]]]:
    """What is due when a day was opened or closed: no-shows first, then what must be erased."""
    missed: list[tuple[Command, tuple[RowWrite, ...]]] = [*no_shows.due(connection, hall, now_us, rules.booking)]
    return [*missed, *((command, (row,)) for command, row in due(connection, hall, now_us))]


def purge(gate: Gate, store: Store, *, now_us: int, actor: str) -> dict[str, int]:
    """Erase rows past their time and security entries older than a year, then empty the write-ahead log.

    Returns how many rows went, by table. Waits for the disk; raises what the gate raises.
    """
    with store.read() as connection:
        work = due(connection, gate.hall, now_us)
    for command, row in work:
        gate.submit(command, key=None, actor=actor, rows=(row,)).result(WAIT_S)
    before_us = now_us - security.KEEP_DAYS * DAY_US
    old = RowWrite(t.security_log.name, {"erase_after_us": before_us}, "erase")
    gate.note(rows=(old,), checkpoint=True).result(WAIT_S)
    return {command.table: command.count for command, _ in work}


def redact(gate: Gate, store: Store, seq: int, *, actor: str, second: str) -> Accepted:
    """Blank one journal row for two people, ``actor`` and ``second``; the chain still verifies.

    Raises ``NotRedactable``; else what the gate raises.
    """
    if actor == second:
        raise NotRedactable(seq, "a second person must agree")
    with store.read() as connection:
        reason = why_not_redactable(connection, gate.hall, seq)
    if reason is not None:
        raise NotRedactable(seq, reason)
    command = RedactRow(seq=seq, second=second)
    outcome = gate.submit(command, key=None, actor=actor, rows=(RowWrite("journal", {"seq": seq}, "redact"),)).result(
        WAIT_S
    )
    gate.note(checkpoint=True).result(WAIT_S)
    if isinstance(outcome, Refused):
        raise NotRedactable(seq, str(outcome))
    return outcome


def verify_journal(store: Store, hall: str, anchors: Iterable[Anchor] = ()) -> Verified:
    """Check the whole chain of a hall, its anchors and its security log. Raises ``JournalBroken``."""
    with store.read() as connection:
        verified = verify(queries.rows_after(connection, hall, 0), anchors)
        security.verify_security(connection, hall)
    return verified


def anchors_text(store: Store, hall: str) -> str:
    """Return an anchors file: one closed day a line. Kept away from the store it proves that nothing was altered."""
    with store.read() as connection:
        found = queries.anchors(connection, hall)
    return "".join(f"{seq} {digest}  # {day}\n" for day, seq, digest in found)


def rebuild(store: Store, hall: str, *, check_only: bool = False) -> list[str]:
    """Make the projections anew with the hall's lock (no server may run). Returns the tables that were wrong."""
    writer = store.open_writer(hall)
    try:
        wrong = differing_tables(writer)
        if wrong and not check_only:
            rebuild_tables(writer)
    finally:
        writer.close()
    return wrong
