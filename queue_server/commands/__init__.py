"""Command-line programs of the technician: one small module each, imported when it is asked for.

``queue-server serve`` must be ready within two seconds; the demo alone would bring pictures and drivers along.
"""

from __future__ import annotations

from importlib import import_module

import click

PLACES = {
    "serve": "queue_server.commands.serve:serve",
    "demo": "queue_server.demo.program:demo",
    "add-user": "queue_server.commands.accounts:add_user",
    "pair-device": "queue_server.commands.devices:pair_device",
    "approve-device": "queue_server.commands.devices:approve_device",
    "import-catalogue": "queue_server.commands.catalogue:import_catalogue",
    "import-calendar": "queue_server.commands.calendars:import_calendar",
    "open-day": "queue_server.commands.day:open_day",
    "close-day": "queue_server.commands.day:close_day",
    "verify-journal": "queue_server.commands.journal:verify_journal",
    "rebuild-tables": "queue_server.commands.journal:rebuild_tables",
    "redact": "queue_server.commands.journal:redact",
    "purge": "queue_server.commands.journal:purge",
    "grade-forecasts": "queue_server.commands.forecast:grade_forecasts",
}


class Programs(click.Group):
    """A group that imports a program's module only when the program is run or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(PLACES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in PLACES:
            return None
        module, _, name = PLACES[cmd_name].partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found
