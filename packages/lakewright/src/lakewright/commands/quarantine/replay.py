"""`lakewright quarantine replay`: judge quarantined records again; those that are valid now arrive in silver, once."""

import json
from dataclasses import asdict

import click

from lakewright.commands.quarantine.opened import open_here, options


@click.command()
@click.argument("table")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options
def replay(table: str, output: str, principal: str | None, schema_prefix: str) -> None:
    """Judge the quarantined records of TABLE again, and merge those that are valid now into silver, each once.

    Tables that are made from TABLE follow with the next transformation. New records of bronze are judged too.
    """
    from databricks_utils.quality import CheckFailedError

    opened = open_here(principal, schema_prefix)
    try:
        (found,) = opened.medallion().judge_again(only=(opened.chosen(table),))
    except CheckFailedError as error:
        for note in getattr(error, "__notes__", ()):
            click.echo(note, err=True)
        raise
    if output == "json":
        click.echo(json.dumps(asdict(found), indent=2))
        return
    click.echo(f"{table}: {found.arrived:,} records arrived in {found.table}")
    if found.waiting:
        click.echo(f"  {found.waiting:,} may be valid after another judgement")
    click.echo("to make what depends on it: lakewright run transformation")
