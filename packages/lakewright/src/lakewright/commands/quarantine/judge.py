"""`lakewright quarantine judge`: which quarantined records are valid now; nothing is written."""

import json
from dataclasses import asdict

import click

from lakewright.commands.quarantine.opened import open_here, options


@click.command()
@click.argument("table")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options
def judge(table: str, output: str, principal: str | None, schema_prefix: str) -> None:
    """Judge the quarantined records of TABLE by today's rules and tables, and show the result; nothing is written."""
    opened = open_here(principal, schema_prefix)
    (found,) = opened.medallion().preview(only=(opened.chosen(table),))
    if output == "json":
        click.echo(json.dumps(asdict(found), indent=2))
        return
    click.echo(f"{table}: {found.arriving:,} of {found.quarantined:,} quarantined records are valid now")
    for rule, count in sorted(found.failed.items(), key=lambda item: (-item[1], item[0])):
        click.echo(f"  {count:,} fail {rule}")
    if found.lost:
        click.echo(f"  {found.lost:,} stay as they are: bronze does not hold them any more")
    if found.arriving:
        click.echo(f"to let the valid ones in: lakewright quarantine replay {table}")
