"""First tables: journal, projections, records, erasable rows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _account()
    _announcement()
    _business_day()
    _call()
    _catalogue_version()
    _day_key()
    _department()
    _device()
    _forecast_shown()
    _journal()
    _matter()
    _note()
    _pairing()
    _person()
    _program_run()
    _security_log()
    _session()
    _setting()
    _shift()
    _store_fact()
    _suspension()
    _ticket()


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
        sa.UniqueConstraint("hall", "name", name="uq_account_name"),
    )


def _announcement() -> None:
    op.create_table(
        "announcement",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("repeat", sa.SmallInteger(), nullable=False),
        sa.Column("withdrawn_at_us", sa.BigInteger(), nullable=True),
        sa.Column("unconfirmed_at_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_announcement_day", "announcement", ["hall", "business_day"], unique=False)


def _business_day() -> None:
    op.create_table(
        "business_day",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("opened_seq", sa.BigInteger(), nullable=False),
        sa.Column("opened_at_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_seq", sa.BigInteger(), nullable=True),
        sa.Column("closed_at_us", sa.BigInteger(), nullable=True),
        sa.Column("forced", sa.Boolean(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "opened_seq"),
    )
    op.create_index("ix_business_day_day", "business_day", ["hall", "business_day"], unique=False)


def _call() -> None:
    op.create_table(
        "call",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("shift", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("credit", sa.BigInteger(), nullable=False),
        sa.Column("runner_up", sa.Text(), nullable=True),
        sa.Column("runner_credit", sa.BigInteger(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=True),
        sa.Column("overtaken", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_call_day", "call", ["hall", "business_day", "seq"], unique=False)
    op.create_index("ix_call_ticket", "call", ["hall", "ticket"], unique=False)


def _catalogue_version() -> None:
    op.create_table(
        "catalogue_version",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("date", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sample", sa.Boolean(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("imported_at_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "version"),
    )


def _day_key() -> None:
    op.create_table(
        "day_key",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "business_day"),
    )


def _department() -> None:
    op.create_table(
        "department",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "catalogue", "code"),
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("window", sa.SmallInteger(), nullable=True),
        sa.Column("key_hash", sa.Text(), nullable=True),
        sa.Column("cookie_hash", sa.Text(), nullable=True),
        sa.Column("paired_at_us", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at_us", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('display', 'kiosk', 'pad')", name=op.f("ck_device_kind")),
        sa.PrimaryKeyConstraint("hall", "id"),
    )


def _forecast_shown() -> None:
    op.create_table(
        "forecast_shown",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("issued_at_us", sa.BigInteger(), nullable=False),
        sa.Column("low_min", sa.SmallInteger(), nullable=False),
        sa.Column("high_min", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "ticket"),
    )
    op.create_index("ix_forecast_shown_day", "forecast_shown", ["hall", "business_day"], unique=False)


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=True),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=True),
        sa.Column("events", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("blanked", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "seq"),
        sa.UniqueConstraint("hall", "key", name="uq_journal_key"),
    )
    op.create_index("ix_journal_day", "journal", ["hall", "business_day", "seq"], unique=False)


def _matter() -> None:
    op.create_table(
        "matter",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("catalogue", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "catalogue", "code"),
    )


def _note() -> None:
    op.create_table(
        "note",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("erase_after_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_note_erase", "note", ["hall", "erase_after_us"], unique=False)
    op.create_index("ix_note_subject", "note", ["hall", "subject"], unique=False)


def _pairing() -> None:
    op.create_table(
        "pairing",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expires_at_us", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('approved', 'refused', 'used', 'waiting')", name=op.f("ck_pairing_state")),
        sa.PrimaryKeyConstraint("hall", "code"),
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id_number", sa.Text(), nullable=False),
        sa.Column("card_type", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("erase_after_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_person_digest", "person", ["hall", "business_day", "digest"], unique=False)
    op.create_index("ix_person_erase", "person", ["hall", "erase_after_us"], unique=False)


def _program_run() -> None:
    op.create_table(
        "program_run",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "first_seq"),
    )


def _security_log() -> None:
    op.create_table(
        "security_log",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "seq"),
    )
    op.create_index("ix_security_log_at", "security_log", ["hall", "at_us"], unique=False)


def _session() -> None:
    op.create_table(
        "session",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id_hash", sa.Text(), nullable=False),
        sa.Column("account", sa.Integer(), nullable=False),
        sa.Column("opened_at_us", sa.BigInteger(), nullable=False),
        sa.Column("idle_until_us", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_us", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "id_hash"),
    )


def _setting() -> None:
    op.create_table(
        "setting",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "name"),
    )


def _shift() -> None:
    op.create_table(
        "shift",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("window", sa.SmallInteger(), nullable=False),
        sa.Column("clerk", sa.Integer(), nullable=False),
        sa.Column("opened_at_us", sa.BigInteger(), nullable=False),
        sa.Column("closed_at_us", sa.BigInteger(), nullable=True),
        sa.Column("taken_over_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_shift_day", "shift", ["hall", "business_day"], unique=False)


def _store_fact() -> None:
    op.create_table(
        "store_fact",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _suspension() -> None:
    op.create_table(
        "suspension",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("until_us", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "code"),
    )


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("copy", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("issued_at_us", sa.BigInteger(), nullable=False),
        sa.Column("clock_us", sa.BigInteger(), nullable=False),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        sa.Column("grant_ground", sa.Text(), nullable=True),
        sa.Column("grant_proof", sa.Text(), nullable=True),
        sa.Column("grant_by", sa.Text(), nullable=True),
        sa.Column("person_ref", sa.Text(), nullable=True),
        sa.Column("booking", sa.Text(), nullable=True),
        sa.Column("time_unsure", sa.Boolean(), nullable=False),
        sa.Column("window", sa.SmallInteger(), nullable=True),
        sa.Column("shift", sa.Text(), nullable=True),
        sa.Column("called_at_us", sa.BigInteger(), nullable=True),
        sa.Column("recalls", sa.SmallInteger(), nullable=False),
        sa.Column("started_at_us", sa.BigInteger(), nullable=True),
        sa.Column("finished_at_us", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("missed_at_us", sa.BigInteger(), nullable=True),
        sa.Column("rejoins", sa.SmallInteger(), nullable=False),
        sa.Column("overtaken", sa.SmallInteger(), nullable=False),
        sa.Column("printed", sa.Text(), nullable=True),
        sa.Column("copies", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('booked', 'collection', 'general')", name=op.f("ck_ticket_kind")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('closed_open', 'could_not', 'done', 'left')", name=op.f("ck_ticket_outcome")
        ),
        sa.CheckConstraint(
            "state IN ('called', 'cancelled', 'done', 'expired', 'held', 'missed', 'serving', 'waiting')",
            name=op.f("ck_ticket_state"),
        ),
        sa.PrimaryKeyConstraint("hall", "id"),
        sa.UniqueConstraint("hall", "business_day", "number", "copy", name="uq_ticket_number"),
    )
    op.create_index("ix_ticket_track", "ticket", ["hall", "track"], unique=False)
    op.create_index(
        "ux_ticket_window",
        "ticket",
        ["hall", "window"],
        unique=True,
        sqlite_where=sa.text("state IN ('called', 'serving')"),
        postgresql_where=sa.text("state IN ('called', 'serving')"),
    )
