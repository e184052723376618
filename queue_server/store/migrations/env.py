"""Alembic's entry: runs on the connection that ``migrations.upgrade`` or a test hands over, never on its own."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from queue_server.store.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('hall-queue:migrations'))"))
    context.run_migrations()
