"""`lakewright quarantine`: see what was kept out of silver and why, and let it in when the reason has gone."""

import click

from lakewright.commands.quarantine.judge import judge
from lakewright.commands.quarantine.replay import replay
from lakewright.commands.quarantine.show import show


@click.group(name="quarantine")
def command() -> None:
    """Show quarantined records, and judge them again when their data, a rule, or what they need has changed."""


for subcommand in (show, judge, replay):
    command.add_command(subcommand)
