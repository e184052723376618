"""Bookings, who holds them, who did not come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "booking",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("business_day", sa.Text(), nullable=False),
        sa.Column("begins_us", sa.BigInteger(), nullable=False),
        sa.Column("ends_us", sa.BigInteger(), nullable=False),
        sa.Column("matters", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=True),
        sa.Column("made_at_us", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('booked', 'came', 'cancelled', 'lapsed', 'no_show')", name=op.f("ck_booking_state")
        ),
        sa.PrimaryKeyConstraint("hall", "id"),
        sa.UniqueConstraint("hall", "code", name="uq_booking_code"),
    )
    op.create_index("ix_booking_slot", "booking", ["hall", "business_day", "begins_us"])
    op.create_index("ix_booking_holder", "booking", ["hall", "holder"])
    op.create_index("ix_booking_state", "booking", ["hall", "state", "ends_us"])
    op.create_table(
        "hall_key",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "name"),
    )
    op.create_table(
        "booking_holder",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("masked", sa.Text(), nullable=False),
        sa.Column("erase_after_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_booking_holder_digest", "booking_holder", ["hall", "digest"])
    op.create_index("ix_booking_holder_erase", "booking_holder", ["hall", "erase_after_us"])
    op.create_table(
        "no_show",
        sa.Column("hall", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("at_us", sa.BigInteger(), nullable=False),
        sa.Column("erase_after_us", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hall", "id"),
    )
    op.create_index("ix_no_show_digest", "no_show", ["hall", "digest"])
    op.create_index("ix_no_show_erase", "no_show", ["hall", "erase_after_us"])
