"""``queue-server``: one group; the commands are the modules of ``queue_server.commands``."""

from __future__ import annotations

import click

from queue_server import commands
from queue_server.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The queue server of a service hall."""


main.add_command(serve)
commands.register(main)

if __name__ == "__main__":
    main()
