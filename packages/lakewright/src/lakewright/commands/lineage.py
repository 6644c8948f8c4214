"""`lakewright lineage TABLE[.COLUMN]`: what a table or a column is made of, and what is made of it."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from lakewright.lineage.graph import LineageGraph, Node


@click.command()
@click.argument("name", metavar="TABLE[.COLUMN]", required=False)
@click.option("--up", "only_up", is_flag=True, help="Only what it is made of.")
@click.option("--down", "only_down", is_flag=True, help="Only what is made of it.")
@click.option("--depth", type=click.IntRange(1), help="Number of steps; by default all.")
@click.option(
    "--indirect", is_flag=True, help="For a column, also those that only decide: filters, joins, groups."
)
@click.option(
    "--send",
    is_flag=True,
    help="Send the events that the server of OPENLINEAGE_URL does not have yet; show nothing.",
)
@click.option("-o", "--output", type=click.Choice(["text", "json", "svg"]), default="text", show_default=True)
def command(  # noqa: PLR0913 - the options of the command
    *,
    name: str | None,
    only_up: bool,
    only_down: bool,
    depth: int | None,
    indirect: bool,
    send: bool,
    output: str,
) -> None:
    """Show what a table or a column is made of, and what is made of it.

    The last parts of a name are enough, and the key of a schema in the bundle stands for the schema: gold.predictions.score.

    The engine records the lineage of every statement that it runs; no
    engine is started for this command.
    """
    from lakewright.lineage.errors import NoLineageError
    from lakewright.lineage.graph import build_graph
    from lakewright.lineage.picture import as_svg
    from lakewright.lineage.shown import as_json, as_text
    from lakewright.lineage.statements import read_events, read_statements
    from lakewright.lineage.trace import follow
    from lakewright.project import find_project

    project = find_project(Path.cwd())
    folder = project / ".lakewright" / "lineage"
    if send == (name is not None):
        raise click.UsageError(
            "name a table or a column to show its lineage, or use --send to send what is recorded"
        )
    if name is None:
        _send(folder)
        return
    graph = build_graph(read_statements(read_events(folder)))
    if not graph.columns:
        raise NoLineageError(
            "no statement of this project has been recorded yet",
            location=str(folder),
            fix="run a job first: lakewright run JOB",
        )
    node = _node(graph, name, project)
    both = only_up == only_down
    trace = follow(graph, node, up=only_up or both, down=only_down or both, depth=depth, indirect=indirect)
    if output == "json":
        click.echo(json.dumps(as_json(trace), indent=2, ensure_ascii=False))
    else:
        click.echo(as_svg(trace).rstrip("\n") if output == "svg" else as_text(trace))


def _node(graph: "LineageGraph", name: str, project: Path) -> "Node":
    """Return what a name stands for: by the names of tables, else by the key of a schema in the bundle."""
    from lakewright.lineage.errors import UnknownDatasetError
    from lakewright.lineage.finding import find_node

    try:
        return find_node(graph, name)
    except UnknownDatasetError:
        key, _, rest = name.partition(".")
        schema = _schema_of_key(project, key) if rest else None
        if schema is None:
            raise
    return find_node(graph, f"{schema}.{rest}")


def _schema_of_key(project: Path, key: str) -> str | None:
    """Return the full name that a schema of the bundle has in a local run; None if there is none."""
    from lakewright.bundle import load_bundle, load_local_overlay
    from lakewright.errors import LakewrightError

    try:
        bundle = load_bundle(project, local=load_local_overlay(project), run_python=False)
    except LakewrightError:
        return None
    schema = ((bundle.resolved.get("resources") or {}).get("schemas") or {}).get(key)
    if not isinstance(schema, dict):
        return None
    parts = [str(schema.get(field) or "") for field in ("catalog_name", "name")]
    return ".".join(parts) if all(part and not set(part) & set("$`.") for part in parts) else None


def _send(folder: Path) -> None:
    """Send what is new, and print how much it was."""
    from databricks_utils.lineage import HttpTransport
    from lakewright.lineage.errors import NoServerError
    from lakewright.lineage.sending.new_events import send_new

    transport = HttpTransport.of_environment()
    if transport is None:
        raise NoServerError(
            "no lineage server is named",
            location="OPENLINEAGE_URL",
            fix="set OPENLINEAGE_URL to its address, and OPENLINEAGE_API_KEY to its key if it needs one",
        )
    sent = send_new(folder, transport)
    if sent.is_busy:
        click.echo("another process is sending just now")
        return
    click.echo(f"sent {sent.posted} event(s) to {transport.host}")
    if sent.damaged:
        click.echo(f"left out {sent.damaged} line(s) that are no events", err=True)
    if sent.refused:
        more = sent.refused - len(sent.places)
        places = [*sent.places, *([f"… and {more} more"] if more else [])]
        click.echo(f"warning: the server did not want {sent.refused} event(s):", err=True)
        click.echo("\n".join(f"  {place}" for place in places), err=True)
