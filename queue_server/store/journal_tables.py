"""The journal and its projections: tables that equal the fold of the journal and can be rebuilt (DESIGN 4.4)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.schema import SchemaItem

from queue_server.domain.ticket import AT_A_WINDOW, Outcome, TicketKind, TicketState

METADATA = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}
)


def one_of(column: str, words: type[TicketState | TicketKind | Outcome] | frozenset[str]) -> str:
    quoted = ", ".join(f"'{word}'" for word in sorted(str(word) for word in words))
    return f"{column} IN ({quoted})"


def hall_table(name: str, *parts: SchemaItem, key: tuple[str, ...] = ("id",)) -> Table:
    """A table of rows that belong to one hall each: ``hall`` is the first column and begins the primary key."""
    return Table(name, METADATA, Column("hall", Text, nullable=False), *parts, PrimaryKeyConstraint("hall", *key))


# ---- the store itself and its journal --------

store_fact = Table(
    "store_fact",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""``epoch`` (random per store, new after a restore) and the bases of logs whose oldest rows were erased."""

program_run = hall_table(
    "program_run",
    Column("first_seq", BigInteger, nullable=False),
    Column("program", Text, nullable=False),
    key=("first_seq",),
)
"""Which version of the program wrote from which journal row on."""

journal = hall_table(
    "journal",
    Column("seq", BigInteger, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("business_day", Text),
    Column("at_us", BigInteger, nullable=False),
    Column("key", Text),
    Column("actor", Text, nullable=False),
    Column("command", Text),
    Column("events", Text),
    Column("salt", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("blanked", LargeBinary),
    UniqueConstraint("hall", "key", name="uq_journal_key"),
    key=("seq",),
)
"""One row per accepted command. ``blanked``: the two inner digests, kept when ``redact`` blanks the contents."""

# ---- projections --------

business_day = hall_table(
    "business_day",
    Column("business_day", Text, nullable=False),
    Column("opened_seq", BigInteger, nullable=False),
    Column("opened_at_us", BigInteger, nullable=False),
    Column("closed_seq", BigInteger),
    Column("closed_at_us", BigInteger),
    Column("forced", Boolean),
    Column("anchor", Text),
    key=("opened_seq",),
)
"""Each opening of a day. The anchor is the digest printed on the closing slip."""

Index("ix_business_day_day", business_day.c.hall, business_day.c.business_day)

ticket = hall_table(
    "ticket",
    Column("id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("copy", SmallInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("issued_at_us", BigInteger, nullable=False),
    Column("clock_us", BigInteger, nullable=False),
    Column("track", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("matters", Text, nullable=False),
    Column("grant_ground", Text),
    Column("grant_proof", Text),
    Column("grant_by", Text),
    Column("person_ref", Text),
    Column("booking", Text),
    Column("time_unsure", Boolean, nullable=False),
    Column("window", SmallInteger),
    Column("shift", Text),
    Column("called_at_us", BigInteger),
    Column("recalls", SmallInteger, nullable=False),
    Column("started_at_us", BigInteger),
    Column("finished_at_us", BigInteger),
    Column("outcome", Text),
    Column("missed_at_us", BigInteger),
    Column("rejoins", SmallInteger, nullable=False),
    Column("overtaken", SmallInteger, nullable=False),
    Column("printed", Text),
    Column("copies", SmallInteger, nullable=False),
    UniqueConstraint("hall", "business_day", "number", "copy", name="uq_ticket_number"),
    CheckConstraint(one_of("state", TicketState), name="state"),
    CheckConstraint(one_of("kind", TicketKind), name="kind"),
    CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
)

Index(
    "ux_ticket_window",
    ticket.c.hall,
    ticket.c.window,
    unique=True,
    sqlite_where=text(one_of("state", frozenset(AT_A_WINDOW))),
    postgresql_where=text(one_of("state", frozenset(AT_A_WINDOW))),
)

call = hall_table(
    "call",
    Column("id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("window", SmallInteger, nullable=False),
    Column("shift", Text, nullable=False),
    Column("promise", Text),
    Column("credit", BigInteger, nullable=False),
    Column("runner_up", Text),
    Column("runner_credit", BigInteger),
    Column("ground", Text),
    Column("overtaken", Text, nullable=False),
)
"""One call with its reason; its id is that of its announcement."""

Index("ix_call_ticket", call.c.hall, call.c.ticket)
Index("ix_call_day", call.c.hall, call.c.business_day, call.c.seq)

announcement = hall_table(
    "announcement",
    Column("id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("window", SmallInteger, nullable=False),
    Column("repeat", SmallInteger, nullable=False),
    Column("withdrawn_at_us", BigInteger),
    Column("unconfirmed_at_us", BigInteger),
)
Index("ix_announcement_day", announcement.c.hall, announcement.c.business_day)

shift = hall_table(
    "shift",
    Column("id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("window", SmallInteger, nullable=False),
    Column("clerk", Integer, nullable=False),
    Column("opened_at_us", BigInteger, nullable=False),
    Column("closed_at_us", BigInteger),
    Column("taken_over_by", Text),
)
Index("ix_shift_day", shift.c.hall, shift.c.business_day)

forecast_shown = hall_table(
    "forecast_shown",
    Column("ticket", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("issued_at_us", BigInteger, nullable=False),
    Column("low_min", SmallInteger, nullable=False),
    Column("high_min", SmallInteger, nullable=False),
    key=("ticket",),
)
Index("ix_forecast_shown_day", forecast_shown.c.hall, forecast_shown.c.business_day)

PROJECTIONS = (business_day, ticket, call, announcement, shift, forecast_shown)
