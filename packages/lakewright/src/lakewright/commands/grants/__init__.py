"""`lakewright grants`: who may do what by the bundle, by the local lakehouse or by a workspace; one module for each subcommand."""

import click

from lakewright.commands.grants.check import check
from lakewright.commands.grants.diff import diff
from lakewright.commands.grants.show import show


@click.group(name="grants")
@click.pass_context
def command(context: click.Context) -> None:
    """Show, check and compare who may do what: grants of the bundle, of the local lakehouse, of a workspace. No Spark is started."""
    from lakewright.bundle.python_code.hosting import shared_hosts

    context.with_resource(
        shared_hosts()
    )  # the bundle is loaded several times; its Python code is imported once


for subcommand in (show, check, diff):
    command.add_command(subcommand)
