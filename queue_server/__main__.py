"""``queue-server``: one group; the programs are the modules of ``queue_server.commands``."""

from __future__ import annotations

import click

from queue_server.commands import Programs


@click.group(cls=Programs, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """The queue server of a service hall."""


if __name__ == "__main__":
    main()
