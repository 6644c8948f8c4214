"""`lakewright grants`: who may do what by the bundle, by the local lakehouse or by a workspace; one module for each subcommand."""

import click

from lakewright.commands.grants.check import check
from lakewright.commands.grants.diff import diff
from lakewright.commands.grants.show import show


@click.group(name="grants")
def command() -> None:
    """Show, check and compare who may do what: grants of the bundle, of the local lakehouse, of a workspace. No Spark is started."""


for subcommand in (show, check, diff):
    command.add_command(subcommand)
