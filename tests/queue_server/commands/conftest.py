"""A technician at the hall's machine: the real commands, with the server stopped and with the server running."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.__main__ import main
from queue_server.demo.hall import settings_text
from tests.support.server import ServerProcess


class Technician:
    """Runs ``queue-server`` with one hall's settings. ``url`` is the running server's, None when it is stopped."""

    def __init__(self, folder: Path, url: str | None = None) -> None:
        self.folder = folder
        self.settings = folder / "server.toml"
        self.database = folder / "hall.db"
        self.url = url

    def does(self, *arguments: str, typed: str = "") -> str:
        """The command's words; it must end well."""
        code, said = self._run(arguments, typed)
        assert code == 0, said
        return said

    def fails(self, *arguments: str, typed: str = "", code: int = 1) -> str:
        """The command's words; it must say no without a traceback."""
        ended, said = self._run(arguments, typed)
        assert ended == code, said
        assert "Traceback" not in said
        return said

    def rows(self) -> int:
        """Rows of the journal."""
        found = re.match(r"(\d+) rows hold", self.does("verify-journal"))
        assert found is not None
        return int(found.group(1))

    def account(self, name: str, *roles: str) -> str:
        """Makes an account; its password."""
        wanted = [word for role in roles for word in ("--role", role)]
        said = self.does("add-user", name, *wanted, "--random")
        return said.rpartition("password ")[2].strip()

    def _run(self, arguments: tuple[str, ...], typed: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, [*arguments, "--settings", str(self.settings)], input=typed or None)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output


def stopped_hall(folder: Path) -> Technician:
    technician = Technician(folder)
    technician.settings.write_text(settings_text(folder, 0, "", "", 4), encoding="utf-8")
    return technician


@pytest.fixture
def stopped(tmp_path: Path) -> Technician:
    """A new hall whose server does not run."""
    return stopped_hall(tmp_path)


@pytest.fixture(scope="module", params=["server stopped", "server runs"])
def hall(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Technician]:
    """One hall for the tests of a module, without its server and then another one with it."""
    folder = tmp_path_factory.mktemp("hall")
    if request.param == "server stopped":
        yield stopped_hall(folder)
        return
    server = ServerProcess(folder, settings_text(folder, 0, "", "", 4))
    try:
        yield Technician(folder, server.url)
    finally:
        server.end()
