"""Steps from one version of the tables to the next. Alembic is imported only when a step must be taken.

A new step: change ``tables.py``, add ``versions/NNNN_what.py`` with ``revision = "NNNN"``, set ``HEAD`` and put the old
one into ``OLDER``. tests/contracts proves that the steps lead to exactly ``tables.METADATA`` on both engines.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

HEAD = "0003"
"""Version that this program needs."""

OLDER: frozenset[str | None] = frozenset({None, "0001", "0002"})
"""Versions from which ``upgrade`` leads to ``HEAD``; None is the empty database."""

_VERSIONS = Path(__file__).parent


def current(connection: Connection) -> str | None:
    """Return the version of the tables, None when there are none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return version


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Take all steps in one transaction and commit. The caller holds the writer's lock."""
    from alembic import command  # noqa: PLC0415 - a quarter of a second that only a step may cost
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_VERSIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    connection.commit()
