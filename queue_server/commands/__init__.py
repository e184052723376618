"""Command-line programs of the technician: one small module each, added to ``queue-server`` by ``__main__``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def register(group: click.Group) -> None:
    """Add all of them to the group; what they need is imported when they run."""
    from queue_server.commands import accounts, catalogue, day, devices, journal  # noqa: PLC0415 - 0.2 s
    from queue_server.demo.program import demo  # noqa: PLC0415

    for command in (
        accounts.add_user,
        devices.pair_device,
        devices.approve_device,
        catalogue.import_catalogue,
        day.open_day,
        day.close_day,
        journal.verify_journal,
        journal.rebuild_tables,
        journal.redact,
        journal.purge,
        demo,
    ):
        group.add_command(command)
