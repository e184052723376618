"""Drop two indexes that no query used; each cost every new number a page to write."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.drop_index("ix_journal_day", "journal")
    op.drop_index("ix_ticket_track", "ticket")
