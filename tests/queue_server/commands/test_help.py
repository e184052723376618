"""Every command says what it is for."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from queue_server.__main__ import main

COMMANDS = {
    "serve", "demo", "add-user", "pair-device", "approve-device", "import-catalogue", "import-calendar", "open-day",
    "close-day", "verify-journal", "rebuild-tables", "redact", "purge", "grade-forecasts",
}  # fmt: skip
CONTEXT = click.Context(main)


def test_all_commands_are_listed() -> None:
    result = CliRunner().invoke(main, ["-h"])
    assert result.exit_code == 0
    assert set(main.list_commands(CONTEXT)) == COMMANDS
    assert all(name in result.output for name in COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_has_help_that_explains_its_options(name: str) -> None:
    result = CliRunner().invoke(main, [name, "--help"])
    assert result.exit_code == 0
    command = main.get_command(CONTEXT, name)
    assert command is not None
    assert command.help
    assert command.help.split()[0] in result.output
    for each in command.params:
        if isinstance(each, click.Option) and not each.hidden:
            assert max(each.opts, key=len) in result.output


def test_unknown_command_is_named() -> None:
    result = CliRunner().invoke(main, ["sereve"])
    assert result.exit_code == 2
    assert "sereve" in result.output
