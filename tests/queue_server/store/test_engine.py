"""Opening a store by its address."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from queue_server.errors import BadUrl, SchemaOutOfDate, StoreUnavailable
from queue_server.store.engine import Store
from queue_server.store.rows import RowWrite

HALL = "h1"


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "postgresql+psycopg2://x/y", "hall.db"]
)
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadUrl, match="give sqlite:///path or postgresql"):
        Store(url)


def test_the_writer_is_set_up_to_keep_what_it_writes(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    writer = store.open_writer(HALL)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "busy_timeout": 5000}
    found = {name: writer.connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in wanted}
    assert found == wanted
    writer.close()
    writer.close()
    store.close()


def test_a_missing_database_is_unavailable_to_readers_and_an_old_one_is_not_migrated_unasked(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    assert store.schema_version() is None
    with pytest.raises(StoreUnavailable), store.read():
        pass
    with pytest.raises(SchemaOutOfDate, match="version none"):
        store.open_writer(HALL, migrate=False)
    store.open_writer(HALL).close()
    store.close()


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/missing/hall.db")
    with pytest.raises(StoreUnavailable):
        store.open_writer(HALL)
    store.close()


def test_the_epoch_stays(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    writer = store.open_writer(HALL)
    first = writer.epoch
    writer.close()
    writer = store.open_writer(HALL)
    assert writer.epoch == first
    writer.close()
    store.close()


def test_rows_can_only_be_removed_where_that_is_meant(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hall.db")
    writer = store.open_writer(HALL)
    writer.begin()
    for row in (RowWrite("account", {"erase_after_us": 1}, "erase"), RowWrite("ticket", {"seq": 1}, "redact")):
        with pytest.raises(ValueError, match="cannot be removed"):
            writer.write([row])
    with pytest.raises(KeyError):
        writer.write([RowWrite("journal", {"seq": 1})])
    writer.rollback()
    writer.close()
    store.close()
