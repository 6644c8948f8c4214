"""`lakewright quality`: what the rules and checks of the project's tables found, run by run."""

import click

from lakewright.commands.quality.trend import trend


@click.group(name="quality")
def command() -> None:
    """Show what the rules and checks of the project's tables found, and what is unusual."""


command.add_command(trend)
