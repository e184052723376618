"""The steps of Alembic lead to exactly the tables that the program knows, on both engines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, create_engine, inspect

from queue_server.store import migrations
from queue_server.store.engine import Store
from queue_server.store.tables import METADATA
from tests.queue_server.service.a_gate import HALL


def test_migrated_tables_equal_the_metadata(url: str) -> None:
    store = Store(url)
    store.open_writer(HALL).close()
    store.close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        for table in METADATA.tables.values():
            found = {check["name"] for check in inspect(connection).get_check_constraints(table.name)}
            wanted = {check.name for check in table.constraints if isinstance(check, CheckConstraint)}
            assert found == wanted, table.name
            indexes = {index["name"]: index["unique"] for index in inspect(connection).get_indexes(table.name)}
            assert all(bool(indexes[str(index.name)]) is index.unique for index in table.indexes), table.name
    engine.dispose()


def test_head_is_the_last_step_and_every_older_one_is_listed() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    script = ScriptDirectory.from_config(config)
    assert script.get_current_head() == migrations.HEAD
    older = {revision.revision for revision in script.walk_revisions()} - {migrations.HEAD}
    assert {None, *older} == migrations.OLDER


def test_an_up_to_date_store_opens_without_alembic(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/hall.db"
    store = Store(url)
    store.open_writer(HALL).close()
    store.close()
    program = (
        "import sys\n"
        "from queue_server.store.engine import Store\n"
        f"store = Store({url!r})\n"
        f"store.open_writer({HALL!r}).close()\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert store.schema_version() == migrations.HEAD
    store.close()
