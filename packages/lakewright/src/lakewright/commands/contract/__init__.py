"""`lakewright contract`: check data contracts, and show what becomes of them; one module for each subcommand."""

import click

from lakewright.commands.contract.diff import diff
from lakewright.commands.contract.docs import docs
from lakewright.commands.contract.export import export
from lakewright.commands.contract.import_ import import_
from lakewright.commands.contract.lint import lint
from lakewright.commands.contract.show import show
from lakewright.commands.contract.verify import verify


@click.group(name="contract")
def command() -> None:
    """Check and show data contracts, files of the Open Data Contract Standard (ODCS 3.0 to 3.2)."""


for subcommand in (lint, show, diff, docs, export, import_, verify):
    command.add_command(subcommand)
